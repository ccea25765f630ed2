"""How the need will be met, and who confirms it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.decisions import (
    DeliveryForm,
)
from commissioning.models import (
    DeliveryDecision,
)
from commissioning.services import decisions
from commissioning.states import CommissionState
from commissioning.views.base import CommissionAct, ReadableAct
from organisation.forms import PageForm
from organisation.permissions import may


class Delivery(ReadableAct):
    """Decide how the need will be met."""

    template_name = "commissioning/delivery.html"
    form_class = DeliveryForm
    write_act = "commission.edit"
    page_title = "Delivery decision"

    @property
    def may_write(self) -> bool:
        """Whether the person decides, now."""
        return super().may_write and (self.subject.state == CommissionState.PLAN or self.refusal is not None)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The framework's ways of delivering."""
        framework_id = self.subject.case_file.organisation.framework_id
        return super().get_form_kwargs() | {"framework_id": framework_id, "may_buy": self.subject.may_buy}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The standing decision, and whether it waits for the service leader."""
        standing: DeliveryDecision | None = (
            self.subject.delivery_decisions.filter(superseded_at__isnull=True)
            .select_related("model", "decided_by", "confirmed_by")
            .first()
        )
        confirms = (
            standing is not None
            and standing.model.key == "no_change"
            and standing.confirmed_by_id is None
            and standing.decided_by_id != self.person.pk
            and may(self.person, "commission.confirm_delivery", self.subject)
        )
        return super().get_context_data(**kwargs) | {
            "standing": standing,
            "may_confirm": confirms,
        }

    def perform(self, form: PageForm) -> str:
        """Decide."""
        made = decisions.decide_delivery(self.subject, by=self.person, **form.cleaned_data)
        return f"Delivery decision made: {made.model.name}."


class ConfirmDelivery(CommissionAct):
    """The service leader confirms that nothing changes."""

    form_class = ConfirmForm
    act = "commission.confirm_delivery"
    page_title = "Confirm the delivery decision"
    intro = "The decision is to change nothing. Once you confirm it, the commission can be closed."

    def perform(self, form: PageForm) -> str:
        """Confirm it."""
        standing = get_object_or_404(
            self.subject.delivery_decisions.select_related("model", "commission__case_file"),
            superseded_at__isnull=True,
        )
        decisions.confirm_delivery(standing, by=self.person, act_id=form.cleaned_data["act_id"])
        return "Decision confirmed."
