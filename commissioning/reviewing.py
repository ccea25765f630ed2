"""Who comments on this room's papers: those who decide, CCPS, the functions, and whoever was named for the outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commissioning.models import ApprovalView, GateStakeholder
from commissioning.selectors.gate_rounds import people_at
from commissioning.services.gates import NUMBER_OF, PAPERS
from documents.changes import register_predecessors
from documents.commenting import Reviewers, register_reviewers
from documents.models import Paper
from organisation.models import Person
from organisation.permissions import place_of
from organisation.roles import Function, Role
from organisation.standing import standing_of

# A function reviews unasked too: what it would say later is better heard early.
CAPACITIES = {
    Role.CCPS_OFFICER: "CCPS",
    Role.CCPS_MANAGER: "CCPS",
    Role.FINANCE: "Finance",
    Role.LEGAL: "Legal",
    Role.OTHER_FUNCTION: "",
    Role.LEADERSHIP_APPROVER: "Approver",
    Role.SERVICE_LEADER: "Service leader",
    Role.BUDGET_HOLDER: "Budget holder",
}


def by_role(person: Person, paper: Paper) -> str:
    """The capacity that a role held where the paper is gives; empty without one. No statement of its own."""
    organisation_id, area_id = place_of(paper)
    standing = standing_of(person)
    for role, words in CAPACITIES.items():
        if standing.holds(role, organisation_id or 0, area_id):
            return words or _function_of(person, organisation_id or 0)
    return ""


def on_gate_paper(person: Person, paper: Paper) -> str:
    """By role; else whoever is asked to decide, or was named for the target outcomes: two statements at most."""
    found = by_role(person, paper)
    if found or standing_of(person).holds(Role.COMMISSIONER, *_place(paper)):
        # The commissioners of the area write it.
        return found
    if GateStakeholder.objects.filter(gate__paper=paper, person=person, removed_at__isnull=True).exists():
        return "Stakeholder"
    asked = ApprovalView.objects.filter(step__round__gate__paper=paper, person=person)
    return "Approver" if asked.exists() else ""


def reviewers_at(roles: Iterable[str]) -> Callable[[Paper], list[Person]]:
    """Some people in these roles where a paper is, for a refusal: one statement."""
    wanted = list(roles)
    return lambda paper: people_at(paper.case_file, wanted, limit=3)


def _place(paper: Paper) -> tuple[int, int | None]:
    organisation_id, area_id = place_of(paper)
    return organisation_id or 0, area_id


def _function_of(person: Person, organisation_id: int) -> str:
    held = (row.function for row in standing_of(person).roles_held if row.organisation_id == organisation_id)
    return next((str(Function(function).label) for function in held if function in Function.values), "Other function")


def register_own() -> None:
    """Register the reviewers of the gates' papers and of the specification, and which paper grows out of which."""
    register_predecessors(PAPERS[3], [PAPERS[1]])
    register_predecessors(PAPERS[4], [PAPERS[3], PAPERS[1]])
    for key in NUMBER_OF:
        register_reviewers(Reviewers(key, on_gate_paper, reviewers_at(CAPACITIES)))
    for key in ("specification", "full_impact_assessment", "procurement_request"):
        register_reviewers(Reviewers(key, by_role, reviewers_at(CAPACITIES)))
