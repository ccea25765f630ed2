"""The risk form."""

from __future__ import annotations

from typing import Any

from commissioning.forms.risk import RiskForm
from commissioning.models import (
    RiskFigures,
)
from commissioning.selectors import dossiers
from commissioning.selectors.risk_figures import concerns_about
from commissioning.services import risk
from commissioning.views.base import CommissionAct


class AnswerRisk(CommissionAct):
    """The risk form: any yes makes the commission high risk at once."""

    form_class = RiskForm
    act = "commission.edit"
    page_title = "Risk form"
    intro = (
        "Any yes makes this commission high risk, whatever its value. That brings CCPS in at the start and asks for "
        "gate 1 and a procurement request."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """The criteria in force, with the answers so far."""
        commission = self.subject
        return super().get_form_kwargs() | {
            "version": commission.version,
            "criteria": list(dossiers.criteria_asked(commission)),
            "answers": {row.criterion_id: row for row in commission.risk_answers.all()},
            "is_draft": not commission.has_started,
            "figures": RiskFigures.objects.filter(commission=commission).select_related("supplier").first(),
            "rules": dossiers.rules_of(dossiers.rules_version_of(commission)),
            "organisation_id": commission.case_file.organisation_id,
            "concerns": concerns_about,
        }

    def perform(self, form: Any) -> str:
        """Answer them and say what moved."""
        given = form.cleaned_data
        shift = risk.answer(
            self.subject,
            form.ticked(),
            by=self.person,
            figures=form.figures(),
            version=given["version"],
            act_id=given["act_id"],
        )
        return f"Risk form saved. {shift.words}".strip()
