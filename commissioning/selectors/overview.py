"""What the commission's page says: identity, stages, what blocks the next step, tasks, and why these queues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from casework.door import Offer
from casework.models import WorkItem
from casework.routing import PENNY, Facts, Requirements, Rules, range_words, requirements, route
from commissioning.dossier import ActivityLine, CriterionLine, Dossier, GateLine
from commissioning.models import Commission
from commissioning.proportion import proportion_of
from commissioning.selectors import dossiers
from commissioning.selectors.gates import OWN, with_elsewhere
from commissioning.shifts import FIRMNESS, GATES, Shift, Stand, compare
from commissioning.states import ACTIVITY_OUTSTANDING, ENDED, STAGES, ActivityState, CommissionState
from organisation import clock
from organisation.formatting import counted, day, in_days, in_sentence, money, sentence_start, short_day
from organisation.prepared import Prepared

S = CommissionState
NEXT_VERB = {
    S.DRAFT: "start",
    S.ANALYSE: "to_plan",
    S.PLAN: "to_secure",
    S.SECURE: "to_review",
    S.REVIEW: "close",
}
PANEL_TITLES = {
    S.DRAFT: "Before this commission starts",
    S.ANALYSE: "Before it moves to Plan",
    S.PLAN: "Before it moves to Secure Services",
    S.SECURE: "Before it moves to Review",
    S.REVIEW: "Before it closes",
}
GATES_IN = {S.ANALYSE: (1,), S.PLAN: (2, 3), S.SECURE: (4,), S.REVIEW: ()}
TONES = {
    ActivityState.DONE: "green",
    ActivityState.IN_PROGRESS: "blue",
    ActivityState.NOT_RELEVANT: "grey",
    ActivityState.SKIPPED_URGENT: "amber",
    ActivityState.RELEVANT: "outline",
    ActivityState.PROPOSED: "outline",
}


@dataclass(frozen=True)
class Link:
    """A label and an address."""

    label: str
    url: str


@dataclass(frozen=True)
class GateMark:
    """A gate under its stage."""

    name: str
    state: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class StageMark:
    """A stage in the tracker."""

    name: str
    state: str
    note: str
    gates: list[GateMark]


@dataclass(frozen=True)
class Task:
    """A row of the task list."""

    name: str
    url: str
    note: str
    owner: str
    due: str
    due_note: str
    due_tone: str
    status: str
    tone: str


@dataclass(frozen=True)
class TaskGroup:
    """A named group of tasks."""

    name: str
    note: str
    tasks: list[Task]


def tags_of(commission: Commission) -> list[tuple[str, str]]:
    """The state, and the risk when it is high."""
    tone = "grey" if commission.state in (*ENDED, S.DRAFT) else "amber" if commission.state == S.ON_HOLD else "solid"
    tags = [(str(commission.get_state_display()), tone)]
    if commission.case_file.is_high_risk:
        tags.append(("High risk", "red"))
    if getattr(commission, "st_urgent", None):
        tags.append(("Urgent", "amber"))
    if commission.statutory_duty:
        tags.append(("Statutory", "outline"))
    return tags


def identity_facts(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Value, lead, band and delivery, each with a quiet second line."""
    case = dossier.commission.case_file
    with_vat = f"{money(case.value_inc_vat)} including VAT" if case.value_inc_vat is not None else ""
    holder = case.holder
    needs = dossier.needs
    return [
        ("Value, excluding VAT", money(case.value_ex_vat), with_vat),
        ("Commissioner", holder.name if holder else "Nobody yet", str(case.service_area or "")),
        ("Tier", needs.band.name if needs else "Not known yet", _risk_note(dossier)),
        (
            "Delivery",
            dossier.delivery.name if dossier.delivery else "Not decided",
            needs.who_buys if needs and dossier.is_buying else "",
        ),
    ]


def _risk_note(dossier: Dossier) -> str:
    ticked = [line for line in dossier.criteria if line.applies]
    if ticked:
        return f"High risk: {counted(len(ticked), 'criterion', 'criteria')}"
    return "Risk not yet answered" if any(line.applies is None for line in dossier.criteria) else "Low risk"


def deadline_of(commission: Commission) -> dict[str, str] | None:
    """The needed-by date with what it means."""
    if commission.needed_by is None or commission.state in ENDED:
        return None
    left = (commission.needed_by - clock.today()).days
    tone = "late" if left < 0 else "soon" if left <= 28 else "calm"
    return {
        "label": "Needed by",
        "day": day(commission.needed_by),
        "words": in_days(commission.needed_by).capitalize(),
        "tone": tone,
    }


def stages_of(dossier: Dossier, labels: dict[str, str]) -> list[StageMark]:
    """The four stages with their gates, those of other rooms among them."""
    commission = dossier.commission
    # Before Plan no other room keeps a gate of it yet, so nobody is asked.
    is_early = commission.state in (S.DRAFT, S.ANALYSE)
    gates = dossier.gates if is_early else with_elsewhere(commission, dossier.gates)
    state = commission.held_from if commission.state == S.ON_HOLD else commission.state
    place = STAGES.index(state) if state in STAGES else len(STAGES) if state == S.CLOSED else -1
    marks = []
    for index, stage in enumerate(STAGES):
        here = "done" if index < place else "current" if index == place else "to_come"
        lines = [line for line in dossier.activities if line.stage == stage]
        wanted = [line for line in lines if line.state not in (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED)]
        settled = [line for line in wanted if line.state in (ActivityState.DONE, ActivityState.SKIPPED_URGENT)]
        note = {"done": "Done", "to_come": "To come"}.get(here, "")
        if note and wanted:
            note = f"{note}, {len(settled)} of {len(wanted)} activities settled"
        if here == "current":
            since = f"Since {day(commission.stage_since)}" if commission.stage_since else ""
            note = f"{since}, {len(settled)} of {len(wanted)} activities settled" if wanted else since
        marks.append(StageMark(labels.get(stage, stage.label), here, note, _gates(dossier, gates, stage, here)))
    return marks


def _gates(dossier: Dossier, gates: Mapping[int, GateLine], stage: CommissionState, here: str) -> list[GateMark]:
    marks = []
    for number in GATES_IN[stage]:
        line = gates.get(number)
        # A higher room knows when its own gate is not asked for although value and risk would.
        need = line.need if line is not None and number not in OWN else dossier.need(number)
        firmly = need in ("required", "expected")
        state = "closed" if firmly and here == "current" else "to_come"
        note = FIRMNESS[need].capitalize() if dossier.needs else "Not known yet"
        if line is not None and line.is_begun:
            state = "passed" if line.is_passed else "closed"
            note = line.note or line.state_words
        marks.append(
            GateMark(
                GATES[number],
                state,
                note,
                line.url if line and dossier.needs and (line.is_begun or number in OWN) else "",
            )
        )
    return marks


def task_groups(dossier: Dossier, stage: str, groups: dict[str, str] | None = None) -> list[TaskGroup]:
    """The activities of a stage by the catalogue's groups."""
    by_group: dict[str, list[ActivityLine]] = {}
    for line in dossier.activities:
        if line.stage == stage and not line.is_hidden(may_buy=dossier.commission.may_buy):
            by_group.setdefault(line.group, []).append(line)
    found = []
    for group, lines in by_group.items():
        wanted = [line for line in lines if line.state != ActivityState.NOT_RELEVANT]
        done = sum(line.state == ActivityState.DONE for line in wanted)
        left_out = len(lines) - len(wanted)
        note = f"{done} of {len(wanted)} completed" if wanted else "None needed"
        if left_out and wanted:
            note += f", {left_out} not needed"
        name = (groups or {}).get(group, group.replace("_", " ").capitalize())
        found.append(TaskGroup(name, note, [_task(line) for line in lines]))
    return found


def _task(line: ActivityLine) -> Task:
    opens = line.state not in (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED)
    waits = line.state in ACTIVITY_OUTSTANDING
    due: Any = line.due_on if waits else None
    return Task(
        name=line.name,
        url=reverse("commissioning:activity", args=[line.pk]) if opens else "",
        note=line.reason,
        owner=line.lead or {"ccps": "CCPS", "contract_manager": "Contract manager"}.get(line.owner, "Service area"),
        due=short_day(line.done_at) if line.done_at else short_day(due) if due else "None",  # type: ignore[arg-type]
        due_note=in_days(due).capitalize() if due else "",
        due_tone="late" if due and due < clock.today() else "soon",
        status=line.standing_words,
        tone=TONES.get(line.state, "grey"),  # type: ignore[call-overload]
    )


def next_step(dossier: Dossier, offers: list[Offer]) -> dict[str, Any] | None:
    """The panel: what stands between the commission and its next stage, or the button that takes it there."""
    commission = dossier.commission
    verb = NEXT_VERB.get(commission.state)
    if verb is None:
        return None
    offer = next((found for found in offers if found.verb == verb), None)
    if offer is None:
        return None
    count = len(offer.blockers)
    label = in_sentence(offer.label)
    if count:
        things = "1 thing is missing" if count == 1 else f"{count} things are missing"
        sentence = f"You cannot {label} yet. {things}."
        if not offer.permitted:
            sentence = f"{things.capitalize()} before anyone can {label}."
    else:
        sentence = "Nothing is missing." + ("" if offer.permitted else " It waits for somebody who may do it.")
    return {
        "title": PANEL_TITLES[commission.state],
        "sentence": sentence,
        "offer": offer,
        "action": Link(offer.label, offer.url) if offer.is_open else None,
    }


def gate_step(dossier: Dossier) -> Link | None:
    """The paper of the gate that stands before the next stage: to begin, or to go on with."""
    for number in GATES_IN.get(dossier.commission.state, ()):
        line = dossier.gates.get(number)
        if line is None or line.is_passed or dossier.need(number) not in ("required", "expected"):
            continue
        verb = {"not_required": "Begin", "drafting": "Continue", "input_asked": "Continue"}.get(line.state, "Open")
        return Link(f"{verb} gate {number}", line.url)
    return None


def queue_rows(commission: Commission) -> list[WorkItem]:
    """What this commission put into queues, newest last, in one statement."""
    return _QUEUE_ROWS.rows(case_file=commission.case_file_id)


_QUEUE_ROWS = Prepared(
    lambda case_file: (
        WorkItem.objects.filter(case_file=case_file, queue__isnull=False)
        .select_related("queue", "assignee", "settled_by", "requested_by")
        .order_by("pk")[:30]
    )
)


def meaning_of(dossier: Dossier) -> dict[str, Any] | None:
    """What the tier asks, who will look, and why: shown from the first saved value on."""
    facts, needs = dossier.facts, dossier.needs
    if facts is None or needs is None:
        return None
    told = route("start", facts, dossier.rules)
    layer = needs.overlay or needs.band
    asks = [(name, FIRMNESS[needs.gate(number)].capitalize()) for number, name in GATES.items()]
    return {
        "band": needs.band,
        "overlay": needs.overlay,
        "because": band_words(facts, needs, dossier.rules, dossier.criteria),
        "summary": layer.summary,
        "who_buys": needs.who_buys,
        "legal": layer.legal,
        "authority": layer.authority,
        "asks": asks,
        "told": told,
        "would_change": would_change(facts, dossier.rules),
    }


def band_words(facts: Facts, needs: Requirements, rules: Rules, criteria: Iterable[CriterionLine]) -> str:
    """Where the value stands and what is known of the risk; a form that nobody answered is not low risk."""
    words = range_words(facts.value, needs.band.within, rules)
    if facts.criteria:
        return f"{words}, and it is high risk: {', '.join(facts.criteria.values())}"
    if any(line.applies is None for line in criteria):
        return f"{words}, and whether it is high risk is not answered yet"
    return f"{words}, and no high-risk criterion applies"


def proposal_of(commission: Commission) -> dict[str, str] | None:
    """Which set of activities the catalogue proposes, and why: one statement, once the rules have been read."""
    rules = dossiers.rules_of(dossiers.rules_version_of(commission))
    criteria = dossiers.criteria_of(commission)
    facts = dossiers.facts_of(commission, criteria, vat_is_excluded=rules.vat_is_excluded)
    if facts is None:
        return None
    words = band_words(facts, requirements(facts, rules), rules, criteria)
    return {"name": str(proportion_of(facts, rules).label), "because": sentence_start(words)}


def would_change(facts: Facts, rules: Rules) -> list[str]:
    """What the nearest threshold on either side, or the first high-risk criterion, would add or drop."""
    here = _stand(facts, rules)
    amounts = sorted({figure.amount for figure in rules.figures.values() if figure.unit == "pounds"})
    said = []
    # A threshold may be part of the tier above it or of the one below, so both sides of each are tried.
    higher = [
        step
        for amount in amounts
        if amount >= facts.value
        for step in ((f"From {money(amount)}", amount), (f"Over {money(amount)}", amount + PENNY))
    ]
    lower = [
        step
        for amount in reversed(amounts)
        if amount <= facts.value
        for step in ((f"At {money(amount)} or less", amount), (f"Under {money(amount)}", amount - PENNY))
    ]
    for steps in (higher, lower):
        for words, value in steps:
            if value < 0:
                continue
            shift = compare(here, _stand(Facts(value, facts.criteria, facts.flags), rules), in_short=True)
            if shift:
                said.append(f"{words}: {_shift_words(shift)}")
                break
    if not facts.is_high_risk:
        risky = Facts(facts.value, {"any": "any criterion"}, facts.flags)
        shift = compare(here, _stand(risky, rules), in_short=True)
        # A tier that asks for everything already has nothing to add but the words "high risk" themselves.
        if words := _shift_words(shift):
            said.append(f"With any high-risk criterion: {words}")
    return said


def _stand(facts: Facts, rules: Rules) -> Stand:
    return Stand(rules, facts, requirements(facts, rules), tuple(route("start", facts, rules)))


def _shift_words(shift: Shift) -> str:
    added = [words for words in shift.added if not words.startswith("high risk")]
    dropped = [words for words in shift.dropped if not words.startswith("tier ")]
    parts = []
    if added:
        parts.append("; ".join(added))
    if dropped:
        parts.append(f"no longer {'; '.join(dropped)}")
    return ", and ".join(parts) + "." if parts else ""
