"""What must be in place before the start: of a contract, or of a commission where nothing is bought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework.models import CaseFile
from casework.views.base import ActPage, RecordPage
from contracts.forms.contracts import FinishTaskForm, ReopenTaskForm, TaskForm
from contracts.models import Contract, MobilisationTask
from contracts.selectors.dossiers import tasks_of
from contracts.selectors.pages import task_groups
from contracts.services import mobilisation
from contracts.states import TASKS_MOVE_IN
from contracts.views.contracts import pages_of
from organisation.formatting import day
from organisation.models import Person
from organisation.permissions import may

KINDS = ("contract", "commission")


@dataclass(frozen=True)
class Mobilisation:
    """A case file as the record that is mobilised."""

    case_file: CaseFile

    @property
    def pk(self) -> int:
        """The file's own id stands in the address."""
        return int(self.case_file.pk)

    def get_absolute_url(self) -> str:
        """The list of its tasks."""
        return reverse("contracts:mobilisation", args=[self.pk])


def people_of(case_file: CaseFile) -> Any:
    """Who can own a task: the people of the record's organisation."""
    return Person.objects.active().of_organisations([case_file.organisation_id]).order_by("name", "pk")


class OfCase:
    """A page about the mobilisation of one case file."""

    model = CaseFile
    kwargs: dict[str, Any]
    person: Person

    def load(self) -> Mobilisation:
        """The file through the viewer's scope, or 404."""
        files = CaseFile.objects.visible_to(self.person).filter(kind__in=KINDS)
        files = files.select_related("root", "service_area", "holder", "contract")
        found = get_object_or_404(files, pk=self.kwargs["pk"])
        return Mobilisation(found)


class MobilisationPage(OfCase, RecordPage):
    """Both sides' tasks."""

    template_name = "contracts/mobilisation.html"
    page_title = "Mobilisation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tasks, and what this person may do with them."""
        context = super().get_context_data(**kwargs)
        case: CaseFile = self.subject.case_file
        contract: Contract | None = case.contract if case.kind == "contract" else None
        may_plan = case.state in TASKS_MOVE_IN and may(self.person, "mobilisation.plan", case)
        tasks = tasks_of(case.pk)
        return context | {
            "groups": task_groups(tasks, self.person, case),
            "has_tasks": bool(tasks),
            "add_url": reverse("contracts:add_task", args=[case.pk]) if may_plan else "",
            "pages": pages_of(contract.pk, case.pk, "mobilisation") if contract else [],
        }


class AddTaskPage(OfCase, ActPage):
    """Add a task."""

    act = "mobilisation.plan"
    page_title = "Add a mobilisation task"
    form_class = TaskForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the organisation's people."""
        return super().get_form_kwargs() | {"people": people_of(self.subject.case_file)}

    def perform(self, form: Any) -> str:
        """Add it."""
        given = dict(form.cleaned_data)
        given.pop("version")
        made = mobilisation.add_task(self.subject.case_file, by=self.person, **given)
        return f"Task added: {made.title}."


class TaskActPage(ActPage):
    """A form on one task."""

    model = MobilisationTask
    related = ("case_file__root", "case_file__service_area", "case_file__holder", "owner", "done_by")


class ChangeTaskPage(TaskActPage):
    """Change what a task says, who owns it, when it is due."""

    act = "mobilisation.plan"
    page_title = "Change this task"
    form_class = TaskForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what it says, with the version it was read at."""
        task: MobilisationTask = self.subject
        return super().get_form_kwargs() | {
            "people": people_of(task.case_file),
            "version": task.version,
            "initial": {"title": task.title, "side": task.side, "owner": task.owner_id, "due_on": task.due_on},
        }

    def perform(self, form: Any) -> str:
        """Change it."""
        mobilisation.change_task(self.subject, by=self.person, **form.cleaned_data)
        return "Task changed."


class FinishTaskPage(TaskActPage):
    """Say that a task is done."""

    act = "mobilisation.finish"
    form_class = FinishTaskForm
    template_name = "contracts/task_done.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the task, and say when it is done already."""
        context = super().get_context_data(**kwargs)
        task: MobilisationTask = self.subject
        context["page_title"] = task.title
        context["crumbs"] = [*self.crumbs(), (task.title, "")]
        if task.done_at and self.refusal is None:
            who = task.done_by.name if task.done_by else "Gatehouse"
            context["closed_words"] = f"{who} finished this on {day(task.done_at)}."
        return context

    def perform(self, form: Any) -> str:
        """Finish it."""
        given = form.cleaned_data
        mobilisation.finish_task(self.subject, by=self.person, output=given["output"], act_id=given["act_id"])
        return f"Done: {self.subject.title}."


class ReopenTaskPage(TaskActPage):
    """Take back that a task is done."""

    act = "mobilisation.plan"
    page_title = "Open this task again"
    form_class = ReopenTaskForm

    def perform(self, form: Any) -> str:
        """Open it again."""
        given = form.cleaned_data
        mobilisation.reopen_task(self.subject, reason=given["reason"], by=self.person, act_id=given["act_id"])
        return f"Open again: {self.subject.title}."
