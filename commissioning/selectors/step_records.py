"""What the records of a commission say of the steps of its timeline: over since which day, or not wanted at all.

A step names the records that show it (``TimelineStep.shown_by``). Passing time, or a later stage, shows nothing: a step
is done where somebody signed off, completed, answered or decided, and on that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, OuterRef

from casework.clocks import local_day
from casework.models import WorkItem
from casework.states import Answer, ItemState
from commissioning.models import Commission, CommissionActivity, Gate, PlanAgreement, Specification
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from commissioning.states import GATE_SETTLED, ActivityState, GateState, SpecificationState
from commissioning.timeline import Step
from organisation.prepared import Prepared

INPUT = "gate_input"
_MOST_ITEMS = 200
_ACTIVITY = ("pk", "key", "state", "done_at")
NOT_NEEDED = "Not needed"


@dataclass(frozen=True)
class Record:
    """What shows that a step is behind the commission: the day it was over, and the word for how it came to be.

    No day is known of what was marked as not needed.
    """

    on: date | None
    words: str = "Done"


@dataclass(frozen=True)
class Shown:
    """The records of one commission, by the name under which a step asks for them.

    ``open`` are those that exist and are not over, so that a step with several waits for all of them.
    """

    over: dict[str, Record] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def of(self, step: Step) -> Record | None:
        """What shows this step; None while anything it names is open, or where nothing is recorded of it."""
        return self.shows(step.gate, step.shown_by)

    def shows(self, gate: int, shown_by: Iterable[str]) -> Record | None:
        """The same, by the gate that the step is, if any, and the names of its records."""
        if passed := self.over.get(f"gate:{gate}"):
            return passed
        names = tuple(shown_by)
        if any(name in self.open for name in names):
            return None
        found = [self.over[name] for name in names if name in self.over]
        days = [record.on for record in found if record.on is not None]
        return Record(max(days)) if days else found[0] if found else None


Loader = Callable[[Sequence[int]], Mapping[int, Mapping[str, date]]]
_elsewhere: list[Loader] = []


def register_step_records(loader: Loader) -> None:
    """Let a higher room say what it has recorded: names and days by commission, in one statement at most."""
    _elsewhere.append(loader)


def with_records(rows: Any) -> Any:
    """Fold what shows steps into commissions, so that it costs no statement of its own."""
    mine = {"commission": OuterRef("pk")}
    activities = CommissionActivity.objects.filter(**mine).exclude(state=ActivityState.PROPOSED)
    items = WorkItem.objects.filter(case_file=OuterRef("case_file")).exclude(rule_key="")
    return rows.annotate(
        sr_activities=Folded(activities.annotate(key=F("activity__key")).order_by("pk"), *_ACTIVITY),
        sr_gates=Folded(Gate.objects.filter(**mine), "pk", "number", "state", "settled_at"),
        sr_specification=Folded(
            Specification.objects.filter(**mine, state=SpecificationState.SIGNED_OFF), "signed_off_at"
        ),
        sr_plan=Folded(PlanAgreement.objects.filter(**mine, reopened_at__isnull=True), "agreed_on"),
        sr_items=Folded(items.order_by("pk")[:_MOST_ITEMS], "kind", "key", "rule_key", "state", "answer", "settled_at"),
    )


_RECORDS: Prepared[Any] = Prepared(lambda commissions: with_records(Commission.objects.filter(pk__in=commissions)))


def records_of(commissions: Iterable[Commission]) -> dict[int, Shown]:
    """What is recorded of each, by its number: nothing is read again of those that ``with_records`` annotated."""
    rows = list(commissions)
    if any(not hasattr(row, "sr_items") for row in rows):
        rows = _RECORDS.rows(commissions=tuple(row.pk for row in rows))
    found = {row.pk: _own(row) for row in rows}
    started = [row.pk for row in rows if row.has_started]
    for loader in _elsewhere if started else ():
        for pk, days in loader(started).items():
            found[pk].over.update({name: Record(on) for name, on in days.items()})
    return found


def records_in(commission: Commission) -> Shown:
    """What is recorded of one."""
    return records_of([commission])[commission.pk]


def _own(row: Any) -> Shown:
    shown = Shown()
    for line in row.sr_activities:
        _activity(shown, line)
    for line in row.sr_gates:
        if line["state"] in GATE_SETTLED:
            words = "Done" if line["state"] == GateState.APPROVED else str(GateState(line["state"]).label)
            shown.over[f"gate:{line['number']}"] = Record(_day(line["settled_at"]), words)
    for line in row.sr_specification:
        shown.over["specification"] = Record(_day(line["signed_off_at"]))
    for line in row.sr_plan:
        shown.over["plan"] = Record(_day(line["agreed_on"]))
    gates = {f":gate:{line['pk']}:": f"input:{line['number']}" for line in row.sr_gates}
    about = {f":activity:{line['pk']}:": line["key"] for line in row.sr_activities}
    for line in row.sr_items:
        _item(shown, line, _names(line, gates, about))
    return shown


def _activity(shown: Shown, line: Mapping[str, Any]) -> None:
    name = f"activity:{line['key']}"
    if line["state"] == ActivityState.DONE:
        shown.over[name] = Record(_day(line["done_at"]))
    elif line["state"] == ActivityState.NOT_RELEVANT:
        shown.over[name] = Record(None, NOT_NEEDED)
    elif line["state"] == ActivityState.SKIPPED_URGENT:
        shown.over[name] = Record(None, str(ActivityState.SKIPPED_URGENT.label))
    else:
        shown.open.add(name)


def _names(line: Mapping[str, Any], gates: Mapping[str, str], about: Mapping[str, str]) -> list[str]:
    """What a function was asked: input on a gate by the gate, else the rule that asked, and the activity it was on."""
    if line["kind"] == INPUT:
        return [name for mark, name in gates.items() if mark in line["key"]]
    rule = f"answer:{line['rule_key']}"
    return [rule, *(f"{rule}:{key}" for mark, key in about.items() if mark in line["key"])]


def _item(shown: Shown, line: Mapping[str, Any], names: Iterable[str]) -> None:
    """Answered, unless the function cannot agree yet; what was withdrawn says nothing."""
    if line["state"] == ItemState.CLOSED:
        return
    on = _day(line["settled_at"])
    for name in names:
        if line["state"] == ItemState.ANSWERED and line["answer"] != Answer.CANNOT_AGREE and on is not None:
            before = shown.over.get(name)
            shown.over[name] = Record(max(on, before.on) if before and before.on else on)
        else:
            shown.open.add(name)


def _day(value: Any) -> date | None:
    """The local day of a date or a moment as JSON has it."""
    if not value:
        return None
    if isinstance(value, date) and not hasattr(value, "hour"):
        return value
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    return local_day(moment_in(value))
