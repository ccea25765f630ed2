"""Alder County Council under the whole default framework, with somebody in every role, and two councils beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client

from documents import selectors
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea
from organisation.roles import Role
from tests.factories import commissioning as make
from tests.factories import organisation as people

TODAY = date(2026, 9, 7)


@dataclass
class Alder:
    """The council, two of its service areas, and its people; Westmere follows the same framework."""

    council: Organisation
    area: ServiceArea
    other_area: ServiceArea
    westmere: Organisation
    priya: Person
    tom: Person
    sam: Person
    maria: Person
    olive: Person
    by_role: dict[Role, Person] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def fresh_shapes() -> Iterator[None]:
    """Remember no template of another test."""
    selectors.forget_shapes()
    yield
    selectors.forget_shapes()


@pytest.fixture
def alder(db: None) -> Alder:
    """Monday 7 September 2026 at Alder."""
    clock.move_to(TODAY)
    people.calendars()
    council = make.council(name="Alder County Council")
    adults = people.directorate(council, name="Adult Services")
    area = people.service_area(directorate=adults, name="Learning and Skills")
    westmere = people.organisation(name="Westmere Borough Council", framework=council.framework)
    named = {
        Role.COMMISSIONER: "Priya Shah",
        Role.BUDGET_HOLDER: "Ann Doyle",
        Role.SERVICE_LEADER: "Tom Hesketh",
        Role.CONTRACT_MANAGER: "Sam Birtles",
        Role.CCPS_OFFICER: "Lewis Grant",
        Role.CCPS_MANAGER: "Maria Okafor",
        Role.LEGAL: "Hal Whitby",
        Role.FINANCE: "Fiona Mercer",
        Role.OTHER_FUNCTION: "Jo Lindley",
        Role.LEADERSHIP_APPROVER: "Helen Moss",
        Role.AUDITOR: "Audrey Pike",
        Role.ADMINISTRATOR: "Ada Finch",
    }
    local = (Role.COMMISSIONER, Role.BUDGET_HOLDER, Role.SERVICE_LEADER, Role.CONTRACT_MANAGER)
    by_role = {
        role: people.person(role, at=council, area=area if role in local else None, name=name, team="Adult Services")
        for role, name in named.items()
    }
    return Alder(
        council=council,
        area=area,
        other_area=people.service_area(directorate=adults, name="Home and Community Care"),
        westmere=westmere,
        priya=by_role[Role.COMMISSIONER],
        tom=by_role[Role.SERVICE_LEADER],
        sam=by_role[Role.CONTRACT_MANAGER],
        maria=by_role[Role.CCPS_MANAGER],
        olive=people.person(Role.COMMISSIONER, at=westmere, name="Olive Outside"),
        by_role=by_role,
    )


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """A browser in which somebody is signed in."""

    def sign_in_as(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in_as
