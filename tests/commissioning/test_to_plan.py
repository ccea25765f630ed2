"""From Analyse to Plan: each thing it needs, in exact words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from casework import door
from casework.refusals import Blocked
from commissioning.models import ImpactScreening, KeyQuestion
from commissioning.services import questions
from commissioning.services.questions import Given
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make


@pytest.mark.requirement("N-028")
def test_everything_that_is_missing_is_said_at_once(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    assert steps.refused(commission, "to_plan", alder.priya) == [
        "Activity plan: not agreed",
        "Key questions: 6 not answered",
        "Impact screening: not submitted",
    ]


@pytest.mark.requirement("N-086")
def test_high_risk_asks_for_gate_1_too(alder: Alder) -> None:
    commission = steps.in_analyse(alder, ticked=("outage",))

    assert steps.refused(commission, "to_plan", alder.priya) == [
        "Activity plan: not agreed",
        "Key questions: 6 not answered",
        "Impact screening: not submitted",
        "Engagement in Analyse: nothing held, and no reason",
        "Gate 1, initiation document: required, not approved",
    ]


def test_moves_when_nothing_is_missing(alder: Alder) -> None:
    commission = steps.go(steps.ready_for_plan(alder), "to_plan", alder.priya)

    assert (commission.state, commission.case_file.state) == ("plan", "plan")
    assert commission.stage_since >= commission.started_at


@pytest.mark.requirement("N-086")
@pytest.mark.parametrize(
    ("value", "ticked", "blocked"),
    [(Decimal("100000"), (), False), (Decimal("100000.01"), (), True), (Decimal("900"), ("outage",), True)],
)
def test_gate_1_blocks_over_the_threshold_or_at_high_risk_alone(
    alder: Alder, value: Decimal, ticked: tuple[str, ...], blocked: bool
) -> None:
    commission = steps.ready_for_plan(alder, value=value, ticked=ticked)

    if blocked:
        words = ["Gate 1, initiation document: required, not approved"]
        assert steps.refused(commission, "to_plan", alder.priya) == words
    else:
        assert steps.go(commission, "to_plan", alder.priya).state == "plan"


def test_plan_that_was_opened_again_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    commission.plan_agreements.update(reopened_at=commission.started_at)

    assert steps.refused(commission, "to_plan", alder.priya) == ["Activity plan: not agreed"]


def test_one_activity_left_blocks_by_itself_and_says_where_it_stands(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    row = commission.activities.get(activity__key="needs_assessment")
    door.carry_out(row, "reopen", by=alder.priya, note="One group was left out.")

    assert steps.refused(commission, "to_plan", alder.priya) == ["Needs / asset assessment: in progress"]


def test_activity_that_nobody_began_says_so_and_names_its_lead(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    make.planned_as_suggested(commission)

    with pytest.raises(Blocked) as refusal:
        door.carry_out(commission, "to_plan", by=alder.priya)

    lines = [row for row in refusal.value.blockers if row.key.startswith("activity:")]
    assert [(row.words, row.waits_for) for row in lines] == [
        ("Resource analysis: not yet started", "Priya Shah"),
        ("Needs / asset assessment: not yet started", "Priya Shah"),
        ("Legislation and policy: not yet started", "Priya Shah"),
    ]


def test_activity_of_a_later_stage_does_not_block(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)

    assert commission.activities.filter(activity__stage="plan", state="relevant").exists()
    assert steps.go(commission, "to_plan", alder.priya).state == "plan"


def test_one_question_left_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    question = KeyQuestion.objects.get(key="analyse_money")
    questions.answer(commission, {question.pk: Given("", version=1)}, by=alder.priya)

    assert steps.refused(commission, "to_plan", alder.priya) == ["Key questions: 1 not answered"]


def test_question_that_does_not_apply_is_settled_by_its_reason(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    question = KeyQuestion.objects.get(key="analyse_money")
    given = Given("It costs nothing.", does_not_apply=True, version=1)
    questions.answer(commission, {question.pk: given}, by=alder.priya)

    assert steps.go(commission, "to_plan", alder.priya).state == "plan"


@pytest.mark.requirement("N-281")
def test_missing_screening_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    ImpactScreening.objects.filter(commission=commission).delete()

    assert steps.refused(commission, "to_plan", alder.priya) == ["Impact screening: not submitted"]


def test_screening_that_asks_for_a_full_assessment_does_not_hold_up_analyse(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    commission.screenings.update(needs_full=True)

    assert steps.go(commission, "to_plan", alder.priya).state == "plan"


def test_activity_skipped_as_urgent_does_not_block(alder: Alder) -> None:
    commission = steps.ready_for_plan(alder)
    row = commission.activities.get(activity__key="needs_assessment")
    type(row).objects.filter(pk=row.pk).update(state="skipped_urgent")

    assert steps.go(commission, "to_plan", alder.priya).state == "plan"
