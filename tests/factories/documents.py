"""Plain factory functions for the documents room."""

from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile

from casework.models import CaseFile
from documents.loading import load_templates
from documents.models import Attachment, Paper, Template
from documents.services import attachments, papers
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea
from organisation.roles import Role
from tests.factories import organisation as people

_numbers = count(1)

YES_NO = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


def case_file(at: Organisation | None = None, area: ServiceArea | None = None, **fields: Any) -> CaseFile:
    """Make the file of some record, without the record."""
    n = next(_numbers)
    at = at or (area.organisation if area else None) or people.organisation()
    now = clock.now()
    given = {
        "kind": "commission",
        "organisation": at,
        "service_area": area or people.service_area(at),
        "reference": f"COM-2026-{n:04d}",
        "title": f"Commission {n}",
        "state": "analyse",
        "path": f"/commissions/{n}/",
        "opened_at": now,
        "changed_at": now,
    }
    return CaseFile.objects.create(**given | fields)


def question(key: str, kind: str = "text", **fields: Any) -> dict[str, Any]:
    """One question as a framework's file holds it."""
    return {"key": key, "kind": kind, "label": fields.pop("label", key.replace("_", " ").capitalize())} | fields


def section(key: str, *questions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """One section as a framework's file holds it."""
    return {"key": key, "title": key.replace("_", " ").capitalize(), "questions": list(questions)} | fields


def every_kind() -> list[dict[str, Any]]:
    """Sections with a question of every kind, some required."""
    return [
        section(
            "facts_and_aims",
            question("shown_title", "fact", label="Title", fact="case_title", required=True),
            question("shown_value", "fact", label="Value", fact="case_value_ex_vat"),
            question("summary", "text", label="Summary", required=True),
            question("why", "long_text", label="Why is it needed?", required=True, word_limit=20),
            guidance="## What the panel looks for\n- A clear need\n- Evidence of it",
        ),
        section(
            "money",
            question("budget", "money", label="Annual budget", required=True, fact="case_value_ex_vat"),
            question("funding", "money_by_year", label="Funding"),
            question("starts_on", "date", label="Start date", required=True),
            question(
                "options",
                "table",
                label="Options",
                required=True,
                columns=[
                    {"key": "option", "label": "Option", "kind": "text"},
                    {"key": "set_up", "label": "Set-up", "kind": "money"},
                    {"key": "running", "label": "Running", "kind": "money"},
                    {"key": "whole", "label": "Whole-life cost", "kind": "sum", "sums": ["set_up", "running"]},
                    {"key": "risk", "label": "Risk", "kind": "choice", "choices": YES_NO},
                    {"key": "preferred", "label": "Preferred", "kind": "flag"},
                ],
            ),
        ),
        section(
            "people",
            question("has_lead", "choice", label="Is there a lead?", required=True, choices=YES_NO),
            question("lead", "person", label="Lead", required=True, asked_when={"question": "has_lead", "is": ["yes"]}),
            question("groups", "choices", label="Who gains", choices=[{"value": v, "label": v} for v in ("A", "B")]),
            question("evidence", "file", label="Evidence", required=True),
        ),
    ]


def template(at: Organisation, key: str = "initiation", sections: Any = None, **fields: Any) -> Template:
    """Load and publish a template for the framework that an organisation follows."""
    row = {
        "key": key,
        "name": fields.pop("name", key.replace("_", " ").capitalize()),
        "purpose": "",
        "written_by": [Role.COMMISSIONER.value],
        "sections": every_kind() if sections is None else sections,
    }
    made = load_templates(at.framework, [row | fields])
    return made[0] if made else Template.objects.latest_of(at.framework_id, key)


def writer(at: Organisation, **fields: Any) -> Person:
    """Make somebody who writes the papers of an organisation."""
    return people.person(Role.COMMISSIONER, at=at, **fields)


def paper(
    by: Person | None = None,
    case: CaseFile | None = None,
    sections: Any = None,
    key: str = "initiation",
    label: str = "",
) -> Paper:
    """Begin a paper, with its template, case file and writer made as needed."""
    at = case.organisation if case else (by.organisation if by else None) or people.organisation()
    case = case or case_file(at)
    template(at, key, sections)
    return papers.begin(case, key, by or writer(at), label)


def upload(name: str = "evidence.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """An upload, by default a very small PDF."""
    return SimpleUploadedFile(name, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n" if content is None else content)


def office(part: str = "word/document.xml", unpacked: int = 100, **extra: bytes) -> bytes:
    """The bytes of an Office file with one part of a given unpacked size."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, b"0" * unpacked)
        for name, content in extra.items():
            archive.writestr(name, content)
    return made.getvalue()


def attachment(by: Person, case: CaseFile, **fields: Any) -> Attachment:
    """Attach a small PDF."""
    return attachments.attach(case, fields.pop("upload", None) or upload(), by=by, **fields)


def filled(paper_: Paper, by: Person) -> Paper:
    """Answer everything that ``every_kind`` requires, so that the paper can be submitted."""
    from documents.contents import fact_words
    from documents.kinds import digest
    from documents.selectors import contents_of

    contents = contents_of(paper_)
    ticked = {key: digest(fact_words(fact)) for key, fact in contents.facts.items()}
    papers.save_answers(
        paper_, "facts_and_aims", {"summary": "Home care", "why": "People wait"}, by, 99, confirmed=ticked
    )
    papers.save_answers(paper_, "money", {"budget": "640000.00", "starts_on": "2027-04-01"}, by, 99)
    papers.save_row(paper_, "money", "options", "", {"option": "Carry on", "set_up": "1.00"}, by)
    papers.save_answers(paper_, "people", {"has_lead": "yes", "lead": {"typed": str(by.pk)}}, by, 99)
    attachment(by, paper_.case_file, paper=paper_, question_key="evidence")
    paper_.refresh_from_db()
    return paper_
