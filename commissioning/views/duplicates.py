"""Records that may be the same need, and settling each."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework.models import CaseFile
from commissioning.forms.decisions import (
    DuplicateForm,
)
from commissioning.models import (
    LikelyDuplicate,
)
from commissioning.services import duplicates
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm


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
