"""Who decides on a gate is set by service area and value; everyone asked must; nobody else can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import AuditEvent
from commissioning.models import ApprovalRoute, ApprovalView, Commission, RouteStep
from organisation import clock
from organisation.models import Person, ServiceArea
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


def routed(alder: Alder, sign_in: SignIn, number: int, area: ServiceArea | None, *roles: Role, **fields: Any) -> None:
    """An administrator adds an approval route on its page: one approval of each role, in this order."""
    admin, address = sign_in(alder.by_role[Role.ADMINISTRATOR]), reverse("admin:commissioning_approvalroute_add")
    form = admin.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"framework": alder.council.framework.pk, "key": f"own_{number}", "name": "Own route", "order": 90}
    sent |= {"gate": number, "service_area": area.pk if area else "", "from_value": "0"} | fields
    sent |= {"steps-TOTAL_FORMS": len(roles), "steps-INITIAL_FORMS": 0}
    for place, role in enumerate(roles):
        sent |= {f"steps-{place}-order": place + 1, f"steps-{place}-role": role.value, f"steps-{place}-needed": 1}

    done = admin.post(address, sent)

    assert done.status_code == 302, done.context["errors"]
    assert RouteStep.objects.filter(route=ApprovalRoute.objects.get(key=f"own_{number}")).count() == len(roles)


def steps_of(commission: Commission, number: int) -> list[str]:
    return list(walk.read(commission, number).rounds.get().steps.order_by("order").values_list("role", flat=True))


def page_of(client: Client, commission: Commission, number: int) -> str:
    return client.get(f"/commissions/{commission.pk}/gates/{number}/").content.decode()


@pytest.mark.requirement("N-288", "N-341")
def test_area_has_a_step_of_its_own_from_a_value_up_and_it_must_be_done(alder: Alder, sign_in: SignIn) -> None:
    own = (Role.SERVICE_LEADER, Role.FINANCE, Role.LEADERSHIP_APPROVER)
    routed(alder, sign_in, 1, alder.area, *own, from_value="500000")
    people.membership(alder.priya, Role.COMMISSIONER, alder.council, alder.other_area)
    people.membership(alder.tom, Role.SERVICE_LEADER, alder.council, alder.other_area)
    priya, tom = (Person.objects.get(pk=person.pk) for person in (alder.priya, alder.tom))
    helen, fiona = alder.by_role[Role.LEADERSHIP_APPROVER], alder.by_role[Role.FINANCE]
    here, below, elsewhere = (
        make.started_commission(priya, service_area=area, value=value, ticked=("strategic",))
        for area, value in ((alder.area, 640000), (alder.area, 499999), (alder.other_area, 640000))
    )

    for commission in (here, below, elsewhere):
        walk.submitted(steps.read(commission), 1, priya)

    assert [steps_of(commission, 1) for commission in (here, below, elsewhere)] == [
        list(own),
        [Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER],
        [Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER],
    ]
    gate = walk.decided(walk.read(here, 1), "approve", tom)
    page = page_of(sign_in(priya), here, 1)
    assert "<strong>Finance</strong>" in page
    assert "Decide gate 1" not in page_of(sign_in(helen), here, 1), "the step of the area comes first"
    assert "Gate 1, initiation document: required, submitted" in steps.refused(steps.read(here), "to_plan", priya)
    assert walk.decided(gate, "approve", fiona).state == "submitted"
    assert walk.decided(gate, "approve", helen).state == "approved"


@pytest.mark.requirement("N-162")
def test_gate_4_needs_everyone_of_the_functions_configured_and_shows_who_has_decided(
    alder: Alder, sign_in: SignIn
) -> None:
    routed(alder, sign_in, 4, alder.area, Role.FINANCE, Role.LEGAL, Role.LEADERSHIP_APPROVER)
    planned = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    make.decided_delivery(planned, "in_house")
    secured = steps.put_in(planned, "secure")
    gate = walk.submitted(secured, 4, alder.priya)

    gate = walk.decided(gate, "approve", alder.by_role[Role.FINANCE])

    page = page_of(sign_in(alder.priya), secured, 4)
    day = f"{clock.today().day} September 2026"
    for shown in (f"Fiona Mercer: approved, {day}", f"Hal Whitby: asked {day}", "Helen Moss: asked next"):
        assert shown in page
    assert gate.state == "submitted"
    gate = walk.decided(gate, "approve", alder.by_role[Role.LEGAL])
    assert gate.state == "submitted", "two of the three functions are not enough"
    assert walk.decided(gate, "approve", alder.by_role[Role.LEADERSHIP_APPROVER]).state == "approved"


@pytest.mark.requirement("N-289")
@pytest.mark.parametrize("lacks", ["role", "authority"])
def test_who_lacks_the_authority_sees_no_way_to_decide_and_a_forged_decision_is_written_down(
    alder: Alder, sign_in: SignIn, lacks: str
) -> None:
    person = alder.sam if lacks == "role" else alder.tom
    RouteStep.objects.filter(route__gate=1, order=1).update(asks_authority=True)
    seat = people.holding(people.post(alder.council, title="Head of service"), alder.tom)
    people.limit(seat.post, "approve_gate", 640000)
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    walk.submitted(commission, 1, alder.priya)
    client, address = sign_in(person), f"/commissions/{commission.pk}/gates/1/decide/"
    if lacks == "authority":
        assert "Decide gate 1" in page_of(client, commission, 1)
        seat.ends_on = clock.today()
        seat.save()

    page, shown = page_of(client, commission, 1), client.get(address)
    forged = client.post(address, {"decision": "approve", "note": ""})

    assert "Decide gate 1" not in page
    assert (shown.status_code, forged.status_code) == (403, 403)
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.is_refusal, event.verb, event.actor_id) == (True, "gate.approve", person.pk)
    assert not ApprovalView.objects.exclude(outcome="").exists()
    assert walk.read(commission, 1).state == "submitted"
