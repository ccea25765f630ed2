from datetime import date
from decimal import Decimal

import pytest

from organisation import clock
from organisation.authority import NO_LIMIT, authorities_of, authority_of
from organisation.models import Act
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


def test_limit_comes_from_the_post_held():
    organisation = make.organisation()
    person = make.authorised(Act.AWARD, 50_000, at=organisation)

    assert authority_of(person, Act.AWARD, organisation, DAY) == Decimal(50_000)
    assert authority_of(person, Act.AWARD, organisation.pk, DAY) == Decimal(50_000)


def test_no_post_no_authority():
    organisation = make.organisation()

    assert authority_of(make.person(at=organisation), Act.AWARD, organisation, DAY) is None


def test_limit_for_one_act_is_none_for_another():
    organisation = make.organisation()
    person = make.authorised(Act.AWARD, 50_000, at=organisation)

    assert authority_of(person, Act.SIGN, organisation, DAY) is None


def test_authority_stays_in_its_organisation():
    person = make.authorised(Act.AWARD, 50_000)

    assert authority_of(person, Act.AWARD, make.organisation(), DAY) is None


def test_empty_amount_means_no_limit_and_zero_means_nothing():
    organisation = make.organisation()
    unlimited = make.authorised(Act.AWARD, None, at=organisation)
    none = make.authorised(Act.AWARD, 0, at=organisation)

    assert authority_of(unlimited, Act.AWARD, organisation, DAY) == NO_LIMIT
    assert Decimal("999999999999.99") < NO_LIMIT
    assert authority_of(none, Act.AWARD, organisation, DAY) == 0


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 10),
        (date(2026, 6, 30), 10),  # the last day counts
        (date(2026, 7, 1), 20),
    ],
)
def test_limit_is_the_one_valid_that_day(day: date, amount: int | None):
    organisation = make.organisation()
    post, person = make.post(organisation), make.person(at=organisation)
    make.holding(post, person)
    make.limit(post, Act.AWARD, 10, valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    make.limit(post, Act.AWARD, 20, valid_from=date(2026, 7, 1))

    assert authority_of(person, Act.AWARD, organisation, day) == amount


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 4, 1), False)]
)
def test_post_counts_while_it_is_held(day: date, holds: bool):
    organisation = make.organisation()
    post, person = make.post(organisation), make.person(at=organisation)
    make.limit(post, Act.AWARD, 10)
    make.holding(post, person, starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 1))

    assert (authority_of(person, Act.AWARD, organisation, day) is not None) is holds


def test_deputy_has_the_absent_person_s_authority_on_the_days_of_cover():
    organisation = make.organisation()
    absent = make.authorised(Act.AWARD, 50_000, at=organisation)
    deputy = make.authorised(Act.AWARD, 10_000, at=organisation)
    make.cover(absent, deputy, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 27))

    assert authority_of(deputy, Act.AWARD, organisation, date(2026, 11, 27)) == 50_000
    assert authority_of(deputy, Act.AWARD, organisation, date(2026, 11, 28)) == 10_000
    own, covered = authorities_of(deputy, Act.AWARD, organisation, DAY)[::-1]
    assert (own.holder_id, own.by_cover) == (deputy.pk, False)
    assert (covered.holder_id, covered.holder_name, covered.by_cover) == (absent.pk, absent.name, True)


def test_cover_is_not_passed_on():
    organisation = make.organisation()
    first = make.authorised(Act.AWARD, 50_000, at=organisation)
    second, third = make.person(at=organisation), make.person(at=organisation)
    make.cover(first, second)
    make.cover(second, third)

    assert authority_of(third, Act.AWARD, organisation, DAY) is None


def test_cover_ended_early_gives_no_authority_afterwards():
    organisation = make.organisation()
    absent, deputy = make.authorised(Act.AWARD, 50_000, at=organisation), make.person(at=organisation)
    make.cover(absent, deputy, ended_on=DAY)

    assert authority_of(deputy, Act.AWARD, organisation, date(2026, 11, 19)) == 50_000
    assert authority_of(deputy, Act.AWARD, organisation, DAY) is None


def test_disabled_people_have_and_lend_no_authority():
    organisation = make.organisation()
    gone = make.authorised(Act.AWARD, 50_000, person_=make.person(at=organisation, is_active=False))
    deputy = make.person(at=organisation)
    make.cover(gone, deputy)

    assert authority_of(gone, Act.AWARD, organisation, DAY) is None
    assert authority_of(deputy, Act.AWARD, organisation, DAY) is None


def test_post_of_one_service_area_has_no_authority_over_another():
    area = make.service_area()
    person = make.person(at=area.organisation)
    post = make.post(area.organisation, service_area=area)
    make.limit(post, Act.AWARD, 10)
    make.holding(post, person)
    other = make.service_area(area.organisation)

    assert authority_of(person, Act.AWARD, area.organisation, DAY, area.pk) == 10
    assert authority_of(person, Act.AWARD, area.organisation, DAY, other.pk) is None


def test_authority_is_one_statement(django_assert_num_queries):
    organisation = make.organisation()
    absent, deputy = make.authorised(Act.AWARD, 1, at=organisation), make.authorised(Act.AWARD, 2, at=organisation)
    make.cover(absent, deputy)

    with django_assert_num_queries(1):
        authority_of(deputy, Act.AWARD, organisation, clock.today())
