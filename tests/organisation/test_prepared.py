"""Prepared queries find what the same query finds when Django builds it anew, whatever has changed since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef, QuerySet

from organisation import clock
from organisation.models import Membership, Person
from organisation.prepared import NotPreparable, Prepared
from organisation.roles import Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


def working_in(organisations: tuple[int, ...], related: tuple[str, ...] = ()) -> QuerySet[Membership]:
    """Who works somewhere today, the newest first."""
    return (
        Membership.objects.in_force()
        .filter(organisation_id__in=organisations)
        .select_related(*related)
        .annotate(leads=Exists(Membership.objects.filter(person=OuterRef("person"), role=Role.SERVICE_LEADER)))
        .order_by("-pk")
    )


@pytest.fixture
def alder() -> Any:
    return make.organisation(name="Alder")


@pytest.fixture
def westmere() -> Any:
    return make.organisation(name="Westmere")


def test_other_values_find_other_rows_with_all_that_was_asked_for(alder: Any, westmere: Any, queries_of: Any) -> None:
    ann, tom = make.person(Role.FINANCE, at=alder), make.person(Role.SERVICE_LEADER, at=westmere)
    prepared = Prepared(working_in)

    for places, people in (((alder,), [ann]), ((westmere,), [tom]), ((alder, westmere), [tom, ann]), ((), [])):
        numbers = tuple(place.pk for place in places)
        rows = prepared.rows(organisations=numbers, related=("person",))
        assert rows == list(working_in(numbers))
        assert queries_of(lambda rows=rows: [row.person.name for row in rows]) == []
        assert [row.person for row in rows] == people
        assert [row.leads for row in rows] == [person == tom for person in people]


def test_today_is_the_day_of_the_use_and_not_of_the_building(alder: Any) -> None:
    clock.move_to(date(2026, 9, 7))
    person = make.person(at=alder)
    later = Membership.objects.create(
        person=person, organisation=alder, role=Role.FINANCE, starts_on=date(2026, 9, 21), ends_on=date(2026, 10, 5)
    )
    prepared = Prepared(working_in)

    found = []
    for day in (date(2026, 9, 7), date(2026, 9, 21), date(2026, 10, 4), date(2026, 10, 5)):
        clock.move_to(day)
        found.append(later in prepared.rows(organisations=(alder.pk,)))

    assert found == [False, True, True, False]


def test_what_would_stand_still_is_refused(alder: Any) -> None:
    for build in (
        lambda pk: Membership.objects.filter(pk=pk, starts_on__gt=clock.today() - timedelta(days=30)),
        lambda pk: Person.objects.filter(pk=pk, last_login__gt=clock.now() - timedelta(days=30)),
        lambda pk: Membership.objects.filter(pk=pk, starts_on__gt=date(2026, 9, 7)),
    ):
        with pytest.raises(NotPreparable, match="would stand still"):
            Prepared(build).rows(pk=alder.pk)


def test_value_that_the_query_leaves_out_is_refused(alder: Any) -> None:
    with pytest.raises(NotPreparable, match="no place"):
        Prepared(lambda pk, other: Person.objects.filter(pk=pk)).rows(pk=1, other=2)


@pytest.mark.parametrize("number", [0, 999_999, 10**18, 10**40])
def test_number_of_nothing_finds_nothing(number: int) -> None:
    prepared = Prepared(lambda pk: Person.objects.filter(pk=pk))

    assert prepared.first(pk=number) is None
    with pytest.raises(ObjectDoesNotExist):
        prepared.get(pk=number)
