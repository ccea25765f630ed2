"""The queues a person works, what stands in them, and where one item stands among the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value

from casework.handled import case_day
from casework.keyset import Key, Order, Page, first_page_of, page_of
from casework.models import Queue, RulesVersion, WorkItem
from casework.querysets import Scope, scope_of, visible_cases, visible_here
from casework.routing import Rules
from casework.rules import people_of_queue, role_in_queue
from casework.selectors.queue_filters import (
    BY_CLOCK,
    BY_SETTLED,
    FLAG_CONDITIONS,
    SORTS,
    VIEWS,
    QueueFilter,
)
from casework.selectors.rules import rules_by_token
from casework.states import OUTSTANDING, SETTLED, ItemState
from organisation import clock
from organisation.formatting import sentence_start
from organisation.models import Directorate, Person
from organisation.prepared import Prepared
from organisation.roles import Role
from organisation.standing import standing_of

PAGE_SIZE = 50
MOST_COUNTED = 1000


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
    return sentence_start(words)


def queues_for(person: Person) -> list[WorkedQueue]:
    """The queues somebody works or, as an auditor, reads. One statement."""
    standing = standing_of(person)
    found: dict[str, WorkedQueue] = {}
    for row in _QUEUES.rows(organisations=tuple(sorted(standing.organisations))):
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


def _queues(organisations: tuple[int, ...]) -> QuerySet[Any]:
    in_force = RulesVersion.objects.filter(framework=OuterRef("framework"), valid_from__lte=clock.today())
    latest = in_force.order_by("-number")
    rows = Queue.objects.filter(framework__organisations__in=organisations).annotate(
        organisation_id=F("framework__organisations"),
        version_id=Subquery(latest.values("pk")[:1]),
        version_token=Subquery(latest.values("token")[:1]),
    )
    return rows.order_by("order", "name", "pk")


_QUEUES: Prepared[Any] = Prepared(_queues)


def queue_exists_for(person: Person, key: str) -> Queue | None:
    """A queue of somebody's own organisation that they do not work, to say who does."""
    organisations = standing_of(person).organisations
    return Queue.objects.filter(key=key, framework__organisations__in=organisations).first()


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
    person: Person | Scope
    asked: QueueFilter
    today: date = field(default_factory=clock.today)

    @property
    def scope(self) -> Scope:
        """What the person sees."""
        return scope_of(self.person)

    @property
    def _shape(self) -> dict[str, Any]:
        """The list as a prepared query is given it, where no filter narrows it."""
        rows, places = tuple(sorted(self.queue.rows)), tuple(sorted(self.queue.reads_in))
        return asdict(self.scope) | {"queues": rows, "places": places, "view": self.asked.view, "sort": self.asked.sort}

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
        return self._narrowed(visible_cases(self.scope))

    def _narrowed(self, scope: Q) -> QuerySet[WorkItem]:
        rows = WorkItem.objects.filter(
            scope, queue_id__in=list(self.queue.rows), organisation_id__in=self.queue.reads_in
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
        if asked.area:
            rows = rows.filter(case_file__service_area_id=asked.area)
        if asked.officer:
            rows = rows.filter(assignee_id=asked.officer)
        if asked.due:
            rows = rows.filter(self._due(asked.due))
        if asked.kind:
            rows = rows.filter(kind=asked.kind)
        if asked.flag == "high_risk":
            rows = rows.filter(case_file__is_high_risk=True)
        elif asked.flag == "late_ask":
            rows = rows.filter(is_late_ask=True)
        elif asked.flag in FLAG_CONDITIONS:
            rows = rows.filter(FLAG_CONDITIONS[asked.flag])
        if asked.value:
            rows = rows.filter(self._in_band(asked.value))
        return rows

    def _due(self, key: str) -> Q:
        """By when something is due; what is overdue is due within every number of days."""
        if key == "none":
            return Q(due_on=None)
        return Q(due_on__lt=self.today) if key == "overdue" else Q(due_on__lte=self.today + timedelta(days=int(key)))

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

    def _in_view(self, view: str) -> Q:
        """What makes an outstanding item one of a view."""
        found = {
            "unassigned": Q(state=ItemState.OPEN),
            "mine": Q(assignee=self.scope.person),
            "waiting": Q(state=ItemState.WAITING),
            "overdue": Q(due_on__lt=self.today),
        }
        return found.get(view, Q())

    def of_view(self, view: str) -> QuerySet[WorkItem]:
        """The items of one counted view."""
        if view == "settled":
            return self.items().filter(state__in=SETTLED)
        return self.items().filter(self._in_view(view), state__in=OUTSTANDING)

    def counts(self) -> Counts:
        """Every count and the value of the view, in one statement."""
        rows: list[Any] = list(self.counted()) if self.asked.narrowing else _COUNTED.rows(**self._shape)
        found: dict[str, Any] = rows[0] if rows and rows[0]["all"] else self._nothing_outstanding()
        return Counts({view: min(found[view], MOST_COUNTED + 1) for view in VIEWS}, found["value"])

    def counted(self) -> QuerySet[Any, Any]:
        """One row with every count and the value of the view; nothing to rely on where nothing is outstanding.

        What is outstanding is counted in one pass, from an index where nothing narrows it. What is settled, and the
        value, read no more than a thousand rows.
        """
        outstanding = self._narrowed(visible_here(self.scope)).filter(state__in=OUTSTANDING).order_by()
        counted = {view: Count("case_file", filter=self._in_view(view) or None) for view in VIEWS if view != "settled"}
        beside = {name: Max(one) for name, one in self._bounded().items()}
        return outstanding.annotate(one=Value(1)).values("one").annotate(**counted, **beside)

    def _nothing_outstanding(self) -> dict[str, Any]:
        """Counts of no rows know nothing of what stands beside them."""
        bounded = Queue.objects.filter(pk__in=list(self.queue.rows)[:1]).values(**self._bounded()).get()
        return dict.fromkeys(VIEWS, 0) | dict(bounded)

    def _bounded(self) -> dict[str, Any]:
        rows = self._narrowed(visible_here(self.scope))
        outstanding = rows.filter(state__in=OUTSTANDING).order_by()
        of_view = rows.filter(state__in=SETTLED) if self.asked.view == "settled" else outstanding
        amounts = of_view.filter(self._in_view(self.asked.view)).order_by("due_on", "pk")
        return {
            "settled": _Count(rows.filter(state__in=SETTLED).order_by().values("pk")[: MOST_COUNTED + 1]),
            "value": _Total(amounts.values(amount=F("case_file__value_ex_vat"))[: MOST_COUNTED + 1]),
        }

    def page(self, query: Mapping[str, str], size: int = PAGE_SIZE) -> Page[dict[str, Any]]:
        """One page of rows, in one statement. Raises ``NoSuchPage``."""
        if not self.asked.narrowing and not query.keys() & {"after", "before", "from"}:
            return first_page_of(_FIRST.rows(most=size + 1, **self._shape), size=size, key=self.key_of)
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

    def places(self) -> tuple[dict[int, str], dict[int, str]]:
        """The directorates and the service areas to filter by, by their names. One statement."""
        directorates: dict[int, str] = {}
        areas: dict[int, str] = {}
        for pk, name, area, area_name in _PLACES.rows(organisations=tuple(sorted(self.queue.reads_in))):
            directorates[pk] = name
            if area is not None:
                areas[area] = area_name
        return directorates, dict(sorted(areas.items(), key=lambda item: item[1]))

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


def _list(
    queues: tuple[int, ...], places: tuple[int, ...], view: str, sort: str, person: int, organisations: tuple[int, ...]
) -> QueueList:
    """A list that no filter narrows, for a prepared query."""
    queue = WorkedQueue("", "", "", rows={pk: Queue(pk) for pk in queues}, reads_in=set(places))
    return QueueList(queue, Scope(person, organisations), QueueFilter(view=view, sort=sort))


def _first_rows(most: int, **asked: Any) -> QuerySet[Any, dict[str, Any]]:
    listed = _list(**asked)
    return listed.order.sorted(_columns(listed.of_view(listed.asked.view)))[:most]


_FIRST: Prepared[Any] = Prepared(_first_rows, fixed=["most"])
_COUNTED: Prepared[Any] = Prepared(lambda **asked: _list(**asked).counted())
_PLACES: Prepared[Any] = Prepared(
    lambda organisations: (
        Directorate.objects.filter(organisation_id__in=organisations)
        .order_by("name", "pk", "service_areas__name")
        .values_list("pk", "name", "service_areas__pk", "service_areas__name")
    )
)


def _value_at(item: WorkItem, column: str) -> Any:
    """What an item has in a column that may be a related record's."""
    found: Any = item
    for name in column.split("__"):
        found = getattr(found, name) if found is not None else None
    return found


def _columns(rows: Any) -> QuerySet[WorkItem, dict[str, Any]]:
    """What a row of the list shows, and no long text."""
    columns: QuerySet[WorkItem, dict[str, Any]] = rows.annotate(case_day=case_day()).values(
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
        "soon_days",
        "needed_by",
        "case_day",
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
