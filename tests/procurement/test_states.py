"""Every state with every verb, and every role with every verb, against what is declared."""

import pytest

from organisation.permissions import may
from organisation.roles import Role
from procurement.models import Exercise
from procurement.states import ExerciseState, RunBy
from tests.factories import organisation as people
from tests.factories import procurement as make

STARTS_FROM = {
    "invite": {"planned"},
    "decide": {"open", "evaluating"},
    "award": {"decided"},
    "reconsider": {"decided"},
    "publish": {"planned"},
    "close_bids": {"open"},
    "confirm": {"decided"},
    "set_aside": {"open", "evaluating"},
    "end_without_award": {"open", "evaluating"},
    "abandon": {"planned", "open", "evaluating", "decided", "awarded"},
}
OWN, LEADER = {Role.COMMISSIONER}, {Role.COMMISSIONER, Role.SERVICE_LEADER}
CCPS = {Role.CCPS_OFFICER, Role.CCPS_MANAGER}


def test_every_verb_is_in_the_tables() -> None:
    assert set(Exercise.verbs()) == set(STARTS_FROM)


@pytest.mark.parametrize("state", ExerciseState.values)
@pytest.mark.parametrize("verb", STARTS_FROM)
def test_verb_starts_from(state, verb) -> None:
    assert Exercise(state=state).can_go(verb) == (state in STARTS_FROM[verb])


@pytest.mark.parametrize(
    ("run_by", "act", "who"),
    [
        (RunBy.SERVICE, "exercise.run", OWN),
        (RunBy.SERVICE, "exercise.award", LEADER),
        (RunBy.CCPS, "exercise.run", CCPS),
        (RunBy.CCPS, "exercise.award", CCPS),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_role_may(where, run_by, act, who, role) -> None:
    """A service runs and awards its own purchases, CCPS its own; neither acts on the other's."""
    exercise = Exercise(run_by=run_by, case_file=make.commission(where).case_file)

    assert may(people.person(role, at=where.organisation), act, exercise) == (role in who)
    assert not may(people.person(role), act, exercise)


def test_commissioner_of_another_service_area_may_not(where) -> None:
    exercise = Exercise(run_by=RunBy.SERVICE, case_file=make.commission(where).case_file)
    elsewhere = people.person(Role.COMMISSIONER, area=people.service_area(where.organisation))

    assert not may(elsewhere, "exercise.run", exercise)
