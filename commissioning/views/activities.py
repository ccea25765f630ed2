"""The activity plan, one activity, and the key questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from casework import door
from casework.refusals import Blocked, Stale
from casework.views.base import ActPage, VerbPage
from commissioning.activity_notes import notes_of
from commissioning.analyse_stage_sheets import EXISTING, EXISTING_QUESTION
from commissioning.dossier import QuestionLine
from commissioning.forms.activities import ActivityForm, PlanForm, QuestionsForm
from commissioning.models import CommissionActivity, PlanAgreement
from commissioning.paper_pages import ACTIVITY_FILES, ANSWER_FILES
from commissioning.selectors import activity_lines, dossiers, inputs, overview, people
from commissioning.selectors.activity_papers import findings_of, form_of, functions_of, with_form
from commissioning.selectors.sheets import shown_sheets
from commissioning.services import activities, questions
from commissioning.sheets import sheets_of_activity, sheets_of_questions
from commissioning.states import STAGES, ActivityState, CommissionState
from commissioning.views.base import ReadableAct
from documents.panels import file_panel, file_panels
from organisation.formatting import listed
from organisation.permissions import may

BY_ITSELF = ("complete", "reopen")
RELATED = ("activity", "lead", "commission__case_file__organisation__framework", "commission__case_file__service_area")


class Plan(ReadableAct):
    """Go through the catalogue together and agree what is relevant."""

    template_name = "commissioning/plan.html"
    form_class = PlanForm
    write_act = "commission.edit"
    page_title = "Activity plan"

    @cached_property
    def lines(self) -> Any:
        """The plan as it stands."""
        return activity_lines.activities_of(self.subject)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """A draft has no plan yet."""
        if request.user.is_authenticated and not self.subject.has_started:
            raise Http404("A draft has no activity plan")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The plan, and the people who may be named."""
        return super().get_form_kwargs() | {"lines": self.lines, "people": people.choosable(self.subject)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows by stage, each with its boxes."""
        context = super().get_context_data(**kwargs)
        rows = [row for row in context["form"].rows() if not row[0].is_hidden(may_buy=self.subject.may_buy)]
        standing = self.subject.plan_agreements.prefetch_related("participants").order_by("-pk").first()
        return context | {
            "stages": [(stage.label, [row for row in rows if row[0].stage == stage]) for stage in STAGES],
            "agreement": standing,
            "took_part": _took_part(standing),
            "proposal": overview.proposal_of(self.subject),
        }

    def perform(self, form: Any) -> str:
        """Agree it."""
        activities.agree(
            self.subject,
            form.choices(),
            participants=form.cleaned_data["participants"],
            others=form.cleaned_data["others"],
            agreed_on=form.cleaned_data["agreed_on"],
            by=self.person,
            act_id=form.cleaned_data["act_id"],
        )
        return "Activity plan agreed. Work through the activities of this stage next."


def _took_part(agreement: PlanAgreement | None) -> str:
    """Everyone who agreed the plan, those without an account last."""
    if agreement is None:
        return ""
    names = sorted(person.name for person in agreement.participants.all())
    return listed(names + ([agreement.others] if agreement.others else []))


class ActivityPage(ActPage):
    """Write what came of one activity, and complete it."""

    model = CommissionActivity
    related = RELATED
    template_name = "commissioning/activity.html"
    form_class = ActivityForm
    is_completed = False

    def load(self) -> Any:
        """The activity, and where its form stands."""
        rows = with_form(self.model.objects.visible_to(self.person)).select_related(*self.related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def commission(self) -> Any:
        """The commission it belongs to."""
        return self.subject.commission

    @property
    def may_write(self) -> bool:
        """Whether the person may write here now."""
        open_now = self.subject.state in (ActivityState.RELEVANT, ActivityState.IN_PROGRESS)
        return open_now and self.commission.case_file.is_open and may(self.person, "activity.write", self.subject)

    @property
    def may_write_lines(self) -> bool:
        """Whether lines may be added to its sheets: also once it is completed, and the history tells."""
        settled = (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED)
        return (
            self.subject.state not in settled
            and self.commission.case_file.is_open
            and may(self.person, "activity.write", self.subject)
        )

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Writing is asked for, reading is not."""
        if not may(self.person, "activity.write", self.subject):
            raise PermissionDenied(door.who_words("activity.write", self.subject))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with what was written, and the version it was read at."""
        activity = self.subject
        return super().get_form_kwargs() | {
            "people": people.choosable(self.commission, with_lead=activity.lead_id),
            "prompt": activity.activity.output_prompt,
            "typical": activity.activity.typical_duration,
            "raises": activity.activity.raises,
            "flags": activity.flags,
            "version": activity.version,
            "cancel_url": self.commission.get_absolute_url(),
            "initial": {
                "output": activity.output,
                "output_link": activity.output_link,
                "lead": activity.lead_id,
                "due_on": activity.due_on,
            },
        }

    def get_success_url(self) -> str:
        """Stay here: the next thing is to attach a file or complete it. Once completed, back to the commission."""
        return str((self.commission if self.is_completed else self.subject).get_absolute_url())

    def perform(self, form: Any) -> str:
        """Keep the words; with the second button complete it too. What still stands before that loses no word."""
        saved = activities.write_output(self.subject, by=self.person, **form.given())
        if "later" not in self.request.POST:
            return f"{saved.activity.name} saved."
        try:
            outcome = door.carry_out(self.load(), "complete", by=self.person)
        except Blocked as refusal:
            return f"{saved.activity.name} saved. {refusal.words}"
        self.is_completed = True
        return f"{outcome.subject.activity.name} is completed."

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission."""
        case = self.commission.case_file
        return [(case.reference, case.path), (self.subject.activity.name, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The activity, its files and its verbs."""
        context = super().get_context_data(**kwargs)
        activity = self.subject
        kinds = sheets_of_activity(activity.activity.key)
        sheets = shown_sheets(kinds, self.commission, may_write=self.may_write_lines, here=activity.get_absolute_url())
        paper = form_of(activity, may_write=self.may_write)
        own = [shown for kind, shown in zip(kinds, sheets, strict=True) if kind.activity == activity.activity.key]
        dossier = SimpleLazyObject(
            lambda: activity_lines.activity_dossier(
                activity,
                activity.st_paper,
                has_lines=any(sheet.rows for sheet in own),
                has_files=activity.st_has_files,
            )
        )
        return context | {
            "page_title": activity.activity.name,
            "may_write": self.may_write,
            "paper": paper,
            "sheets": sheets,
            "notes": notes_of(activity, self.person),
            "findings": findings_of(activity, may_write=self.may_write_lines),
            "may_link": self.may_write_lines,
            "functions": functions_of(activity),
            "asked": inputs.asked_about(activity),
            "may_ask": self.commission.case_file.is_open
            and activity.state not in (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED)
            and may(self.person, "commission.ask", self.commission),
            "offers": [
                offer for offer in door.offers(activity, self.person, dossier=dossier) if offer.verb in BY_ITSELF
            ],
            "enough": enough_words([kind.title for kind in kinds if kind.activity == activity.activity.key], paper)
            if self.may_write
            else "",
            "act_id": uuid4(),
            "files": file_panel(
                self.commission.case_file,
                f"{ACTIVITY_FILES}:{activity.pk}",
                self.person,
                back=activity.get_absolute_url(),
            ),
        }


def enough_words(lists: Sequence[str], paper: object) -> str:
    """What completes an activity, in words (framework 3.2): any one of these, once nothing else is open."""
    ways = ["a few lines under “What came of it?”", "a link", *(f"a line in “{title}”" for title in lists)]
    if paper is not None:
        ways.append("its form, submitted")
    return f"{', '.join(ways)} or a file"


class ActivityVerb(VerbPage):
    """The verbs that one activity is taken through by itself; what is relevant is agreed for the plan as a whole."""

    model = CommissionActivity
    related = RELATED

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Marking one activity as relevant or not would pass by the people who agree the plan."""
        if self.kwargs["verb"] not in BY_ITSELF:
            raise Http404("Not a verb of one activity by itself")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Back to the commission: the next activity is there."""
        return str(self.subject.commission.get_absolute_url())

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission."""
        case = self.subject.commission.case_file
        return [
            (case.reference, case.path),
            (self.subject.activity.name, self.subject.get_absolute_url()),
            (self.rules.label, ""),
        ]


class Questions(ReadableAct):
    """A stage's key questions."""

    template_name = "commissioning/questions.html"
    form_class = QuestionsForm
    write_act = "commission.review"
    tab = "tasks"
    looks_next = False

    @cached_property
    def stage(self) -> CommissionState:
        """The stage in the address."""
        try:
            found = CommissionState(self.kwargs["stage"])
        except ValueError as fault:
            raise Http404("No such stage") from fault
        if found not in STAGES:
            raise Http404("No such stage")
        return found

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the stage."""
        return f"Key questions: {self.stage.label}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lists that these questions ask for, and the files that show what the answers say."""
        may_write = self.subject.has_started and self.may_now("activity.write")
        sheets = shown_sheets(
            sheets_of_questions(self.stage), self.subject, may_write=may_write, here=self.request.path
        )
        context = super().get_context_data(**kwargs)
        case, here = self.subject.case_file, self.request.path
        purposes = [f"{ANSWER_FILES}:{line.pk}" for line in self.lines]
        panels = file_panels(case, purposes, self.person, back=here)
        return context | {
            "sheets": sheets,
            "search_from": EXISTING.title if may_write else "",
            "evidence": [(line, panels[purpose]) for line, purpose in zip(self.lines, purposes, strict=True)],
        }

    @cached_property
    def lines(self) -> tuple[QuestionLine, ...]:
        """The questions with the answers so far."""
        return dossiers.questions_of(self.subject, self.stage)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The questions with the answers so far."""
        return super().get_form_kwargs() | {"lines": self.lines}

    def get_success_url(self) -> str:
        """Whoever answers what is delivered already, and has linked nothing, is shown where to look."""
        if self.looks_next:
            return reverse("commissioning:existing", args=[self.subject.pk])
        return super().get_success_url()

    def _looks_next(self, form: Any) -> bool:
        """Whether existing delivery was answered now, with more than that it does not apply, and nothing is linked."""
        asked = next((line for line in self.lines if line.key == EXISTING_QUESTION), None)
        given = form.given()[asked.pk] if asked else None
        if asked is None or given is None or not given.answer or given.does_not_apply or given.answer == asked.answer:
            return False
        return not EXISTING.rows(self.subject).exists()

    def perform(self, form: Any) -> str:
        """Keep the answers; when someone else answered meanwhile, let the next attempt go through."""
        self.looks_next = self._looks_next(form)
        try:
            questions.answer(self.subject, form.given(), by=self.person, act_id=form.cleaned_data["act_id"])
        except Stale:
            form.accept_versions({line.pk: line.version for line in dossiers.questions_of(self.subject, self.stage)})
            raise
        left = sum(not line.is_settled for line in dossiers.questions_of(self.subject, self.stage))
        return "Answers saved." + (f" {left} still to answer." if left else " All are answered.")

    def current_version(self) -> int:
        """Each answer has a version of its own."""
        return 0
