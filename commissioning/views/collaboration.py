"""The principles, working with others, standing partnerships, and what partners share with us."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from casework.lists import list_of
from casework.refusals import Refused, Replayed
from casework.views.base import SignedIn
from commissioning.forms.collaboration import ConfirmPrinciplesForm, ConsiderForm, MeetingForm, PartnershipForm
from commissioning.forms.upholding import PrinciplesForm
from commissioning.governance_sheets import CONFLICTS, WITH_OTHERS
from commissioning.models import Partner, Partnership
from commissioning.models.collaboration import seen_links
from commissioning.selectors import collaboration as reading
from commissioning.selectors.sheets import shown_sheet, shown_sheets
from commissioning.services import partnerships, upholding
from commissioning.views.base import CommissionAct, CommissionPage, ReadableAct
from organisation.forms import PageForm
from organisation.models import Organisation
from organisation.permissions import may


class Principles(ReadableAct):
    """How each principle is met, in one unranked list, and the conflicts that were settled."""

    template_name = "commissioning/principles.html"
    form_class = PrinciplesForm
    write_act = "commission.edit"
    tab = "authority"
    page_title = "Commissioning principles"

    @cached_property
    def principles(self) -> Any:
        """The principles with what was written."""
        return reading.principles_of(self.subject)

    def get_form_kwargs(self) -> dict[str, Any]:
        """One box a principle."""
        return super().get_form_kwargs() | {"principles": self.principles}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list, and the conflicts."""
        may_write = self.may_now("commission.edit")
        return super().get_context_data(**kwargs) | {
            "principles": self.principles,
            "conflicts": shown_sheet(CONFLICTS, self.subject, may_write=may_write, here=self.request.path),
        }

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("commissioning:principles", args=[self.subject.pk])

    def perform(self, form: Any) -> str:
        """Keep what was written."""
        upholding.write_principles(self.subject, form.given(), by=self.person, act_id=form.cleaned_data["act_id"])
        return "Principles saved."


class Partners(CommissionPage):
    """Whether joint commissioning was considered, who joins in, and whose money it is."""

    template_name = "commissioning/partners.html"
    tab = "people"
    page_title = "Working with others"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheets, and the sums."""
        may_write = self.may_now("commission.edit")
        sheets = shown_sheets(WITH_OTHERS, self.subject, may_write=may_write, here=self.request.path)
        return super().get_context_data(**kwargs) | {
            "considered": reading.considered(self.subject),
            "sheets": sheets,
            "shares": reading.shares_of(self.subject) if sheets[0].rows else None,
        }


class ConsiderJoint(CommissionAct):
    """Say whether joint commissioning was considered."""

    form_class = ConsiderForm
    act = "commission.edit"
    page_title = "Joint commissioning"
    intro = "Before you decide how to deliver: could another body and you do this together, and would residents gain?"

    @cached_property
    def standing(self) -> Any:
        """What was said before."""
        return reading.considered(self.subject)

    def back_url(self) -> str:
        """The page about working with others."""
        return reverse("commissioning:partners", args=[self.subject.pk])

    def current_version(self) -> int:
        """The version of what was said."""
        found = reading.considered(self.subject)
        return found.version if found else 0

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from what was said before."""
        kwargs = super().get_form_kwargs()
        if self.standing:
            kwargs["version"] = self.standing.version
            kwargs["initial"] = {name: getattr(self.standing, name) for name in ("outcome", "with_whom", "benefit")}
        return kwargs

    def perform(self, form: PageForm) -> str:
        """Keep it."""
        given = dict(form.cleaned_data)
        given["version"] = max(given["version"], 0)
        upholding.consider_joint(self.subject, by=self.person, **given)
        return "Saved."


# --- Partnerships -----------------------------------------------------------------------------------------------------


class PartnershipList(SignedIn, TemplateView):
    """The standing partnerships of the person's organisations."""

    template_name = "commissioning/partnerships.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Open ones first."""
        rows = Partnership.objects.visible_to(self.person).select_related("organisation").order_by("-is_open", "name")
        return super().get_context_data(**kwargs) | {
            "rows": rows[:200],
            "may_add": bool(partnerships.keeps_for(self.person)),
            "crumbs": [*_top(), ("Partnerships", "")],
        }


class ManagedFunds(SignedIn, TemplateView):
    """What the person's organisations manage for other bodies: never part of their own budget."""

    template_name = "commissioning/managed_funds.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows and their sum."""
        return super().get_context_data(**kwargs) | {
            "funds": reading.managed_funds(self.person),
            "crumbs": [*_top(), ("Funds managed for others", "")],
        }


class PartnershipPage(SignedIn, TemplateView):
    """One partnership: who, what for, what each puts in, its meetings and its commissions."""

    template_name = "commissioning/partnership.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record with what hangs on it."""
        row = get_object_or_404(Partnership.objects.visible_to(self.person), pk=self.kwargs["pk"])
        links = seen_links(self.person).filter(partnership=row).select_related("commission__case_file")
        return super().get_context_data(**kwargs) | {
            "row": row,
            "meetings": row.meetings.select_related("recorded_by").order_by("-held_on", "-pk")[:100],
            "links": links.order_by("-pk")[:200],
            "may_keep": may(self.person, "partnership.keep", row),
            "crumbs": [*_top(), ("Partnerships", reverse("commissioning:partnerships")), (row.name, "")],
        }


class PartnershipFormPage(SignedIn, FormView):
    """A form about a partnership; a refusal comes back beside what was typed."""

    template_name = "commissioning/partnership_form.html"
    http_method_names = ["get", "head", "post"]
    row: Partnership | None = None
    title = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only whoever keeps partnerships there."""
        if request.user.is_authenticated:
            if "pk" in self.kwargs:
                self.row = get_object_or_404(Partnership.objects.visible_to(self.person), pk=self.kwargs["pk"])
            allowed = (
                may(self.person, "partnership.keep", self.row) if self.row else partnerships.keeps_for(self.person)
            )
            if not allowed:
                raise PermissionDenied("You cannot keep partnerships. Ask a commissioner or a service leader.")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The person, and where Cancel leads."""
        back = self.row.get_absolute_url() if self.row else reverse("commissioning:partnerships")
        return super().get_form_kwargs() | {"user": self.person, "cancel_url": back}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way here."""
        way = [*_top(), ("Partnerships", reverse("commissioning:partnerships"))]
        if self.row:
            way.append((self.row.name, self.row.get_absolute_url()))
        return super().get_context_data(**kwargs) | {"page_title": self.title, "crumbs": [*way, (self.title, "")]}

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or say why not."""
        try:
            address = self.perform(form)
        except Replayed:
            address = reverse("commissioning:partnerships")
        except Refused as refusal:
            context = self.get_context_data(form=form, refusal=refusal)
            return self.render_to_response(context, status=409)
        messages.success(self.request, "Saved.")
        return HttpResponseRedirect(address)

    def perform(self, form: Any) -> str:
        """Call the service; returns where to go."""
        raise NotImplementedError


class SavePartnership(PartnershipFormPage):
    """Add a partnership, or change one."""

    form_class = PartnershipForm

    @property
    def title(self) -> str:  # type: ignore[override]
        """What the page does."""
        return "Change the partnership" if self.row else "Add a partnership"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill in what is known."""
        kwargs = super().get_form_kwargs()
        if self.row:
            kwargs["version"] = self.row.version
            names = ("name", "purpose", "partners", "contributions", "is_open")
            kwargs["initial"] = {name: getattr(self.row, name) for name in names}
        return kwargs

    def perform(self, form: Any) -> str:
        """Save it."""
        organisation: Organisation = self.row.organisation if self.row else partnerships.keeps_for(self.person)[0]
        saved = partnerships.save(organisation, by=self.person, row=self.row, **form.cleaned_data)
        return saved.get_absolute_url()


class AddMeeting(PartnershipFormPage):
    """Record a meeting."""

    form_class = MeetingForm
    title = "Record a meeting"

    def perform(self, form: Any) -> str:
        """Record it."""
        assert self.row is not None
        partnerships.add_meeting(self.row, by=self.person, **form.cleaned_data)
        return self.row.get_absolute_url()


# --- Shared by partners -----------------------------------------------------------------------------------------------


class Shared(SignedIn, TemplateView):
    """Commissions of other organisations in which one of the person's own is a partner."""

    template_name = "commissioning/shared.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Their summaries."""
        return super().get_context_data(**kwargs) | {
            "rows": reading.shared_with(self.person).order_by("-pk")[:200],
            "crumbs": [*_top(), ("Shared by partners", "")],
        }


class SharedCommission(SignedIn, FormView):
    """A partner's summary: what it is, where it is, our share; and the confirmation of the principles."""

    template_name = "commissioning/shared_commission.html"
    form_class = ConfirmPrinciplesForm
    http_method_names = ["get", "head", "post"]

    @cached_property
    def row(self) -> Partner:
        """The partner row; what is not shared is not found."""
        return get_object_or_404(reading.shared_with(self.person), pk=self.kwargs["pk"])

    @property
    def may_confirm(self) -> bool:
        """Whether the person confirms for the partner, now."""
        open_now = self.row.confirmed_on is None and self.row.commission.case_file.is_open
        return open_now and may(self.person, "partner.confirm", self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The summary, and the principles that are asked for."""
        return super().get_context_data(**kwargs) | {
            "row": self.row,
            "case": self.row.commission.case_file,
            "principles": [row for row, _ in reading.principles_of(self.row.commission)],
            "may_confirm": self.may_confirm,
            "crumbs": [
                *_top(),
                ("Shared by partners", reverse("commissioning:shared")),
                (str(self.row.commission), ""),
            ],
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Confirm them."""
        try:
            upholding.confirm_as_partner(self.row, by=self.person, act_id=form.cleaned_data["act_id"])
        except Replayed:
            pass
        except Refused as refusal:
            raise PermissionDenied(refusal.words) from refusal
        messages.success(self.request, "Principles confirmed.")
        return HttpResponseRedirect(reverse("commissioning:shared_commission", args=[self.row.pk]))


def _top() -> list[tuple[str, str]]:
    top = list_of("commission")
    return [top] if top else []
