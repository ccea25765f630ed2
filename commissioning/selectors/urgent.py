"""The urgent route as its pages show it, and how often each ground was used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from commissioning.models import Commission, OwedPaper, UrgencyGround, UrgentAdvice, UrgentRoute
from organisation import clock
from organisation.models import Membership, Person
from organisation.roles import Role
from organisation.standing import standing_of


@dataclass(frozen=True)
class AdviceBox:
    """One side's box: the advice that stands, or who has yet to give it."""

    side: str
    label: str
    standing: UrgentAdvice | None
    earlier: tuple[UrgentAdvice, ...]


def route_of(commission: Commission) -> UrgentRoute | None:
    """The urgent route that stands, else the last one."""
    rows = UrgentRoute.objects.filter(commission=commission).select_related("ground", "allowed_by", "marked_by")
    return (
        rows.order_by("ended_at", "-pk").first() if not rows.filter(ended_at=None).exists() else rows.get(ended_at=None)
    )


def boxes_of(route: UrgentRoute) -> list[AdviceBox]:
    """Both sides' boxes, in one statement."""
    rows = list(UrgentAdvice.objects.filter(route=route).select_related("adviser").order_by("-pk"))
    found = []
    for side in UrgentAdvice.Side:
        mine = [row for row in rows if row.side == side]
        found.append(AdviceBox(side.value, str(side.label), mine[0] if mine else None, tuple(mine[1:])))
    return found


def owed_of(route: UrgentRoute) -> list[tuple[OwedPaper, str, str]]:
    """What is owed, by date, each with its state and tone; one statement."""
    today = clock.today()
    rows = OwedPaper.objects.filter(route=route).select_related("holder").order_by("done_at", "due_on", "pk")
    return [
        (row, *(("Done", "green") if row.done_at else ("Overdue", "red") if row.due_on < today else ("Owed", "amber")))
        for row in rows
    ]


def leaders_of(commission: Commission) -> Any:
    """Those who may allow the urgent route: leaders of the area, and leadership."""
    case = commission.case_file
    here = Membership.objects.in_force().filter(
        Q(service_area__isnull=True) | Q(service_area_id=case.service_area_id),
        organisation_id=case.organisation_id,
        role__in=[Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER],
    )
    return Person.objects.filter(is_active=True, pk__in=here.values("person_id")).order_by("name", "pk")


def grounds_counted(person: Person) -> list[Any]:
    """Every ground of the person's frameworks with how often it was used, as far as they may see; one statement."""
    mine = UrgentRoute.objects.visible_to(person)
    rows = UrgencyGround.objects.filter(framework__organisations__in=standing_of(person).organisations).distinct()
    return list(
        rows.annotate(
            used=Count("routes", filter=Q(routes__in=mine.values("pk")), distinct=True),
            standing=Count("routes", filter=Q(routes__in=mine.filter(ended_at=None).values("pk")), distinct=True),
        ).order_by("order", "pk")
    )


def routes_seen(person: Person, ground: str = "") -> list[UrgentRoute]:
    """Every urgent route the person may see, newest first; of one ground, if it is named."""
    rows = UrgentRoute.objects.visible_to(person).select_related("ground", "commission__case_file", "allowed_by")
    if ground:
        rows = rows.filter(ground__key=ground)
    return list(rows.annotate(owing=Count("owed", filter=Q(owed__done_at=None))).order_by("-pk")[:200])
