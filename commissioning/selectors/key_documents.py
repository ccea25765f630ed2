"""The key documents of each stage: version, author, status, who reviews or approves it and how that came out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from casework.models import WorkItem
from casework.states import OUTSTANDING, Answer, ItemState
from commissioning.models import ApprovalView, Commission, GateRound, Specification
from commissioning.states import STAGES, CommissionState
from documents.models import Paper
from organisation.formatting import day
from organisation.models import Person

S = CommissionState
#: What each stage produces, by the key of the paper. What is no paper (the contract) its own room registers.
PAPERS: dict[str, dict[str, str]] = {
    S.ANALYSE: {"initiation_document": "Initiation document (gate 1)"},
    S.PLAN: {
        "procurement_request": "Procurement request (gate 2)",
        "outline_business_case": "Outline business case (gate 3)",
        "specification": "Specification",
    },
    S.SECURE: {"full_business_case": "Full business case (gate 4)"},
    S.REVIEW: {"outcomes_assessment": "Outcomes assessment"},
}
STAGE_OF = {key: stage for stage, keys in PAPERS.items() for key in keys}
#: A review is a task of one person; its key says the stage and the paper, so that a gate finds what holds it up.
REVIEW = "document_review"
APPROVE = "approve"


@dataclass(frozen=True)
class Review:
    """Who was asked to review or approve a document, and what came of it."""

    who: str
    words: str
    tone: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Document:
    """One key document as the page lists it. ``paper_id`` is 0 for what is no paper; no URL means not begun."""

    name: str
    version: str = ""
    author: str = ""
    status: str = "Not begun"
    tone: str = "grey"
    url: str = ""
    download: str = ""
    paper_id: int = 0
    reviews: tuple[Review, ...] = ()
    attach_url: str = ""


Loader = Callable[[Commission, Person], list[Document]]
_elsewhere: dict[str, list[Loader]] = {}


def register_key_documents(stage: str, loader: Loader) -> None:
    """Let a higher room name what a stage produces in it; one statement at most."""
    _elsewhere.setdefault(stage, []).append(loader)


def documents_of(commission: Commission, person: Person) -> list[tuple[str, list[Document]]]:
    """Every stage with its key documents, in four statements and one for each room that adds its own."""
    case = commission.case_file
    papers: dict[str, list[Paper]] = {}
    rows = Paper.objects.filter(Q(case_file=case) | Q(case_file__root=case), template_key__in=STAGE_OF)
    for paper in rows.select_related("template", "begun_by", "submitted_by").order_by("pk"):
        papers.setdefault(paper.template_key, []).append(paper)
    reviews = _reviews_of(commission)
    hides = () if commission.may_buy else ("procurement_request",)
    found = []
    for stage in STAGES:
        lines: list[Document] = []
        for key, name in PAPERS[stage].items():
            if papers.get(key):
                lines += [_line(paper, name, tuple(reviews.get(paper.pk, ()))) for paper in papers[key]]
            elif key not in hides:
                lines.append(Document(name))
        for loader in _elsewhere.get(stage, ()):
            lines += loader(commission, person)
        found.append((str(stage.label), lines))
    return found


def _line(paper: Paper, name: str, reviews: tuple[Review, ...]) -> Document:
    author = paper.submitted_by or paper.begun_by
    number = paper.revision_number
    return Document(
        name=f"{name}: {paper.label}" if paper.label else name,
        version=f"Draft {number + 1}" if paper.is_draft else f"Revision {number}",
        author=author.name if author else "Gatehouse",
        status=str(paper.get_state_display()),
        tone="blue" if paper.is_draft else "green",
        url=paper.get_absolute_url(),
        download=reverse("documents:draft_pdf", args=[paper.pk])
        if paper.is_draft
        else reverse("documents:revision_pdf", args=[paper.pk, number]),
        paper_id=paper.pk,
        reviews=reviews,
    )


def _reviews_of(commission: Commission) -> dict[int, list[Review]]:
    """Reviews asked for by name, the views of the last round of each gate, and the sign-off, by paper."""
    found: dict[int, list[Review]] = {}
    asked = WorkItem.objects.filter(case_file_id=commission.case_file_id, kind=REVIEW).select_related("assignee")
    for item in asked.order_by("pk"):
        found.setdefault(int(item.key.split(":")[2]), []).append(_asked(item))
    last = GateRound.objects.filter(gate=OuterRef("step__round__gate")).order_by("-number").values("pk")[:1]
    views = (
        ApprovalView.objects.filter(step__round__gate__commission=commission, step__round=Subquery(last))
        .annotate(paper=F("step__round__gate__paper"), gate=F("step__round__gate"))
        .select_related("person")
        .order_by("step__order", "pk")
    )
    for view in views:
        if view.paper is not None:
            found.setdefault(view.paper, []).append(_approval(view))
    for row in Specification.objects.filter(commission=commission).select_related("signed_off_by").order_by("pk"):
        if row.signed_off_by is not None:
            words = f"Signed off {day(row.signed_off_at)}"
            found.setdefault(row.paper_id, []).append(Review(row.signed_off_by.name, words, "green"))
    return found


def _asked(item: Any) -> Review:
    who = item.assignee.name if item.assignee else "Nobody yet"
    what = "Approval" if item.asks == APPROVE else "Peer review"
    url = reverse("casework:item", args=[item.pk])
    if item.state in OUTSTANDING:
        due = f", by {day(item.due_on)}" if item.due_on else ""
        return Review(who, f"{what} open{due}", "amber", url=url)
    if item.state == ItemState.CLOSED:
        return Review(who, f"{what} no longer asked for", "grey", url=url)
    tone = "green" if item.answer == Answer.AGREED else "amber"
    return Review(who, f"{what}: {str(Answer(item.answer).label).lower()}", tone, item.answer_text, url)


def _approval(view: Any) -> Review:
    if not view.outcome:
        return Review(view.person.name, "Approval: not given yet", "amber")
    tone = "green" if view.outcome in ("approved", "with_conditions") else "red"
    return Review(view.person.name, f"{view.get_outcome_display()} {day(view.given_at)}", tone, view.reason)


def open_reviews(commission_id: int, stage: str) -> Iterator[tuple[str, str, int]]:
    """The documents of a stage whose review is open, each with whoever it waits for and the task. One statement."""
    rows = WorkItem.objects.filter(
        case_file__commission=commission_id, kind=REVIEW, key__startswith=f"{REVIEW}:{stage}:", state__in=OUTSTANDING
    )
    for key, title, who, pk in rows.order_by("pk").values_list("key", "title", "assignee__name", "pk"):
        yield title.partition(": ")[2] or key, who or "nobody yet", pk
