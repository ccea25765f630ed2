"""Every decision keeps who, when, why and the version decided on, and nothing of it can be edited afterwards."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from casework.models import AuditEvent
from commissioning.models import DeliveryModel
from organisation.models import Person
from organisation.roles import Role
from tests.casework.test_audit import forging
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


def section(page: str, title: str) -> str:
    """The part of the page that tells of one decision."""
    return page[page.index(title) :].split("</section>")[0]


@pytest.mark.requirement("N-291", "N-140")
def test_gate_and_delivery_decisions_keep_who_when_why_and_the_version_decided_on(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    helen, priya = alder.by_role[Role.LEADERSHIP_APPROVER], sign_in(alder.priya)
    gate = walk.submitted(commission, 1, alder.priya)
    walk.decided(gate, "return_for_changes", alder.tom, note="Say how many people.")
    gate = walk.submitted(commission, 1, alder.priya)
    walk.decided(gate, "approve", alder.tom)
    walk.decided(gate, "approve", helen, note="Clear now.")
    steps.put_in(commission, "plan")
    model = DeliveryModel.objects.get(framework=alder.council.framework, key="in_house")
    priya.post(f"/commissions/{commission.pk}/delivery/", {"model": model.pk, "reasons": "The team has room."})
    gate_3 = walk.submitted(commission, 3, alder.priya)
    for person in (helen, alder.by_role[Role.LEADERSHIP_APPROVER]):
        if walk.read(commission, 3).state == "submitted":
            walk.decided(gate_3, "approve", person, note="The best of the four.")

    page = priya.get(f"/commissions/{commission.pk}/decisions/").content.decode()
    assert (
        f"/commissions/{commission.pk}/decisions/"
        in priya.get(f"/commissions/{commission.pk}/history/").content.decode()
    )

    returned = section(page, "Returned")
    for words in ("Tom Hesketh", "Service leader", "7 September 2026", "Say how many people.",
                  "Initiation document, revision 1"):  # fmt: skip
        assert words in returned, words
    delivery = section(page, "Decided how to deliver: In-house")
    for words in ("Priya Shah", "The team has room.", "Initiation document, revision 2"):
        assert words in delivery, words
    assert page.count("Initiation document, revision 2") >= 3, "both approvals of gate 1, and what followed"
    assert "Outline business case, revision 1" in page
    for words in ("Helen Moss", "Clear now.", "The best of the four."):
        assert words in page
    each = priya.get(f"/commissions/{commission.pk}/gates/3/").content.decode()
    assert "Helen Moss: approved, 7 September 2026" in each
    assert "The best of the four." in each
    assert sign_in(alder.olive).get(f"/commissions/{commission.pk}/decisions/").status_code == 404

    again = sign_in(helen).post(f"/commissions/{commission.pk}/gates/3/decide/", {"verb": "refuse", "note": "No"})
    assert again.status_code in (302, 403, 409)
    assert priya.get(f"/commissions/{commission.pk}/decisions/").content.decode().count("<section") == page.count(
        "<section"
    ), "a settled gate is not decided again"
    call_command("verify_audit", stdout=StringIO())
    with forging():
        AuditEvent.objects.filter(verb="commission.delivery").update(reason="A nicer reason")
    with pytest.raises(CommandError, match="1 breaks found"):
        call_command("verify_audit", stderr=StringIO())


@pytest.mark.requirement("N-291")
def test_waived_gate_keeps_its_reason_and_that_no_paper_was_submitted(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), "plan")
    helen = sign_in(alder.by_role[Role.LEADERSHIP_APPROVER])

    helen.post(f"/commissions/{commission.pk}/gates/3/waive/", {"note": "It was weighed in May."})

    page = helen.get(f"/commissions/{commission.pk}/decisions/").content.decode()
    waived = section(page, "Waived")
    for words in ("Helen Moss", "It was weighed in May.", "Outline business case, not submitted"):
        assert words in waived, words


def test_page_costs_the_same_whatever_was_decided(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    priya, page = sign_in(alder.priya), f"/commissions/{commission.pk}/decisions/"
    models = list(DeliveryModel.objects.filter(framework=alder.council.framework).order_by("pk"))

    def decide(times: int) -> None:
        for number in range(times):
            sent = {"model": models[number % 2].pk, "reasons": f"Reason {number}"}
            priya.post(f"/commissions/{commission.pk}/delivery/", sent)

    assert "Nothing has been decided yet." in priya.get(page).content.decode()
    decide(1)
    few = queries_of(lambda: priya.get(page))
    decide(8)
    many = queries_of(lambda: priya.get(page))

    assert len(few) == len(many) <= 8, many
