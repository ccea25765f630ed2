"""What queues and people were asked, as the rows behind the dashboard's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncDate

from casework.keyset import Key, Order, Page, page_of
from casework.models import WorkItem
from casework.querysets import visible_cases
from casework.selectors.queues import kind_words
from casework.states import OUTSTANDING, ItemState
from commissioning.category_tree import below
from organisation import clock
from organisation.formatting import counted, in_days, money, sentence_start, short_day
from organisation.models import Person
from organisation.standing import standing_of
from organisation.working_days import ENGLAND, holidays_of
from reporting.counting import AGES, REQUEST_KIND, lead_days, opened_between
from reporting.rules import READERS
from reporting.selectors.facts import ITEM_CATEGORY, ITEM_NEEDED

PAGE_SIZE = 50
MOST_COUNTED = 1000
LATEST_FIRST = Order("opened_at", is_descending=True, is_moment=True)
STANDINGS = {"waiting": "Still to be answered", "late": "Overdue", "due": "Still to be answered, in time"}
ANSWERED = {
    "answered": "Answered",
    "in_time": "Answered in time",
    "missed": "Answered late",
    "open": "Not answered, in time",
    "late": "Not answered, overdue",
}
AGE_WORDS = {"0-2": "0 to 2 working days old", "3-5": "3 to 5 working days old", "6": "Over 5 working days old"}
LEAD_WORDS = {
    "26": "Asked 26 weeks or more ahead",
    "13": "Asked 13 to 26 weeks ahead",
    "4": "Asked 4 to 13 weeks ahead",
    "0": "Asked less than 4 weeks ahead",
    "after": "Asked after the day of need",
    "any": "With a day of need",
}
_LONGEST_NUMBER = 18


@dataclass(frozen=True)
class AskedFilter:
    """What an address asks for. What makes no sense is left out, so an old bookmark still opens."""

    standing: str = ""
    queue: str = ""
    in_queue: bool = False
    person: int | None = None
    age: str = ""
    requests: bool = False
    answered: str = ""
    lead: str = ""
    asked_from: date | None = None
    asked_to: date | None = None
    directorate: int | None = None
    category: str = ""
    late_ask: bool = False
    area: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> AskedFilter:
        """Read an address."""

        def one_of(name: str, known: Mapping[str, Any]) -> str:
            return query.get(name, "") if query.get(name, "") in known else ""

        def number(name: str) -> int | None:
            text = query.get(name, "")
            return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None

        def text(name: str) -> str:
            return query.get(name, "").replace("\x00", "")[:60]

        return cls(
            standing=one_of("standing", STANDINGS),
            queue=text("queue"),
            in_queue=query.get("in_queue") == "1",
            person=number("person"),
            age=one_of("age", AGES),
            requests=query.get("requests") == "1",
            answered=one_of("answered", ANSWERED),
            lead=one_of("lead", LEAD_WORDS),
            asked_from=_day(query.get("asked_from", "")),
            asked_to=_day(query.get("asked_to", "")),
            directorate=number("directorate"),
            category=text("category"),
            late_ask=query.get("late_ask") == "1",
            area=number("area"),
        )


def items_for(person: Person, asked: AskedFilter) -> QuerySet[WorkItem]:
    """The items that somebody may see of the organisations whose work they look after, under the filters."""
    managed = standing_of(person).organisations_as(*READERS)
    rows = WorkItem.objects.filter(visible_cases(person), organisation__in=managed)
    today = clock.today()
    exact = {
        "queue__key": asked.queue,
        "assignee": asked.person,
        "case_file__service_area__directorate": asked.directorate,
        "case_file__service_area": asked.area,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.standing:
        rows = _standing(rows, asked.standing, today)
    if asked.in_queue:
        rows = rows.filter(queue__isnull=False)
    if asked.requests:
        rows = rows.filter(kind=REQUEST_KIND)
    if asked.late_ask:
        rows = rows.filter(is_late_ask=True).exclude(state=ItemState.CLOSED)
    if asked.answered:
        rows = rows.filter(_answered(asked.answered, today))
    if asked.age:
        rows = _opened(rows, *opened_between(asked.age, today, holidays_of(ENGLAND)))
    if asked.lead:
        rows = _asked_ahead(rows.exclude(state=ItemState.CLOSED), asked.lead)
    if asked.category:
        rows = rows.annotate(of_category=ITEM_CATEGORY).filter(of_category__in=below(asked.category).values("key"))
    return _opened(rows, asked.asked_from, asked.asked_to)


def _standing(rows: QuerySet[WorkItem], standing: str, today: date) -> QuerySet[WorkItem]:
    rows = rows.filter(state__in=OUTSTANDING)
    if standing == "late":
        return rows.filter(due_on__lt=today)
    return rows.filter(Q(due_on=None) | Q(due_on__gte=today)) if standing == "due" else rows


def _answered(how: str, today: date) -> Q:
    is_answered = Q(state=ItemState.ANSWERED)
    is_late = Q(settled_at__date__gt=F("due_on"))
    is_open, is_past = Q(state__in=OUTSTANDING), Q(due_on__lt=today)
    return {
        "answered": is_answered,
        "missed": is_answered & is_late,
        "in_time": is_answered & (Q(due_on=None) | Q(settled_at__date__lte=F("due_on"))),
        "late": is_open & is_past,
        "open": is_open & (Q(due_on=None) | Q(due_on__gte=today)),
    }[how]


def _opened(rows: QuerySet[WorkItem], first: date | None, last: date | None) -> QuerySet[WorkItem]:
    if first:
        rows = rows.filter(opened_at__gte=_midnight(first))
    if last:
        rows = rows.filter(opened_at__lt=_midnight(last + timedelta(days=1)))
    return rows


def _asked_ahead(rows: QuerySet[WorkItem], step: str) -> QuerySet[WorkItem]:
    rows = rows.annotate(needed=ITEM_NEEDED, opened_on=TruncDate("opened_at", tzinfo=clock.LONDON))
    if step == "any":
        return rows.filter(needed__isnull=False)
    least, end = lead_days(step)
    if least is not None:
        rows = rows.filter(opened_on__lte=_before_need(least))
    if end is not None:
        rows = rows.filter(opened_on__gt=_before_need(end))
    return rows


def _before_need(days: int) -> ExpressionWrapper:
    return ExpressionWrapper(F("needed") - timedelta(days=days), output_field=DateField())


def page_for(rows: QuerySet[WorkItem], query: Mapping[str, str]) -> Page[dict[str, Any]]:
    """One page of rows, each cell written out. One statement. Raises ``NoSuchPage``."""
    values = rows.values(
        "pk",
        "title",
        "kind",
        "state",
        "opened_at",
        "due_on",
        "settled_at",
        "case_file__reference",
        "case_file__title",
        "case_file__path",
        "case_file__value_ex_vat",
        "case_file__service_area__name",
        holder=F("assignee__name"),
        queue_name=F("queue__name"),
    )
    page = page_of(values, LATEST_FIRST, query, size=PAGE_SIZE, key=lambda row: Key(row["opened_at"], row["pk"]))
    today, holidays = clock.today(), holidays_of(ENGLAND)
    for row in page.rows:
        is_open = row["state"] in OUTSTANDING
        row |= {
            "reference": row["case_file__reference"],
            "case_title": row["case_file__title"],
            "path": row["case_file__path"],
            "area": row["case_file__service_area__name"] or "",
            "value": money(row["case_file__value_ex_vat"]),
            "kind_words": kind_words(row["kind"]),
            "asked_on": short_day(row["opened_at"]),
            "due": short_day(row["due_on"]) if row["due_on"] else "No date",
            "due_note": sentence_start(in_days(row["due_on"], today, holidays)) if is_open and row["due_on"] else "",
            "is_late": bool(is_open and row["due_on"] and row["due_on"] < today),
            "stands": str(ItemState(row["state"]).label),
            "settled": short_day(row["settled_at"]) if row["settled_at"] else "",
        }
    return page


def count_of(rows: QuerySet[WorkItem]) -> int:
    """How many there are, one more than a thousand at most. One statement."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def count_words(page: Page[Any], count: int) -> str:
    """Showing 1 to 50 of 214 items."""
    of = f"{MOST_COUNTED:,}+ items" if count > MOST_COUNTED else counted(count, "item")
    return f"Showing {page.first:,} to {page.last:,} of {of}"


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-21") else None
    except ValueError:
        return None
    return found if found and date(1900, 1, 1) <= found <= date(2199, 12, 31) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.LONDON)
