"""What this room says on its papers' pages, and which files its records take."""

from __future__ import annotations

from collections.abc import Sequence

from casework.models import CaseFile
from commissioning.gate_words import WORDS
from commissioning.models import ApprovalView, Commission, CommissionActivity, ImpactScreening
from commissioning.record_facts import load_measures
from commissioning.services.gates import PAPERS
from documents.models import Paper
from documents.purposes import Aside, FilePurpose, PaperPages, register_file_purpose, register_paper_pages
from organisation.formatting import day, listed

ACTIVITY_FILES = "activity"


def is_activity_of(case_file: CaseFile, record: str) -> bool:
    """Whether an activity's id belongs to the commission of this file."""
    if not record.isdigit():
        return False
    return CommissionActivity.objects.filter(pk=int(record[:18]), commission__case_file=case_file).exists()


def after_screening(paper: Paper) -> Sequence[str]:
    """What the screening came to."""
    result = ImpactScreening.objects.filter(commission__case_file=paper.case_file_id).order_by("-pk").first()
    if result is None:
        return []
    if result.needs_full:
        return [f"A full impact assessment is needed, because {result.because}. It is due before you leave Plan."]
    return ["No full impact assessment is needed."]


def after_specification(paper: Paper) -> Sequence[str]:
    """The specification is signed off on its own page."""
    commission = Commission.objects.filter(case_file=paper.case_file_id).first()
    if commission is None:
        return []
    return ["Send the specification for sign-off from the commission's specification page."]


def gate_pages(number: int, key: str) -> PaperPages:
    """What the paper of a gate says beside its questions."""
    words = WORDS[number]

    def stage(_: Paper) -> str:
        return f"Gate {number}"

    def why(_: Paper) -> str:
        return words.asks

    def next_steps(paper: Paper) -> Sequence[str]:
        """Who decides, and by when."""
        found = (
            ApprovalView.objects.filter(
                step__round__gate__paper=paper, step__round__outcome="", step__opened_at__isnull=False, outcome=""
            )
            .order_by("person__name")
            .values_list("person__name", "step__round__decide_by")
        )
        people = list(found[:20])
        if not people:
            return [f"Gate {number} is decided. Its page says what it came to."]
        by_when = f" by {day(people[0][1])}" if people[0][1] else ""
        return [
            f"{listed([name for name, _ in people])} can decide{by_when}. They have been told.",
            "You are told of every decision. If the paper is returned, it opens again with the comments.",
        ]

    def asides(_: Paper) -> Sequence[Aside]:
        return [Aside("If approved, it commits", [words.commits])]

    return PaperPages(key, stage=stage, why=why, asides=asides, next_steps=next_steps)


def measures_aside(paper: Paper) -> Sequence[Aside]:
    """The measures that the outcomes are held against."""
    shown = load_measures([paper.case_file]).get(paper.case_file_id)
    if shown is None:
        return []
    return [Aside("Success measures", shown.shown.split("; "), "All success measures", shown.change_url)]


def register_own() -> None:
    """Register the words and the file purpose of this room."""
    for number, key in PAPERS.items():
        register_paper_pages(gate_pages(number, key))
    register_paper_pages(PaperPages("full_impact_assessment", stage=lambda _: "Plan"))
    register_paper_pages(PaperPages("impact_screening", stage=lambda _: "Analyse", next_steps=after_screening))
    register_paper_pages(PaperPages("specification", stage=lambda _: "Plan", next_steps=after_specification))
    register_paper_pages(PaperPages("outcomes_assessment", stage=lambda _: "Review", asides=measures_aside))
    register_file_purpose(
        FilePurpose(ACTIVITY_FILES, "What came of this activity", add_act="activity.write", has_record=is_activity_of)
    )
