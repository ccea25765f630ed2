"""Somebody's own deadlines as a calendar that other programs read, at an address that cannot be guessed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views import View
from django.views.decorators.http import require_safe

from casework.models import CalendarFeed, Deadline
from casework.services import preferences
from casework.views.base import SignedIn
from organisation import clock
from organisation.models import Person

# A calendar shows what is late for a year and what is to come for three.
_PAST, _AHEAD = timedelta(days=365), timedelta(days=3 * 365)
_MOST_EVENTS = 500
_LONGEST_LINE = 73


def address_of(person: Person) -> str:
    """The address of somebody's calendar, or nothing when they have made none."""
    feed = CalendarFeed.objects.filter(person=person, ended_at=None).first()
    if feed is None:
        return ""
    signature = _signer().signature(feed.number.hex)
    return f"{settings.SITE_URL}{reverse('casework:calendar', args=[feed.number, signature])}"


class OwnCalendar(SignedIn, View):
    """Make or end one's own calendar address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what the button says, and go back to the preferences."""
        if "end" in request.POST:
            if preferences.end_calendar(self.person):
                messages.success(request, "Your calendar address works no more.")
            else:
                messages.info(request, "You had no calendar address.")
        else:
            preferences.make_calendar(self.person)
            messages.success(request, "You have a new calendar address. Any address you had before works no more.")
        return HttpResponseRedirect(reverse("casework:preferences"))


@login_not_required
@require_safe
def feed(request: HttpRequest, number: uuid.UUID, signature: str) -> HttpResponse:
    """The calendar itself. Calendar programs cannot sign in, so the address is the key; anything wrong is 404."""
    try:
        _signer().unsign(f"{number.hex}:{signature}")
    except BadSignature as fault:
        raise Http404("No such calendar") from fault
    found = CalendarFeed.objects.filter(number=number, ended_at=None, person__is_active=True)
    own = found.select_related("person").first()
    if own is None:
        raise Http404("No such calendar")
    lines = "".join(_folded(line) for line in _lines(_deadlines_of(own.person)))
    return HttpResponse(
        lines,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="deadlines.ics"', "Referrer-Policy": "no-referrer"},
    )


def _signer() -> Signer:
    return Signer(salt="casework.calendar")


def _deadlines_of(person: Person) -> Iterable[Deadline]:
    today = clock.today()
    return (
        Deadline.objects.running()
        .visible_to(person)
        .filter(holder=person, due_on__range=(today - _PAST, today + _AHEAD))
        .select_related("case_file")
        .order_by("due_on", "pk")[:_MOST_EVENTS]
    )


def _lines(deadlines: Iterable[Deadline]) -> Iterator[str]:
    host = urlsplit(settings.SITE_URL).hostname or "gatehouse.invalid"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gatehouse//Deadlines//EN", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", "X-WR-CALNAME:Gatehouse deadlines", "REFRESH-INTERVAL;VALUE=DURATION:PT4H")
    for row in deadlines:
        yield "BEGIN:VEVENT"
        yield f"UID:deadline-{row.pk}@{host}"
        yield f"DTSTAMP:{row.set_on:%Y%m%d}T000000Z"
        yield f"DTSTART;VALUE=DATE:{row.due_on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{row.due_on + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_escaped(f'{row.title}: {row.case_file.reference} {row.case_file.title}')}"
        yield f"URL:{settings.SITE_URL}{row.get_absolute_url()}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """A line of a calendar, broken so that no part is longer than the format allows (75 bytes, RFC 5545)."""
    parts: list[str] = []
    part, size = "", 0
    for letter in line:
        weight = len(letter.encode())
        if size + weight > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + weight
    return "\r\n".join([*parts, part]) + "\r\n"
