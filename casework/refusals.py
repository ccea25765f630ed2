"""Every way in which an act can be refused. Each carries the words the person reads."""

from __future__ import annotations

from collections.abc import Sequence

from casework.blockers import Blocker


class Refused(Exception):
    """An act that changed nothing. ``words`` says why; ``blockers`` says what would unblock it."""

    def __init__(self, words: str, blockers: Sequence[Blocker] = ()) -> None:
        super().__init__(words)
        self.words = words
        self.blockers = list(blockers)


class NotPermitted(Refused):
    """The person may see the record but not do this to it; the words name who may."""


class Blocked(Refused):
    """The person may do this, but something is missing."""

    def __init__(self, blockers: Sequence[Blocker], opening: str = "You cannot do this yet.") -> None:
        count = len(blockers)
        counted = "1 thing is missing" if count == 1 else f"{count} things are missing"
        listed = "; ".join(blocker.words for blocker in blockers)
        super().__init__(f"{opening} {counted}: {listed}.", blockers)


class AlreadyDone(Refused):
    """Someone else, or the same person in another tab, got here first."""


class Stale(Refused):
    """The record changed after this form was opened; both versions are offered."""

    def __init__(self, words: str, theirs: dict[str, str]) -> None:
        super().__init__(words)
        self.theirs = theirs


class Replayed(Exception):
    """The same form arrived twice. The first one counts; a view treats this as success."""
