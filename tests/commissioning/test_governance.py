"""Who decides: an area's own approval steps, authority at the moment of the act, and the rules above them all."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from casework.models import AuditEvent, RulesVersion
from commissioning.models import ApprovalRoute, Gate
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates, steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
VALUE = Decimal(240000)


def own_route(alder: Alder, ada: Client) -> ApprovalRoute:
    """The area's own route for gate 1 from £200,000, made in the administration pages: Finance approves as well."""
    given = {
        "framework": alder.council.framework.pk, "key": "adults_gate_1", "name": "Gate 1 in Learning and Skills",
        "gate": "1", "service_area": alder.area.pk, "from_value": "200000", "order": "9",
        "valid_from": TODAY.isoformat(),
        "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "0", "steps-MIN_NUM_FORMS": "0", "steps-MAX_NUM_FORMS": "1000",
    }  # fmt: skip
    for number, role in enumerate((Role.SERVICE_LEADER, Role.BUDGET_HOLDER, Role.LEADERSHIP_APPROVER)):
        given |= {f"steps-{number}-order": str(number + 1), f"steps-{number}-role": role}
        given |= {f"steps-{number}-needed": "1"}
    answer = ada.post("/admin/commissioning/approvalroute/add/", given)
    assert answer.status_code == 302, answer.context["errors"]
    return ApprovalRoute.objects.get(key="adults_gate_1")


@pytest.mark.requirement("N-288")
def test_steps_that_an_area_adds_appear_in_its_gates_and_must_be_done(alder: Alder, sign_in: SignIn) -> None:
    own_route(alder, sign_in(alder.by_role[Role.ADMINISTRATOR]))
    commission = steps.in_analyse(alder, value=VALUE)
    gate = gates.submitted(commission, 1, alder.priya)
    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/gates/1/").content.decode()
    assert "Ann Doyle" in page, "the step that the area added"

    gates.decided(gate, "approve", alder.tom)
    assert gates.read(commission, 1).state == "submitted"
    gates.decided(gate, "approve", alder.by_role[Role.BUDGET_HOLDER])
    assert gates.read(commission, 1).state == "submitted"
    gates.decided(gate, "approve", alder.by_role[Role.LEADERSHIP_APPROVER])
    assert gates.read(commission, 1).state == "approved"


@pytest.mark.requirement("N-288")
def test_below_its_value_and_in_another_area_the_usual_steps_stand(alder: Alder, sign_in: SignIn) -> None:
    own_route(alder, sign_in(alder.by_role[Role.ADMINISTRATOR]))
    small = steps.in_analyse(alder, value=Decimal(150000))
    gates.submitted(small, 1, alder.priya)
    assert "Ann Doyle" not in sign_in(alder.priya).get(f"/commissions/{small.pk}/gates/1/").content.decode()


@pytest.mark.requirement("N-289")
def test_whoever_may_not_approve_sees_no_control_and_a_direct_attempt_is_refused_and_written_down(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder, value=VALUE)
    gate = gates.submitted(commission, 1, alder.priya)
    for person in (alder.priya, alder.sam, alder.by_role[Role.FINANCE]):
        client = sign_in(person)
        page = client.get(f"/commissions/{commission.pk}/gates/1/").content.decode()
        assert "Decide gate 1" not in page
        assert client.get(f"/commissions/{commission.pk}/gates/1/decide/").status_code == 403
        events = AuditEvent.objects.filter(is_refusal=True).count()
        sent = client.post(f"/gates/{gate.pk}/do/approve/", {})
        assert sent.status_code in (403, 404)
        assert client.post(f"/commissions/{commission.pk}/gates/1/decide/", {"outcome": "approve"}).status_code == 403
        assert AuditEvent.objects.filter(is_refusal=True).count() > events, "and written down"
    assert Gate.objects.get(pk=gate.pk).state == "submitted"
    assert "Decide gate 1" in sign_in(alder.tom).get(f"/commissions/{commission.pk}/gates/1/").content.decode()


@pytest.mark.requirement("N-290")
def test_thresholds_and_gates_link_to_the_constitution(alder: Alder, sign_in: SignIn) -> None:
    ada, framework = sign_in(alder.by_role[Role.ADMINISTRATOR]), alder.council.framework
    address = f"/admin/organisation/commissioningframework/{framework.pk}/change/"
    ada.post(
        address,
        {
            "name": framework.name,
            "description": framework.description,
            "constitution_name": "Constitution, part 4: contract and finance rules",
            "constitution_url": "https://alder.example/constitution/part-4",
        },
    )
    commission = steps.in_analyse(alder, value=VALUE)
    client, number = sign_in(alder.priya), RulesVersion.objects.get().number
    pages = [
        f"/commissions/{commission.pk}/",
        *(f"/commissions/{commission.pk}/gates/{gate}/" for gate in (1, 3, 4)),
        f"/rules/{alder.council.pk}/{number}/",
    ]
    for page in pages:
        said = client.get(page).content.decode()
        assert 'href="https://alder.example/constitution/part-4"' in said, page
        assert "Constitution, part 4: contract and finance rules" in said, page


@pytest.mark.requirement("N-285")
def test_page_shows_route_and_each_authority_with_who_limit_evidence_and_date(alder: Alder, sign_in: SignIn) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)
    make.with_authority(commission, decided_by="Director of Adults", limit_ex_vat=Decimal(20000))
    page = sign_in(alder.tom).get(f"/commissions/{commission.pk}/authority/").content.decode()
    for words in (
        "Governance route",
        "Officer delegated decision",
        "Director of Adults",
        "£20,000",
        "7 September 2026",
    ):
        assert words in page
    for act in ("Commission<br>", "Procure<br>", "Award"):
        assert act in page
