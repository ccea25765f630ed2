"""What CCPS plans for a commission: its lead, the sourcing strategy and the steps that deliver it, on one page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commissioning.forms.sourcing import SourcingForm
from commissioning.models import SourcingPlan, TimelineStep
from commissioning.selectors import overview, timeline
from commissioning.selectors.notice import notice_of
from commissioning.selectors.sheets import shown_sheets
from commissioning.services.sourcing import STRATEGY, plan_sourcing
from commissioning.sheets import all_sheets
from commissioning.views.base import CommissionMixin, ReadableAct
from documents.models import Paper
from organisation.formatting import day, money
from organisation.forms import PageForm

HOME = "commissioning:sourcing"


class Sourcing(ReadableAct):
    """Read by everyone who sees the commission; filled in by CCPS."""

    template_name = "commissioning/sourcing.html"
    form_class = SourcingForm
    write_act = "commission.plan_sourcing"
    page_title = "Sourcing"
    related = (*CommissionMixin.related, "sourcing_plan__lead")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from the plan there is."""
        plan: SourcingPlan | None = getattr(self.subject, "sourcing_plan", None)
        return super().get_form_kwargs() | {
            "organisation_id": self.subject.case_file.organisation_id,
            "initial": {"lead": plan.lead_id, "strategy_by": plan.strategy_by} if plan else {},
        }

    def perform(self, form: PageForm) -> str:
        """Save it."""
        plan = plan_sourcing(self.subject, by=self.person, **form.cleaned_data)
        return _lead_words(plan)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The notice, and what CCPS plans by: when it begins, by when it is needed, the likely route, the value."""
        commission = self.subject
        seen = timeline.outlook_of(commission)
        tender = commission.planned_steps.filter(is_tender=True, left_out_reason="").order_by("starts_on").first()
        facts = [
            ("Expected start: suppliers are asked from", day(tender.starts_on) if tender else "Not planned yet", ""),
            ("Needed by", day(commission.needed_by) if commission.needed_by else "Not recorded", ""),
            ("Likely route", str(TimelineStep.Route(seen.route).label) if seen else "Not known without a value", ""),
            ("Value, excluding VAT", money(commission.case_file.value_ex_vat), ""),
        ]
        notice = notice_of(commission, overview.queue_rows(commission))
        context = super().get_context_data(**kwargs)
        here = [sheet for sheet in all_sheets() if sheet.home == HOME]
        paper = Paper.objects.filter(case_file=commission.case_file, template_key=STRATEGY).first()
        return context | {
            "notice": notice,
            "facts": facts,
            "lead": _lead_words(getattr(commission, "sourcing_plan", None)),
            "sheets": shown_sheets(here, commission, may_write=bool(context["may_write"]), here=self.request.path),
            "paper": paper,
            "paper_url": reverse("commissioning:open_paper", args=[commission.pk, STRATEGY]),
        }


def _lead_words(plan: SourcingPlan | None) -> str:
    if plan is None:
        return "CCPS has not named a lead yet."
    by_when = f" The strategy is due on {day(plan.strategy_by)}." if plan.strategy_by else ""
    return f"{plan.lead.label} leads for CCPS.{by_when}"
