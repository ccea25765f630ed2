"""Which steps a commission's timeline has, by its tier, risk, way of buying and gates, and what the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.clocks import local_day
from casework.routing import Facts, Requirements, Rules, requirements
from commissioning.models import (
    Commission,
    CommissionActivity,
    DeliveryDecision,
    Gate,
    PlannedStep,
    Proportion,
    StepDuration,
)
from commissioning.models import TimelineStep as StepRow
from commissioning.proportion import proportion_of
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_of, rules_version_of
from commissioning.selectors.step_records import Record, records_in
from commissioning.states import STAGES, ActivityState, CommissionState
from commissioning.timeline import Span, Step, Verdict, back_from, forward_from, in_order, judge, ready_on, without
from organisation import clock, statutory_figures
from organisation.working_days import ENGLAND, holidays_of

Route = StepRow.Route
FIRM = ("required", "expected")
#: Gate states after which a gate's step is over.
PASSED = ("approved", "waived", "skipped_urgent")
PLAN_MINIMUM = "plan_minimum_"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outlook:
    """What is known of a commission that its timeline follows."""

    rules: Rules
    facts: Facts
    needs: Requirements
    proportion: Proportion
    route: Route


def route_of(needs: Requirements, proportion: Proportion, *, buys: bool) -> Route:
    """How the need is met, as far as the steps differ by it."""
    if not buys:
        return Route.NO_PURCHASE
    if needs.request == "not_required":
        return Route.SERVICE
    return Route.TENDER if proportion == Proportion.FULL else Route.QUOTES


def outlook(rules: Rules, facts: Facts, *, buys: bool) -> Outlook:
    """What the timeline follows, of a value and its risk."""
    needs, proportion = requirements(facts, rules), proportion_of(facts, rules)
    return Outlook(rules, facts, needs, proportion, route_of(needs, proportion, buys=buys))


def outlook_of(commission: Commission) -> Outlook | None:
    """The same of a commission as it is now; None while it has no value."""
    rules = rules_of(rules_version_of(commission))
    facts = facts_of(commission, criteria_of(commission), vat_is_excluded=rules.vat_is_excluded)
    if facts is None:
        return None
    return outlook(rules, facts, buys=commission.may_buy and _decided_to_buy(commission) is not False)


def _decided_to_buy(commission: Any) -> bool | None:
    """Whether the delivery decision buys; None before there is one. Read with the row where the page did."""
    if hasattr(commission, "st_delivery_buys"):
        return None if commission.st_delivery_buys is None else bool(commission.st_delivery_buys)
    if not commission.has_started:
        return None
    standing = DeliveryDecision.objects.filter(commission=commission, superseded_at__isnull=True)
    return standing.values_list("model__buys", flat=True).first()


def steps_for(framework_id: int, seen: Outlook, on: date | None = None) -> list[Step]:
    """The steps that such a commission takes, each with the days it takes as of a day (today). One statement.

    Never shorter than the figure of the rules or of the law that the step names.
    """
    day = on or clock.today()
    rows = (
        StepDuration.objects.filter(step__framework_id=framework_id, valid_from__lte=day)
        .filter(step__in=StepRow.objects.in_force(day))
        .select_related("step")
        .order_by("step__order", "step_id", "valid_from")
    )
    found = {row.step_id: row for row in rows}
    steps, every = [], []
    for row in found.values():
        step = row.step
        length = getattr(row, str(seen.proportion.value))
        taken = bool(length) and (not step.routes or seen.route in step.routes)
        if step.gate and seen.needs.gate(step.gate) not in FIRM:
            taken = False
        days, is_working = _at_least(step, int(length or 1), row.unit == StepDuration.Unit.WORKING, seen.rules, day)
        made = Step(
            step.key, step.name, step.stage, step.lane, days, is_working, tuple(step.after), step.gate, step.order,
            step.may_leave_out, step.is_milestone, step.is_tender, tuple(step.shown_by),
        )  # fmt: skip
        every.append(made)
        if taken:
            steps.append(made.key)
    return without(every, {step.key for step in every} - set(steps))


def _at_least(step: StepRow, days: int, is_working: bool, rules: Rules, on: date) -> tuple[int, bool]:
    """The longer of the step's own days and the figure it names; a figure in other days wins where it is longer."""
    floors: list[tuple[int, bool]] = []
    if step.figure and (figure := rules.figures.get(step.figure)):
        floors.append((int(figure.amount), figure.unit == "working_days"))
    if step.statutory:
        try:
            law = statutory_figures.figure(step.statutory, on)
        except statutory_figures.NoFigure:
            pass
        else:
            floors.append((int(law.amount), law.unit == "working_days"))
    best = (days, is_working)
    for floor in floors:
        if _weight(floor) > _weight(best):
            best = floor
    return max(best[0], 1), best[1]


def _weight(length: tuple[int, bool]) -> float:
    return length[0] * 7 / 5 if length[1] else float(length[0])


def earliest_for(framework_id: int, seen: Outlook) -> date:
    """The first day on which something that begins today can be in place."""
    steps = steps_for(framework_id, seen)
    return ready_on(forward_from(clock.today(), steps, holidays_of(ENGLAND)), clock.today())


def passed_by(commission: Commission, steps: list[Step]) -> set[str]:
    """Steps whose dates nobody is reminded of any more: those of past stages, and passed gates. One statement."""
    if not commission.has_started:
        return set()
    passed = set(Gate.objects.filter(commission=commission, state__in=PASSED).values_list("number", flat=True))
    return {step.key for step in steps if step.gate in passed} | _of_past_stages(commission, steps)


def _of_past_stages(commission: Commission, steps: list[Step]) -> set[str]:
    state = commission.held_from if commission.state == CommissionState.ON_HOLD else commission.state
    order = [stage.value for stage in STAGES]
    here = order.index(state) if state in order else -1
    return {step.key for step in steps if step.stage in order and order.index(step.stage) < here}


@dataclass(frozen=True)
class Progress:
    """How far the steps have come: what a record shows as over, and what is past without one.

    ``missing`` are steps that nothing still to come waits for, or whose stage is over, of which no record says that
    they were done: they are not waited for, and not called done.
    """

    over: Mapping[str, Record]
    missing: frozenset[str]

    @property
    def behind(self) -> set[str]:
        """What is not waited for any more."""
        return {*self.over, *self.missing}


def progress_of(commission: Commission, steps: list[Step]) -> Progress:
    """How far a commission's steps have come. At most one statement for each room, none before the start."""
    if not commission.has_started:
        return Progress({}, frozenset())
    shown = records_in(commission)
    over = {step.key: record for step in steps if (record := shown.of(step)) is not None}
    missing = _of_past_stages(commission, steps) - set(over)
    for step in reversed(in_order(steps)):
        waiting = [other.key for other in steps if step.key in other.after]
        if step.key not in over and waiting and all(key in over or key in missing for key in waiting):
            missing.add(step.key)
    return Progress(over, frozenset(missing))


def verdict_of(commission: Commission, steps: list[Step], progress: Progress) -> Verdict | None:
    """Whether the needed-by date can be kept; None where there is none."""
    if commission.needed_by is None:
        return None
    left, floors = without(steps, progress.behind), _not_before(commission, steps, progress)
    return judge(commission.needed_by, left, _began(commission), clock.today(), holidays_of(ENGLAND), floors)


def earliest_of(commission: Commission, steps: list[Step], progress: Progress) -> date:
    """The first day on which what a commission is for can be in place, as far as its steps have come."""
    left, floors, today = without(steps, progress.behind), _not_before(commission, steps, progress), clock.today()
    spans = forward_from(_began(commission), left, holidays_of(ENGLAND), none_over_before=today, not_before=floors)
    return ready_on(spans, today)


def _not_before(commission: Commission, steps: list[Step], progress: Progress) -> dict[str, date]:
    """When steps can begin at the earliest: after the day on which what they waited for was over; later stages today.

    Without it, Legal's six weeks would count from the day Plan began, however late CCPS accepted the request.
    """
    found = {}
    for step in steps:
        days = [record.on + ONE_DAY for key in step.after if (record := progress.over.get(key)) and record.on]
        if step.stage != (commission.held_from or commission.state):
            days.append(clock.today())
        if days:
            found[step.key] = max(days)
    return found


def _began(commission: Commission) -> date:
    """The day from which the steps of the present stage count; today before the start."""
    if not commission.has_started or commission.stage_since is None:
        return clock.today()
    return min(local_day(commission.stage_since), clock.today())


def spans_of(commission: Commission, steps: list[Step]) -> dict[str, Span]:
    """The last days of each step of a commission that has a needed-by date."""
    assert commission.needed_by is not None, "nothing is worked back from no date"
    return back_from(commission.needed_by, steps, holidays_of(ENGLAND))


def plan_is_short(rows: list[PlannedStep], seen: Outlook) -> tuple[int, int] | None:
    """How many calendar days the planned Plan stage has and the least that is set, where it has fewer."""
    figure = seen.rules.figures.get(f"{PLAN_MINIMUM}{seen.proportion.value}")
    of_plan = [row for row in rows if row.stage == CommissionState.PLAN and not row.left_out_reason]
    if figure is None or not of_plan:
        return None
    days = (max(row.ends_on for row in of_plan) - min(row.starts_on for row in of_plan) + timedelta(days=1)).days
    return (days, int(figure.amount)) if days < int(figure.amount) else None


def under_way(commission: Any) -> list[tuple[str, list[CommissionActivity]]]:
    """The activities that are in progress now, by stage: several may be. One statement."""
    rows = CommissionActivity.objects.filter(commission=commission, state=ActivityState.IN_PROGRESS)
    found: dict[str, list[CommissionActivity]] = {}
    for row in rows.select_related("activity", "lead").order_by("activity__order")[:40]:
        found.setdefault(str(CommissionState(row.activity.stage).label), []).append(row)
    return list(found.items())


def planned(commission: Any) -> list[PlannedStep]:
    """The timeline as it was last worked out, in one statement."""
    return list(PlannedStep.objects.filter(commission=commission).order_by("starts_on", "order", "pk"))
