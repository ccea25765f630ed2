"""The options appraisal: side by side, scored, and the one that is preferred."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door
from commissioning.forms.options import PreferForm, ScoresForm
from commissioning.models import AppraisalCriterion, AppraisalOption
from commissioning.selectors.options import appraisal_of
from commissioning.selectors.options_shown import shown_appraisal
from commissioning.services import options as service
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm
from organisation.permissions import may

TITLE = "Options side by side"


class Options(CommissionPage):
    """The options side by side: what speaks for each, whole-life cost, scores, and how firm the order is."""

    template_name = "commissioning/options.html"
    page_title = TITLE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The appraisal, and what the person may write."""
        may_write = self.may_now(service.ACT)
        appraisal = appraisal_of(self.subject)
        return super().get_context_data(**kwargs) | {
            "appraisal": appraisal,
            "shown": shown_appraisal(appraisal, self.subject, may_write=may_write),
            "may_write": may_write,
        }


class OptionAct(CommissionAct):
    """A form of the appraisal: it leads back to the comparison."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Writing is asked for before anything is shown."""
        if request.user.is_authenticated and not may(self.person, service.ACT, self.subject):
            raise PermissionDenied(door.who_words(service.ACT, self.subject))
        return super().dispatch(request, *args, **kwargs)

    def back_url(self) -> str:
        """The comparison."""
        return reverse("commissioning:options", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, over the comparison."""
        way = super().crumbs()
        return [*way[:-1], (TITLE, self.back_url()), way[-1]]


class Score(OptionAct):
    """Score one option on every criterion."""

    form_class = ScoresForm
    page_title = "Score an option"

    @cached_property
    def option(self) -> AppraisalOption:
        """The option, within this commission."""
        rows = AppraisalOption.objects.filter(commission=self.subject, removed_at__isnull=True)
        found: AppraisalOption = get_object_or_404(rows, pk=self.kwargs["option"])
        found.commission = self.subject
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One of another commission is not found."""
        if request.user.is_authenticated:
            self.option  # noqa: B018 - 404 before anything is asked
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The criteria and the scores so far."""
        criteria = AppraisalCriterion.objects.filter(commission=self.subject, removed_at__isnull=True)
        return super().get_form_kwargs() | {
            "criteria": list(criteria.order_by("-weight", "pk")),
            "scores": list(self.option.scores.filter(removed_at__isnull=True)),
            "version": self.current_version(),
        }

    def current_version(self) -> int:
        """The version of the option's scores."""
        return service.scores_version(self.option)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the option."""
        return super().get_context_data(**kwargs) | {"page_title": f"Score “{self.option.name}”"}

    def perform(self, form: Any) -> str:
        """Keep the scores."""
        cleaned = form.cleaned_data
        service.save_scores(
            self.option, form.given(), version=cleaned["version"], by=self.person, act_id=cleaned["act_id"]
        )
        return f"Scores of “{self.option.name}” saved."


class Prefer(OptionAct):
    """Choose the preferred option."""

    form_class = PreferForm
    page_title = "Preferred option"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The options, and the choice that stands."""
        standing = self.subject.option_preferences.filter(superseded_at__isnull=True).first()
        options = AppraisalOption.objects.filter(commission=self.subject, removed_at__isnull=True)
        initial = {"option": standing.option_id, "because": standing.because} if standing else {}
        return super().get_form_kwargs() | {
            "options": options.order_by("-is_do_nothing", "pk"),
            "initial": initial,
        }

    def perform(self, form: PageForm) -> str:
        """Prefer it."""
        made = service.prefer(self.subject, by=self.person, **form.cleaned_data)
        return f"“{made.option}” is the preferred option."
