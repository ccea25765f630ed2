"""What this room says on its papers' pages, and which files its records take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from casework.models import CaseFile
from commissioning.data_remarks import screening_remarks
from commissioning.gate_words import WORDS
from commissioning.models import ApprovalView, Commission, CommissionActivity, Gate, ImpactScreening, KeyQuestion
from commissioning.money_remarks import case_remarks, lot_remarks
from commissioning.open_work import GATES as OPEN_AT
from commissioning.open_work import still_open
from commissioning.record_facts import load_measures
from commissioning.selectors import dossiers, gate_rounds
from commissioning.selectors.activity_papers import PREFIX, activity_of
from commissioning.selectors.analyse_notes import notes_on_places
from commissioning.selectors.gate_pack import SHAPE as PACK
from commissioning.services.gates import PAPERS
from commissioning.states import ActivityState
from documents.contents import PaperContents
from documents.models import Paper
from documents.next_steps import NextStep
from documents.pdf import PAPER_STYLE, PdfShape, register_shape
from documents.presenting import as_read
from documents.purposes import Aside, FilePurpose, PaperPages, Remark, register_file_purpose, register_paper_pages
from organisation.formatting import day, listed

ACTIVITY_FILES = "activity"
ANSWER_FILES = "answer"


def is_activity_of(case_file: CaseFile, record: str) -> bool:
    """Whether an activity's id belongs to the commission of this file."""
    if not record.isdigit():
        return False
    return CommissionActivity.objects.filter(pk=int(record[:18]), commission__case_file=case_file).exists()


def is_question_of(case_file: CaseFile, record: str) -> bool:
    """Whether a key question's id belongs to the framework that the council of this file follows."""
    if not record.isdigit():
        return False
    framework_id = case_file.organisation.framework_id
    return KeyQuestion.objects.filter(pk=int(record[:18]), framework_id=framework_id).exists()


def after_screening(paper: Paper) -> Sequence[str]:
    """What the screening came to."""
    result = ImpactScreening.objects.filter(commission__case_file=paper.case_file_id).order_by("-pk").first()
    if result is None:
        return []
    if result.needs_full:
        words = f"A full impact assessment is needed, because {result.because}. It is due before you leave Plan."
        return [NextStep(words, reverse("commissioning:impact", args=[result.commission_id]))]
    return ["No full impact assessment is needed."]


def after_specification(paper: Paper) -> Sequence[str]:
    """The specification is signed off on its own page."""
    commission = Commission.objects.filter(case_file=paper.case_file_id).first()
    if commission is None:
        return []
    page = reverse("commissioning:specification", args=[commission.pk])
    return [NextStep("Send the specification for sign-off from the commission's specification page.", page)]


def who_approves(paper: Paper) -> Sequence[Aside]:
    """Who will be asked to decide if the paper is submitted now, and in what order."""
    gate = Gate.objects.filter(paper=paper).select_related(*Gate.door_reads).first()
    steps = gate_rounds.who_will_decide(gate) if gate else []
    if not steps:
        return []
    lines = [f"{place}. {words}" for place, words in enumerate(steps, start=1)]
    return [Aside("Who decides, in order", lines)]


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
            gate = Gate.objects.filter(paper=paper, number=number).first()
            words = f"Gate {number} is decided. Its page says what it came to."
            return [NextStep(words, gate.get_absolute_url() if gate else "")]
        by_when = f" by {day(people[0][1])}" if people[0][1] else ""
        return [
            f"{listed([name for name, _ in people])} can decide{by_when}. They have been told.",
            "You are told of every decision. If the paper is returned, it opens again with the comments.",
        ]

    def asides(_: Paper) -> Sequence[Aside]:
        return [Aside("If approved, it commits", [words.commits])]

    def remarks(contents: PaperContents) -> Sequence[Remark]:
        return [*open_remarks(contents, number), *(case_remarks(contents) if number in OPEN_AT else ())]

    return PaperPages(
        key,
        stage=stage,
        why=why,
        asides=asides,
        before_submitting=who_approves,
        next_steps=next_steps,
        remarks=remarks,
    )


def open_remarks(contents: PaperContents, number: int) -> list[Remark]:
    """What is still open in Plan when this paper is submitted, in three statements."""
    commission = Commission.objects.filter(case_file=contents.paper.case_file_id).first() if number in OPEN_AT else None
    if commission is None:
        return []
    dossier = dossiers.load(commission)
    return [Remark(line.words, url=line.url) for line in still_open(number, dossier, dossier.activities)]


def measures_aside(paper: Paper) -> Sequence[Aside]:
    """The measures that the outcomes are held against."""
    shown = load_measures([paper.case_file]).get(paper.case_file_id)
    if shown is None:
        return []
    return [Aside("Success measures", shown.shown.splitlines(), "All success measures", shown.change_url)]


def effects_aside(paper: Paper) -> Sequence[Aside]:
    """The way to the effects, which are rows of their own with owners and dates."""
    pk = Commission.objects.filter(case_file=paper.case_file_id).values_list("pk", flat=True).first()
    if pk is None:
        return []
    words = "Each effect is entered on its own page, with what is done about it, by whom and when."
    return [Aside("Effects and actions", [words], "Go to the effects", reverse("commissioning:impact", args=[pk]))]


def activity_asides(paper: Paper) -> Sequence[Aside]:
    """The way back to the activity whose form it is."""
    activity = activity_of(paper)
    if activity is None:
        return []
    words = "The lists, the files and the result of this activity are on its own page."
    return [Aside(activity.activity.name, [words], "Go to the activity", activity.get_absolute_url())]


def needs_asides(paper: Paper) -> Sequence[Aside]:
    """The way back, and the facts about the council's places."""
    facts = [
        Aside(note.title, [f"{line.words}. {line.detail}" for line in note.lines])
        for note in notes_on_places(paper.case_file.organisation_id)
    ]
    return [*activity_asides(paper), *facts]


def after_activity(paper: Paper) -> Sequence[str]:
    """The form is one part of the activity; completing it is another step."""
    activity = activity_of(paper)
    if activity is None or activity.state == ActivityState.DONE:
        return []
    words = f"Go back to “{activity.activity.name}” and mark it as completed when nothing is missing."
    return [NextStep(words, activity.get_absolute_url())]


def _pack(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"pack": content, "read": as_read(content["paper"])}


def register_own() -> None:
    """Register the words and the file purpose of this room."""
    register_shape(PACK, PdfShape("commissioning/gate_pack_pdf.html", _pack, (PAPER_STYLE, "css/pack-pdf.css")))
    for number, key in PAPERS.items():
        register_paper_pages(gate_pages(number, key))
    register_paper_pages(PaperPages("full_impact_assessment", stage=lambda _: "Plan", asides=effects_aside))
    register_paper_pages(
        PaperPages("impact_screening", stage=lambda _: "Analyse", next_steps=after_screening, remarks=screening_remarks)
    )
    register_paper_pages(
        PaperPages("specification", stage=lambda _: "Plan", next_steps=after_specification, remarks=lot_remarks)
    )
    register_paper_pages(PaperPages("outcomes_assessment", stage=lambda _: "Review", asides=measures_aside))
    register_paper_pages(PaperPages(f"{PREFIX}needs_assessment", asides=needs_asides, next_steps=after_activity))
    register_paper_pages(PaperPages(f"{PREFIX}*", asides=activity_asides, next_steps=after_activity))
    register_file_purpose(
        FilePurpose(ACTIVITY_FILES, "What came of this activity", add_act="activity.write", has_record=is_activity_of)
    )
    register_file_purpose(
        FilePurpose(ANSWER_FILES, "Evidence for a key answer", add_act="commission.review", has_record=is_question_of)
    )
