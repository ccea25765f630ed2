"""What CCPS plans for a commission: who leads for it, and by when there is a sourcing strategy."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from casework.audit import audited, record
from casework.deadlines import Due, due
from casework.lifecycle import effect_of
from casework.services import deadlines
from commissioning.models import Commission, SourcingPlan
from commissioning.services.ownership import follow_sourcing_lead
from commissioning.services.values import locked_open
from commissioning.states import CommissionState
from documents.models import Paper
from documents.states import PaperState
from organisation import clock
from organisation.actors import Actor
from organisation.formatting import counted, day
from organisation.models import Person

STRATEGY = "sourcing_strategy"
BEFORE_SECURE = (CommissionState.ANALYSE, CommissionState.PLAN)


def plan_sourcing(
    commission: Commission, *, lead: Person, strategy_by: date, by: Person, act_id: uuid.UUID | None = None
) -> SourcingPlan:
    """Name the lead and the day of the sourcing strategy; an earlier answer stays in the history."""
    verb = "commission.sourcing_plan"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.plan_sourcing", verb=verb, stands="its sourcing plan stands"
        )
        before = SourcingPlan.objects.filter(commission=commission).values_list("lead_id", flat=True).first()
        given = {"lead": lead, "strategy_by": strategy_by, "recorded_by": by, "recorded_at": clock.now()}
        made, _ = SourcingPlan.objects.update_or_create(commission=commission, defaults=given)
        made.commission = commission
        _keep(made)
        changes = _lead_changes(commission, lead, before) | {"strategy by": day(strategy_by)}
        record(verb=verb, subject=commission, changes=changes)
        return made


def name_lead(commission: Commission, lead: Person, *, by: Actor, before: int | None) -> None:
    """CCPS's lead for a commission is this person from now on. In the transaction of whatever named them.

    ``before`` is whoever leads it so far, by their number: nothing happens where it is the same person.
    """
    if before == lead.pk:
        return
    plan = SourcingPlan() if before is None else SourcingPlan.objects.get(commission=commission)
    plan.commission, plan.lead, plan.recorded_at = commission, lead, clock.now()
    plan.recorded_by = by if isinstance(by, Person) else lead
    plan.save()
    if plan.strategy_by is not None:
        _keep(plan)
    record(verb="commission.sourcing_lead", subject=commission, changes=_lead_changes(commission, lead, before))


def _lead_changes(commission: Commission, lead: Person, before: int | None) -> dict[str, Any]:
    """What the record says of a new lead, who takes over what CCPS leads in the plan."""
    handed = follow_sourcing_lead(commission, lead, before=before)
    return {"lead_id": lead.pk, **({"activities": counted(handed, "activity", "activities")} if handed else {})}


@effect_of(Paper, "submit")
@effect_of(Paper, "reopen")
def _strategy_moved(paper: Paper, *, by: Actor, note: str, **_: Any) -> None:
    """A strategy that is submitted is due no more; one that is opened again is."""
    if paper.template_key != STRATEGY:
        return
    rows = SourcingPlan.objects.filter(commission__case_file=paper.case_file_id)
    plan = rows.select_related("commission__case_file", "lead").first()
    if plan is not None:
        _keep(plan, is_written=paper.state != PaperState.DRAFTING)


def strategies() -> Iterator[Due]:
    """The day of every strategy not submitted, until the commission leaves Plan or ends: the proof of the rows."""
    rows = SourcingPlan.objects.filter(commission__state__in=BEFORE_SECURE, strategy_by__isnull=False)
    rows = rows.exclude(commission__case_file__in=_submitted())
    for row in rows.select_related("commission__case_file", "lead").order_by("pk").iterator(chunk_size=500):
        yield _due_of(row)


def _submitted() -> Any:
    papers = Paper.objects.filter(template_key=STRATEGY).exclude(state=PaperState.DRAFTING)
    return papers.values("case_file")


def _keep(plan: SourcingPlan, *, is_written: bool | None = None) -> None:
    """The deadline says what the plan and its paper say; ``is_written`` is known while the paper is moving."""
    case = plan.commission.case_file
    if is_written is None:
        is_written = _submitted().filter(case_file=case).exists()
    is_over = is_written or plan.commission.state not in BEFORE_SECURE
    if plan.strategy_by is None or is_over:
        deadlines.finish_deadline(case, STRATEGY, "strategy")
    else:
        deadlines.put(_due_of(plan))


def _due_of(plan: SourcingPlan) -> Due:
    assert plan.strategy_by is not None, "only a plan with a day falls due"
    return due(
        plan.commission.case_file,
        STRATEGY,
        "strategy",
        due_on=plan.strategy_by,
        holder=plan.lead,
        title="Sourcing strategy",
        path=reverse("commissioning:sourcing", args=[plan.commission_id]),
    )
