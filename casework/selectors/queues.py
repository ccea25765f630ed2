"""The queues a person works, what stands in them, and where one item stands among the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import DecimalField, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from casework.keyset import Key, Order, Page, page_of
from casework.models import Queue, RulesVersion, WorkItem
from casework.querysets import visible_cases
from casework.routing import Rules
from casework.rules import people_of_queue, role_in_queue
from casework.selectors.rules import rules_by_token
from casework.states import OUTSTANDING, SETTLED, ItemState
from organisation import clock
from organisation.models import Directorate, Person
from organisation.roles import Role
from organisation.standing import standing_of

PAGE_SIZE = 50
_LONGEST_NUMBER = 15
MOST_COUNTED = 1000

BY_CLOCK = Order("due_on", has_blanks=True)
BY_SETTLED = Order("settled_at", is_descending=True, is_moment=True)

# What a list can be sorted by, as the address and the heads of the table name it.
SORTS = {
    "clock": BY_CLOCK,
    "request": Order("case_file__title", is_text=True),
    "requester": Order("requested_by__name", is_text=True, has_blanks=True),
    "value": Order("case_file__value_ex_vat", is_money=True, has_blanks=True),
    "needed_by": Order("needed_by", has_blanks=True),
    "assignee": Order("assignee__name", is_text=True, has_blanks=True),
}

VIEWS = {
    "unassigned": "Unassigned",
    "mine": "Mine",
    "waiting": "Waiting for requester",
    "overdue": "Overdue",
    "all": "All open",
    "settled": "Settled",
}
DEFAULT_VIEW = "all"

FLAGS = {"high_risk": "High risk", "late_ask": "Late ask"}


@dataclass
class WorkedQueue:
    """A queue as one person meets it: the rows of all frameworks that share its key, and where they may see it."""

    key: str
    name: str
    summary: str
    rows: dict[int, Queue] = field(default_factory=dict)
    works_in: set[int] = field(default_factory=set)
    reads_in: set[int] = field(default_factory=set)
    rules: list[Rules] = field(default_factory=list)

    @property
    def is_worked(self) -> bool:
        """Whether the person answers here, and does not only read."""
        return bool(self.works_in)

    def kinds(self) -> dict[str, str]:
        """The kinds of item that the rules send here, by their words."""
        found = {rule.item_kind for rules in self.rules for rule in rules.routes if rule.queue == self.key}
        return {kind: kind_words(kind) for kind in sorted(found)}


def kind_words(kind: str) -> str:
    """The kind of an item as people call it."""
    words = kind.replace("_", " ")
    return words[:1].upper() + words[1:]


def queues_for(person: Person) -> list[WorkedQueue]:
    """The queues somebody works or, as an auditor, reads. One statement."""
    standing = standing_of(person)
    in_force = RulesVersion.objects.filter(framework=OuterRef("framework"), valid_from__lte=clock.today())
    latest = in_force.order_by("-number")
    rows = Queue.objects.filter(framework__organisations__in=standing.organisations).annotate(
        organisation_id=F("framework__organisations"),
        version_id=Subquery(latest.values("pk")[:1]),
        version_token=Subquery(latest.values("token")[:1]),
    )
    found: dict[str, WorkedQueue] = {}
    for row in rows.order_by("order", "name", "pk"):
        place: int = row.organisation_id
        works = bool(role_in_queue(person, row, place))
        reads = works or standing.holds(Role.AUDITOR, place)
        if place not in standing.organisations or not reads:
            continue
        queue = found.setdefault(row.key, WorkedQueue(row.key, row.name, row.summary))
        queue.reads_in.add(place)
        if works:
            queue.works_in.add(place)
        if row.pk not in queue.rows:
            queue.rows[row.pk] = row
            if row.version_id:
                queue.rules.append(rules_by_token(row.version_token, row.version_id))
    return list(found.values())


def queue_exists_for(person: Person, key: str) -> Queue | None:
    """A queue of somebody's own organisation that they do not work, to say who does."""
    organisations = standing_of(person).organisations
    return Queue.objects.filter(key=key, framework__organisations__in=organisations).first()


# --- What the address asks for ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueFilter:
    """The view and filters in an address. What makes no sense is left out, so an old bookmark still opens."""

    view: str = DEFAULT_VIEW
    q: str = ""
    directorate: int | None = None
    value: str = ""
    kind: str = ""
    flag: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: QueryDict | Mapping[str, str]) -> QueueFilter:
        """Read an address."""
        view, flag, sort = query.get("view", ""), query.get("flag", ""), query.get("sort", "")
        directorate = query.get("directorate", "")
        is_number = directorate.isascii() and directorate.isdecimal() and len(directorate) < _LONGEST_NUMBER
        return cls(
            view=view if view in VIEWS else DEFAULT_VIEW,
            q=" ".join(query.get("q", "").replace("\x00", "").split())[:100],
            directorate=int(directorate) if is_number else None,
            value=query.get("value", "").replace("\x00", "")[:60],
            kind=query.get("kind", "").replace("\x00", "")[:40],
            flag=flag if flag in FLAGS else "",
            sort=sort if sort.removeprefix("-") in SORTS else "",
        )

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters that are set, without the view."""
        told = {
            "q": self.q,
            "directorate": str(self.directorate or ""),
            "value": self.value,
            "kind": self.kind,
            "flag": self.flag,
        }
        return {name: value for name, value in told.items() if value}

    def query(self, **changed: str) -> str:
        """The query of an address with this filter, perhaps changed; empty when it says nothing."""
        view = self.view if self.view != DEFAULT_VIEW else ""
        told = {"view": view, **self.narrowing, "sort": self.sort, **changed}
        return urlencode({name: value for name, value in told.items() if value})


# --- The list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """How many items each view has under the filters, up to one more than are counted; and the value of the view."""

    by_view: dict[str, int]
    value: Decimal | None

    def words(self, view: str) -> str:
        """A count as the page shows it: never more than "1,000+"."""
        found = self.by_view[view]
        return f"{MOST_COUNTED:,}+" if found > MOST_COUNTED else f"{found:,}"


class _Count(Subquery):
    """How many rows a sliced query has: the slice keeps the count cheap."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class _Total(Subquery):
    """The sum of a sliced query's one column."""

    template = "(SELECT SUM(amount) FROM (%(subquery)s) summed)"
    output_field = DecimalField(max_digits=20, decimal_places=2)


@dataclass
class QueueList:
    """The items of one queue as one person filters them."""

    queue: WorkedQueue
    person: Person
    asked: QueueFilter
    today: date = field(default_factory=clock.today)

    @property
    def order(self) -> Order:
        """As the address asks; else least time left first, and what is settled, latest first."""
        if self.asked.sort:
            chosen = SORTS[self.asked.sort.removeprefix("-")]
            return replace(chosen, is_descending=self.asked.sort.startswith("-"))
        return BY_SETTLED if self.asked.view == "settled" else BY_CLOCK

    def key_of(self, row: Mapping[str, Any]) -> Key:
        """Where a row stands."""
        return Key(row[self.order.column], row["pk"])

    def items(self) -> QuerySet[WorkItem]:
        """Every item in scope under the filters, whatever the view."""
        rows = WorkItem.objects.filter(
            visible_cases(self.person), queue_id__in=list(self.queue.rows), organisation_id__in=self.queue.reads_in
        )
        asked = self.asked
        if asked.q:
            rows = rows.filter(
                Q(case_file__reference__icontains=asked.q)
                | Q(case_file__title__icontains=asked.q)
                | Q(title__icontains=asked.q)
                | Q(requested_by__name__icontains=asked.q)
            )
        if asked.directorate:
            rows = rows.filter(case_file__service_area__directorate_id=asked.directorate)
        if asked.kind:
            rows = rows.filter(kind=asked.kind)
        if asked.flag == "high_risk":
            rows = rows.filter(case_file__is_high_risk=True)
        elif asked.flag == "late_ask":
            rows = rows.filter(is_late_ask=True)
        if asked.value:
            rows = rows.filter(self._in_band(asked.value))
        return rows

    def _in_band(self, key: str) -> Q:
        for rules in self.queue.rules:
            for band in rules.bands:
                if band.key != key:
                    continue
                inside = Q()
                if band.within.from_key:
                    side = "gte" if band.within.from_inclusive else "gt"
                    inside &= Q(**{f"case_file__value_ex_vat__{side}": rules.amount(band.within.from_key)})
                if band.within.to_key:
                    side = "lte" if band.within.to_inclusive else "lt"
                    inside &= Q(**{f"case_file__value_ex_vat__{side}": rules.amount(band.within.to_key)})
                return inside
        return Q()

    def of_view(self, view: str) -> QuerySet[WorkItem]:
        """The items of one counted view."""
        rows = self.items()
        if view == "settled":
            return rows.filter(state__in=SETTLED)
        rows = rows.filter(state__in=OUTSTANDING)
        if view == "unassigned":
            return rows.filter(state=ItemState.OPEN)
        if view == "mine":
            return rows.filter(assignee=self.person)
        if view == "waiting":
            return rows.filter(state=ItemState.WAITING)
        if view == "overdue":
            return rows.filter(due_on__lt=self.today)
        return rows

    def counts(self) -> Counts:
        """Every count and the value of the view in one statement, none of which reads more than a thousand rows."""
        counted = {
            f"in_{view}": _Count(self.of_view(view).order_by().values("pk")[: MOST_COUNTED + 1]) for view in VIEWS
        }
        amounts = self.of_view(self.asked.view).order_by().values(amount=F("case_file__value_ex_vat"))
        row = (
            Queue.objects.filter(pk__in=list(self.queue.rows)[:1])
            .annotate(**counted, value=_Total(amounts[: MOST_COUNTED + 1]))
            .values(*counted, "value")
            .get()
        )
        return Counts({view: row[f"in_{view}"] for view in VIEWS}, row["value"])

    def page(self, query: Mapping[str, str], size: int = PAGE_SIZE) -> Page[dict[str, Any]]:
        """One page of rows, in one statement. Raises ``NoSuchPage``."""
        return page_of(_columns(self.of_view(self.asked.view)), self.order, query, size=size, key=self.key_of)

    def rows_for_export(self, most: int) -> QuerySet[WorkItem, dict[str, Any]]:
        """What the page shows, all pages of it."""
        return self.order.sorted(_columns(self.of_view(self.asked.view)))[:most]

    def next_to(self, item: WorkItem) -> tuple[int | None, int | None]:
        """The items before and after one in this list, whether or not it still stands there itself. Two statements."""
        key = Key(_value_at(item, self.order.column), item.pk)
        rows = self.of_view(self.asked.view).exclude(pk=item.pk)
        after = self.order.sorted(rows.filter(self.order.after(key))).values_list("pk", flat=True)[:1]
        before = self.order.sorted(rows.filter(self.order.before(key)), backwards=True)
        return (before.values_list("pk", flat=True)[:1].first(), after.first())

    def directorates(self) -> list[tuple[int, str]]:
        """The directorates to filter by."""
        rows = Directorate.objects.filter(organisation_id__in=self.queue.reads_in).order_by("name", "pk")
        return list(rows.values_list("pk", "name"))

    def bands(self) -> dict[str, str]:
        """The bands of value to filter by."""
        return {band.key: band.name for rules in self.queue.rules for band in rules.bands if not band.is_overlay}

    def colleagues(self) -> QuerySet[Person]:
        """The people who can be given an item of this queue."""
        found = Person.objects.none()
        for row in self.queue.rows.values():
            for place in self.queue.works_in:
                found = found | people_of_queue(row, place)
        return found.distinct().order_by("name", "pk")


def _value_at(item: WorkItem, column: str) -> Any:
    """What an item has in a column that may be a related record's."""
    found: Any = item
    for name in column.split("__"):
        found = getattr(found, name) if found is not None else None
    return found


def _columns(rows: Any) -> QuerySet[WorkItem, dict[str, Any]]:
    """What a row of the list shows, and no long text."""
    columns: QuerySet[WorkItem, dict[str, Any]] = rows.values(
        "pk",
        "title",
        "kind",
        "asks",
        "because",
        "state",
        "answer",
        "opened_at",
        "allowance",
        "unit",
        "due_on",
        "needed_by",
        "paused_since",
        "left_when_paused",
        "is_late_ask",
        "path",
        "settled_at",
        "assignee_id",
        "assignee__name",
        "requested_by__name",
        "case_file__reference",
        "case_file__title",
        "case_file__value_ex_vat",
        "case_file__is_high_risk",
        "case_file__service_area__directorate__name",
        "last_look__person_id",
        "last_look__person__name",
        "last_look__at",
    )
    return columns
