"""What keeps a commission from being awarded or signed beside the purchase itself: urgency's advice, and call-in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from casework.blockers import Blocker
from casework.clocks import local_day
from commissioning.decision_clock import implement_from
from commissioning.models import Commission, DecisionEntry, UrgentAdvice, UrgentRoute
from commissioning.selectors.gates import moment_in
from organisation import clock
from organisation.formatting import day
from organisation.working_days import ENGLAND, add_working_days, holidays_of


def with_clearance(rows: Any) -> Any:
    """Annotate commissions with what ``clearance_blockers`` reads, so that it costs no statement of its own."""
    route = UrgentRoute.objects.filter(commission=OuterRef("pk"), ended_at=None)
    entry = DecisionEntry.objects.filter(commission=OuterRef("pk"), withdrawn_at=None)

    def advised(side: str) -> Exists:
        return Exists(UrgentAdvice.objects.filter(route__commission=OuterRef("pk"), route__ended_at=None, side=side))

    fields = ("title", "decided_on", "decision_published_on", "call_in_days", "call_in_waived_because")
    return rows.annotate(
        ur_pk=Subquery(route.values("pk")[:1]),
        ur_marked=Subquery(route.values("marked_at")[:1]),
        ur_follows=Subquery(route.values("ground__ccps_may_follow")[:1]),
        ur_ccps=advised("ccps"),
        ur_leadership=advised("leadership"),
        de_pk=Subquery(entry.values("pk")[:1]),
        de_called=Subquery(entry.values("called_in_on")[:1]),
        de_settled=Subquery(entry.values("call_in_settled_on")[:1]),
        **{f"de_{name}": Subquery(entry.values(name)[:1]) for name in fields},
    )


def clearance_blockers(row: Any) -> list[Blocker]:
    """Why the council may not bind itself yet to what this commission buys; the row is one of ``with_clearance``."""
    return [*_advice(row), *_decision(row)]


def binding_blockers(**which: Any) -> list[Blocker]:
    """The same in a statement of its own; ``which`` finds the one commission."""
    row = with_clearance(Commission.objects.filter(**which)).first()
    return clearance_blockers(row) if row is not None else []


def _advice(row: Any) -> list[Blocker]:
    """Framework 4.4: both sides advise; in an emergency placement CCPS may follow on the next working day."""
    if row.ur_pk is None:
        return []
    found = []
    link = ("commissioning:urgent", (row.pk,))
    if not row.ur_leadership:
        found.append(
            Blocker(
                "advice_leadership",
                "Urgent route: commissioner leadership has not advised",
                *link,
                waits_for="Commissioner leadership",
            )
        )
    if not row.ur_ccps and not (row.ur_follows and clock.today() <= _next_working_day(row.ur_marked)):
        found.append(Blocker("advice_ccps", "Urgent route: CCPS has not advised", *link, waits_for="CCPS"))
    return found


def _next_working_day(marked: Any) -> date:
    day_marked = local_day(moment_in(marked) if isinstance(marked, str) else marked)
    return add_working_days(day_marked, 1, holidays_of(ENGLAND))


def _decision(row: Any) -> list[Blocker]:
    """Regulation 10: nothing is awarded or signed before the decision is taken and its call-in has ended."""
    if row.de_pk is None:
        return []
    link = ("commissioning:authority", (row.pk,))
    if row.de_decided_on is None:
        return [Blocker("decision", f"Decision “{row.de_title}”: not taken yet", *link)]
    if row.de_called is not None and row.de_settled is None:
        words = f"Decision “{row.de_title}”: called in on {day(row.de_called)}, not settled"
        return [Blocker("called_in", words, *link)]
    free = implement_from(
        row.de_decided_on,
        row.de_decision_published_on,
        row.de_call_in_days,
        call_in_waived=bool(row.de_call_in_waived_because),
        called_in_on=row.de_called,
        settled_on=row.de_settled,
        holidays=holidays_of(ENGLAND),
    )
    if free is None:
        return [Blocker("call_in", f"Decision “{row.de_title}”: not published, so call-in has not begun", *link)]
    if clock.today() < free:
        words = f"Decision “{row.de_title}”: call-in runs, and nothing is awarded or signed before {day(free)}"
        return [Blocker("call_in", words, *link)]
    return []
