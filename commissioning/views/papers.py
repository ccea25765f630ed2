"""Beginning a paper of the commission, or going on with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property

from casework.refusals import Refused
from commissioning.forms.confirm import ConfirmForm
from commissioning.selectors.activity_papers import activity_key
from commissioning.services import activity_papers
from commissioning.services.gates import NUMBER_OF
from commissioning.services.sourcing import STRATEGY
from commissioning.views.base import CommissionAct
from documents.models import Paper, Template
from documents.services import papers
from organisation.forms import PageForm


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
        if self.kwargs["key"] == STRATEGY:
            self.act = "commission.plan_sourcing"  # type: ignore[misc]
        if activity_key(self.kwargs["key"]):
            self.act = "activity.write"  # type: ignore[misc]
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
        if activity := activity_key(key):
            act_id = form.cleaned_data["act_id"]
            self.standing = activity_papers.begin_form(self.subject, activity, by=self.person, act_id=act_id)
        else:
            self.standing = papers.begin(self.subject.case_file, key, by=self.person)
        return ""

    def get_success_url(self) -> str:
        """On to the paper."""
        return self.standing.get_absolute_url() if self.standing else self.back_url()
