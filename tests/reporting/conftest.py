"""What the tests of this room share."""

from datetime import date, timedelta

import pytest
from django.test import Client

from casework.audit import audited, record
from casework.door import carry_out
from commissioning.models import Category, Gate
from contracts.models import Contract
from organisation import clock
from organisation.actors import System
from organisation.models import Organisation, Person
from organisation.roles import Role
from reporting.counting import quarter_days
from tests.factories import casework
from tests.factories import commissioning as make
from tests.factories import organisation as people


@pytest.fixture
def council(db: None) -> Organisation:
    """A council that follows the default framework."""
    people.calendars()
    return make.council(name="Alder County Council")


@pytest.fixture
def area(council: Organisation):
    """One of its service areas."""
    return people.service_area(council, name="Home and Community Care")


@pytest.fixture
def priya(council: Organisation, area) -> Person:
    """A commissioner of that area."""
    return make.commissioner(council, area, name="Priya Shah", team="Commissioning")


@pytest.fixture
def outsider(council: Organisation) -> Person:
    """A commissioner of another council under the same framework."""
    elsewhere = people.organisation(name="Westmere Borough Council", framework=council.framework)
    return make.commissioner(elsewhere, name="Ruth Calloway")


@pytest.fixture
def signed_in(client: Client):
    """Sign somebody in: ``signed_in(person)`` returns the client."""

    def sign_in(person: Person) -> Client:
        client.force_login(person)
        return client

    return sign_in


def contract(where, supplier, ends_on, *, root=None, **fields):
    """A contract of the register as a row, told in the trail as its service would."""
    with audited(by=System(because="A test makes a contract")):
        case = casework.case_file(where, kind="contract", prefix="CON", root=root, state="live", **fields)
        made = Contract.objects.create(
            case_file=case, organisation=where, supplier=supplier, state="live",
            commission=root.commission if root else None, category=root.commission.category if root else None,
            starts_on=date(2026, 1, 1), ends_on=ends_on,
        )  # fmt: skip
        record(verb="contract.draft", subject=made)
    return made


@pytest.fixture
def manager(council):
    return people.person(Role.CCPS_MANAGER, at=council, name="Maria Okafor")


@pytest.fixture
def work(council, area, priya, manager):
    """Commissions in two directorates and three stages; items late, held, waiting and answered; three contracts."""
    highways = people.service_area(council, name="Highways")
    nadia = make.commissioner(council, highways, name="Nadia Iqbal")
    it = Category.objects.get(framework=council.framework, key="ict")
    home = make.started_commission(
        priya, title="Home care", value=640000, ticked=("strategic",), needed_by=clock.today() + timedelta(days=200)
    )
    make.started_commission(nadia, title="Gritting", value=150000, needed_by=clock.today())
    make.registered_commission(nadia, title="Laptops", value=60000, category=it)
    make.registered_commission(priya, title="Bare", value=None, complete=False)
    with audited(by=System(because="A test sends a gate")):
        gate = Gate(commission=home, number=1, state="submitted")
        gate.save()
        record(verb="gate.submit", subject=gate)
    hal = casework.lawyer(council, name="Hal Whitby")
    officer = people.person(Role.CCPS_OFFICER, at=council, name="Lewis Grant")
    request = {"queue_key": "ccps", "kind": "procurement_request", "asks": "quote", "allowance": 7}
    clock.move_to(clock.now() - timedelta(days=20))
    casework.item(home.case_file, by=priya)  # fell due six days ago
    answered = casework.item(home.case_file, by=priya, **request)
    missed = casework.item(home.case_file, by=priya, **request)
    casework.item(home.case_file, by=priya, **request)
    carry_out(answered, "respond", by=officer, answer="done", text="Accepted.", from_room=True)
    clock.move_back()
    carry_out(missed, "respond", by=officer, answer="done", text="Accepted.", from_room=True)
    casework.item(home.case_file, by=priya, **request)
    casework.item(home.case_file, by=priya, is_late_ask=True)
    held = carry_out(casework.item(home.case_file, by=priya), "assign", by=hal, assignee=hal).subject
    asked = carry_out(casework.item(home.case_file, by=priya), "assign", by=hal, assignee=hal).subject
    carry_out(asked, "ask", by=hal, text="Who holds the care plans?")
    supplier = people.supplier(council)
    first, last = quarter_days(f"{clock.today().year + 1}Q1")
    contract(council, supplier, first, service_area=area)
    contract(council, supplier, last, service_area=highways)
    contract(council, supplier, first - timedelta(days=1), root=home.case_file, service_area=area)
    return {"home": home, "hal": hal, "held": held, "highways": highways, "nadia": nadia}
