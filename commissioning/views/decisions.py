"""Risk answers, authority, duplicates, delivery, papers, the specification, the end, lessons, recommissioning."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door
from casework.models import CaseFile
from casework.refusals import Refused
from casework.views.base import VerbPage
from commissioning.forms.decisions import (
    AuthorityForm,
    DeliveryForm,
    DuplicateForm,
    EndDecisionForm,
    LessonForm,
    NoLessonsForm,
    WithdrawAuthorityForm,
)
from commissioning.forms.risk import RiskForm
from commissioning.models import (
    AuthorityRecord,
    Commission,
    DeliveryDecision,
    LikelyDuplicate,
    Specification,
)
from commissioning.selectors import dossiers
from commissioning.services import decisions, duplicates, risk, specifications
from commissioning.services.gates import NUMBER_OF
from commissioning.states import CommissionState
from commissioning.views.base import CommissionAct, CommissionPage, ReadableAct
from documents.models import Paper, Template
from documents.services import papers
from organisation.forms import PageForm
from organisation.permissions import may


class ConfirmForm(PageForm):
    """Nothing to type: the button is the answer."""

    submit_label = "Continue"


class AnswerRisk(CommissionAct):
    """The risk form: any yes makes the commission high risk at once."""

    form_class = RiskForm
    act = "commission.edit"
    page_title = "Risk form"
    intro = (
        "Any yes makes this commission high risk, whatever its value. That brings CCPS in at the start and asks for "
        "gate 1 and a procurement request."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """The criteria in force, with the answers so far."""
        commission = self.subject
        return super().get_form_kwargs() | {
            "version": commission.version,
            "criteria": list(dossiers.criteria_asked(commission)),
            "answers": {row.criterion_id: row for row in commission.risk_answers.all()},
            "is_draft": not commission.has_started,
        }

    def perform(self, form: Any) -> str:
        """Answer them and say what moved."""
        given = form.cleaned_data
        shift = risk.answer(
            self.subject, form.ticked(), by=self.person, version=given["version"], act_id=given["act_id"]
        )
        return f"Risk form saved. {shift.words}".strip()


class Authority(CommissionPage):
    """Who may commission, procure and award this, and on what decision."""

    template_name = "commissioning/authority.html"
    tab = "authority"
    page_title = "Authority"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every record, standing ones first."""
        rows = self.subject.authority_records.select_related("provider", "recorded_by")
        return super().get_context_data(**kwargs) | {
            "records": rows.order_by("withdrawn_at", "-decided_on", "-pk")[:50],
            "may_record": self.may_now("commission.authority"),
        }


class RecordAuthority(CommissionAct):
    """Record a decision."""

    form_class = AuthorityForm
    act = "commission.authority"
    page_title = "Record authority"
    intro = "Every contract needs a delegated decision on record, unless cabinet has named the provider."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Suppliers of the commission's organisation."""
        return super().get_form_kwargs() | {"organisation_id": self.subject.case_file.organisation_id}

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("commissioning:authority", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Record it."""
        made = decisions.record_authority(self.subject, by=self.person, **form.cleaned_data)
        return f"{made} recorded."


class WithdrawAuthority(CommissionAct):
    """Say that a record no longer stands."""

    form_class = WithdrawAuthorityForm
    act = "commission.authority"
    page_title = "Withdraw authority"
    intro = "The record stays readable, with your reason. Nothing can be awarded or signed on it any more."

    @cached_property
    def record(self) -> AuthorityRecord:
        """The record, within this commission."""
        return get_object_or_404(
            self.subject.authority_records.select_related("commission__case_file"), pk=self.kwargs["record"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name it."""
        return super().get_context_data(**kwargs) | {"page_title": f"Withdraw {self.record}"}

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("commissioning:authority", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Withdraw it."""
        decisions.withdraw_authority(
            self.record, because=form.cleaned_data["because"], by=self.person, act_id=form.cleaned_data["act_id"]
        )
        return f"{self.record} withdrawn."


class Duplicates(CommissionPage):
    """Records that may be the same need."""

    template_name = "commissioning/duplicates.html"
    page_title = "Likely duplicates"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Only those the person may see; the rest are not hinted at."""
        rows = self.subject.likely_duplicates.filter(other__in=CaseFile.objects.visible_to(self.person))
        return super().get_context_data(**kwargs) | {
            "rows": rows.select_related("other__service_area", "other__holder").order_by("pk"),
        }


class SettleDuplicate(CommissionAct):
    """Say whether two records are the same need."""

    form_class = DuplicateForm
    act = "commission.edit"
    page_title = "Settle a likely duplicate"

    @cached_property
    def likely(self) -> LikelyDuplicate:
        """The pair, within this commission, if the other may be seen at all."""
        visible = CaseFile.objects.visible_to(self.person)
        rows = self.subject.likely_duplicates.filter(other__in=visible).select_related("other", "commission")
        return get_object_or_404(rows, pk=self.kwargs["likely"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the other."""
        other = self.likely.other
        return super().get_context_data(**kwargs) | {
            "page_title": f"Is this the same as {other.reference}?",
            "intro": f"{other.reference} {other.title}. Found because of a {self.likely.because}.",
        }

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("commissioning:duplicates", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Settle it."""
        duplicates.settle(self.likely, by=self.person, **form.cleaned_data)
        return f"{self.likely.other.reference} settled."


class Delivery(ReadableAct):
    """Decide how the need will be met."""

    template_name = "commissioning/delivery.html"
    form_class = DeliveryForm
    write_act = "commission.edit"
    page_title = "Delivery decision"

    @property
    def may_write(self) -> bool:
        """Whether the person decides, now."""
        return super().may_write and (self.subject.state == CommissionState.PLAN or self.refusal is not None)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The framework's ways of delivering."""
        return super().get_form_kwargs() | {"framework_id": self.subject.case_file.organisation.framework_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The standing decision, and whether it waits for the service leader."""
        standing: DeliveryDecision | None = (
            self.subject.delivery_decisions.filter(superseded_at__isnull=True)
            .select_related("model", "decided_by", "confirmed_by")
            .first()
        )
        confirms = (
            standing is not None
            and standing.model.key == "no_change"
            and standing.confirmed_by_id is None
            and standing.decided_by_id != self.person.pk
            and may(self.person, "commission.confirm_delivery", self.subject)
        )
        return super().get_context_data(**kwargs) | {
            "standing": standing,
            "may_confirm": confirms,
        }

    def perform(self, form: PageForm) -> str:
        """Decide."""
        made = decisions.decide_delivery(self.subject, by=self.person, **form.cleaned_data)
        return f"Delivery decision made: {made.model.name}."


class ConfirmDelivery(CommissionAct):
    """The service leader confirms that nothing changes."""

    form_class = ConfirmForm
    act = "commission.confirm_delivery"
    page_title = "Confirm the delivery decision"
    intro = "The decision is to change nothing. Once you confirm it, the commission can be closed."

    def perform(self, form: PageForm) -> str:
        """Confirm it."""
        standing = get_object_or_404(
            self.subject.delivery_decisions.select_related("model", "commission__case_file"),
            superseded_at__isnull=True,
        )
        decisions.confirm_delivery(standing, by=self.person, act_id=form.cleaned_data["act_id"])
        return "Decision confirmed."


class OpenPaper(CommissionAct):
    """Open a paper of this commission, or begin it. Beginning is an act, so it takes a button."""

    form_class = ConfirmForm
    act = "commission.review"

    @cached_property
    def template(self) -> Template:
        """The newest published template of this kind."""
        framework_id = self.subject.case_file.organisation.framework_id
        found = Template.objects.latest_of(framework_id, self.kwargs["key"])
        if found is None or self.kwargs["key"] == "specification":
            raise Http404("No such paper")
        return found

    @cached_property
    def standing(self) -> Paper | None:
        """The paper, if it was begun."""
        rows = Paper.objects.filter(case_file_id=self.subject.case_file_id, template_key=self.kwargs["key"], label="")
        return rows.first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go to a paper that was begun: whoever sees the commission reads it. Beginning one is asked for.

        The paper of a gate is begun on the gate's page, which says what it is for.
        """
        number = NUMBER_OF.get(self.kwargs["key"])
        if request.user.is_authenticated and number is not None and not self.standing:
            return redirect("commissioning:gate", pk=self.subject.pk, number=number)
        if request.user.is_authenticated and request.method != "POST" and self.standing:
            return redirect(self.standing)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the paper and say what it is for."""
        return super().get_context_data(**kwargs) | {
            "page_title": f"Begin the {self.template.name.lower()}",
            "intro": self.template.purpose,
        }

    def perform(self, form: PageForm) -> str:
        """Begin it."""
        key = self.template.key
        if not self.standing and not self.subject.case_file.is_open:
            raise Refused(f"This commission is {self.subject.get_state_display().lower()}, so no paper is begun.")
        self.standing = papers.begin(self.subject.case_file, key, by=self.person)
        return ""

    def get_success_url(self) -> str:
        """On to the paper."""
        return self.standing.get_absolute_url() if self.standing else self.back_url()


class SpecificationPage(CommissionAct):
    """The specification's versions and where the standing one is."""

    template_name = "commissioning/specification.html"
    form_class = ConfirmForm
    page_title = "Specification"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Reading is for everyone who sees the commission; beginning is for its commissioner."""
        if request.method == "POST":
            self.act = "commission.edit"  # type: ignore[misc]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every version, with the verbs of the standing one."""
        versions = list(
            self.subject.specifications.select_related("paper__template", "signed_off_by").order_by("-number")
        )
        standing = next((row for row in versions if row.state != "superseded"), None)
        if standing is not None:
            standing.commission = self.subject
        return super().get_context_data(**kwargs) | {
            "versions": versions,
            "standing": standing,
            "offers": door.offers(standing, self.person) if standing else [],
            "may_begin": may(self.person, "commission.edit", self.subject),
        }

    def perform(self, form: PageForm) -> str:
        """Begin it."""
        specifications.open_specification(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        return "Specification begun. Write it, submit it, then send it for sign-off."

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("commissioning:specification", args=[self.subject.pk])


class SpecificationVerb(VerbPage):
    """Every verb of a specification."""

    model = Specification
    related = ("commission__case_file__organisation", "commission__case_file__service_area", "paper")

    def load(self) -> Any:
        """Within the scope of the commission."""
        visible = Commission.objects.visible_to(self.person)
        rows = Specification.objects.filter(commission__in=visible).select_related(*self.related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        """From the commission."""
        case = self.subject.case_file
        return [(case.reference, case.path), ("Specification", self.subject.get_absolute_url()), (self.rules.label, "")]


class DecideEnd(ReadableAct):
    """What happens when the term ends."""

    template_name = "commissioning/end_decision.html"
    form_class = EndDecisionForm
    write_act = "commission.review"
    page_title = "End decision"

    @property
    def may_write(self) -> bool:
        """Whether the person decides, now."""
        return super().may_write and (self.subject.state == CommissionState.REVIEW or self.refusal is not None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The standing decision."""
        rows = self.subject.end_decisions.filter(superseded_at__isnull=True).select_related("decided_by")
        return super().get_context_data(**kwargs) | {"standing": rows.first()}

    def perform(self, form: PageForm) -> str:
        """Decide."""
        made = decisions.decide_end(self.subject, by=self.person, **form.cleaned_data)
        more = " Open the next commission when you are ready." if made.choice == "recommission" else ""
        return f"End decision made: {made.get_choice_display()}.{more}"


class Lessons(ReadableAct):
    """What was learnt. It can be written down after the end, too."""

    template_name = "commissioning/lessons.html"
    form_class = LessonForm
    write_act = "commission.review"
    page_title = "Lessons learnt"

    @property
    def may_write(self) -> bool:
        """Whether the person writes lessons here, at any time."""
        return may(self.person, self.write_act, self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those recorded so far."""
        rows = self.subject.lessons.select_related("recorded_by").order_by("-pk")[:50]
        return super().get_context_data(**kwargs) | {"lessons": rows}

    def get_success_url(self) -> str:
        """Stay here: there may be another."""
        return reverse("commissioning:lessons", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Keep it."""
        decisions.add_lesson(self.subject, by=self.person, **form.cleaned_data)
        return "Lesson saved. Everyone can find it."


class NoLessons(CommissionAct):
    """Why there is nothing to learn."""

    form_class = NoLessonsForm
    act = "commission.review"
    page_title = "No lessons to record"

    def perform(self, form: PageForm) -> str:
        """Keep the reason."""
        decisions.no_lessons(self.subject, by=self.person, **form.cleaned_data)
        return "Reason saved."


class Recommission(CommissionAct):
    """Open the next commission while this one runs to its end."""

    form_class = ConfirmForm
    act = "commission.edit"
    page_title = "Open the next commission"
    intro = (
        "A new commission opens in draft with the purpose, category, objectives and value of this one. "
        "This one runs to its end and is closed separately."
    )

    def perform(self, form: PageForm) -> str:
        """Open it."""
        made = decisions.recommission(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        self.made: Commission = made
        return f"{made.case_file.reference} opened in draft."

    def get_success_url(self) -> str:
        """On to the new one."""
        made: Commission | None = getattr(self, "made", None) or self.subject.followed_by.first()
        return made.get_absolute_url() if made else self.back_url()
