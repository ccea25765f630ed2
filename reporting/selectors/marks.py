"""What the lists mark a commission with: a gate in hand, planned or reactive, untouched for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from casework.models import Threshold, WorkItem
from commissioning.models import Gate, RiskAnswer
from organisation import clock
from organisation.models import Organisation, Person
from organisation.standing import standing_of
from reporting.counting import GATE_STEPS, GATES

STEP_WORDS = {
    "preparing": "paper being prepared",
    "waiting": "waiting for a decision",
    "deferred": "deferred",
}
IN_HAND = tuple(state for states in GATE_STEPS.values() for state in states)
UNPLANNED = "unplanned_extension"
STALE = "stale_line_days"


def gate_choices() -> list[tuple[str, str]]:
    """What can be asked of gates, by the word in the address."""
    every = [("any-any", "Any gate in hand")]
    every += [(f"any-{step}", f"Any gate {words}") for step, words in STEP_WORDS.items()]
    for number in GATES:
        every.append((f"{number}-any", f"Gate {number} in hand"))
        every += [(f"{number}-{step}", f"Gate {number} {words}") for step, words in STEP_WORDS.items()]
    return every


def at_gate(asked: str) -> Exists:
    """Whether a gate of a commission's file is in a step: "3-waiting", "any-deferred"."""
    number, step = asked.split("-")
    states = IN_HAND if step == "any" else GATE_STEPS[step]
    gates = Gate.objects.filter(commission=OuterRef("commission"), state__in=states)
    return Exists(gates if number == "any" else gates.filter(number=int(number)))


def gate_states() -> dict[str, Subquery]:
    """The state of each gate of a commission's file, as columns."""
    gates = Gate.objects.filter(commission=OuterRef("commission"))
    return {f"gate_{number}": Subquery(gates.filter(number=number).values("state")[:1]) for number in GATES}


def is_reactive() -> Q:
    """Whether a commission's file shows it was not planned: asked late, urgent, or an extension nobody provided for."""
    items = WorkItem.objects.filter(Q(is_late_ask=True) | ~Q(urgent_reason=""))
    unplanned = RiskAnswer.objects.filter(commission=OuterRef("commission"), criterion__key=UNPLANNED, applies=True)
    return Q(commission__is_reactive=True) | Q(
        Exists(items.filter(case_file=OuterRef("pk")))
        | Exists(items.filter(case_file__root=OuterRef("pk")))
        | Exists(unplanned)
    )


def stale_after() -> Subquery:
    """After how many days without a change a line counts as stale, by the rules of the file's organisation."""
    return Subquery(_stale_figure(OuterRef("organisation__framework")).values("amount")[:1])


def is_stale(person: Person) -> Q:
    """Open lines that nobody touched for the time that their council's rules name. One statement."""
    organisations = Organisation.objects.filter(pk__in=standing_of(person).organisations)
    found = Q(pk__in=[])
    figure = Subquery(_stale_figure(OuterRef("framework")).values("amount")[:1])
    for number, days in organisations.annotate(days=figure).values_list("pk", "days"):
        if days is not None:
            found |= Q(organisation=number, changed_at__lt=clock.now() - timedelta(days=int(days)))
    return Q(is_open=True) & found


def _stale_figure(framework: Any) -> QuerySet[Threshold]:
    today = clock.today()
    figures = Threshold.objects.filter(framework=framework, key=STALE, since__valid_from__lte=today)
    return figures.order_by("-since__number")
