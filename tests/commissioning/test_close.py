"""From Secure to Review, and out of Review: each thing it needs, in exact words, and what closing does."""

from __future__ import annotations

import pytest

from casework import door
from casework.models import WorkItem
from casework.refusals import Refused
from casework.services import work_items
from commissioning.models import KeyQuestion
from commissioning.services import (
    activities,
    assessment,
    commissions,
    decisions,
    duplicates,
    questions,
    risk,
    specifications,
    values,
)
from commissioning.services.questions import Given
from commissioning.services.risk import Ticked
from documents.models import Paper
from organisation import clock
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

# --- To Review --------------------------------------------------------------------------------------------------------


def test_everything_that_review_lacks_is_said_at_once(alder: Alder) -> None:
    commission = steps.in_secure(alder, "in_house")

    assert steps.refused(commission, "to_review", alder.sam) == [
        "Mobilisation: not yet started",
        "Mobilisation: 1 task not done",
    ]


def test_purchase_needs_a_contract_before_review(alder: Alder) -> None:
    commission = steps.in_secure(alder)
    make.done_activities(commission, "secure")

    assert steps.refused(commission, "to_review", alder.sam) == ["Contract: none is signed"]


def test_gate_4_blocks_where_it_is_expected(alder: Alder) -> None:
    commission = steps.ready_for_review(alder)
    values.record_value(
        commission,
        amount_ex_vat=100_001,
        amount_inc_vat=120_000,
        reason="It grew.",
        by=alder.priya,  # type: ignore[arg-type]
    )
    make.engaged(commission)

    assert steps.refused(commission, "to_review", alder.sam) == ["Gate 4, full business case: expected, not approved"]


def test_moves_to_review_when_nothing_is_missing(alder: Alder) -> None:
    assert steps.in_review(alder).state == "review"


# --- Closing ----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-015")
def test_everything_that_closing_lacks_is_said_at_once(alder: Alder) -> None:
    commission = steps.in_review(alder)

    assert steps.refused(commission, "close", alder.tom) == [
        "Outcomes assessment: not submitted",
        "End decision: not made",
        "Lessons learnt: none recorded, and no reason given",
        "Outcomes based assessment: not yet started",
        "Lessons learnt: not yet started",
        "Key questions: 6 not answered",
    ]


def test_missing_outcomes_block_by_themselves(alder: Alder) -> None:
    commission = steps.ready_to_close(alder)
    Paper.objects.filter(template_key="outcomes_assessment").update(state="drafting")

    assert steps.refused(commission, "close", alder.tom) == ["Outcomes assessment: not submitted"]


def test_missing_end_decision_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_to_close(alder)
    commission.end_decisions.update(superseded_at=clock.now())

    assert steps.refused(commission, "close", alder.tom) == ["End decision: not made"]


def test_missing_lessons_block_until_there_is_one_or_a_reason(alder: Alder) -> None:
    commission = steps.ready_to_close(alder)
    commission.lessons.all().delete()
    words = ["Lessons learnt: none recorded, and no reason given"]

    assert steps.refused(commission, "close", alder.tom) == words

    decisions.no_lessons(commission, reason="It was the same course as last year.", by=alder.priya)
    assert steps.go(commission, "close", alder.tom).state == "closed"


def test_open_activity_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_to_close(alder)
    row = commission.activities.get(activity__key="lessons")
    door.carry_out(row, "reopen", by=alder.priya, note="One more thing.")

    assert steps.refused(commission, "close", alder.tom) == ["Lessons learnt: in progress"]


def test_open_question_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_to_close(alder)
    question = KeyQuestion.objects.get(key="review_value")
    questions.answer(commission, {question.pk: Given("", version=1)}, by=alder.priya)

    assert steps.refused(commission, "close", alder.tom) == ["Key questions: 1 not answered"]


def ask_legal(commission: object, by: Person) -> WorkItem:
    case = commission.case_file  # type: ignore[attr-defined]
    return work_items.open_item(
        case,
        by=by,
        queue=case.organisation.framework.queues.get(key="legal"),
        kind="legal_query",
        key="query:1",
        title="A question",
        asks="advise",
    )


def test_closing_takes_what_is_asked_out_of_the_queues(alder: Alder) -> None:
    commission = steps.ready_to_close(alder)
    item = ask_legal(commission, alder.priya)

    closed = steps.go(commission, "close", alder.tom)

    assert (closed.case_file.state, closed.case_file.is_open) == ("closed", False)
    item.refresh_from_db()
    assert item.state == "closed"


def test_stopping_takes_what_is_asked_out_of_the_queues_with_the_reason(alder: Alder) -> None:
    commission = steps.in_analyse(alder, ticked=("outage",))
    asked = ask_legal(commission, alder.priya)

    stopped = steps.go(commission, "stop", alder.tom, note="The grant fell through.")

    assert (stopped.case_file.state, stopped.case_file.is_open) == ("stopped", False)
    assert set(WorkItem.objects.values_list("state", flat=True)) == {"closed"}
    closing = asked.events.get(kind="closed")
    assert closing.text == "The commission was stopped: The grant fell through."


# --- What has ended stands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["closed", "stopped"])
def test_nothing_of_an_ended_commission_can_be_changed(alder: Alder, state: str) -> None:
    """But lessons: what was learnt late is worth as much."""
    commission = steps.ready_for_secure(alder)
    done = commission.activities.get(activity__key="gap_analysis")
    waiting = commission.activities.get(activity__key="mobilisation")
    authority = commission.authority_records.get()
    specification = commission.specifications.get()
    other = make.registered_commission(alder.priya, service_area=alder.area)
    likely = commission.likely_duplicates.create(other=other.case_file, because="similar title")
    steps.put_in(commission, state)
    by, word = alder.priya, state

    acts = {
        "its value stands": lambda: values.record_value(
            commission,
            amount_ex_vat=1,
            amount_inc_vat=1,
            reason="No",
            by=by,  # type: ignore[arg-type]
        ),
        "its facts stand": lambda: commissions.edit_facts(commission, version=commission.version, by=by, title="New"),
        "its risk form stands": lambda: risk.answer(commission, {"outage": Ticked(True, "It does")}, by=by),
        "its answers stand": lambda: questions.answer(commission, {}, by=by),
        "its plan stands": lambda: activities.agree(commission, {}, participants=[by], agreed_on=clock.today(), by=by),
        "its authority records stand": lambda: decisions.withdraw_authority(authority, because="No", by=by),
        "its reason stands": lambda: decisions.no_lessons(commission, reason="None", by=by),
        "what was found stands": lambda: duplicates.settle(likely, finding="linked", reason="Same", by=by),
        "its activities stand": lambda: activities.write_output(
            waiting, output="New", output_link="", version=waiting.version, by=by
        ),
    }
    for words, act in acts.items():
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.words == f"This commission is {word}, so {words}."
    with pytest.raises(Refused, match="so its authority records stand"):
        make.with_authority(commission)

    read_only = f"The commission is {word}, so it can only be read"
    assert read_only in steps.refused(waiting, "complete", by)
    assert steps.refused(done, "reopen", by, note="More") == [read_only]
    assert read_only in steps.refused(specification, "supersede", by, note="More")
    specification.delete()
    with pytest.raises(Refused, match="written in Plan"):
        specifications.open_specification(commission, by=by)

    decisions.add_lesson(commission, context="Late.", insight="Late.", recommendation="Late.", by=by)
    assert assessment.stand_of(steps.read(commission)).facts.value == 18_000  # type: ignore[union-attr]
