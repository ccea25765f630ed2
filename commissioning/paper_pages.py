"""What this room says on its papers' pages, and which files its records take."""

from __future__ import annotations

from collections.abc import Sequence

from casework.models import CaseFile
from commissioning.models import Commission, CommissionActivity, ImpactScreening
from documents.models import Paper
from documents.purposes import FilePurpose, PaperPages, register_file_purpose, register_paper_pages

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


def register_own() -> None:
    """Register the words and the file purpose of this room."""
    register_paper_pages(PaperPages("impact_screening", stage=lambda _: "Analyse", next_steps=after_screening))
    register_paper_pages(PaperPages("specification", stage=lambda _: "Plan", next_steps=after_specification))
    register_paper_pages(PaperPages("outcomes_assessment", stage=lambda _: "Review"))
    register_file_purpose(
        FilePurpose(ACTIVITY_FILES, "What came of this activity", add_act="activity.write", has_record=is_activity_of)
    )
