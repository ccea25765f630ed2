"""Totals count the council's own money; what partners pay and what is managed for others stands apart in each."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from commissioning.models import Commission, Partner
from contracts.models import Contract
from organisation import clock
from organisation.roles import Role
from reporting.services import rollups
from tests.factories import commissioning as make
from tests.factories import organisation as people
from tests.reporting.conftest import contract

pytestmark = pytest.mark.django_db


@pytest.fixture
def joint(council, area, priya, signed_in):
    """A commission of £18,000 of which £3,000 comes from a partner and £5,000 is managed for another body."""
    made = make.started_commission(priya, service_area=area, title="Falls clinic")
    client = signed_in(priya)
    rows = (
        {"name": "Alder Health Board", "role": "partner", "share_ex_vat": "3000", "conditions": "Rural wards only"},
        {"name": "ICB", "role": "on_behalf", "share_ex_vat": "5000", "agreement": "S75", "client_group": "Leavers"},
    )
    for row in rows:
        answer = client.post(f"/commissions/{made.pk}/sheets/partners/add/", {"kind": "health", **row})
        assert answer.status_code == 302, answer.content.decode()
    return made


APART = "£3,000 paid by partners and £5,000 managed for others"


@pytest.mark.requirement("N-307")
def test_commission_shows_each_share_with_conditions_and_payments(joint, priya, signed_in):
    client, payer = signed_in(priya), Partner.objects.get(name="Alder Health Board")
    today = clock.today()
    day = {"due_on_0": str(today.day), "due_on_1": str(today.month), "due_on_2": str(today.year)}
    client.post(
        f"/commissions/{joint.pk}/sheets/partner_payments/add/", {"partner": payer.pk, "amount_ex_vat": "1000", **day}
    )

    page = client.get(f"/commissions/{joint.pk}/partners/").content.decode()

    for words in ("Alder Health Board", "£3,000", "Rural wards only", "£1,000", "ICB", "£5,000", "S75", "£10,000"):
        assert words in page, words


@pytest.mark.requirement("N-307")
def test_workplan_and_forward_plan_add_up_our_own_and_show_the_rest_apart(joint, area, priya, signed_in):
    make.registered_commission(priya, service_area=area, title="Bus stops", value=2000)
    make.registered_commission(priya, service_area=area, title="Not valued yet", value=None)
    client = signed_in(priya)

    page = client.get(reverse("reporting:workplan")).content.decode()

    assert f"of 3 commissions, £12,000 excluding VAT, and apart from our own {APART}" in page
    assert "of 1 commission, £2,000 excluding VAT" in client.get("/commissions/?q=bus").content.decode()
    Commission.objects.filter(pk=joint.pk).update(needed_by=clock.today())
    ahead = client.get(reverse("reporting:forward")).content.decode()
    assert "£10,000" in ahead
    assert "£3,000 paid by partners, £5,000 managed for others" in ahead


@pytest.mark.requirement("N-307")
def test_every_total_of_the_dashboard_keeps_it_apart_folded_or_not(joint, manager, council, priya, signed_in):
    client, here = signed_in(manager), reverse("reporting:dashboard")
    told = f"£10,000 excluding VAT, and apart from our own {APART}"

    def is_told():
        page = client.get(here)
        words = page.content.decode()
        assert told in words
        assert "Analyse holds £10,000 of the £10,000 in hand" in words
        assert f"and what is not our own: {APART}" in words
        assert page.context["headlines"][0].note == told

    is_told()
    assert rollups.fold(council) > 0
    is_told()
    csv = b"".join(client.get(reverse("reporting:dashboard_csv", args=["stages"]))).decode()
    assert "10000" in csv
    assert "18000" not in csv

    row = Partner.objects.get(name="ICB")
    client.force_login(priya)
    client.post(f"/commissions/{joint.pk}/sheets/partners/{row.pk}/remove/", {})
    client.force_login(manager)
    words = client.get(here).content.decode()
    assert "£15,000 excluding VAT, and apart from our own £3,000 paid by partners" in words
    assert "managed for others" not in words.replace("Funds managed for others", "")
    rollups.fold(council)
    call_command("check_rollups")
    assert "£15,000 excluding VAT" in client.get(here).content.decode()


@pytest.mark.requirement("N-307")
def test_register_takes_the_shares_of_a_contract_in_proportion(joint, council, area, priya, signed_in):
    half = contract(
        council, people.supplier(), clock.today(), root=joint.case_file, value_ex_vat=9000, service_area=area
    )
    assert Contract.objects.get(pk=half.pk).commission == joint
    contract(council, people.supplier(), clock.today(), value_ex_vat=1000, service_area=area)

    page = signed_in(people.person(Role.AUDITOR, at=council)).get("/contracts/").content.decode()

    apart = "£1,500 paid by partners and £2,500 managed for others"
    assert f"of 2 contracts, £6,000 excluding VAT, and apart from our own {apart}" in page
