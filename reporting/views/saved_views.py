"""Saving the workplan as it is narrowed, and deleting what was saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import FormView
from django.views.generic.base import View

from casework.refusals import Refused, Replayed
from casework.views.base import SignedIn
from reporting.forms.saved_views import SaveViewForm
from reporting.forms.workplan import WorkplanForm
from reporting.orders import address
from reporting.services.saved_views import delete_view, save_view


class SaveView(SignedIn, FormView):
    """Names the list in the address."""

    template_name = "reporting/save_view.html"
    form_class = SaveViewForm
    http_method_names = ["get", "head", "post"]

    @property
    def query(self) -> dict[str, str]:
        """The filters and the order in the address, without the place in the list."""
        sent = self.request.GET.dict()
        kept = {name: sent.get(name, "").replace("\x00", "")[:200] for name in WorkplanForm.base_fields}
        return {name: value for name, value in kept.items() if value}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose view it is, and where Cancel leads."""
        back = address(reverse("reporting:workplan"), self.query)
        return super().get_form_kwargs() | {"user": self.person, "cancel_url": back}

    def form_valid(self, form: SaveViewForm) -> HttpResponse:
        """Keep it, or say why not."""
        given = form.cleaned_data
        name = given["name"]
        try:
            save_view(
                self.person,
                name=name,
                query=urlencode(self.query),
                shared_with=given["shared_with"],
                act_id=given["act_id"],
            )
        except Replayed:
            messages.success(self.request, "This was already saved.")
        except Refused as refusal:
            form.add_error("name", refusal.words)
            return self.form_invalid(form)
        else:
            messages.success(self.request, f"View saved as “{name}”. You find it above the list.")
        return HttpResponseRedirect(address(reverse("reporting:workplan"), self.query))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way here."""
        crumbs = [("Commissions", reverse("reporting:workplan")), ("Save this view", "")]
        return super().get_context_data(**kwargs) | {"crumbs": crumbs, "nav_current": "Commissions"}


class DeleteView(SignedIn, View):
    """Lets one of one's own views go."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete it; somebody else's is not there."""
        name = delete_view(self.person, kwargs["pk"])
        if not name:
            raise Http404("No such view")
        messages.success(request, f"View “{name}” deleted.")
        return HttpResponseRedirect(reverse("reporting:workplan"))
