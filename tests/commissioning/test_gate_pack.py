"""The pack of a gate's submission: one PDF with the paper, what was said of it, and the decision."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from commissioning.models import Commission
from commissioning.services import gates
from commissioning.services.gate_rounds import Condition
from documents.models import Paper, Rendering
from documents.services import comments, renderings
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def store_folder(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.in_analyse(alder, value=640000, ticked=("strategic",))


def decided_gate(alder: Alder, commission: Commission) -> str:
    gate = walk.begun(commission, 1, alder.priya)
    gates.ask_input(
        gate, functions=["finance"], needed_by=clock.today(), question="Are the days right?", by=alder.priya
    )
    paper = Paper.objects.get(pk=gate.paper_id)
    made = comments.comment(paper, "resources", "Twelve days is too few.", by=alder.by_role[Role.FINANCE])
    comments.reply(made, "Now twenty.", by=alder.priya)
    walk.submitted(commission, 1, alder.priya)
    owner, due = alder.priya, clock.today()
    condition = Condition("Name the project manager.", owner, due, 3)
    walk.decided(walk.read(commission, 1), "approve_with_conditions", alder.tom, conditions=[condition])
    walk.decided(walk.read(commission, 1), "approve", alder.by_role[Role.LEADERSHIP_APPROVER])
    return f"/commissions/{commission.pk}/gates/1/submissions/1/pack/"


def whole(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def words_of(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def test_pack_holds_everything_a_committee_needs(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    address = decided_gate(alder, commission)
    page = sign_in(alder.by_role[Role.AUDITOR])
    assert address in page.get(f"/commissions/{commission.pk}/gates/1/").content.decode()

    response = page.get(address)

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    made = whole(response)
    text = words_of(made)
    for words in (
        commission.case_file.title,
        "£640,000",
        "High risk",
        "Approved with conditions",
        "Tom Hesketh",
        "Helen Moss",
        "Name the project manager.",
        "Twelve days is too few.",
        "Now twenty.",
        "No input yet",
        "4. The paper: Initiation document",
        "Page 2 of",
    ):
        assert words in text, words
    reader = PdfReader(io.BytesIO(made))
    assert "/StructTreeRoot" in reader.trailer["/Root"], "a tagged document"
    assert f"{commission.case_file.reference}" in str(reader.metadata.title)
    assert whole(page.get(address)) == made, "it is made once and kept"


def test_pack_is_for_those_who_see_the_gate(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    address = decided_gate(alder, commission)

    assert sign_in(alder.olive).get(address).status_code == 404
    assert sign_in(alder.priya).get(address.replace("submissions/1", "submissions/9")).status_code == 404
    assert sign_in(alder.priya).get(address.replace("gates/1", "gates/3")).status_code == 404


def test_long_pack_is_made_beside_the_page(
    alder: Alder, commission: Commission, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = decided_gate(alder, commission)
    monkeypatch.setattr(renderings, "LARGE", 10)
    page = sign_in(alder.priya)

    waiting = page.get(address)
    assert (waiting.status_code, "is being prepared" in waiting.content.decode()) == (202, True)
    assert Rendering.objects.filter(shape="gate_pack", pdf_state="preparing").count() == 1
    renderings.make_waiting()

    assert whole(page.get(address)).startswith(b"%PDF")


def test_pack_costs_the_same_with_one_comment_and_with_twenty(
    alder: Alder, commission: Commission, sign_in: SignIn, queries_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = decided_gate(alder, commission)
    monkeypatch.setattr(renderings, "LARGE", 10)
    page = sign_in(alder.priya)
    with_one = len(queries_of(lambda: page.get(address)))
    for number in range(20):
        comments.comment(Paper.objects.get(), "aims", f"Number {number}", by=alder.by_role[Role.LEGAL])

    assert len(queries_of(lambda: page.get(address))) == with_one
