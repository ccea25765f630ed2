"""The key documents of each stage, what reviewing one does to its gate, and how it came out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from casework.models import WorkItem
from casework.refusals import Blocked
from commissioning.models import Commission
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates, steps
from tests.commissioning.conftest import Alder
from tests.commissioning.test_collaboration import on

SignIn = Callable[[Person], Client]
Queries = Callable[[Callable[[], object]], list[str]]
SOON = date(2026, 9, 21)


def page_of(commission: Commission, client: Client) -> str:
    return client.get(f"/commissions/{commission.pk}/documents/").content.decode()


def asked(commission: Commission, paper: int, client: Client, reviewer: Person, asks: str = "advise") -> WorkItem:
    sent = {"asks": asks, "reviewer": reviewer.pk, "question": "Is the need shown?", **on("needed_by", SOON)}
    answer = client.post(f"/commissions/{commission.pk}/documents/{paper}/review/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return WorkItem.objects.latest("pk")


@pytest.mark.requirement("N-020")
def test_reviewed_document_waits_for_its_reviewer_before_the_gate(alder: Alder, sign_in: SignIn) -> None:
    commission, client = steps.in_analyse(alder, value=640_000), sign_in(alder.priya)
    for name in ("Initiation document", "Procurement request", "Outline business case", "Specification",
                 "Full business case", "Contract", "Not begun"):  # fmt: skip
        assert name in page_of(commission, client)
    gate = gates.begun(commission, 1, alder.priya)
    assert gate.paper_id is not None
    drafted = page_of(commission, client)
    for words in ("Draft 1", "Priya Shah", f"/papers/{gate.paper_id}/draft.pdf"):
        assert words in drafted
    address = f"/commissions/{commission.pk}/documents/{gate.paper_id}/review/"
    own = client.post(address, {"asks": "advise", "reviewer": alder.priya.pk, **on("needed_by", SOON)})
    assert "writes this document" in own.content.decode()

    item = asked(commission, gate.paper_id, client, alder.sam)

    assert "Peer review open, by 21 September 2026" in page_of(commission, client)
    assert "Sam Birtles" in page_of(commission, client)
    check = client.get(f"/papers/{gate.paper_id}/check/").content.decode()
    assert "its review is open with Sam Birtles" in check
    with pytest.raises(Blocked, match="submit"):
        gates.submitted(commission, 1, alder.priya)
    assert gates.read(commission, 1).state == "drafting"
    sam = sign_in(alder.sam)
    assert "Review a document: " in sam.get("/").content.decode()
    sam.post(f"/work/{item.pk}/do/respond/", {"answer": "agreed", "text": "The need is well shown."})
    said = page_of(commission, client)
    assert "Peer review: agreed" in said
    assert "The need is well shown." in said

    gates.submitted(commission, 1, alder.priya)

    assert "Approval: not given yet" in page_of(commission, client)
    gates.decided(gates.read(commission, 1), "approve", alder.tom)
    approved = page_of(commission, client)
    assert "Tom Hesketh" in approved
    assert "Approved 7 September 2026" in approved
    assert "Revision 1" in approved
    assert f"/papers/{gate.paper_id}/revisions/1/pdf/" in approved
    history = client.get(f"/commissions/{commission.pk}/history/").content.decode()
    assert "asked Sam Birtles to review a document" in history


@pytest.mark.requirement("N-020")
def test_approval_of_another_document_of_the_stage_holds_up_the_gate_too(alder: Alder, sign_in: SignIn) -> None:
    commission, client = steps.put_in(steps.in_analyse(alder, value=640_000), "plan"), sign_in(alder.priya)
    gate = gates.begun(commission, 3, alder.priya)
    paper = papers.begin(commission.case_file, "specification", by=alder.priya)
    item = asked(commission, paper.pk, client, alder.tom, "approve")
    assert item.asks == "approve"

    for address in (f"/papers/{gate.paper_id}/check/", f"/papers/{paper.pk}/check/"):
        assert "open with Tom Hesketh" in client.get(address).content.decode(), address

    client.post(f"/work/{item.pk}/do/close/", {"note": "No longer needed"})
    assert "Approval no longer asked for" in page_of(commission, client)
    for address in (f"/papers/{gate.paper_id}/check/", f"/papers/{paper.pk}/check/"):
        assert "open with Tom Hesketh" not in client.get(address).content.decode()


@pytest.mark.requirement("N-020")
def test_sign_off_of_the_specification_is_shown(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    steps.signed_off(commission, alder)

    page = page_of(commission, sign_in(alder.by_role["finance"]))  # type: ignore[index]

    assert "Signed off 7 September 2026" in page
    assert "Tom Hesketh" in page
    assert "Ask for a review" not in page


def test_who_may_not_ask_is_refused_and_other_papers_are_none(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640_000)
    gate = gates.begun(commission, 1, alder.priya)
    other = papers.begin(commission.case_file, "impact_screening", by=alder.priya)
    finance = sign_in(alder.by_role[Role.FINANCE])
    assert finance.get(f"/commissions/{commission.pk}/documents/{gate.paper_id}/review/").status_code == 403
    assert sign_in(alder.priya).get(f"/commissions/{commission.pk}/documents/{other.pk}/review/").status_code == 404
    assert sign_in(alder.olive).get(f"/commissions/{commission.pk}/documents/").status_code == 404


def test_page_costs_the_same_however_many_reviews(alder: Alder, sign_in: SignIn, queries_of: Queries) -> None:
    commission, client = steps.in_analyse(alder, value=640_000), sign_in(alder.priya)
    gate = gates.begun(commission, 1, alder.priya)
    assert gate.paper_id is not None
    few = queries_of(lambda: page_of(commission, client))
    for person in (alder.tom, alder.sam, alder.maria):
        asked(commission, gate.paper_id, client, person)
    assert len(queries_of(lambda: page_of(commission, client))) == len(few) <= 8, few
