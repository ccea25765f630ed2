"""Actions in the market counted by area, rural areas by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q

from commissioning.models.plan import MarketAction
from organisation import clock
from organisation.models import Person

#: The most areas that one page shows.
MOST = 200


@dataclass(frozen=True)
class AreaLine:
    """One area: how many actions, how many of them have a result, how many are late without one."""

    area: str
    actions: int
    with_result: int
    late: int
    url: str = ""


@dataclass(frozen=True)
class ByArea:
    """The report. Rural areas stand by themselves."""

    rural: tuple[AreaLine, ...]
    other: tuple[AreaLine, ...]

    @property
    def rural_actions(self) -> int:
        """All actions in rural areas."""
        return sum(line.actions for line in self.rural)

    @property
    def other_actions(self) -> int:
        """All actions elsewhere."""
        return sum(line.actions for line in self.other)


def by_area(person: Person) -> ByArea:
    """The actions of commissions that a person may see, in one statement."""
    done = ~Q(result="")
    late = Q(result="", due_on__lt=clock.today())
    rows = (
        MarketAction.objects.visible_to(person)
        .standing()
        .values("area", "is_rural")
        .annotate(actions=Count("pk"), done=Count("pk", filter=done), late=Count("pk", filter=late))
        .order_by("-actions", "area")
    )
    found: dict[bool, list[AreaLine]] = {True: [], False: []}
    for row in rows[:MOST]:
        asked = {"area": row["area"]} | ({"rural": "1"} if row["is_rural"] else {})
        url = f"?{urlencode(asked)}"
        found[row["is_rural"]].append(AreaLine(row["area"], row["actions"], row["done"], row["late"], url))
    return ByArea(tuple(found[True]), tuple(found[False]))


def of_area(person: Person, area: str, *, is_rural: bool) -> Sequence[MarketAction]:
    """The actions behind one number, the next to fall due first, in one statement."""
    rows = MarketAction.objects.visible_to(person).standing().filter(area=area, is_rural=is_rural)
    return list(rows.select_related("commission__case_file", "owner").order_by("due_on", "pk")[:MOST])
