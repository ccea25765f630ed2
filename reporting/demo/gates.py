"""Gates: how success is measured, the paper, what others say to it, and the views of those who decide."""

from __future__ import annotations

from typing import Any

from commissioning.models import Gate, GateCondition, PlannedIndicator
from commissioning.services import gate_rounds, gates, measures
from reporting.demo.options import weigh_options
from reporting.demo.papers import fill
from reporting.demo.stage import Story, act
from reporting.demo.topics import write_topics
from reporting.demo.wording import with_decimals

Details = dict[str, Any]

#: The gate whose paper shows what Analyse looked at, and the one whose paper compares options.
INITIATION, OUTLINE = 1, 3


@act
def set_measures(story: Story, details: Details) -> None:
    """Write down how success will be measured."""
    for row in story.told.get("measures") or story.stage.words["measures"]:
        by_when = story.stage.days.day(-row["in"])
        told = {name: value for name, value in row.items() if name != "in"}
        measures.add_measure(story.commission, by_when=by_when, by=story.holder, **told)


@act
def plan_indicators(story: Story, details: Details) -> None:
    """Plan what a provider will be measured by."""
    planned = set(PlannedIndicator.objects.filter(commission=story.commission_id).values_list("name", flat=True))
    for row in story.told.get("indicators") or story.stage.words["indicators"]:
        if row["name"] in planned:
            continue
        measures.save_indicator(story.commission, by=story.holder, **with_decimals(row))


@act
def begin_gate(story: Story, details: Details) -> None:
    """Begin the paper of a gate; before it, what it shows is written: the topics of Analyse, or the options."""
    if details["number"] == INITIATION:
        write_topics(story)
    if details["number"] == OUTLINE:
        weigh_options(story)
    gates.begin(story.commission, details["number"], by=story.holder)


@act
def ask_gate_input(story: Story, details: Details) -> None:
    """Ask functions what they say to it."""
    gates.ask_input(
        _gate(story, details),
        functions=details["functions"],
        needed_by=story.stage.days.soon(details["in"]),
        question=details.get("text", "Is anything missing, or too hopeful?"),
        by=story.holder,
    )


@act
def fill_gate(story: Story, details: Details) -> None:
    """Answer the paper and submit it, which submits the gate; with "only", answer those sections and leave it."""
    if details["number"] == OUTLINE:
        weigh_options(story)
    gate = _gate(story, details)
    own = details.get("own")
    fill(story, gates.PAPERS[gate.number], paper=gate.paper, own=own, only=details.get("only"))


@act
def view(story: Story, details: Details) -> None:
    """One person's view: approve, return, refuse, defer, or approve with conditions."""
    inputs: Details = {}
    if "conditions" in details:
        inputs["conditions"] = [
            gate_rounds.Condition(
                row["words"], story.person(row["owner"]), story.stage.days.soon(row["in"]), row["blocks"]
            )
            for row in details["conditions"]
        ]
    if "review" in details:
        inputs["review_on"] = story.stage.days.soon(details["review"])
    gate_rounds.decide(
        _gate(story, details),
        details.get("verb", "approve"),
        by=story.by(details),
        note=details.get("note", ""),
        **inputs,
    )


@act
def meet_condition(story: Story, details: Details) -> None:
    """Say that a condition of a gate is met."""
    rows = GateCondition.objects.filter(gate=_gate(story, details), met_at__isnull=True)
    gate_rounds.meet_condition(rows.select_related("gate", "owner")[0], how=details["how"], by=story.by(details))


@act
def waive_gate(story: Story, details: Details) -> None:
    """Let an expected gate go, with a reason."""
    gates.waive(story.commission, details["number"], by=story.by(details), note=details["why"])


def _gate(story: Story, details: Details) -> Gate:
    rows = Gate.objects.select_related(*Gate.door_reads)
    return rows.get(commission=story.commission_id, number=details["number"])
