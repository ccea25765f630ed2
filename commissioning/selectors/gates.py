"""How the gates of a commission stand, for its guards, its page, and the rooms that build on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime

from casework.models import WorkItem
from casework.routing import Requirements, Rules
from casework.states import OUTSTANDING
from commissioning.dossier import AskedLine, ConditionLine, GateLine
from commissioning.models import Commission, Gate, GateCondition, GateRound
from commissioning.selectors.folding import Folded
from commissioning.shifts import GATES
from commissioning.states import GATE_SETTLED, GateState, Outcome
from organisation.formatting import counted, day

__all__ = ["GateLine", "gates_of", "own_gates", "register_gate_line", "settled", "with_gates"]

OWN = (1, 3, 4)
ANSWERS, INPUT = "activity_answer", "gate_input"
# When a gate came to stand as it does, for each state that no settling ends.
SINCE = {GateState.INPUT_ASKED: "asked_at", GateState.SUBMITTED: "sent_at", GateState.DEFERRED: "answered_at"}

_GATE = ("pk", "number", "state", "paper_id", "settled_at", "review_on", "facts_changed_at", "facts_changed_because")
_DATES = ("last", "begun_at", "asked_at", "sent_at", "answered_at")
_CONDITION = ("pk", "gate_number", "words", "owner_name", "due_on", "blocks_gate")
_ASKED = ("pk", "title", "rule_key", "queue_name", "assignee_name", "opened_at")

Loader = Callable[[Commission], GateLine | None]
_elsewhere: dict[int, Loader] = {}


def register_gate_line(number: int, loader: Loader) -> None:
    """Let the room that keeps another gate (2, the procurement request) say how it stands, in one statement at most."""
    _elsewhere[number] = loader


def settled(number: int) -> Exists:
    """Whether a gate is passed and no open condition holds its stage up, for rows with a ``commission_id``."""
    holding = GateCondition.objects.filter(
        gate__commission_id=OuterRef("commission_id"), blocks_gate=number, met_at__isnull=True
    )
    passed = Gate.objects.filter(commission_id=OuterRef("commission_id"), number=number, state__in=GATE_SETTLED)
    return Exists(passed.filter(~Exists(holding)))


def gates_of(commission: Commission) -> dict[int, GateLine]:
    """Every gate of a commission by its number, those that other rooms keep with theirs."""
    from commissioning.selectors import dossiers  # it reads these lines too

    return with_elsewhere(commission, dossiers.load(commission).gates)


def with_elsewhere(commission: Commission, own: Mapping[int, GateLine]) -> dict[int, GateLine]:
    """The same, where the commission's own lines were read before."""
    found = dict(own)
    for number, loader in _elsewhere.items():
        line = loader(commission)
        if line is not None:
            found[number] = line
    return dict(sorted(found.items()))


def with_gates(rows: Any) -> Any:
    """Fold gates, their open conditions and what activities' answers had asked into commissions."""
    rounds = GateRound.objects.filter(gate=OuterRef("pk")).order_by("-number")
    mark = Concat(Value(":gate:"), OuterRef("pk"), Value(":"), output_field=CharField())
    inputs = WorkItem.objects.filter(kind=INPUT, case_file=OuterRef("commission__case_file"), key__contains=mark)
    gates = Gate.objects.filter(commission=OuterRef("pk")).annotate(
        last=Subquery(rounds.values("outcome")[:1]),
        begun_at=F("paper__begun_at"),
        asked_at=Subquery(inputs.order_by("-opened_at").values("opened_at")[:1]),
        sent_at=Subquery(rounds.values("submitted_at")[:1]),
        answered_at=Subquery(rounds.values("settled_at")[:1]),
    )
    conditions = GateCondition.objects.filter(gate__commission=OuterRef("pk"), met_at__isnull=True).annotate(
        gate_number=F("gate__number"), owner_name=F("owner__name")
    )
    asked = WorkItem.objects.filter(~Q(rule_key=""), case_file=OuterRef("case_file"), state__in=OUTSTANDING).annotate(
        queue_name=F("queue__name"), assignee_name=F("assignee__name")
    )
    return rows.annotate(
        st_gates=Folded(gates.order_by("number"), *_GATE, *_DATES),
        st_conditions=Folded(conditions.order_by("due_on", "pk"), *_CONDITION),
        st_asked=Folded(asked.order_by("pk"), *_ASKED),
    )


def own_gates(row: Any, needs: Requirements | None) -> dict[int, GateLine]:
    """The lines of a commission that ``with_gates`` annotated: gates 1, 3 and 4, begun or not."""
    begun = {found["number"]: found for found in row.st_gates}
    conditions = tuple(
        ConditionLine(
            found["pk"],
            found["gate_number"],
            found["words"],
            found["owner_name"],
            _day(found["due_on"]),
            found["blocks_gate"],
        )
        for found in row.st_conditions
    )
    return {number: _line(row, number, begun.get(number), needs, conditions) for number in OWN}


def asked_of(row: Any, rules: Rules) -> tuple[AskedLine, ...]:
    """What the answers given in activities had asked of functions, as far as it is unanswered."""
    keys = {rule.key for rule in rules.routes if rule.trigger == ANSWERS}
    return tuple(
        AskedLine(
            found["pk"],
            found["title"],
            found["queue_name"] or "",
            found["assignee_name"] or "",
            moment_in(found["opened_at"]),
        )
        for found in row.st_asked
        if found["rule_key"] in keys
    )


def _line(
    row: Any,
    number: int,
    found: dict[str, Any] | None,
    needs: Requirements | None,
    conditions: tuple[ConditionLine, ...],
) -> GateLine:
    need = needs.gate(number) if needs else "not_required"
    url = reverse("commissioning:gate", args=[row.pk, number])
    if found is None:
        return GateLine(
            number,
            GATES[number],
            GateState.NOT_REQUIRED.value,
            "Not begun",
            need,
            url,
            holding=tuple(line for line in conditions if line.blocks_gate == number),
        )
    state = GateState(found["state"])
    words = str(state.label)
    if state == GateState.APPROVED and found["last"] == Outcome.WITH_CONDITIONS:
        words = str(Outcome.WITH_CONDITIONS.label)
    if state == GateState.DRAFTING and found["last"] == Outcome.RETURNED:
        words = str(Outcome.RETURNED.label)
    own = tuple(line for line in conditions if line.gate == number)
    return GateLine(
        number,
        GATES[number],
        state.value,
        words,
        need,
        url,
        pk=found["pk"],
        note=_note(words, found, own),
        facts_changed_at=_moment_or_none(found["facts_changed_at"]),
        facts_changed_because=found["facts_changed_because"],
        paper_id=found["paper_id"],
        since=_moment_or_none(found["settled_at"]),
        review_on=_day(found["review_on"]) if found["review_on"] else None,
        own_conditions=own,
        holding=tuple(line for line in conditions if line.blocks_gate == number),
    )


def _note(words: str, found: dict[str, Any], own: tuple[ConditionLine, ...]) -> str:
    """One line under the gate in the tracker: "Approved 20 May 2026, 1 condition open. Facts changed 3 June 2026"."""
    review_on, since = found["review_on"], _since(found)
    if since:
        is_begun_only = found["state"] == GateState.DRAFTING and found["last"] != Outcome.RETURNED
        words += f" since {day(since)}" if is_begun_only else f" {day(since)}"
    if review_on:
        words += f" to {day(_day(review_on))}"
    if own:
        words += f", {counted(len(own), 'condition')} open"
    changed = _moment_or_none(found["facts_changed_at"])
    return f"{words}. Facts changed {day(changed)}" if changed else words


def _since(found: dict[str, Any]) -> datetime | None:
    """The day on which the gate came to stand as it does: begun, asked about, sent, answered or settled."""
    state = found["state"]
    if state in (*GATE_SETTLED, GateState.REFUSED):
        return _moment_or_none(found["settled_at"])
    if state == GateState.DRAFTING:
        return _moment_or_none(found["answered_at"] or found["begun_at"])
    name = SINCE.get(state)
    return _moment_or_none(found[name]) if name else None


def _day(value: Any) -> date:
    return value if isinstance(value, date) else parse_date(str(value)) or date.max


def moment_in(value: Any) -> datetime:
    """A moment as a folded row has it: text, and on SQLite without its zone, which is UTC."""
    found = parse_datetime(str(value))
    assert found is not None, "the database gives its own moments"
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _moment_or_none(value: Any) -> datetime | None:
    return moment_in(value) if value else None
