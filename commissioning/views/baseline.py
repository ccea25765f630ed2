"""The dates that gate 1 committed to, beside those expected today."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.baseline import MoveMilestoneForm
from commissioning.models import BaselineMilestone
from commissioning.services import baseline
from commissioning.views.base import CommissionAct, CommissionPage
from organisation import clock
from organisation.formatting import counted
from organisation.forms import PageForm


def moved_words(row: BaselineMilestone) -> tuple[str, str]:
    """How far a date has moved, and the tone of it: "12 days later", amber; "Late" where it should be there by now."""
    if row.done_on is None and row.expected_on < clock.today():
        return "Should be reached by now", "red"
    if row.days_moved == 0:
        return ("Reached as planned", "green") if row.done_on else ("As planned", "green")
    words = f"{counted(abs(row.days_moved), 'day')} {'later' if row.days_moved > 0 else 'earlier'}"
    return words, "amber" if row.days_moved > 0 else "green"


class Baseline(CommissionPage):
    """Each main date of the approved initiation document beside today's, and the people's time that was promised."""

    template_name = "commissioning/baseline.html"
    page_title = "Baseline"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dates, and what was committed beside them."""
        rows = list(
            BaselineMilestone.objects.filter(commission=self.subject)
            .select_related("round", "changed_by")
            .order_by("order")
        )
        resources = baseline.committed_resources(self.subject)
        return super().get_context_data(**kwargs) | {
            "rows": [(row, *moved_words(row)) for row in rows],
            "round": rows[0].round if rows else None,
            "heads": resources[0] if resources else [],
            "resources": resources[1:],
        }


class MoveMilestone(CommissionAct):
    """Say when one of them is expected, or was reached."""

    form_class = MoveMilestoneForm
    act = "commission.edit"

    @cached_property
    def row(self) -> BaselineMilestone:
        """The date in the address."""
        found: BaselineMilestone = get_object_or_404(
            BaselineMilestone, pk=self.kwargs["milestone"], commission=self.subject
        )
        found.commission = self.subject
        return found

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name it."""
        return self.row.name

    def back_url(self) -> str:
        """To the baseline."""
        return reverse("commissioning:baseline", args=[self.subject.pk])

    def current_version(self) -> int:
        """The milestone's, not the commission's."""
        return BaselineMilestone.objects.values_list("version", flat=True).get(pk=self.row.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it stands."""
        row = self.row
        initial = {"expected_on": row.expected_on, "done_on": row.done_on, "reason": row.reason}
        return super().get_form_kwargs() | {"initial": initial, "version": row.version}

    def perform(self, form: PageForm) -> str:
        """Save it."""
        given = form.cleaned_data
        baseline.move(
            self.row,
            expected_on=given["expected_on"],
            done_on=given["done_on"],
            reason=given["reason"],
            version=given["version"],
            by=self.person,
            act_id=given["act_id"],
        )
        return f"“{self.row.name}” saved. The baseline stays beside it."
