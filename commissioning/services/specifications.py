"""The specification's versions: opened, sent, signed off, and undone by an edit."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from casework import door
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.lifecycle import effect_of, exit_check
from casework.models import WorkItem
from casework.refusals import Refused
from casework.states import OUTSTANDING
from commissioning.models import Commission, PlannedIndicator, Specification
from commissioning.services import asking
from commissioning.services.values import locked_for, locked_open, refuse
from commissioning.states import CommissionState, SpecificationState
from documents.models import Paper
from documents.services import papers
from organisation.actors import Actor, System
from organisation.models import Person

MARKED = "specification_marked"


def open_specification(commission: Commission, *, by: Person, act_id: uuid.UUID | None = None) -> Specification:
    """The standing specification of a commission, begun if there is none. Only from Plan on."""
    with audited(by=by, act_id=act_id, verb="specification.open", subject=str(commission.pk)):
        commission = locked_for(commission, by=by, act="commission.edit", verb="specification.open")
        standing = commission.specifications.exclude(state="superseded").select_related("paper").first()
        if standing:
            return standing
        if commission.state not in (CommissionState.PLAN, CommissionState.SECURE):
            in_plan = Refused("The specification is written in Plan.")
            refuse(in_plan, verb="specification.open", subject=commission, by=by)
        paper = papers.begin(commission.case_file, "specification", by=by)
        number = commission.specifications.count() + 1
        made = Specification.objects.create(commission=commission, paper=paper, number=number)
        record(verb="specification.open", subject=made)
        return made


def undo_sign_off(commission: Commission, because: str) -> None:
    """Something that belongs to the specification changed: what was sent or signed off no longer stands.

    In the transaction of the change. Raises ``Blocked`` where prices were asked for on what was signed off.
    """
    standing = (
        Specification.objects.filter(commission=commission, state__in=["in_review", "signed_off"])
        .select_related(*Specification.door_reads)
        .first()
    )
    if standing is not None:
        verb = "supersede" if standing.state == SpecificationState.SIGNED_OFF else "return_for_changes"
        door.carry_out(standing, verb, by=System(because=because), note=because)


def ask_legal_review(
    specification: Specification,
    *,
    question: str,
    needed_by: date,
    by: Person,
    urgent_reason: str = "",
    act_id: uuid.UUID | None = None,
) -> list[WorkItem]:
    """CCPS says that Legal has to look at the specification; the sign-off waits for the answer (framework 5.2)."""
    verb = "specification.legal_review"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(specification.pk)):
        commission = locked_open(
            specification.commission, by=by, act=verb, verb=verb, stands="nobody is asked about its specification"
        )
        earlier = WorkItem.objects.filter(case_file=commission.case_file, key__contains=_review_key(specification))
        opened = asking.fire(
            commission,
            MARKED,
            by=by,
            ask=f"specification:{specification.paper_id}:{earlier.count() + 1}",
            needed_by=needed_by,
            question=question,
            urgent_reason=urgent_reason,
            path=specification.get_absolute_url(),
        )
        record(verb=verb, subject=specification, changes={"told": [item.queue.name for item in opened if item.queue]})
        return opened


def _review_key(specification: Specification) -> str:
    return f":specification:{specification.paper_id}:"


@exit_check(Specification, "sign_off")
def _waits_for_legal(specification: Specification) -> list[Blocker]:
    """What was asked of Legal about the specification is answered, or withdrawn."""
    rows = WorkItem.objects.filter(
        case_file_id=specification.commission.case_file_id,
        key__contains=_review_key(specification),
        state__in=OUTSTANDING,
    )
    return [
        Blocker(f"asked:{pk}", f"{queue}: answer on the specification awaited", "casework:item", (pk,), waits_for=queue)
        for pk, queue in rows.order_by("pk").values_list("pk", "queue__name")
    ]


@exit_check(Specification, "send_for_sign_off", "sign_off")
def _each_indicator_has_a_baseline(specification: Specification) -> list[Blocker]:
    """Whoever monitors later has something to compare with."""
    rows = PlannedIndicator.objects.filter(
        commission_id=specification.commission_id, removed_at__isnull=True, baseline__isnull=True, no_baseline_reason=""
    )
    return [
        Blocker(
            f"baseline:{pk}",
            f"Indicator “{name}”: no baseline, and no reason for none",
            "commissioning:indicator",
            (specification.commission_id, pk),
        )
        for pk, name in rows.order_by("pk").values_list("pk", "name")
    ]


@effect_of(Specification, "return_for_changes")
def _returned(specification: Specification, *, by: Actor, note: str, **_: Any) -> None:
    """The paper opens again with the reason."""
    door.carry_out(specification.paper, "reopen", by=System(because=f"Returned for changes: {note}"), note=note)


@effect_of(Specification, "supersede")
def _superseded(specification: Specification, *, by: Actor, note: str, **_: Any) -> None:
    """The paper opens again and the next version begins as a draft: the sign-off is undone by the edit."""
    paper = door.carry_out(
        specification.paper, "reopen", by=System(because=f"A new version was opened: {note}"), note=note
    ).subject
    made = Specification.objects.create(
        commission_id=specification.commission_id, paper=paper, number=specification.number + 1
    )
    record(verb="specification.open", subject=made, reason=note)


@exit_check(Paper, "reopen")
def _is_relied_on(paper: Paper) -> list[Blocker]:
    """A specification that is with the service leader or signed off opens only as a new version, from its own page."""
    standing = Specification.objects.filter(paper=paper, state__in=["in_review", "signed_off"]).first()
    if standing is None:
        return []
    words = (
        f"Specification version {standing.number}: {standing.get_state_display().lower()}. Edit it from its own page"
    )
    return [Blocker("specification", words, "commissioning:specification", (standing.commission_id,))]
