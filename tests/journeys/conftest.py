"""A council with its people, and a browser that walks through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casework import framework_loading
from casework.audit import audited
from organisation import clock
from organisation.actors import System
from organisation.models import CommissioningFramework, Organisation, Person, ServiceArea, Supplier
from organisation.roles import Function, Role
from tests.factories import organisation as org
from tests.journeys.walking import Walker

FRAMEWORK = Path(__file__).parents[2] / "fixtures" / "frameworks" / "default"


@dataclass
class Council:
    """The people of the worked examples, and somebody who must see nothing of them."""

    organisation: Organisation
    area: ServiceArea
    priya: Person
    tom: Person
    ann: Person
    sam: Person
    lewis: Person
    maria: Person
    jo: Person
    hal: Person
    fiona: Person
    tessa: Person
    ravi: Person
    helen: Person
    victor: Person
    outsider: Person
    supplier: Supplier
    other_supplier: Supplier


@pytest.fixture
def first_day() -> date:
    """The day on which the walk begins; a module whose example begins on another says so."""
    return date(2026, 9, 7)


@pytest.fixture
def council(transactional_db: None, first_day: date) -> Council:
    """Alder County Council under the default framework."""
    clock.move_to(first_day)
    org.calendars()
    content = framework_loading.read(FRAMEWORK)
    with audited(by=System("The framework was loaded for a test")):
        framework_loading.load(content)
    framework = CommissioningFramework.objects.get(key=content["key"])
    alder = org.organisation(key="alder", name="Alder County Council", framework=framework)
    area = org.service_area(directorate=org.directorate(alder, name="Adult Services"), name="Learning and Skills")
    org.statutory_figures()

    def person(name: str, team: str, role: Role, everywhere: bool = False, **more: Any) -> Person:
        email = f"{name.lower().replace(' ', '.')}@alder.example"
        made = org.person(at=alder, name=name, team=team, email=email)
        org.membership(made, role, at=alder, area=None if everywhere else area, **more)
        return made

    def function(name: str, team: str, which: Function) -> Person:
        return person(name, team, Role.OTHER_FUNCTION, everywhere=True, function=which)

    org.supplier(alder, name="Bright Rooms Ltd")
    org.supplier(alder, name="Northern AV Ltd")
    return Council(
        organisation=alder,
        area=area,
        priya=person("Priya Shah", "Commissioning", Role.COMMISSIONER),
        tom=person("Tom Hesketh", "Adult Services", Role.SERVICE_LEADER),
        ann=person("Ann Doyle", "Adult Services", Role.BUDGET_HOLDER),
        sam=person("Sam Birtles", "Contracts", Role.CONTRACT_MANAGER),
        lewis=person("Lewis Grant", "CCPS", Role.CCPS_OFFICER, everywhere=True),
        maria=person("Maria Okafor", "CCPS", Role.CCPS_MANAGER, everywhere=True),
        jo=function("Jo Lindley", "Information Governance", Function.INFORMATION_GOVERNANCE),
        hal=person("Hal Whitby", "Legal", Role.LEGAL, everywhere=True),
        fiona=person("Fiona Mercer", "Finance", Role.FINANCE, everywhere=True),
        tessa=function("Tessa Boyd", "HR", Function.HR),
        ravi=function("Ravi Menon", "ICT", Function.ICT),
        helen=person("Helen Moss", "Adult Services", Role.LEADERSHIP_APPROVER, everywhere=True),
        victor=person("Victor Aldous", "Environment and Resources", Role.LEADERSHIP_APPROVER, everywhere=True),
        outsider=org.person(Role.COMMISSIONER, name="Olive Outside"),
        supplier=org.supplier(alder, name="Safe Hands Training Ltd"),
        other_supplier=org.supplier(alder, name="Lift Well CIC"),
    )


@pytest.fixture
def walk(page: Any, live_server: Any, sign_in_browser: Callable[[Person], None], council: Council) -> Walker:
    """A browser at the council's address."""
    return Walker(page, live_server.url, sign_in_browser)


@pytest.fixture
def plain_walk(browser: Any, browser_context_args: Any, live_server: Any, council: Council) -> Iterator[Walker]:
    """The same with scripts off."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()

    def sign_in(person: Person) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.clear_cookies()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    yield Walker(page, live_server.url, sign_in, has_scripts=False)
    context.close()
