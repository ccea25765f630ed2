from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from organisation import clock
from organisation.models import Membership, Person
from organisation.roles import Function, Role
from organisation.standing import NOWHERE, covered_by, forget_standing, load_standings, standing_of
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


def test_standing_tells_every_role_and_place():
    area = make.service_area()
    other = make.organisation()
    person = make.person(Role.COMMISSIONER, area=area)
    make.membership(person, Role.FINANCE, other)

    standing = standing_of(person)

    assert standing.organisations == {area.organisation_id, other.pk}
    assert standing.works_in(other.pk)
    assert not standing.works_in(make.organisation().pk)
    assert standing.roles_in(area.organisation_id) == {Role.COMMISSIONER}
    assert standing.holds(Role.FINANCE, other.pk)
    assert not standing.holds(Role.FINANCE, area.organisation_id)
    assert standing.holds_anywhere(Role.FINANCE)
    assert standing.organisations_as(Role.FINANCE, Role.LEGAL) == {other.pk}


def test_function_asked_about_must_be_the_one_held():
    person = make.person(at=make.organisation())
    make.membership(person, Role.OTHER_FUNCTION, function=Function.HR)

    standing, organisation_id = standing_of(person), person.organisation_id

    assert standing.holds(Role.OTHER_FUNCTION, organisation_id, function=Function.HR)
    assert standing.holds(Role.OTHER_FUNCTION, organisation_id)
    assert not standing.holds(Role.OTHER_FUNCTION, organisation_id, function=Function.ICT)


def test_standing_is_asked_once_for_a_person_and_day(django_assert_num_queries):
    person = make.person(Role.LEGAL)

    with django_assert_num_queries(1):
        standing_of(person)
        standing_of(person)


def test_standing_is_asked_again_on_another_day():
    clock.move_to(date(2026, 11, 20))
    person = make.person(at=make.organisation())
    make.membership(person, Role.LEGAL, ends_on=date(2026, 11, 21))
    assert standing_of(person).holds_anywhere(Role.LEGAL)

    clock.move_to(date(2026, 11, 21))

    assert not standing_of(person).holds_anywhere(Role.LEGAL)


def test_role_taken_away_is_gone_for_the_next_request_s_person():
    person = make.person(Role.LEGAL)
    assert standing_of(person).holds_anywhere(Role.LEGAL)

    Membership.objects.update(ends_on=clock.today())

    assert standing_of(Person.objects.get(pk=person.pk)) == NOWHERE
    forget_standing(person)
    assert standing_of(person) == NOWHERE


def test_disabled_and_anonymous_stand_nowhere_without_asking(django_assert_num_queries):
    person = make.person(Role.LEGAL, is_active=False)

    with django_assert_num_queries(0):
        assert standing_of(person) == NOWHERE
        assert standing_of(AnonymousUser()) == NOWHERE
        assert covered_by(person) == ()
        assert covered_by(AnonymousUser()) == ()


def test_load_standings_fills_several_people_in_one_statement(django_assert_num_queries):
    people = [make.person(Role.LEGAL), make.person(Role.FINANCE), make.person()]

    with django_assert_num_queries(1):
        load_standings(people)
    with django_assert_num_queries(0):
        roles = [{held.role for held in standing_of(person).roles_held} for person in people]

    assert roles == [{Role.LEGAL}, {Role.FINANCE}, set()]


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 27), True),  # the last day counts
        (date(2026, 11, 28), False),
    ],
)
def test_covered_by_names_those_covered_for_today(day: date, counts: bool):
    organisation = make.organisation()
    absent, deputy = make.person(at=organisation), make.person(at=organisation)
    make.cover(absent, deputy, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 27))
    clock.move_to(day)

    assert covered_by(deputy) == ((absent,) if counts else ())
    assert covered_by(absent) == ()


def test_cover_ended_early_and_cover_for_the_disabled_do_not_count():
    organisation = make.organisation()
    deputy = make.person(at=organisation)
    make.cover(make.person(at=organisation), deputy, ended_on=clock.today())
    make.cover(make.person(at=organisation, is_active=False), deputy)

    assert covered_by(deputy) == ()


def test_covered_by_asks_once_and_names_nobody_twice(django_assert_num_queries):
    organisation = make.organisation()
    absent, deputy = make.person(at=organisation), make.person(at=organisation)
    make.cover(absent, deputy)
    make.cover(absent, deputy, note="Twice")

    with django_assert_num_queries(1):
        assert covered_by(deputy) == (absent,)
        covered_by(deputy)


def test_is_staff_means_administering_something_today():
    assert make.person(Role.ADMINISTRATOR).is_staff
    assert not make.person(Role.AUDITOR).is_staff
    assert not make.person(Role.ADMINISTRATOR, is_active=False).is_staff
