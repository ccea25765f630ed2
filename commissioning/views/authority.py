"""Who may commission, procure and award: the records of authority, and the clocks of the decision."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.decisions import (
    AuthorityForm,
    WithdrawAuthorityForm,
)
from commissioning.models import (
    AuthorityRecord,
)
from commissioning.selectors import dossiers
from commissioning.selectors.decision_timeline import key_words, timeline_of
from commissioning.services import decisions
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm


class Authority(CommissionPage):
    """Who may commission, procure and award this, and on what decision."""

    template_name = "commissioning/authority.html"
    tab = "authority"
    page_title = "Authority"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every record, standing ones first."""
        rows = self.subject.authority_records.select_related("provider", "recorded_by")
        rules = dossiers.rules_of(dossiers.rules_version_of(self.subject))
        return super().get_context_data(**kwargs) | {
            "timeline": timeline_of(self.subject),
            "key_words": key_words(self.subject.case_file.value_ex_vat, rules),
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
