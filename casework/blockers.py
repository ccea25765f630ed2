"""What stands between a record and its next step, in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse


@dataclass(frozen=True)
class Blocker:
    """One reason why a verb can't be carried out yet.

    ``words`` is a full sentence without a final stop ("Authority to commission: not recorded"); ``link`` is the URL
    name of the page that mends it, or ``path`` its address where a lower room only knows that; ``waits_for`` names
    who can mend it.
    """

    key: str
    words: str
    link: str = ""
    link_args: tuple[object, ...] = field(default_factory=tuple)
    waits_for: str = ""
    anchor: str = ""
    path: str = ""

    @property
    def url(self) -> str:
        """The address of the page that mends this, or an empty string when no page does."""
        if not self.link:
            return self.path
        return reverse(self.link, args=self.link_args) + (f"#{self.anchor}" if self.anchor else "")
