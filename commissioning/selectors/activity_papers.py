"""The form of an activity: the paper that asks what only people read, beside the activity's sheets.

A published template with the key ``activity_<key of the activity>`` gives that activity a form, in any stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from casework.models import Queue
from commissioning.models import Commission, CommissionActivity, FindingLink
from commissioning.return_pages import with_back
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from documents.models import Answer, Attachment, Paper, Template
from documents.states import PaperState
from organisation.formatting import day

PREFIX = "activity_"
FINDING = ("pk", "finding", "found_in_id", "matters_to_id", "found_in__activity__name", "matters_to__activity__name")
PAPER = ("pk", "state", "revision_number", "submitted_at", "submitted_by__name", "answered")


@dataclass(frozen=True)
class Form:
    """Where the form of an activity stands. ``label`` is the link's words; it is empty where there is nothing to do."""

    name: str
    purpose: str
    url: str
    status: str
    tone: str
    note: str
    label: str


def paper_key(activity: str) -> str:
    """The template of an activity's form, by the activity's key."""
    return f"{PREFIX}{activity}"


def activity_key(paper: str) -> str:
    """The activity whose form a template is; empty where it is another kind of paper."""
    return paper.removeprefix(PREFIX) if paper.startswith(PREFIX) else ""


def with_form(rows: Any) -> Any:
    """Fold into activities what their page reads: the form and its paper, files, linked findings, the functions.

    ``form_of``, ``findings_of`` and the guards read it, without a statement of its own.
    """
    key = Concat(Value(PREFIX), OuterRef("activity__key"))
    templates = Template.objects.published().filter(
        framework_id=OuterRef("commission__case_file__organisation__framework_id"), key=key
    )
    typed = Answer.objects.filter(paper=OuterRef("pk"), saved_by__isnull=False, value__isnull=False)
    begun = Paper.objects.filter(case_file_id=OuterRef("commission__case_file_id"), template_key=key, label="")
    files = Attachment.objects.filter(
        case_file_id=OuterRef("commission__case_file_id"),
        purpose=Concat(Value("activity:"), Cast(OuterRef("pk"), CharField())),
        is_current=True,
    )
    findings = FindingLink.objects.filter(
        Q(found_in=OuterRef("pk")) | Q(matters_to=OuterRef("pk")), removed_at__isnull=True
    )
    functions = Queue.objects.filter(framework_id=OuterRef("commission__case_file__organisation__framework_id"))
    return rows.annotate(
        st_form=Folded(templates.order_by("-version")[:1], "name", "purpose"),
        st_paper=Folded(begun.annotate(answered=Exists(typed))[:1], *PAPER),
        st_has_files=Exists(files),
        st_findings=Folded(findings.order_by("pk"), *FINDING),
        st_functions=Folded(functions.order_by("order"), "key", "name"),
    )


def form_of(activity: Any, *, may_write: bool) -> Form | None:
    """The form of an activity that was read ``with_form``; None where it has none, or none that this person needs."""
    found: dict[str, Any] = activity.st_form[0] if activity.st_form else {}
    paper: dict[str, Any] | None = activity.st_paper[0] if activity.st_paper else None
    if not found or (paper is None and not may_write):
        return None
    url = reverse("commissioning:open_paper", args=[activity.commission_id, paper_key(activity.activity.key)])

    def form(status: str, tone: str, note: str, label: str) -> Form:
        return Form(found["name"], found["purpose"], url, status, tone, note, label)

    if paper is None:
        return form("Not yet started", "grey", "", "Fill in the form")
    if paper["state"] == PaperState.SUBMITTED:
        said = (paper["submitted_by__name"], day(moment_in(paper["submitted_at"])))
        note = ", ".join([f"Revision {paper['revision_number']}", *(word for word in said if word)])
        return form("Submitted", "green", note, "Read the form")
    return form("Drafting", "blue", "", "Continue the form" if may_write else "Read the draft")


@dataclass(frozen=True)
class Finding:
    """A finding that came from another activity, or went to one."""

    words: str
    where: str
    url: str
    change_url: str


def findings_of(activity: Any, *, may_write: bool) -> list[Finding]:
    """What other activities found out for this one, and it for them, of an activity read ``with_form``."""
    found = []
    for row in activity.st_findings:
        comes = row["matters_to_id"] == activity.pk
        side = "found_in" if comes else "matters_to"
        change = reverse("commissioning:sheet_row", args=[activity.commission_id, "findings", row["pk"]])
        found.append(
            Finding(
                row["finding"],
                f"{'From' if comes else 'For'} {row[f'{side}__activity__name']}",
                reverse("commissioning:activity", args=[row[f"{side}_id"]]),
                with_back(change, activity.get_absolute_url()) if may_write else "",
            )
        )
    return found


def functions_of(activity: Any) -> list[tuple[str, str]]:
    """The functions that the catalogue names for an activity read ``with_form``: key and name."""
    names = {row["key"]: row["name"] for row in activity.st_functions}
    return [(key, names.get(key, key.replace("_", " ").capitalize())) for key in activity.activity.others]


def activity_of(paper: Paper) -> CommissionActivity | None:
    """The activity whose form a paper is, in one statement."""
    rows = CommissionActivity.objects.filter(
        commission__case_file=paper.case_file_id, activity__key=activity_key(paper.template_key)
    )
    return rows.select_related("activity").first()


def plan_line(commission: Commission, key: str) -> CommissionActivity | None:
    """The activity of a commission by its key, read as the door reads it."""
    rows = CommissionActivity.objects.filter(commission=commission, activity__key=key)
    return rows.select_related(*CommissionActivity.door_reads).first()
