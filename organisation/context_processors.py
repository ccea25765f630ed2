"""What every page's frame needs. Nothing is worked out for an answer that does not use base.html."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from organisation import branding, clock, formatting, navigation
from organisation.models.person import Person


class Frame:
    """The frame of one page, read by base.html as `frame`."""

    def __init__(self, request: HttpRequest) -> None:
        """Keep the request; look nothing up."""
        self._request = request
        self.path = request.path

    @cached_property
    def person(self) -> Person | AnonymousUser:
        """Return who is looking. Some error pages are made before anybody is known."""
        return getattr(self._request, "user", None) or AnonymousUser()

    @cached_property
    def brand(self) -> branding.Brand:
        """Return the council's name and colours."""
        return branding.brand_for(self.person)

    @cached_property
    def search_url(self) -> str:
        """Return where the search box leads, for somebody signed in."""
        return navigation.search_url() if self.person.is_authenticated else ""

    @cached_property
    def demo_now(self) -> str:
        """Return the day the demonstration's clock shows; nothing in a real installation."""
        return formatting.day(clock.today()) if settings.DEMO else ""

    @cached_property
    def clock_is_moved(self) -> bool:
        """Say whether the demonstration's clock stands anywhere but at the real time."""
        return clock.is_moved()

    @cached_property
    def printed_on(self) -> str:
        """Return the line a printed page carries instead of its navigation."""
        who = f" by {self.person.label}" if isinstance(self.person, Person) else ""
        return f"Printed {formatting.day(clock.today())}{who}"

    @cached_property
    def session_seconds_left(self) -> int | None:
        """Return how long the person stays signed in without doing anything."""
        return getattr(self._request, "session_seconds_left", None)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame."""
    return {"frame": Frame(request)}
