"""What somebody may read of the audit trail, filtered by an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from casework.audit.sentences import outside_walls, with_names
from casework.audit.trail import INSTALLATION
from casework.keyset import Key, Order, Page, page_of
from casework.models import AuditEvent, CaseFile
from organisation import clock
from organisation.models import Organisation, Person
from organisation.roles import Role
from organisation.standing import standing_of

PAGE_SIZE = 50
LATEST_FIRST = Order("at", is_descending=True, is_moment=True)

_READERS = (Role.AUDITOR, Role.ADMINISTRATOR)
# Accounts of people whom no organisation employs stand in the chain that all share; they are nobody else's business.
_PERSONAL = ("organisation.person", "organisation.membership", "organisation.cover")

EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class AuditFilter:
    """What an address asks the trail for; ``faults`` are words about what makes no sense, by field."""

    person: str = ""
    reference: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None
    refused: bool = False
    faults: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, query: Mapping[str, str]) -> AuditFilter:
        """Read an address."""
        faults: list[tuple[str, str]] = []

        def text(name: str) -> str:
            return " ".join(query.get(name, "").replace("\x00", "").split())[:100]

        def day(name: str, label: str) -> date | None:
            if not text(name):
                return None
            try:
                return date.fromisoformat(text(name))
            except ValueError:
                faults.append((name, f"{label} must be a real date, like 2026-11-21"))
                return None

        since, until = day("since", "The first day"), day("until", "The last day")
        if since and until and until < since:
            faults.append(("until", "The last day must be the same as or after the first day"))
        return cls(
            person=text("person"),
            reference=text("reference"),
            act=text("act")[:60],
            since=since,
            until=until,
            refused=query.get("refused", "") == "1",
            faults=tuple(faults),
        )

    @property
    def set_filters(self) -> dict[str, str]:
        """The filters as an address holds them."""
        told = {
            "person": self.person,
            "reference": self.reference,
            "act": self.act,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "refused": "1" if self.refused else "",
        }
        return {name: value for name, value in told.items() if value}

    def query(self, **changed: str) -> str:
        """The query of an address with these filters."""
        return urlencode(self.set_filters | {name: value for name, value in changed.items() if value})


def organisations_read_by(person: Person) -> frozenset[int]:
    """The organisations whose trail somebody may read."""
    return standing_of(person).organisations_as(*_READERS)


def events_for(person: Person, asked: AuditFilter) -> QuerySet[AuditEvent]:
    """The events of the chains somebody may read, under the filters, less what they are walled off from."""
    organisations = organisations_read_by(person)
    chains = [f"organisation:{number}" for number in organisations]
    common = Q(chain=INSTALLATION) & ~Q(subject_kind__in=_PERSONAL)
    rows = AuditEvent.objects.filter(Q(chain__in=chains) | common).filter(outside_walls(person))
    if asked.person:
        named = Person.objects.filter(Q(name__icontains=asked.person) | Q(email__iexact=asked.person))
        found = list(named.values_list("pk", flat=True)[:500])
        about = Q(subject_kind="organisation.person", subject_id__in=[str(number) for number in found])
        rows = rows.filter(Q(actor_id__in=found) | Q(covering_id__in=found) | about)
    if asked.reference:
        cases = CaseFile.objects.filter(reference__iexact=asked.reference, organisation_id__in=organisations)
        numbers = list(cases.values_list("pk", flat=True)[:20])
        rows = rows.filter(Q(case_id__in=numbers) | Q(root_case_id__in=numbers))
    if asked.act:
        rows = rows.filter(verb=asked.act)
    if asked.since:
        rows = rows.filter(at__gte=_midnight(max(asked.since, EARLIEST_DAY)))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(min(asked.until, LATEST_DAY) + timedelta(days=1)))
    if asked.refused:
        rows = rows.filter(is_refusal=True)
    return with_names(rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.LONDON)


def key_of(event: AuditEvent) -> Key:
    """Where an event stands in the list."""
    return Key(event.at, event.pk)


def page_for(person: Person, asked: AuditFilter, query: Mapping[str, str]) -> Page[AuditEvent]:
    """One page of events, latest first. Raises ``NoSuchPage``."""
    return page_of(events_for(person, asked), LATEST_FIRST, query, size=PAGE_SIZE, key=key_of)


def in_chunks(rows: QuerySet[AuditEvent], most: int, size: int = 1000) -> Iterator[list[AuditEvent]]:
    """Events in chunks by key, so that a long file never holds them all."""
    after: Key | None = None
    while most > 0:
        found = rows.filter(LATEST_FIRST.after(after)) if after else rows
        chunk = list(LATEST_FIRST.sorted(found)[: min(size, most)])
        if not chunk:
            return
        yield chunk
        most -= len(chunk)
        after = key_of(chunk[-1])


def references_of(events: list[AuditEvent]) -> dict[int, tuple[str, str]]:
    """The reference and page of every case the events are about, in one statement."""
    numbers = {event.case_id for event in events if event.case_id}
    if not numbers:
        return {}
    rows: Any = CaseFile.objects.filter(pk__in=numbers).values_list("pk", "reference", "path")
    return {pk: (reference, path) for pk, reference, path in rows}


def home_of(person: Person) -> Organisation | None:
    """One organisation of somebody's, to say who reads its trail."""
    return Organisation.objects.filter(pk__in=standing_of(person).organisations).order_by("pk").first()
