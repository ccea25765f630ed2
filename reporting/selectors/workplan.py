"""All commissions somebody may see, as a list: rows, count and sum, and what can be chosen to narrow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Length, Lower

from casework.keyset import Order, Page, page_of
from casework.models import Band, CaseFile
from commissioning.category_tree import below, called
from commissioning.models import Category, Commission, Objective, Place
from commissioning.own_money import Whose, shares_in_total, whose
from commissioning.states import ENDED, CommissionState
from organisation import clock
from organisation.formatting import counted, in_days, money, sentence_start, short_day
from organisation.models import Person, ServiceArea
from organisation.standing import standing_of
from organisation.working_days import ENGLAND, holidays_of
from reporting import orders
from reporting.counting import quarter_days
from reporting.orders import OtherOrder
from reporting.selectors.marks import at_gate, is_reactive, is_stale, stale_after
from reporting.selectors.matching import words_match

S = CommissionState
KIND = "commission"
SETTINGS = [("rural", "All rural places"), ("urban", "All urban places")]
MOST_COUNTED = 1000
TONES = {S.DRAFT: "grey", S.CLOSED: "grey", S.STOPPED: "grey", S.ON_HOLD: "amber"}
SOON_DAYS = 28

_STAGE_ORDER = Case(
    *(When(state=state.value, then=Value(place)) for place, state in enumerate(CommissionState)),
    default=Value(len(CommissionState)),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Sort:
    """A way to order the list: the heading that offers it, and the order in either direction."""

    label: str
    rising: Order
    # What a first press on the heading gives: the largest value and the latest change before the others.
    falls_first: bool = False
    # Whether the list has a column of it; the others are offered beside the list.
    has_column: bool = True

    def order(self, is_falling: bool) -> Order:
        """The order in one direction."""
        return replace(self.rising, is_descending=is_falling)


def _weight(column: str) -> Order:
    return OtherOrder(column, has_blanks=True, reads=orders.read_whole)


# By the word in the address.
SORTS: dict[str, Sort] = {
    "reference": Sort("Commission", OtherOrder("reference", reads=orders.read_text)),
    "stage": Sort("Stage", OtherOrder("stage_order", reads=orders.read_whole)),
    "value": Sort(
        "Value, excl. VAT", OtherOrder("value_ex_vat", has_blanks=True, reads=orders.read_money), falls_first=True
    ),
    "commissioner": Sort("Commissioner", OtherOrder("holder_order", has_blanks=True, reads=orders.read_text)),
    "needed_by": Sort("Needed by", Order("commission__needed_by", has_blanks=True)),
    "changed": Sort("Last updated", Order("changed_at", is_moment=True), falls_first=True),
    "priority": Sort("Priority", _weight("commission__priority"), has_column=False),
    "impact": Sort("Impact", _weight("commission__impact"), has_column=False),
}
# What some of the orders go by, read with the rows.
_ORDERED_BY = {"stage_order": _STAGE_ORDER, "holder_order": Lower("holder__name")}
DEFAULT_SORT, DEFAULT_FALLING = "changed", True


@dataclass(frozen=True)
class Filters:
    """What narrows the list; empty values narrow nothing."""

    text: str = ""
    state: str = ""
    only_open: bool = False
    directorate: int | None = None
    area: int | None = None
    category: str = ""
    objective: str = ""
    place: str = ""
    priority: str = ""
    tier: str = ""
    risk: str = ""
    holder: int | None = None
    needed_from: date | None = None
    needed_to: date | None = None
    gate: str = ""
    way: str = ""
    started: str = ""
    stale: bool = False

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Choices:
    """What can be chosen in the filters: pairs of the value in the address and its words."""

    directorates: list[tuple[str, str]]
    areas: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    tiers: list[tuple[str, str]]
    objectives: list[tuple[str, str]]
    places: list[tuple[str, str]]


@dataclass(frozen=True)
class Total:
    """How many rows there are and what they are worth, and to whom: exact up to a thousand, "1,000+" beyond."""

    count: int
    value: Whose

    @property
    def is_exact(self) -> bool:
        """Whether everything was counted."""
        return self.count <= MOST_COUNTED

    def words(self, first: int, last: int) -> str:
        """Showing 1 to 25 of 214 commissions, £48.3 million excluding VAT; what is not our own stands apart."""
        if not self.is_exact:
            return f"Showing {first:,} to {last:,} of {MOST_COUNTED:,}+ commissions"
        if not self.count:
            return "No commissions"
        of = counted(self.count, "commission")
        return f"Showing {first:,} to {last:,} of {of}, {self.value.words()}"


def commissions(person: Person, filters: Filters) -> QuerySet[CaseFile]:
    """The case files of the commissions that ``person`` may see and ``filters`` lets through."""
    rows = CaseFile.objects.visible_to(person).filter(kind=KIND)
    if filters.text:
        rows = rows.filter(words_match(filters.text, "title", "reference"))
    exact = {
        "state": filters.state,
        "service_area__directorate": filters.directorate,
        "service_area": filters.area,
        "commission__band_key": filters.tier,
        "commission__priority": filters.priority,
        "holder": filters.holder,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.only_open:
        rows = rows.filter(is_open=True)
    if filters.category:
        rows = rows.filter(commission__category__in=below(filters.category))
    if filters.objective:
        serving = Commission.objectives.through.objects.filter(objective__key=filters.objective)
        rows = rows.filter(Exists(serving.filter(commission=OuterRef("commission"))))
    if filters.place:
        rows = rows.filter(_serves(filters.place))
    if filters.risk:
        rows = rows.filter(is_high_risk=filters.risk == "high")
    if filters.gate:
        rows = rows.filter(at_gate(filters.gate))
    if filters.way:
        rows = rows.filter(is_reactive() if filters.way == "reactive" else ~is_reactive())
    if filters.started:
        first, last = quarter_days(filters.started)
        rows = rows.filter(commission__started_at__date__range=(first, last))
    elif filters.way:
        rows = rows.filter(commission__started_at__isnull=False)
    if filters.stale:
        rows = rows.filter(is_stale(person))
    return _by_need(rows, filters)


def _serves(place: str) -> Exists:
    """A named place by its key, or every place of one setting ("rural")."""
    served = Commission.places.through.objects.filter(commission=OuterRef("commission"))
    column = "place__setting" if place in Place.Setting.values else "place__key"
    return Exists(served.filter(**{column: place}))


def _by_need(rows: QuerySet[CaseFile], filters: Filters) -> QuerySet[CaseFile]:
    if filters.needed_from:
        rows = rows.filter(commission__needed_by__gte=filters.needed_from)
    if filters.needed_to:
        rows = rows.filter(commission__needed_by__lte=filters.needed_to)
    return rows


def total_of(rows: QuerySet[CaseFile]) -> Total:
    """Count and add up, reading a thousand rows at most. One statement."""
    some = rows.order_by()[: MOST_COUNTED + 1]
    found = some.aggregate(count=Count("pk"), **shares_in_total("value_ex_vat"))
    return Total(found["count"], whose(found))


FIELDS = ("pk", "reference", "title", "path", "state", "is_open", "value_ex_vat", "is_high_risk", "changed_at")


def _shown() -> dict[str, Any]:
    return {
        "area": F("service_area__name"),
        "commissioner": F("holder__name"),
        "needed_by": F("commission__needed_by"),
        "priority": F("commission__priority"),
        "is_statutory": Length("commission__statutory_duty"),
        "is_reactive": ExpressionWrapper(is_reactive(), output_field=BooleanField()),
        "stale_days": stale_after(),
    }


def page(
    rows: QuerySet[CaseFile], sort: str, *, is_falling: bool, size: int, query: Mapping[str, str]
) -> Page[dict[str, Any]]:
    """One page of rows, each cell written out. One statement. Raises ``NoSuchPage`` for a place that cannot be."""
    order = SORTS[sort].order(is_falling)
    values = _ordered_by(rows, order).values(*{*FIELDS, order.column}, **_shown())
    found = page_of(values, order, query, size=size, key=lambda row: orders.key_of(order, row[order.column], row["pk"]))
    today, holidays = clock.today(), holidays_of(ENGLAND)
    for row in found.rows:
        row |= _cells(row, today, holidays)
    return found


def _ordered_by(rows: QuerySet[CaseFile], order: Order) -> QuerySet[CaseFile]:
    # Said so that the database may begin at either table: a file of this kind always has its commission.
    rows = rows.filter(commission__isnull=False)
    by = _ORDERED_BY.get(order.column)
    return rows.annotate(**{order.column: by}) if by is not None else rows


def _cells(row: Mapping[str, Any], today: date, holidays: frozenset[date]) -> dict[str, Any]:
    state, needed_by, stale = row["state"], row["needed_by"], row["stale_days"]
    is_ended = state in ENDED
    needed_note, needed_tone = "", "calm"
    if needed_by and not is_ended:
        needed_note = sentence_start(in_days(needed_by, today, holidays))
        left = (needed_by - today).days
        needed_tone = "late" if left < 0 else "soon" if left <= SOON_DAYS else "calm"
    return {
        "stage": str(S(state).label) if state in S.values else state,
        "stage_tone": TONES.get(state, "blue"),
        "value": money(row["value_ex_vat"]),
        "needed": short_day(needed_by) if needed_by else "Not recorded",
        "needed_note": needed_note,
        "needed_tone": needed_tone,
        "changed": short_day(row["changed_at"]),
        "is_stale": row["is_open"]
        and stale is not None
        and clock.now() - row["changed_at"] > timedelta(days=int(stale)),
        "commissioner": row["commissioner"] or "Nobody yet",
        "weight": PRIORITY_WORDS.get(row["priority"], ""),
    }


# Only what stands out: most work is of medium priority, and saying so in every row would say nothing.
PRIORITY_WORDS = {Commission.Priority.CORE: "Core", Commission.Priority.HIGH: "High priority"}

EXPORTED: dict[str, Combinable] = {
    "Reference": F("reference"),
    "Title": F("title"),
    "Stage": F("state"),
    "Value excluding VAT": F("value_ex_vat"),
    "Value including VAT": F("value_inc_vat"),
    "Paid by partners, excluding VAT": F("commission__partners_ex_vat"),
    "Managed for others, excluding VAT": F("commission__managed_ex_vat"),
    "Tier": F("commission__band_key"),
    "High risk": F("is_high_risk"),
    "Priority": F("commission__priority"),
    "Impact": F("commission__impact"),
    "Category": F("commission__category__name"),
    "Directorate": F("service_area__directorate__name"),
    "Service area": F("service_area__name"),
    "Commissioner": F("holder__name"),
    "Needed by": F("commission__needed_by"),
    "Reactive": ExpressionWrapper(is_reactive(), output_field=BooleanField()),
    "Last updated": F("changed_at"),
}


def exported(rows: QuerySet[CaseFile], sort: str, *, is_falling: bool, most: int) -> Iterator[list[Any]]:
    """The same list for a spreadsheet, row by row: plain amounts, ISO dates, words for states."""
    columns, order = list(EXPORTED), SORTS[sort].order(is_falling)
    values = order.sorted(_ordered_by(rows, order))
    for row in values.values_list(*EXPORTED.values())[:most].iterator(chunk_size=2000):
        cells = dict(zip(columns, row, strict=True))
        state = cells["Stage"]
        cells["Stage"] = str(S(state).label) if state in S.values else state
        for flag in ("High risk", "Reactive"):
            cells[flag] = "Yes" if cells[flag] else "No"
        for name, words in (("Priority", Commission.Priority), ("Impact", Commission.Impact)):
            cells[name] = str(words(cells[name]).label) if cells[name] else ""
        cells["Tier"] = str(cells["Tier"] or "").replace("_", " ")
        changed = cells["Last updated"].astimezone(clock.LONDON)
        cells["Last updated"] = changed.isoformat(timespec="minutes")
        yield ["" if value is None else value for value in cells.values()]


def choices_for(person: Person) -> Choices:
    """What the filters offer: two statements, however many rows."""
    organisations = standing_of(person).organisations
    areas = ServiceArea.objects.filter(organisation__in=organisations).order_by("directorate__name", "name", "pk")
    several = len(organisations) > 1
    directorates: dict[str, str] = {}
    area_choices = []
    for pk, name, directorate_id, directorate, organisation in areas.values_list(
        "pk", "name", "directorate_id", "directorate__name", "organisation__name"
    ):
        where = f", {organisation}" if several else ""
        directorates[str(directorate_id)] = f"{directorate}{where}"
        area_choices.append((str(pk), f"{name}{where}"))
    named = {
        "category": Category.objects.all(),
        "objective": Objective.objects.all(),
        "place": Place.objects.all(),
        "tier": Band.objects.filter(is_overlay=False),
    }
    offered = [
        rows.filter(framework__organisations__in=organisations)
        .annotate(what=Value(what, output_field=CharField()), label=called() if what == "category" else F("name"))
        .values_list("what", "order", "key", "label", "pk")
        for what, rows in named.items()
    ]
    found: dict[str, dict[str, str]] = {what: {} for what in named}
    # Later rows of a key are its newer versions, whose name counts.
    for what, _, key, name, _ in offered[0].union(*offered[1:], all=False).order_by("what", "order", "pk"):
        found[what][key] = name
    return Choices(
        directorates=list(directorates.items()),
        areas=sorted(area_choices, key=lambda row: row[1]),
        categories=sorted(found["category"].items(), key=lambda row: row[1]),
        tiers=list(found["tier"].items()),
        objectives=list(found["objective"].items()),
        places=[*((key, label) for key, label in SETTINGS), *found["place"].items()],
    )


def holder_name(person: Person, holder: int) -> str:
    """The name of a colleague, for the words of a filter; empty for anybody else."""
    colleagues = Person.objects.of_organisations(standing_of(person).organisations)
    return colleagues.filter(pk=holder).values_list("name", flat=True).first() or ""
