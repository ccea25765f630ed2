from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from organisation import clock, permissions
from organisation.actors import System
from organisation.permissions import (
    ANYWHERE,
    NoPlace,
    UnknownAct,
    may,
    place_of,
    register,
    registered_acts,
    role_used,
    who_may,
)
from organisation.roles import Function, Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _acts(monkeypatch: pytest.MonkeyPatch):
    """Register a few acts of our own, on top of the real ones, and forget them afterwards."""
    monkeypatch.setattr(permissions, "_acts", dict(permissions._acts))
    clock.move_to(TODAY)
    register("test.start", "start this", (Role.COMMISSIONER, Role.SERVICE_LEADER))
    register("test.answer", "answer this", (Role.OTHER_FUNCTION, Role.CCPS_MANAGER), function=Function.ICT)
    register("test.own", "change this", (Role.COMMISSIONER,), also=lambda person, it: it.holder == person)
    register("test.named", "decide this", also=lambda person, it: person.pk in it.panel)


def thing(area=None, organisation=None, **facts):
    organisation_id = area.organisation_id if area else organisation.pk
    return SimpleNamespace(organisation_id=organisation_id, service_area_id=area.pk if area else None, **facts)


def test_every_role_but_those_registered_is_refused():
    area = make.service_area()

    allowed = {role for role in Role if may(make.person(role, area=area), "test.start", thing(area))}

    assert allowed == {Role.COMMISSIONER, Role.SERVICE_LEADER}


def test_person_without_any_role_is_refused_everywhere():
    area = make.service_area()
    stranger = make.person(at=area.organisation)

    assert not any(may(stranger, "test.start", it) for it in (thing(area), area.organisation, ANYWHERE))


def test_nobody_signed_in_is_refused():
    assert not may(AnonymousUser(), "test.start", make.service_area())


def test_system_may_do_anything_registered():
    assert may(System(because="the contract was signed"), "test.start", make.service_area())


def test_unregistered_act_is_a_mistake_in_the_program():
    with pytest.raises(UnknownAct, match=r"test\.nothing"):
        may(System(because="anything"), "test.nothing", ANYWHERE)


def test_role_in_one_service_area_does_not_reach_another():
    here = make.service_area()
    there = make.service_area(here.organisation)
    person = make.person(Role.COMMISSIONER, area=here)

    assert may(person, "test.start", thing(here))
    assert may(person, "test.start", here)
    assert not may(person, "test.start", thing(there))
    assert not may(person, "test.start", there)


def test_role_without_a_service_area_reaches_all_of_them():
    area = make.service_area()
    person = make.person(Role.COMMISSIONER, at=area.organisation)

    assert may(person, "test.start", thing(area))
    assert may(person, "test.start", area.organisation)


def test_role_in_a_service_area_counts_where_no_area_is_asked_about():
    area = make.service_area()

    assert may(make.person(Role.COMMISSIONER, area=area), "test.start", area.organisation)


def test_role_in_another_organisation_is_worth_nothing():
    area = make.service_area()
    person = make.person(Role.COMMISSIONER, at=make.organisation())

    assert not may(person, "test.start", thing(area))
    assert not may(person, "test.start", area.organisation)
    assert may(person, "test.start", ANYWHERE)


@pytest.mark.parametrize(
    ("starts", "ends", "allowed"),
    [
        (0, None, True),
        (-10, 1, True),
        (-10, 0, False),  # ended today: it takes effect at once
        (-10, -1, False),
        (1, None, False),  # not begun
    ],
)
def test_only_a_role_in_force_today_counts(starts: int, ends: int | None, allowed: bool):
    area = make.service_area()
    person = make.person(at=area.organisation)
    make.membership(
        person,
        area=area,
        starts_on=TODAY + timedelta(days=starts),
        ends_on=None if ends is None else TODAY + timedelta(days=ends),
    )

    assert may(person, "test.start", thing(area)) is allowed


def test_disabled_person_may_nothing():
    area = make.service_area()

    assert not may(make.person(Role.COMMISSIONER, area=area, is_active=False), "test.start", thing(area))


def test_role_in_a_closed_organisation_is_worth_nothing():
    area = make.service_area(make.organisation(is_active=False))

    assert not may(make.person(Role.COMMISSIONER, area=area), "test.start", thing(area))


def test_function_narrows_only_the_role_other_function():
    organisation = make.organisation()
    ict, hr = (make.person(at=organisation) for _ in range(2))
    make.membership(ict, Role.OTHER_FUNCTION, organisation, function=Function.ICT)
    make.membership(hr, Role.OTHER_FUNCTION, organisation, function=Function.HR)
    manager = make.person(Role.CCPS_MANAGER, at=organisation)

    assert [may(person, "test.answer", organisation) for person in (ict, hr, manager)] == [True, False, True]


@pytest.mark.parametrize(
    ("has_role", "is_holder", "allowed"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_role_and_condition_are_both_needed(has_role: bool, is_holder: bool, allowed: bool):
    area = make.service_area()
    person = make.person(*([Role.COMMISSIONER] if has_role else [Role.FINANCE]), area=area)
    holder = person if is_holder else make.person(at=area.organisation)

    assert may(person, "test.own", thing(area, holder=holder)) is allowed


def test_condition_without_roles_decides_alone_but_never_for_the_disabled():
    area = make.service_area()
    named, other = make.person(at=area.organisation), make.person(Role.COMMISSIONER, area=area)
    gone = make.person(at=area.organisation, is_active=False)
    it = thing(area, panel={named.pk, gone.pk})

    assert [may(person, "test.named", it) for person in (named, other, gone)] == [True, False, False]


def test_condition_is_not_asked_about_those_without_the_role():
    register("test.trap", "fall in", (Role.LEGAL,), also=lambda *_: pytest.fail("asked"))

    assert not may(make.person(Role.FINANCE), "test.trap", make.organisation())


@pytest.mark.parametrize(
    ("code", "kwargs"),
    [
        ("test.start", {"roles": (Role.LEGAL,)}),  # registered twice
        ("test.nobody", {}),
        ("test.function", {"roles": (Role.LEGAL,), "function": Function.ICT}),
    ],
)
def test_registrations_that_make_no_sense_are_refused(code: str, kwargs: dict):
    with pytest.raises(ValueError, match=code.replace(".", r"\.")):
        register(code, "do this", **kwargs)


def test_place_of_a_record_is_its_case_file_s():
    area = make.service_area()
    record = SimpleNamespace(case_file=thing(area), organisation_id=-1)

    assert place_of(record) == (area.organisation_id, area.pk)


@pytest.mark.parametrize("subject", [None, object(), SimpleNamespace(organisation_id=None)])
def test_subject_without_a_place_is_never_taken_for_one_in_all(subject: object):
    person = make.person(Role.COMMISSIONER)

    with pytest.raises(NoPlace):
        may(person, "test.start", subject)


def test_who_may_names_exactly_those_who_may():
    area = make.service_area()
    organisation = area.organisation
    anna = make.person(Role.COMMISSIONER, area=area, name="Anna")
    bob = make.person(Role.SERVICE_LEADER, at=organisation, name="Bob")
    make.person(Role.COMMISSIONER, area=make.service_area(organisation))
    make.person(Role.COMMISSIONER, area=area, is_active=False)
    make.person(Role.FINANCE, area=area)
    make.person(Role.COMMISSIONER)
    left = make.person(at=organisation)
    make.membership(left, area=area, ends_on=TODAY)

    assert who_may("test.start", thing(area)) == [anna, bob]
    assert who_may("test.own", thing(area, holder=anna)) == [anna]
    assert who_may("test.named", thing(area, panel={anna.pk})) == []


@pytest.mark.parametrize("how_many", [1, 4])
def test_who_may_asks_two_statements_however_many_there_are(how_many: int, django_assert_num_queries):
    area = make.service_area()
    for _ in range(how_many):
        make.person(Role.COMMISSIONER, Role.SERVICE_LEADER, area=area)

    with django_assert_num_queries(2):
        assert len(who_may("test.start", thing(area))) == how_many


def test_may_asks_one_statement_for_any_number_of_questions(django_assert_num_queries):
    area = make.service_area()
    person = make.person(Role.COMMISSIONER, Role.LEGAL, area=area)

    with django_assert_num_queries(1):
        for _ in range(3):
            may(person, "test.start", thing(area))
            may(person, "test.answer", area.organisation)


def test_role_used_is_the_first_that_counts_there():
    area = make.service_area()
    person = make.person(Role.SERVICE_LEADER, area=area)
    make.membership(person, Role.COMMISSIONER, make.organisation())

    assert role_used(person, "test.start", thing(area)) == Role.SERVICE_LEADER
    assert role_used(person, "test.named", thing(area, panel=set())) is None
    assert role_used(System(because="x"), "test.start", area) is None


def test_registered_acts_have_words_that_finish_a_sentence():
    for act in registered_acts().values():
        assert act.words
        assert act.words[0].islower()
        assert not act.words.endswith(".")
