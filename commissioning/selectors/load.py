"""Who is promised to too much work at once, over all open commissions of the organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Lower

from casework.querysets import visible_cases
from commissioning.activity_notes import Line, Note
from commissioning.models import Commission, CommissionActivity, LoadLimit, WorkTime
from commissioning.work_days import days_words
from organisation import clock
from organisation.models import Person

Row = Mapping[str, Any]
READ = (
    *("person_id", "person__name", "team", "month", "days", "commission_id"),
    *("commission__case_file__reference", "commission__case_file__title", "commission__case_file__path"),
    *("is_seen", "for_person", "for_team"),
)


@dataclass(frozen=True)
class Clash:
    """One person or team in one month: what they are promised for in all, and the most there is."""

    who: str
    month: date
    days: Decimal
    limit: Decimal
    rows: tuple[Row, ...]


def load_of(commission: Commission, viewer: Person) -> list[Clash]:
    """Every person and team of this commission who is over the limit in a month, in one statement."""
    rows = list(_rows(commission, viewer))
    people = [row for row in rows if row["person_id"]]
    found = [
        *_over(people, commission, lambda row: row["person_id"], lambda row: row["person__name"], "for_person"),
        *_over(rows, commission, lambda row: row["team"].casefold(), lambda row: f"The team {row['team']}", "for_team"),
    ]
    return sorted(found, key=lambda clash: (clash.month, clash.who))


def _rows(commission: Commission, viewer: Person) -> QuerySet[WorkTime, dict[str, Any]]:
    """The time of everybody whom this commission counts on, in the months in which it does."""
    own = WorkTime.objects.filter(commission=commission, removed_at__isnull=True, month=OuterRef("month"))
    shared = own.annotate(folded=Lower("team")).filter(Q(person=OuterRef("person")) | Q(folded=Lower(OuterRef("team"))))
    case = commission.case_file
    return (
        WorkTime.objects.filter(
            Exists(shared),
            removed_at__isnull=True,
            commission__case_file__organisation_id=case.organisation_id,
            commission__case_file__is_open=True,
        )
        .annotate(
            is_seen=Case(When(visible_cases(viewer, prefix="commission__case_file__"), then=True), default=False),
            for_person=_limit(case.organisation.framework_id, LoadLimit.Whose.PERSON),
            for_team=_limit(case.organisation.framework_id, LoadLimit.Whose.TEAM),
        )
        .order_by("commission__case_file__reference", "pk")
        .values(*READ)
    )


def _limit(framework_id: int, whose: str) -> Subquery:
    """The limit in force today. The framework is written out: the statement knows it already."""
    rows = LoadLimit.objects.filter(framework_id=Value(framework_id), whose=whose, valid_from__lte=clock.today())
    return Subquery(rows.order_by("-valid_from").values("days")[:1], output_field=DecimalField())


def _over(rows: Iterable[Row], commission: Commission, key: Any, name: Any, limit: str) -> Iterator[Clash]:
    piles: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        piles[key(row), row["month"]].append(row)
    for (_, month), pile in piles.items():
        days, most = sum((row["days"] for row in pile), Decimal(0)), pile[0][limit]
        is_ours = any(row["commission_id"] == commission.pk for row in pile)
        if is_ours and most is not None and days > most:
            yield Clash(name(pile[0]), month, days, most, tuple(pile))


def notes_on_load(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """Each clash in words, naming the commissions that count on the same people."""
    commission = activity.commission
    return [
        Note(
            title=f"{clash.who}: too much work in {clash.month:%B %Y}",
            words=f"Promised to open commissions for {days_words(clash.days)}. "
            f"The most is {days_words(clash.limit)} a month.",
            lines=list(_lines(clash, commission)),
            is_warning=True,
        )
        for clash in load_of(commission, viewer)
    ]


def _lines(clash: Clash, commission: Commission) -> Iterator[Line]:
    by_commission: dict[int, list[Row]] = defaultdict(list)
    for row in clash.rows:
        by_commission[row["commission_id"] if row["is_seen"] else 0].append(row)
    for pk, rows in sorted(by_commission.items(), key=lambda item: (item[0] != commission.pk, item[0] == 0, item[0])):
        days = days_words(sum((row["days"] for row in rows), Decimal(0)))
        if pk == commission.pk:
            yield Line("This commission", detail=days)
        elif pk:
            reference, title, path = (
                rows[0][f"commission__case_file__{name}"] for name in ("reference", "title", "path")
            )
            yield Line(f"{reference} {title}", path, days)
        else:
            yield Line("Work that you cannot see", detail=days)
