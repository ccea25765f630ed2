"""When nobody may talk to a possible bidder about a commission, except in structured engagement (framework 10).

The room that buys knows when the market is being asked: it registers the rows that say so. Every reading of a
commission takes them as sub-queries, so the banner costs a page nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from casework.clocks import local_day
from commissioning.models.engagement import Engagement
from organisation import clock
from organisation.formatting import day

Rows = Callable[[OuterRef], Any]

_closing: list[Rows] = []


def register_closing(rows: Rows) -> None:
    """Add the rows that close the market of a commission, each with ``closed_at``, a moment."""
    _closing.append(rows)


@dataclass(frozen=True)
class MarketContact:
    """Since when nobody talks to bidders outside structured engagement, and which structured talk is on today."""

    since: date
    today: str = ""

    @property
    def title(self) -> str:
        """What the banner says first."""
        if self.today:
            return f"Today bidders may be met in “{self.today}”, and nowhere else."
        return "Do not talk to possible bidders about this."

    @property
    def words(self) -> str:
        """What the banner says then."""
        rule = (
            f"Since {day(self.since)} and until the award, bidders get information only in structured engagement, "
            "where everyone hears the same and notes are kept."
        )
        if self.today:
            return f"{rule} Only the people who take part in it may speak to them, and only today."
        return f"{rule} Send anyone who asks to CCPS. If a talk happened all the same, add it to the engagement log."


def with_market_contact(rows: Any) -> Any:
    """Annotate commissions with what ``market_contact_of`` reads."""
    talks = (
        Engagement.objects.with_market()
        .filter(commission=OuterRef("pk"), is_structured=True, takes_place_on=clock.today())
        .exclude(standing_is=Engagement.Standing.CALLED_OFF)
    )
    closings = {
        f"st_closed_{number}": Subquery(rows_of(OuterRef("pk")).values("closed_at")[:1])
        for number, rows_of in enumerate(_closing)
    }
    return rows.annotate(st_talk_today=Subquery(talks.order_by("pk").values("title")[:1]), **closings)


def market_contact_of(row: Any) -> MarketContact | None:
    """How things stand with a commission that ``with_market_contact`` annotated; nothing while anyone may be met."""
    found = [getattr(row, f"st_closed_{number}") for number in range(len(_closing))]
    moments = [moment for moment in found if moment is not None]
    return MarketContact(local_day(min(moments)), row.st_talk_today or "") if moments else None


def read_market_contact(commission: Any) -> MarketContact | None:
    """The same for a commission in hand, in one statement; in none where it was annotated."""
    if not hasattr(commission, "st_talk_today"):
        commission = with_market_contact(type(commission).objects.filter(pk=commission.pk)).get()
    return market_contact_of(commission)
