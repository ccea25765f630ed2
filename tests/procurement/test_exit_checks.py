"""What buying adds to the verbs of a commission and of its specification."""

import pytest

from casework import door
from casework.lifecycle import blockers_of
from casework.refusals import Blocked
from commissioning.models import Commission
from organisation import clock
from procurement.exit_checks import prices_were_asked, request_is_accepted
from tests.factories import procurement as make

NOT_ACCEPTED = ["Procurement request: required, not begun"]


def request_words(commission: Commission) -> list[str]:
    return [blocker.words for blocker in request_is_accepted(commission)]


@pytest.mark.parametrize(
    ("amount", "words"),
    [("24999.99", []), ("25000", NOT_ACCEPTED), ("640000", NOT_ACCEPTED)],
)
def test_a_purchase_that_ccps_makes_waits_for_its_request(where, amount, words) -> None:
    assert request_words(make.commission(where, state="plan", amount=amount)) == words


def test_at_high_risk_it_waits_at_any_value(where) -> None:
    commission = make.commission(where, state="plan")
    make.high_risk(commission)

    assert request_words(commission) == NOT_ACCEPTED


@pytest.mark.parametrize("buys", [False, None])
def test_what_is_not_bought_needs_no_request(where, buys) -> None:
    assert request_words(make.commission(where, state="plan", amount="640000", buys=buys)) == []


def test_check_is_one_statement_and_stands_in_the_way_of_to_secure(where, queries_of) -> None:
    commission = make.commission(where, state="plan", amount="26000")
    request_is_accepted(commission)  # the rules are read once per process

    assert len(queries_of(lambda: request_is_accepted(commission))) == 1
    from casework.lifecycle import load_dossier

    found = blockers_of(commission, Commission.verbs()["to_secure"], load_dossier(commission), {})
    assert NOT_ACCEPTED[0] in [blocker.words for blocker in found]


@pytest.mark.parametrize("is_asked", [False, True])
def test_specification_stands_while_suppliers_are_asked_on_it(where, is_asked) -> None:
    commission = make.commission(where)
    exercise = make.open_for_prices(where, commission) if is_asked else make.exercise(where, commission)
    specification = commission.specifications.get()

    words = [blocker.words for blocker in prices_were_asked(specification)]

    reference = exercise.case_file.reference
    expected = f"{reference} asked suppliers on this version: abandon it before you change the words"
    assert words == ([expected] if is_asked else [])


def test_specification_can_change_once_the_exercise_is_given_up(where) -> None:
    commission = make.commission(where)
    exercise = make.open_for_prices(where, commission)
    specification = commission.specifications.get()
    with pytest.raises(Blocked):
        door.carry_out(specification, "supersede", by=where.priya, note="One more session")

    door.carry_out(exercise, "abandon", by=where.priya, note="Ask again")

    assert prices_were_asked(specification) == []
    assert clock.today()
