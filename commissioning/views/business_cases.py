"""The business cases that wait for the leadership panel: listed, side by side, in order."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from casework import door
from casework.refusals import Refused, Replayed
from casework.views.base import SignedIn
from commissioning.forms.ranking import RankForm
from commissioning.models import Ranking
from commissioning.selectors.business_cases import CaseLine, Waiting, waiting_for
from commissioning.services.ranking import rank
from organisation.models import Organisation
from organisation.permissions import may
from organisation.standing import standing_of

MOST_COMPARED = 4


class BusinessCases(SignedIn, TemplateView):
    """Every case of gates 3 and 4 that waits or is deferred, of the commissions this person may see."""

    template_name = "commissioning/business_cases.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cases in order, and who may change it."""
        found = waiting_for(self.person)
        names = {case.organisation_id: case.organisation for case in found.cases if not case.is_deferred}
        return super().get_context_data(**kwargs) | {
            "page_title": "Business cases",
            "waiting": [(case, case.waits_for(self.person)) for case in found.cases if not case.is_deferred],
            "deferred": [case for case in found.cases if case.is_deferred],
            "orders": [(order, names.get(order.organisation_id, "")) for order in found.orders],
            "rankable": [
                (name, reverse("commissioning:rank_cases", args=[pk]))
                for pk, name in sorted(names.items(), key=lambda item: item[1])
                if may(self.person, "gate.rank", Ranking(organisation_id=pk))
            ],
            "several": len(names) > 1,
        }


class CompareCases(SignedIn, TemplateView):
    """Two to four of them beside each other."""

    template_name = "commissioning/compare_cases.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cases that were ticked."""
        wanted = {int(pk) for pk in self.request.GET.getlist("case") if pk.isdecimal() and len(pk) < 19}
        cases: list[CaseLine] = [case for case in waiting_for(self.person).cases if case.round_id in wanted]
        return super().get_context_data(**kwargs) | {
            "page_title": "Business cases side by side",
            "cases": [(case, case.waits_for(self.person)) for case in cases[:MOST_COMPARED]],
            "too_few": len(cases) < 2,
            "too_many": len(cases) > MOST_COMPARED,
        }


class RankCases(SignedIn, FormView):
    """Put the cases of one organisation in order, with a reason."""

    template_name = "commissioning/rank_cases.html"
    form_class = RankForm
    http_method_names = ["get", "head", "post"]

    refusal: Refused | None = None

    @cached_property
    def organisation(self) -> Organisation:
        """Whose cases they are, among those this person works in."""
        rows = Organisation.objects.filter(pk__in=standing_of(self.person).organisations)
        found: Organisation = get_object_or_404(rows, pk=self.kwargs["organisation"])
        return found

    @cached_property
    def found(self) -> Waiting:
        """What waits there."""
        return waiting_for(self.person, organisation_id=self.organisation.pk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only a leadership approver; and only where something waits."""
        if request.user.is_authenticated:
            made = Ranking(organisation=self.organisation)
            if not may(self.person, "gate.rank", made):
                raise PermissionDenied(door.who_words("gate.rank", made))
            if not self.cases:
                raise Http404("No business case waits here")
        return super().dispatch(request, *args, **kwargs)

    @property
    def cases(self) -> list[CaseLine]:
        """Those that can be decided now."""
        return [case for case in self.found.cases if not case.is_deferred]

    def get_form_kwargs(self) -> dict[str, Any]:
        """A place for each case."""
        cases = [(case.round_id, f"{case.reference} {case.title}", case.place) for case in self.cases]
        cancel = reverse("commissioning:business_cases")
        return super().get_form_kwargs() | {"cases": cases, "user": self.person, "cancel_url": cancel}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the page."""
        named = {"page_title": "Put business cases in order", "refusal": self.refusal}
        return super().get_context_data(**kwargs) | named

    def form_valid(self, form: Any) -> HttpResponseBase:  # type: ignore[override]
        """Keep it."""
        given = form.cleaned_data
        try:
            rank(self.organisation, form.rounds(), reason=given["reason"], by=self.person, act_id=given["act_id"])
        except Replayed:
            pass
        except Refused as refusal:
            self.refusal = refusal
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return HttpResponseRedirect(reverse("commissioning:business_cases"))
