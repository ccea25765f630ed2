"""What still blocks a tender: its publication, and the end of bidding (framework 12 and 22.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from casework.states import Answer
from organisation import clock
from organisation.formatting import day, money, percent
from procurement import guards

if TYPE_CHECKING:
    from procurement.dossier import ExerciseDossier

Inputs = Mapping[str, Any]

AGREED = (Answer.AGREED, Answer.AGREED_WITH_CONDITIONS, Answer.NOT_NEEDED)
WHOLE = Decimal(100)


def publish(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 12: everything bidders are told is settled before the tender is published."""
    if not dossier.is_sourcing:
        yield Blocker("path", "These are quotes: ask suppliers for prices instead")
        return
    standing = dossier.standing
    yield from guards.in_secure(standing)
    yield from guards.may_go_on(dossier)
    if standing.specification_number is None:
        yield guards.no_specification(standing)
    yield from _draft_contract(dossier)
    if dossier.tender.advice:
        words = f"{dossier.tender.advice}: Legal has not answered"
        yield Blocker("advice", words, path=dossier.tender.advice_url, waits_for="Legal")
    yield from _criteria(dossier)
    yield from _tender_form(dossier)
    for text in dossier.tender.open_questions:
        words = f"Key question not answered: {text}"
        yield Blocker("question", words, "commissioning:questions", (standing.commission.pk, "secure"))
    yield from _indicator(dossier)
    yield from guards.gate(standing, 3)
    if "notice_reference" in inputs and not str(inputs["notice_reference"]).strip():
        yield Blocker("notice_reference", "Tender notice: its reference is not given", anchor="id_notice_reference")


def _draft_contract(dossier: ExerciseDossier) -> Iterator[Blocker]:
    tender, exercise = dossier.tender, dossier.exercise
    if not tender.legal_state:
        if not tender.draft_contracts:
            yield Blocker("draft_contract", "Draft contract: not attached", "procurement:exercise", (exercise.pk,))
        return
    if tender.legal_state != "answered":
        yield Blocker("legal", "Draft contract: Legal has not answered", path=tender.legal_url, waits_for="Legal")
    elif tender.legal_answer not in AGREED:
        word = Answer(tender.legal_answer).label.lower() if tender.legal_answer in Answer.values else "not agreed"
        yield Blocker("legal", f"Draft contract: Legal says “{word}”", path=tender.legal_url, waits_for="Legal")


def _criteria(dossier: ExerciseDossier) -> Iterator[Blocker]:
    criteria, args = dossier.tender.criteria, (dossier.exercise.pk,)
    if not criteria:
        yield Blocker("criteria", "Award criteria: none recorded", "procurement:criteria", args)
        return
    total = sum((row.weight for row in criteria), Decimal(0))
    if total != WHOLE:
        words = f"Award criteria: their weights come to {percent(total)}, not 100%"
        yield Blocker("criteria", words, "procurement:criteria", args)


def _tender_form(dossier: ExerciseDossier) -> Iterator[Blocker]:
    exercise = dossier.exercise

    def missing(key: str, words: str) -> Blocker:
        return Blocker(key, words, "procurement:tender", (exercise.pk,), anchor=f"id_{key}")

    if exercise.deadline_on is None:
        yield missing("deadline_on", "Deadline for bids: not set")
    elif exercise.deadline_on <= clock.today():
        yield missing("deadline_on", f"Deadline for bids: {day(exercise.deadline_on)} is not in the future")
    if not exercise.social_value.strip():
        yield missing("social_value", "Social value: not written")
    talks = dossier.tender.talks_without_notice
    if exercise.had_engagement is None:
        yield missing("had_engagement", "Market engagement: say whether any took place")
    elif talks and not exercise.engagement_explanation.strip():
        held = "1 talk" if talks == 1 else f"{talks} talks"
        words = f"Market engagement: the log has {held} without a notice before. Write the explanation to be published"
        yield missing("engagement_explanation", words)
    elif exercise.had_engagement and not (exercise.engagement_notice or exercise.engagement_explanation.strip()):
        words = "Market engagement took place without a notice: write the explanation that the tender publishes"
        yield missing("engagement_explanation", words)


def _indicator(dossier: ExerciseDossier) -> Iterator[Blocker]:
    facts, standing = dossier.standing.facts, dossier.standing
    floor = guards.quotes_reach(standing)
    if facts is not None and facts.value > floor and not dossier.tender.indicators:
        words = f"Performance indicator: none planned, and one is needed above {money(floor)}"
        yield Blocker("indicator", words, "commissioning:indicators", (standing.commission.pk,))


def close_bids(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """The deadline has come, and somebody bid."""
    if not dossier.is_sourcing:
        yield Blocker("path", "These are quotes: they are weighed as they come")
        return
    exercise = dossier.exercise
    yield from guards.in_secure(dossier.standing)
    if exercise.deadline_on is not None and clock.today() < exercise.deadline_on:
        yield Blocker("deadline", f"Bids can come until {day(exercise.deadline_on)}")
    if "bids" in inputs and not inputs["bids"]:
        yield Blocker(
            "bids", "Nobody bid: abandon this exercise", "procurement:exercise_verb", (exercise.pk, "end_without_award")
        )


def end_without_award(dossier: ExerciseDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Nobody bid, or nobody passed."""
    if not dossier.is_sourcing:
        yield Blocker("path", "These are quotes: abandon the exercise instead")
