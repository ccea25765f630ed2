"""From Plan to Secure Services, or out of it with no change: each thing it needs, in exact words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from casework import door
from casework.blockers import Blocker
from casework.refusals import Refused
from commissioning.models import DeliveryModel
from commissioning.services import decisions, specifications
from commissioning.work_order import in_order
from organisation.models import Person
from reporting.selectors.watch import watched_by
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]

GATE_3 = "Gate 3, outline business case: expected, not approved"


def test_everything_that_is_missing_is_said_at_once(alder: Alder) -> None:
    commission = steps.in_plan(alder)

    assert steps.refused(commission, "to_secure", alder.priya) == [
        "Gap analysis: not yet started",
        "Delivery decision: not made",
        "Activity “Specification”: not yet started",
    ]


def test_page_of_the_commission_and_my_work_name_the_same_thing_first(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_plan(alder)
    priya = sign_in(alder.priya)

    listed = priya.get(commission.get_absolute_url()).context["step"]["offer"].blockers
    watched = watched_by(alder.priya)

    assert listed[0].words.partition(":")[0] == "Gap analysis"
    assert [row.note.partition("First: ")[2].partition(":")[0] for row in watched] == ["Gap analysis"]

    make.done_activities(commission, "plan")
    listed = priya.get(commission.get_absolute_url()).context["step"]["offer"].blockers
    assert listed[0].words == watched_by(alder.priya)[0].note.rpartition("First: ")[2] == "Delivery decision: not made"


def test_plan_is_worked_through_from_gaps_over_options_to_the_business_case() -> None:
    keys = ["gate_3", "request", "specification", "activity:route_to_market", "activity:specification", "delivery"]
    keys += ["activity:make_or_buy", "activity:value_for_money", "activity:gap_analysis", "plan", "something_new"]

    turn = [blocker.key for blocker in in_order("to_secure", [Blocker(key, key) for key in keys])]

    assert turn == [
        *("plan", "activity:gap_analysis", "activity:value_for_money", "activity:make_or_buy", "delivery"),
        *("activity:specification", "specification", "activity:route_to_market", "request", "gate_3", "something_new"),
    ]


def test_high_risk_service_lacks_more(alder: Alder) -> None:
    """Everything at once, also what other rooms ask."""
    commission = steps.put_in(steps.in_analyse(alder, ticked=("outage",)), "plan")
    make.decided_delivery(commission, "buy")
    commission.screenings.create(revision_number=1, needs_full=True)

    assert steps.refused(commission, "to_secure", alder.priya) == [
        "Activity plan: opened again, not agreed",
        "Engagement in Plan: nothing held, and no reason",
        "Full impact assessment: not submitted, and the screening asks for one",
        "Specification: not signed off",
        "Procurement request: required, not begun",
        GATE_3,
    ]


def test_moves_when_nothing_is_missing(alder: Alder) -> None:
    commission = steps.in_secure(alder)

    assert (commission.state, commission.case_file.state) == ("secure", "secure")


def test_missing_decision_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder, "in_house")
    commission.delivery_decisions.all().delete()

    assert steps.refused(commission, "to_secure", alder.priya) == ["Delivery decision: not made"]


def test_no_change_leaves_nothing_to_secure(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder, "no_change")

    assert steps.refused(commission, "to_secure", alder.priya) == [
        "Delivery decision: no change, so there is nothing to secure. Close the commission, or decide again"
    ]


def test_plan_that_was_opened_again_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder)
    commission.plan_agreements.update(reopened_at=commission.started_at)

    assert steps.refused(commission, "to_secure", alder.priya) == ["Activity plan: opened again, not agreed"]


def test_one_activity_left_blocks_by_itself(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder)
    row = commission.activities.get(activity__key="gap_analysis")
    door.carry_out(row, "reopen", by=alder.priya, note="Another gap was found.")

    assert steps.refused(commission, "to_secure", alder.priya) == ["Gap analysis: in progress"]


@pytest.mark.requirement("N-278")
def test_full_assessment_blocks_by_itself_when_the_screening_asks_for_one(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder)
    commission.screenings.update(needs_full=True)

    assert steps.refused(commission, "to_secure", alder.priya) == [
        "Full impact assessment: not submitted, and the screening asks for one"
    ]


@pytest.mark.parametrize("state", ["drafting", "in_review"])
def test_specification_blocks_until_it_is_signed_off_when_buying(alder: Alder, state: str) -> None:
    commission = steps.ready_for_secure(alder)
    commission.specifications.update(state=state)

    assert steps.refused(commission, "to_secure", alder.priya) == ["Specification: not signed off"]


def test_no_specification_at_all_blocks_when_buying(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder, "in_house")
    make.decided_delivery(commission, "buy")

    assert steps.refused(commission, "to_secure", alder.priya) == ["Specification: not signed off"]


def test_no_specification_is_needed_when_nothing_is_bought(alder: Alder) -> None:
    commission = steps.ready_for_secure(alder, "in_house")

    assert not commission.specifications.exists()
    assert steps.go(commission, "to_secure", alder.priya).state == "secure"


@pytest.mark.parametrize(("value", "blocked"), [(Decimal("100000"), False), (Decimal("100000.01"), True)])
def test_gate_3_blocks_where_it_is_expected_and_not_where_it_is_optional(
    alder: Alder, value: Decimal, blocked: bool
) -> None:
    commission = steps.put_in(steps.ready_for_plan(alder, value=value), "plan")
    make.decided_delivery(commission, "in_house")
    make.done_activities(commission, "plan")

    if blocked:
        assert steps.refused(commission, "to_secure", alder.priya) == [GATE_3]
    else:
        assert steps.go(commission, "to_secure", alder.priya).state == "secure"


def test_return_to_plan_keeps_what_was_decided(alder: Alder) -> None:
    commission = steps.in_secure(alder)

    back = steps.go(commission, "return_to_plan", alder.tom, note="The market said no.")

    assert back.state == "plan"
    assert back.delivery_decisions.filter(superseded_at=None).count() == 1
    assert steps.go(back, "to_secure", alder.priya).state == "secure"


# --- No change --------------------------------------------------------------------------------------------------------


def no_change(alder: Alder) -> DeliveryModel:
    return DeliveryModel.objects.get(framework=alder.council.framework, key="no_change")


def test_closing_with_no_change_needs_that_decision(alder: Alder) -> None:
    commission = steps.in_plan(alder)
    words = ["Delivery decision “no change”: not made"]

    assert steps.refused(commission, "close_no_change", alder.priya) == words

    make.decided_delivery(commission, "in_house")
    assert steps.refused(commission, "close_no_change", alder.priya) == words


def test_closing_with_no_change_needs_the_service_leaders_word(alder: Alder) -> None:
    commission = steps.in_plan(alder)
    made = decisions.decide_delivery(commission, model=no_change(alder), reasons="It works.", by=alder.priya)

    assert steps.refused(commission, "close_no_change", alder.priya) == [
        "Delivery decision: not confirmed by the service leader"
    ]

    decisions.confirm_delivery(made, by=alder.tom)
    closed = steps.go(commission, "close_no_change", alder.priya)
    assert (closed.state, closed.case_file.state, closed.case_file.is_open) == ("closed", "closed", False)


def test_specification_is_written_from_plan_on(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    with pytest.raises(Refused, match="The specification is written in Plan"):
        specifications.open_specification(commission, by=alder.priya)
