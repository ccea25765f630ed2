"""The public's form, which needs no account, and the list where staff answer what came."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from casework import door
from casework.refusals import Replayed
from casework.views.base import RecordPage, SignedIn, VerbPage
from commissioning.forms.feedback import PublicFeedbackForm
from commissioning.models import FeedbackChannel, PublicFeedback
from commissioning.selectors import feedback as selector
from commissioning.services import feedback as service
from commissioning.states import FeedbackState
from organisation.permissions import ANYWHERE, may

WORK = "feedback.work"
RELATED = ("case_file__organisation", "case_file__service_area", "case_file__holder", "case_file__root", "answered_by")
TONES = {
    FeedbackState.NEW: "amber",
    FeedbackState.ASSIGNED: "blue",
    FeedbackState.ANSWERED: "green",
    FeedbackState.CLOSED: "grey",
}


class OfChannel:
    """A public page of one council; there is none where the council has not opened its form."""

    kwargs: dict[str, Any]

    @cached_property
    def channel(self) -> FeedbackChannel:
        """The council's form."""
        rows = FeedbackChannel.objects.filter(is_open=True, organisation__is_active=True)
        return get_object_or_404(rows.select_related("organisation"), organisation__key=self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the council."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"channel": self.channel, "council": self.channel.organisation}


@method_decorator(login_not_required, name="dispatch")
class PublicForm(OfChannel, FormView):
    """Anybody tells the council something. No account, no script, and nothing of Gatehouse to be seen."""

    template_name = "commissioning/public_feedback.html"
    form_class = PublicFeedbackForm
    http_method_names = ["get", "head", "post"]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form of this council, if it has one."""
        assert self.channel
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the message; from one address only so many an hour (settings.ACCOUNT_RATE_LIMITS)."""
        assert self.channel
        if not ratelimit.consume(request, action="public_feedback"):
            context = {"council": self.channel.organisation}
            return render(
                request, "commissioning/public_feedback_wait.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
            )
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, unless a program sent it: that is thanked all the same, and learns nothing."""
        if not form.is_trap_sprung:
            given = form.cleaned_data
            with suppress(Replayed):
                service.receive(
                    self.channel,
                    topic=given["topic"],
                    words=given["words"],
                    name=given["name"],
                    email=given["email"],
                    act_id=given["act_id"],
                )
        return HttpResponseRedirect(reverse("commissioning:public_thanks", args=[self.kwargs["key"]]))


@method_decorator(login_not_required, name="dispatch")
class PublicThanks(OfChannel, TemplateView):
    """Thanks, and by when an answer comes."""

    template_name = "commissioning/public_feedback_thanks.html"
    http_method_names = ["get", "head"]


class FeedbackList(SignedIn, TemplateView):
    """What the public said and nobody has finished, the oldest first."""

    template_name = "commissioning/feedback_list.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of the areas where the person works on feedback."""
        if not may(self.person, WORK, ANYWHERE):
            raise PermissionDenied(
                "Commissioners, contract managers, service leaders and CCPS work on public feedback."
            )
        shown = "closed" if self.request.GET.get("show") == "closed" else "open"
        return super().get_context_data(**kwargs) | {
            "shown": shown,
            "rows": selector.rows_for(self.person, closed=shown == "closed"),
            "most": selector.MOST,
        }


class FeedbackItem(RecordPage):
    """One message, for those who work on it."""

    model = PublicFeedback
    related = RELATED
    act = WORK
    template_name = "commissioning/feedback_item.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was written, by when it is answered, and what can be done now."""
        feedback = self.subject
        return super().get_context_data(**kwargs) | {
            "page_title": feedback.case_file.reference,
            "tone": TONES[FeedbackState(feedback.state)],
            "days_open": feedback.days_open(),
            "is_late": selector.is_late(feedback),
            "offers": door.offers(feedback, self.person),
        }


class FeedbackVerb(VerbPage):
    """Giving it to somebody, answering, closing."""

    model = PublicFeedback
    related = RELATED
