"""The forward plan: quarters, effort by function and month, contracts that end."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from django.views.generic.base import View

from casework.refusals import NotPermitted, Refused, Replayed
from casework.views.base import SignedIn
from contracts.models import Contract
from organisation.formatting import date_range, money
from organisation.roles import Role
from organisation.standing import standing_of
from reporting.orders import address
from reporting.selectors import forward
from reporting.selectors.forward import FUNCTIONS, WINDOWS, Window
from reporting.services.next_commission import create_next


class ForwardPlan(SignedIn, TemplateView):
    """What comes in the next twelve, twenty-four or thirty-six months."""

    template_name = "reporting/forward.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Four lists: quarters, effort, contracts, objectives."""
        asked = self.request.GET.get("months", "")
        window = Window(int(asked) if asked in map(str, WINDOWS) else WINDOWS[0])
        list_url, here = reverse("reporting:workplan"), reverse("reporting:forward")
        lines, directorates = forward.quarters(self.person, window, list_url)
        effort_url = reverse("reporting:forward_effort")
        efforts = forward.effort_table(forward.efforts(self.person, window), window)
        standing = standing_of(self.person)
        contracts = forward.ending(self.person, window)
        for row in contracts:
            row["may_create"] = not row["next_path"] and standing.holds(
                Role.COMMISSIONER, row["council_id"], row["area_id"]
            )
        return super().get_context_data(**kwargs) | {
            "crumbs": [("Commissions", list_url), ("Forward plan", "")],
            "windows": [
                (months, address(here, {"months": str(months)}), months == window.months) for months in WINDOWS
            ],
            "functions": list(FUNCTIONS.values()),
            "directorates": list(directorates.values()),
            "quarters": [
                {
                    "words": date_range(line.first, line.last),
                    "count": (line.count, line.url()),
                    "value": money(line.value.own),
                    "apart": ", ".join(line.value.apart),
                    "planned": (line.planned, line.url(way="planned")),
                    "reactive": (line.reactive, line.url(way="reactive")),
                    "directorates": [
                        (line.directorates.get(pk, 0), line.url(directorate=str(pk))) for pk in directorates
                    ],
                }
                for line in lines
            ],
            "months": [
                (
                    month,
                    [
                        (days, address(effort_url, {"function": function, "month": f"{month:%Y-%m}"}))
                        for function, days in cells
                    ],
                )
                for month, cells in efforts
            ],
            "contracts": contracts,
            "most_contracts": forward.MOST_CONTRACTS,
            "objectives": [
                (name, count, address(list_url, {"stage": "open", "objective": key}))
                for key, name, count in forward.objectives(self.person)
            ],
        }


class ForwardEffort(SignedIn, TemplateView):
    """The commissions behind one figure of effort."""

    template_name = "reporting/forward_effort.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is asked for what in that month."""
        function, text = self.request.GET.get("function", ""), self.request.GET.get("month", "")
        try:
            month = date.fromisoformat(f"{text}-01")
        except ValueError as fault:
            raise Http404("There is no such month") from fault
        first = Window(WINDOWS[-1]).first
        if function not in FUNCTIONS or not first <= month <= Window(WINDOWS[-1]).last:
            raise Http404("There is no such figure")
        lines = forward.effort_lines(self.person, function, month)
        return super().get_context_data(**kwargs) | {
            "crumbs": [
                ("Commissions", reverse("reporting:workplan")),
                ("Forward plan", reverse("reporting:forward")),
                (f"{FUNCTIONS[function]}, {month:%B %Y}", ""),
            ],
            "function": FUNCTIONS[function],
            "month": f"{month:%B %Y}",
            "lines": lines,
            "total": sum(line["days"] for line in lines),
        }


class CreateNext(SignedIn, View):
    """One click: register the commission that follows a contract."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Create it, or go to the one there is."""
        contract = get_object_or_404(Contract.objects.visible_to(self.person), pk=pk)
        try:
            made = create_next(contract, by=self.person)
        except Replayed:
            return redirect("reporting:forward")
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except Refused as refusal:
            messages.warning(request, refusal.words)
            return redirect("reporting:forward")
        messages.success(request, f"{made.case_file.reference} follows {contract.case_file.reference}.")
        return redirect(made.get_absolute_url(), status=HTTPStatus.SEE_OTHER)
