"""The specification's versions: opened, sent, signed off, and undone by an edit."""

from __future__ import annotations

import uuid
from typing import Any

from casework import door
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.lifecycle import effect_of, exit_check
from casework.refusals import Refused
from commissioning.models import Commission, Specification
from commissioning.services.values import locked_for, refuse
from commissioning.states import CommissionState
from documents.models import Paper
from documents.services import papers
from organisation.actors import Actor, System
from organisation.models import Person


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
