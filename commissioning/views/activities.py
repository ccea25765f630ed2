"""The activity plan, one activity, and the key questions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import cached_property

from casework import door
from casework.refusals import Stale
from casework.views.base import ActPage, VerbPage
from commissioning.forms.activities import ActivityForm, PlanForm, QuestionsForm
from commissioning.models import CommissionActivity, PlanAgreement
from commissioning.paper_pages import ACTIVITY_FILES
from commissioning.selectors import dossiers, inputs, overview, people
from commissioning.services import activities, questions
from commissioning.states import STAGES, ActivityState, CommissionState
from commissioning.views.base import ReadableAct
from documents.panels import file_panel
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
        return dossiers.activities_of(self.subject)

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
        rows = context["form"].rows()
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

    @property
    def commission(self) -> Any:
        """The commission it belongs to."""
        return self.subject.commission

    @property
    def may_write(self) -> bool:
        """Whether the person may write here now."""
        open_now = self.subject.state in (ActivityState.RELEVANT, ActivityState.IN_PROGRESS)
        return open_now and self.commission.case_file.is_open and may(self.person, "activity.write", self.subject)

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
        """Stay here: the next thing is to attach a file or complete it."""
        return str(self.subject.get_absolute_url())

    def perform(self, form: Any) -> str:
        """Keep the words."""
        saved = activities.write_output(self.subject, by=self.person, **form.given())
        return f"{saved.activity.name} saved."

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission."""
        case = self.commission.case_file
        return [(case.reference, case.path), (self.subject.activity.name, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The activity, its files and its verbs."""
        context = super().get_context_data(**kwargs)
        activity = self.subject
        return context | {
            "page_title": activity.activity.name,
            "may_write": self.may_write,
            "asked": inputs.asked_about(activity),
            "may_ask": self.commission.case_file.is_open
            and activity.state not in (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED)
            and may(self.person, "commission.ask", self.commission),
            "offers": [offer for offer in door.offers(activity, self.person) if offer.verb in BY_ITSELF],
            "files": file_panel(
                self.commission.case_file,
                f"{ACTIVITY_FILES}:{activity.pk}",
                self.person,
                back=activity.get_absolute_url(),
            ),
        }


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

    def get_form_kwargs(self) -> dict[str, Any]:
        """The questions with the answers so far."""
        return super().get_form_kwargs() | {"lines": dossiers.questions_of(self.subject, self.stage)}

    def perform(self, form: Any) -> str:
        """Keep the answers; when someone else answered meanwhile, let the next attempt go through."""
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
