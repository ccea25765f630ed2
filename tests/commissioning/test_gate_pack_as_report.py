"""A gate 3 pack reads like a committee report: tables for lists, gate 2, no page left mostly white, a statement."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from casework import door
from casework.models import WorkItem
from commissioning.models import AppraisalOption, Commission
from commissioning.services import options as appraising
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from documents.models import Paper
from documents.services import papers
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from procurement.models import ProcurementRequest
from procurement.services import requests
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
CASE = "The contracts end on 31 March 2027, and 31 packages of care have been handed back since April."


@pytest.fixture(autouse=True)
def store_folder(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"


@pytest.fixture
def commission(alder: Alder) -> Commission:
    """In Plan, high risk, with three options costed and scored, and bought."""
    people.statutory_figures()
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic", "market"))
    walk.measured(commission, alder.priya, baseline="22", target="85", measure="Starts within five days of leaving")
    walk.measured(commission, alder.priya, baseline="71", target="95", measure="Visits within 30 minutes of the time")
    commission = steps.put_in(commission, "plan", needed_by=clock.today() + timedelta(days=390))
    make.decided_delivery(commission, "buy")
    weighed(commission, alder.priya)
    return commission


def weighed(commission: Commission, by: Person) -> None:
    """Do nothing, four contracts, one contract: costs over five years, scores on three criteria."""
    said = {
        "Four contracts, one for each area": (
            "Small rounds with local staff; five providers may bid; nobody has more than half of the hours",
            "Four contracts to manage",
            "118 people have the same carers, and start within five days",
            "Nobody bids for Scarhead",
            "Six months' notice, files handed back, staff transfer to the next provider",
        ),
        "One contract for all the fells": (
            "One provider to manage",
            "Only one provider is large enough; no choice if it fails",
            "The same hours for 118 people",
            "The provider hands back packages in winter",
            "Twelve months' notice; no other provider is at hand",
        ),
    }
    names = ("advantages", "disadvantages", "outcomes", "risk", "exit_route")
    for name, words in said.items():
        fields = {"name": name, **dict(zip(names, words, strict=True))}
        save_row(commission, sheet_of("options"), fields, by=by)  # type: ignore[arg-type]
    found = {row.name: row for row in AppraisalOption.objects.filter(commission=commission)}
    running = {
        "Do nothing": 201_600,
        "Four contracts, one for each area": 164_500,
        "One contract for all the fells": 161_000,
    }
    for name, amount in running.items():
        cost = {"option": found[name], "kind": "running", "what": "", "amount": Decimal(amount)}
        save_row(commission, sheet_of("option_costs"), {**cost, "first_year": 2027, "last_year": 2030}, by=by)  # type: ignore[arg-type]
        if name != "Do nothing":
            leaving = {"option": found[name], "kind": "ending", "what": "", "amount": Decimal(24_000)}
            save_row(commission, sheet_of("option_costs"), {**leaving, "first_year": 2031, "last_year": 2031}, by=by)  # type: ignore[arg-type]
    marks = {
        "Do nothing": (1, 1, 3),
        "Four contracts, one for each area": (5, 4, 3),
        "One contract for all the fells": (3, 2, 4),
    }
    criteria = [
        save_row(
            commission, sheet_of("option_criteria"), {"name": name, "weight": weight, "good_looks_like": ""}, by=by
        )  # type: ignore[arg-type]
        for name, weight in (("Quality of care", 50), ("Keeps the market alive", 30), ("Easy to run", 20))
    ]
    for name, scores in marks.items():
        given = {row.pk: (score, "As the panel found") for row, score in zip(criteria, scores, strict=True)}
        appraising.save_scores(found[name], given, version=0, by=by)
    best = found["Four contracts, one for each area"]
    appraising.prefer(commission, option=best, because="It has the best score and the least cost.", by=by)


def accepted_request(commission: Commission, alder: Alder) -> ProcurementRequest:
    """Sent with the budget holder's approval, taken on by CCPS."""
    request = requests.open_request(commission, by=alder.priya)
    steps.submit(Paper.objects.get(pk=request.paper_id), alder.priya)
    read = ProcurementRequest.objects.select_related("commission__case_file", "item", "case_file")
    door.carry_out(read.get(pk=request.pk), "approve_budget", by=alder.by_role[Role.BUDGET_HOLDER])
    door.carry_out(read.get(pk=request.pk), "submit", by=alder.priya)
    lewis = alder.by_role[Role.CCPS_OFFICER]
    given = {
        "lead": lewis,
        "path": "sourcing",
        "effort_days": 25,
        "target_on": clock.today() + timedelta(days=220),
        "next_steps": "Market warming in October, then the tender documents.",
        "legal_needed_by": clock.today() + timedelta(days=90),
    }
    door.carry_out(read.get(pk=request.pk), "accept", by=lewis, **given)
    return read.get(pk=request.pk)


def pack_of(alder: Alder, commission: Commission, client: Client) -> PdfReader:
    """The pack of the first submission at gate 3."""
    walk.submitted(commission, 3, alder.priya, case_for_change=CASE)
    response = client.get(f"/commissions/{commission.pk}/gates/3/submissions/1/pack/")
    assert response.status_code == 200
    made = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    kept(made, "pack-gate-3.pdf")
    return PdfReader(io.BytesIO(made))


def kept(made: bytes, name: str) -> None:
    """Keep a print to look at, where a folder is named."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_bytes(made)


def words_of(read: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def test_options_costs_scores_and_sensitivity_are_tables(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    text = words_of(read := pack_of(alder, commission, sign_in(alder.tom)))

    for words in (
        "What speaks for each option",
        "Against it",
        "Over the whole life",
        "Whole-life cost, discounted",
        "£682,000",
        "By financial year",
        "2031/32",
        "How each option scores",
        "Quality of care (50)",
        "Weighted score, of 5",
        "How firm the order is",
        "none of which would put another option first",
        "Starts within five days of leaving",
        "85%",
    ):
        assert words in text, words
    for words in ("from 22 to 85", "85 %", "Facts held when", "As it stood"):
        assert words not in text, words
    assert text.count("Discounted at 3.5%") == 1
    assert tables_in(read) > 12


def tables_in(read: PdfReader) -> int:
    """How many tables the tagged document has."""
    seen = 0
    stack = [read.trailer["/Root"]["/StructTreeRoot"]]
    while stack:
        node = stack.pop().get_object()
        if not hasattr(node, "get"):
            continue
        seen += node.get("/S") == "/Table"
        kids = node.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        stack += [kid for kid in (kids if isinstance(kids, list) else [kids]) if hasattr(kid, "get_object")]
    return seen


def test_pack_tells_of_the_request_and_gate_2(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    request = accepted_request(commission, alder)
    item = WorkItem.objects.filter(queue__key="legal", asks="advise").exclude(kind="gate_input").first()
    text = words_of(pack_of(alder, commission, sign_in(alder.tom)))

    for words in (
        "3. Procurement request (gate 2)",
        f"{request.case_file.reference}: accepted",
        "Ann Doyle, Adult Services, approved up to £640,000, excluding VAT",
        "Lewis Grant",
        "25 days",
        "Market warming in October",
        "5. The paper: Outline business case",
    ):
        assert words in text, words
    if item is not None:
        assert item.title in text


@pytest.mark.parametrize("is_privileged", [True, False])
def test_answer_of_a_function_is_printed_unless_it_is_privileged(
    alder: Alder, commission: Commission, sign_in: SignIn, is_privileged: bool
) -> None:
    accepted_request(commission, alder)
    asked = WorkItem.objects.filter(queue__key="legal", asks="advise")
    said = {"answer": "agreed", "answer_text": "Award at the council's risk.", "is_privileged": is_privileged}
    hal = alder.by_role[Role.LEGAL]
    assert asked.update(state="answered", settled_at=clock.now(), settled_by=hal, **said) == 1

    text = words_of(pack_of(alder, commission, sign_in(alder.tom)))

    assert "Hal Whitby, 7 September 2026" in text
    assert ("Award at the council's risk." in text) is not is_privileged
    assert ("What it says is privileged" in text) is is_privileged


def test_pack_says_that_no_request_was_made(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    text = words_of(pack_of(alder, commission, sign_in(alder.tom)))

    assert "No procurement request has been made, so gate 2 is open." in text


def test_no_page_but_the_cover_and_the_last_is_mostly_white(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    accepted_request(commission, alder)
    read = pack_of(alder, commission, sign_in(alder.tom))

    for number, page in enumerate(read.pages[1:-1], start=2):
        assert len(page.extract_text()) > 700, f"page {number} holds little"


def test_provenance_is_said_once_a_section_and_the_statement_has_a_heading(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    text = words_of(pack_of(alder, commission, sign_in(alder.tom)))
    paper = text.split("The paper: Outline business case")[-1]

    assert paper.count("Held in the records when this was submitted") <= 8, "at most once in each of eight sections"
    assert "Statement" in paper
    assert "Not recorded" not in paper
    assert "Left blank, and not required:" in paper


def test_draft_names_what_is_required_and_missing_and_facts_that_nobody_confirmed(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    gate = walk.begun(commission, 3, alder.priya)
    response = sign_in(alder.priya).get(f"/papers/{gate.paper_id}/draft.pdf")
    if response.status_code == 404:
        pytest.fail("the address of a draft's print changed")
    made = b"".join(response) if not response.streaming else b"".join(response.streaming_content)  # type: ignore[attr-defined]
    kept(made, "draft-gate-3.pdf")
    text = words_of(PdfReader(io.BytesIO(made)))

    assert "Not provided" in text, "an answer that is required keeps its place"
    assert "Held in the records now" in text
    assert "Not confirmed" in text
    assert papers.blockers(Paper.objects.get(pk=gate.paper_id))


def test_needs_in_an_initiation_document_are_a_table_under_their_own_heads(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    sheet = sheet_of("needs")
    assert sheet is not None
    fields = {"extent": "118 people", "group": "People over 75", "place": "Upper Alder", "priority": 1}
    fields |= {"is_statutory": True, "met": "unmet", "met_by": "", "source": "Care records", "source_on": clock.today()}
    for nature in ("Help to get up and wash", "A meal a day", "Company", "A night without a fall"):
        save_row(commission, sheet, fields | {"nature": nature}, by=alder.priya)
    walk.submitted(commission, 1, alder.priya)
    response = sign_in(alder.tom).get(f"/commissions/{commission.pk}/gates/1/submissions/1/pack/")
    made = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    kept(made, "pack-gate-1.pdf")
    text = words_of(PdfReader(io.BytesIO(made)))

    assert "Need How much Greatest for Priority Met Source" in text
    assert "How much: 118 people" not in text, "no sentence of heads and cells"
    assert "Procurement request" not in text, "gate 2 comes after gate 1"
