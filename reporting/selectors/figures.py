"""The dashboard's figures for one viewer: roll-ups, put right for what is not folded yet and for the viewer's walls.

What the trail names since the last fold, what the day has made old, and what the viewer is walled off from are "open
roots". Their folded facts are taken off the sums again, and they are counted live, as the viewer may see them. So a
figure always equals the rows that its link opens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from casework.models import AuditEvent, Wall
from commissioning.own_money import Whose
from organisation import clock
from organisation.models import Person
from organisation.standing import standing_of
from reporting.counting import EARLY, LATE_ASK, PERSON, REQUEST, STAGE, WAITING, Counts
from reporting.models import Fact, Fold, RollUp
from reporting.rules import READERS
from reporting.selectors.facts import facts_under

# Who holds what work is read only where the viewer looks after it; the others count what everybody may see.
MANAGED = (WAITING, PERSON, REQUEST, EARLY, LATE_ASK)


@dataclass(frozen=True)
class Narrowed:
    """What the page is narrowed to. ``areas`` and ``categories`` are None for all; months are first days."""

    areas: frozenset[int] | None = None
    categories: frozenset[str] | None = None
    first_month: date | None = None
    last_month: date | None = None

    def holds(self, counts: Counts) -> bool:
        """Whether something counts on this page."""
        return (
            (self.areas is None or counts.service_area_id in self.areas)
            and (self.categories is None or counts.category in self.categories)
            and (counts.month is None or self._in_period(counts.month))
        )

    def _in_period(self, month: date) -> bool:
        return (not self.first_month or month >= self.first_month) and (not self.last_month or month <= self.last_month)

    def condition(self) -> Q:
        """The same over stored facts and roll-ups."""
        period = Q()
        if self.first_month:
            period &= Q(month__gte=self.first_month)
        if self.last_month:
            period &= Q(month__lte=self.last_month)
        found = (Q(month=None) | period) if period else Q()
        if self.areas is not None:
            found &= Q(service_area__in=self.areas)
        if self.categories is not None:
            found &= Q(category__in=self.categories)
        return found


@dataclass
class Figures:
    """Counts and pounds by cube, key and, for stages, service area."""

    cells: dict[tuple[str, str, int | None], list[Any]] = field(
        default_factory=lambda: defaultdict(lambda: [0, Decimal(0)])
    )

    def add(self, cube: str, key: str, area: int | None, count: int, amount: Decimal) -> None:
        """Add to one cell."""
        cell = self.cells[cube, key, area]
        cell[0] += count
        cell[1] += amount

    def of(self, cube: str) -> Iterator[tuple[str, int | None, int, Decimal]]:
        """Every cell of a cube that holds anything: key, area, count, pounds."""
        for (of_cube, key, area), (count, amount) in self.cells.items():
            if of_cube == cube and count:
                yield key, area, count, amount

    def count(self, cube: str, *keys: str) -> int:
        """How many there are under some keys, or under all."""
        return sum(count for key, _, count, _ in self.of(cube) if not keys or key in keys)

    def amount(self, cube: str, *keys: str) -> Decimal:
        """What our own share of them is worth."""
        return sum((amount for key, _, _, amount in self.of(cube) if not keys or key in keys), Decimal(0))

    def money(self, cube: str, *keys: str) -> Whose:
        """What they are worth by whose money it is."""
        held = [f"{cube}:{key}" for key in keys] if keys else [key for key, *_ in self.of("partners")]
        held += [] if keys else [key for key, *_ in self.of("managed")]
        mine = [key for key in held if key.startswith(f"{cube}:")]
        apart = [self.amount(name, *mine) if mine else Decimal(0) for name in ("partners", "managed")]
        return Whose(self.amount(cube, *keys), *apart)


def figures_for(person: Person, narrowed: Narrowed) -> Figures:
    """Everything the dashboard shows: five statements at most, whatever the rows."""
    standing = standing_of(person)
    scope = _Scope(standing.organisations, standing.organisations_as(*READERS))
    roots = _open_roots(person, scope.all)
    figures = Figures()
    for cube, key, area, sign, count, amount in _sums(scope.condition() & narrowed.condition(), roots):
        figures.add(cube, key, area, sign * count, sign * Decimal(amount or 0))
    if roots:
        for counts in facts_under(roots, seen_by=person):
            if scope.holds(counts) and narrowed.holds(counts):
                area = counts.service_area_id if counts.cube == STAGE else None
                figures.add(counts.cube, counts.key, area, 1, counts.amount)
    return figures


@dataclass(frozen=True)
class _Scope:
    """Whose figures: of all organisations somebody works in, and of those whose work they look after."""

    all: frozenset[int]
    managed: frozenset[int]

    def holds(self, counts: Counts) -> bool:
        return counts.organisation_id in (self.managed if counts.cube in MANAGED else self.all)

    def condition(self) -> Q:
        return Q(organisation__in=self.all) & (Q(organisation__in=self.managed) | ~Q(cube__in=MANAGED))


def _open_roots(person: Person, organisations: Collection[int]) -> list[int]:
    """The roots to count live. Two statements."""
    folded = dict(Fold.objects.filter(organisation__in=organisations).values_list("organisation", "number"))
    unfolded = Q(pk__in=[])
    for number in organisations:
        unfolded |= Q(chain=f"organisation:{number}", number__gt=folded.get(number, 0))
    named = AuditEvent.objects.filter(unfolded).exclude(root_case_id=None).values_list("root_case_id", flat=True)
    old = Fact.objects.filter(organisation__in=organisations, until__lte=clock.today())
    walls = Wall.objects.filter(person=person, lifted_at=None)
    walled = walls.values_list(Coalesce("case_file__root_id", "case_file_id", output_field=BigIntegerField()))
    roots = named.order_by().union(old.values_list("root_case_id", flat=True), walled)
    return [root for root in roots if root is not None]


def _sums(condition: Q, roots: Collection[int]) -> Iterable[Any]:
    """The roll-ups, and with a minus the folded facts of the open roots: one statement, so one moment."""
    sums = _grouped(RollUp.objects.filter(condition), 1).annotate(number=Sum("count"), worth=Sum("amount"))
    if not roots:
        return sums
    facts = _grouped(Fact.objects.filter(condition, root_case_id__in=roots), -1)
    return sums.union(facts.annotate(number=Count("pk"), worth=Sum("amount")), all=True)


def _grouped(rows: QuerySet[Any], sign: int) -> QuerySet[Any, Any]:
    area = Case(When(cube=STAGE, then=F("service_area_id")), output_field=BigIntegerField())
    return (
        rows.order_by().annotate(area=area, sign=Value(sign, IntegerField())).values_list("cube", "key", "area", "sign")
    )
