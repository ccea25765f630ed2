"""Who may do the acts of this room."""

from __future__ import annotations

from typing import Any

from casework.capacity import Capacity, register_capacity
from commissioning.models import GateStakeholder
from commissioning.models.feedback import WORKERS as WORKERS_ON_FEEDBACK
from commissioning.selectors import gate_rounds
from commissioning.states import CommissionState
from organisation.models import Person
from organisation.permissions import place_of, register
from organisation.roles import Role
from organisation.standing import covered_by, standing_of

WRITERS = (Role.COMMISSIONER,)
LEADERS = (Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER)
URGENT = (Role.COMMISSIONER, *LEADERS)
ASKERS = (
    *(Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.SERVICE_LEADER),
    *(Role.CCPS_OFFICER, Role.CCPS_MANAGER),
)


def _did_not_submit(person: Person, subject: Any) -> bool:
    """Nobody signs off the words that they submitted themselves."""
    paper = getattr(subject, "paper", None)
    return paper is None or paper.submitted_by_id != person.pk


def _decides(person: Person, subject: Any) -> bool:
    """Whoever is asked in the open step of the approval, or covers for them; never an author."""
    return gate_rounds.decides(person, subject)


def _works_for_partner(person: Person, subject: Any) -> bool:
    """A commissioner or leader of the partner's own organisation."""
    where = subject.organisation_id
    return where is not None and any(standing_of(person).holds(role, where) for role in (Role.COMMISSIONER, *LEADERS))


def _did_not_prepare(person: Person, subject: Any) -> bool:
    """Nobody waives the gate of a paper that they prepared."""
    return person.pk not in gate_rounds.authors_of(subject) if hasattr(subject, "number") else True


def _owns_or_commissions(person: Person, subject: Any) -> bool:
    """A condition is met by its owner, or by a commissioner of the area."""
    place = place_of(subject)
    return person.pk == subject.owner_id or standing_of(person).holds(Role.COMMISSIONER, place[0] or 0, place[1])


def _is_named(person: Person, subject: Any) -> bool:
    """The person who was named as having a stake, and nobody for them; of a gate, anyone named on it."""
    if isinstance(subject, GateStakeholder):
        return person.pk == subject.person_id
    return GateStakeholder.objects.filter(gate_id=subject.pk, person=person, removed_at__isnull=True).exists()


def _who_is_named(subject: Any) -> list[Person]:
    """Those named on the gate of a row, or on a gate."""
    gate_id = getattr(subject, "gate_id", None) or subject.pk
    rows = GateStakeholder.objects.filter(gate_id=gate_id, removed_at__isnull=True).select_related("person")
    return [row.person for row in rows.order_by("person__name")[:3]]


def _as_approver(person: Person, subject: Any) -> Capacity:
    """In the step's role, and for whom when covering."""
    found = gate_rounds.load(subject)
    absent = {other.pk for other in covered_by(person)}
    view = found.view_for(person, absent)
    step = found.round.open_step if found.round else None
    covering = view.person_id if view and view.person_id != person.pk else None
    return Capacity(step.role if step and step.role else "approver", covering_id=covering)


MANAGERS = (Role.SERVICE_LEADER, Role.CCPS_MANAGER, Role.LEADERSHIP_APPROVER)


def _manages_or_is_drafting(person: Person, subject: Any) -> bool:
    """Managers weigh one commission against another; a commissioner says what they think while it is a draft."""
    place = place_of(subject)
    if any(standing_of(person).holds(role, place[0] or 0, place[1]) for role in MANAGERS):
        return True
    return getattr(subject, "state", "") == CommissionState.DRAFT


def register_rules() -> None:
    """Register the acts of this room."""
    register("gate.decide", "decide on this gate", also=_decides)
    register_capacity("gate.decide", capacity=_as_approver, people=gate_rounds.people_asked)
    register("gate.view_outcomes", "give a view of these target outcomes", also=_is_named)
    register_capacity("gate.view_outcomes", people=_who_is_named)
    register("gate.rank", "put business cases in order", (Role.LEADERSHIP_APPROVER,))
    register("gate.waive", "waive this gate", (Role.LEADERSHIP_APPROVER,), also=_did_not_prepare)
    register("gate.meet_condition", "say that this condition is met", also=_owns_or_commissions)
    register("commission.ask", "ask a function about this commission", ASKERS, with_teams=True)
    register("commission.register", "register a commission", WRITERS)
    register("commission.edit", "edit this commission", WRITERS)
    register("commission.plan_sourcing", "plan the sourcing of this commission", (Role.CCPS_OFFICER, Role.CCPS_MANAGER))
    register(
        "commission.prioritise",
        "change the priority of this commission",
        (*MANAGERS, *WRITERS),
        also=_manages_or_is_drafting,
    )
    register("commission.run", "move this commission on", WRITERS)
    register("commission.hand_to_review", "move this commission to Review", (Role.CONTRACT_MANAGER,))
    register("commission.close", "close this commission", (Role.SERVICE_LEADER,))
    register("commission.stop", "stop this commission", (Role.SERVICE_LEADER,))
    register("commission.hold", "hold or resume this commission", (Role.CCPS_MANAGER, Role.SERVICE_LEADER))
    register(
        "commission.send_back",
        "return this commission to the stage before",
        (Role.COMMISSIONER, Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER),
    )
    register("partnership.keep", "keep partnerships", (Role.COMMISSIONER, *LEADERS))
    register("partner.confirm", "confirm the principles for this partner", also=_works_for_partner)
    register("commission.urgent", "put this commission on the urgent route", URGENT)
    register("commission.allow_urgent", "allow the urgent route", LEADERS)
    register("commission.advise_as_ccps", "advise for CCPS", (Role.CCPS_OFFICER, Role.CCPS_MANAGER))
    register("commission.advise_as_leadership", "advise for commissioner leadership", LEADERS)
    register("commission.authority", "record authority", (Role.COMMISSIONER, Role.SERVICE_LEADER))
    register("commission.confirm_delivery", "confirm the delivery decision", (Role.SERVICE_LEADER,))
    register("commission.review", "review this commission", (Role.COMMISSIONER, Role.CONTRACT_MANAGER))
    register(
        "activity.write",
        "write in this activity",
        (Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER, Role.CCPS_MANAGER),
        with_teams=True,
    )
    register(
        "activity.complete",
        "complete this activity",
        (Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER, Role.CCPS_MANAGER),
        with_teams=True,
    )
    register("engagement.prices", "read what the market said about prices", (Role.CCPS_OFFICER, Role.CCPS_MANAGER))
    register(
        "finding.answer",
        "say what became of this finding",
        (Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.SERVICE_LEADER),
    )
    register("feedback.work", "work on public feedback", WORKERS_ON_FEEDBACK)
    register("impact.read_form_feedback", "read what people say of the form", (Role.ADMINISTRATOR, Role.CCPS_MANAGER))
    register("impact.finish_action", "say that this action is done", also=_owns_or_commissions)
    register(
        "specification.legal_review",
        "ask Legal to look at the specification",
        (Role.CCPS_OFFICER, Role.CCPS_MANAGER),
    )
    register("specification.sign_off", "sign off the specification", (Role.SERVICE_LEADER,), also=_did_not_submit)
