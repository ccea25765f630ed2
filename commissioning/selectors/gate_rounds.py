"""What the guards of a gate read, who is asked to decide, and who may."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from casework.blockers import Blocker
from casework.lifecycle import dossier_of
from casework.querysets import people_seeing
from commissioning.gate_dossier import GateDossier, RoundLine, StepLine, ViewLine
from commissioning.gate_guards import STAGE_OF
from commissioning.models import ApprovalRoute, ApprovalView, CommissionActivity, Gate, RouteStep
from commissioning.selectors import dossiers
from commissioning.selectors.figures import unexplained_figures
from commissioning.selectors.key_documents import open_reviews
from commissioning.states import ActivityState, GateState
from organisation import clock
from organisation.authority import NO_LIMIT, Authority, authorities_of
from organisation.formatting import listed, money
from organisation.models import Membership, Person
from organisation.models.authority import Act
from organisation.prepared import Prepared
from organisation.roles import Role
from organisation.standing import covered_by, standing_of

MOST_NAMED = 4


@dossier_of(Gate)
def load(gate: Gate) -> GateDossier:
    """A gate with its open round, in one statement; kept on the object, because one page asks many times."""
    known: GateDossier | None = gate.dossier_read
    if known is None:
        found = _open_round(gate)
        known = GateDossier(
            gate,
            found,
            load_commission=lambda: dossiers.load(gate.commission),
            load_missing=lambda: list(_missing_for_submission(gate)),
            author_ids=authors_of(gate, found),
        )
        gate.dossier_read = known
    return known


def forget(gate: Gate) -> None:
    """Read the round anew next time."""
    gate.dossier_read = None


def authors_of(gate: Gate, round_line: RoundLine | None = None) -> frozenset[int]:
    """Whoever began or submitted the paper: they never decide on it."""
    paper = gate.paper
    ids = {paper.begun_by_id, paper.submitted_by_id} if paper else set()
    if round_line:
        ids.add(round_line.submitted_by_id)
    return frozenset(pk for pk in ids if pk is not None)


def _open_round(gate: Gate) -> RoundLine | None:
    case = gate.commission.case_file
    rows = _VIEWS.rows(gate=gate.pk, organisation=case.organisation_id, area=case.service_area_id)
    if not rows:
        return None
    steps: dict[int, list[Any]] = {}
    for row in rows:
        steps.setdefault(row.step_id, []).append(row)
    of = rows[0].step.round
    return RoundLine(
        pk=of.pk,
        number=of.number,
        revision_number=of.revision_number,
        submitted_by_id=of.submitted_by_id,
        submitted_at=of.submitted_at,
        decide_by=of.decide_by,
        steps=tuple(_step_line(views) for views in steps.values()),
    )


def _views(gate: int, organisation: int, area: int | None) -> Any:
    in_role = Membership.objects.in_force().filter(
        _within(organisation, area), person_id=OuterRef("person_id"), role=OuterRef("step__role")
    )
    return (
        ApprovalView.objects.filter(step__round__gate=gate, step__round__outcome="")
        .annotate(in_role=Exists(in_role))
        .select_related("person", "step__round", "step__person")
        .order_by("step__order", "pk")
    )


_VIEWS: Prepared[Any] = Prepared(_views)


def _step_line(views: Sequence[Any]) -> StepLine:
    step = views[0].step
    return StepLine(
        pk=step.pk,
        order=step.order,
        role=step.role,
        person_id=step.person_id,
        words=step.words,
        needed=step.needed,
        amount=step.amount,
        is_passed=step.passed_at is not None,
        views=tuple(
            ViewLine(
                pk=view.pk,
                person_id=view.person_id,
                person=view.person.name,
                outcome=view.outcome,
                given_by_id=view.given_by_id,
                still_asked=view.person.is_active and (step.person_id == view.person_id or view.in_role),
            )
            for view in views
        ),
    )


# --- who may decide ---------------------------------------------------------------------------------------------------


def decides(person: Person, gate: Gate) -> bool:
    """Whether somebody may give a view now: asked in the open step, or covering, or newly in its role; never twice."""
    if gate.state != GateState.SUBMITTED:
        # Whoever was asked is told what was decided meanwhile, not that they may not decide.
        asked = ApprovalView.objects.filter(step__round__gate=gate, person=person)
        return asked.exists() and person.pk not in load(gate).author_ids
    return not why_not(person, gate)


def why_not(person: Person, gate: Gate) -> str:
    """Why somebody may not decide on a gate now, in words; nothing where they may."""
    dossier = load(gate)
    step = dossier.round.open_step if dossier.round else None
    if dossier.round is None or step is None:
        return f"Gate {gate.number} is not waiting for a decision."
    if person.pk in dossier.author_ids:
        return "You prepared or submitted this paper, so somebody else has to decide."
    if dossier.round.has_spoken(person.pk):
        return "You have given your view. It stands with this submission."
    covered = [absent.pk for absent in covered_by(person)]
    if dossier.view_for(person, covered) is None and not _holds(person, step, gate):
        return f"It waits for {step.words.lower() if step.role else step.words}, and you are not asked in this step."
    if step.amount is not None and authority_for(person, gate, step) is None:
        return f"You hold no post with authority to approve a gate of {money(step.amount)} today."
    return ""


def authority_for(person: Person, gate: Gate, step: StepLine) -> Authority | None:
    """The authority that lets somebody decide in a step that asks for it, as it stands today."""
    case = gate.commission.case_file
    held = authorities_of(person, Act.APPROVE_GATE, case.organisation_id, clock.today(), case.service_area_id)
    if not held or step.amount is None:
        return None
    return held[0] if held[0].amount_up_to == NO_LIMIT or held[0].amount_up_to >= step.amount else None


def _holds(person: Person, step: StepLine, gate: Gate) -> bool:
    case = gate.commission.case_file
    return bool(step.role) and standing_of(person).holds(step.role, case.organisation_id, case.service_area_id)


def people_asked(gate: Gate) -> list[Person]:
    """Everyone whose view the open step waits for, and whoever covers for them, by name: for a refusal's words."""
    found = load(gate).round
    step = found.open_step if found else None
    waiting = [line.person_id for line in step.views if line.is_waited_for] if step else []
    return list(Person.objects.filter(pk__in=waiting, is_active=True).order_by("name", "pk"))


# --- whom a submission asks -------------------------------------------------------------------------------------------


def route_for(gate: Gate) -> ApprovalRoute | None:
    """The approval route in force for this commission's area and value, with its steps: two statements."""
    case = gate.commission.case_file
    rows = ApprovalRoute.objects.in_force().filter(
        Q(service_area__isnull=True) | Q(service_area_id=case.service_area_id),
        framework_id=case.organisation.framework_id,
        gate=gate.number,
        from_value__lte=case.value_ex_vat or 0,
    )
    own_first = F("service_area_id").desc(nulls_last=True)
    return rows.order_by(own_first, "-from_value", "order", "pk").prefetch_related("steps__person").first()


def asked_in(gate: Gate, steps: Collection[RouteStep], authors: Collection[int]) -> dict[int, list[Person]]:
    """Who is asked in each step, by the step's order: never an author, nor anyone walled off from the commission."""
    case = gate.commission.case_file
    roles = {step.role for step in steps if step.role}
    named = {step.person_id for step in steps if step.person_id}
    seeing = people_seeing(case).exclude(pk__in=authors)
    held = Membership.objects.in_force().filter(_at(case), role__in=roles, person__in=seeing).select_related("person")
    by_role: dict[str, list[Person]] = {}
    for row in held.order_by("person__name", "person_id"):
        people = by_role.setdefault(row.role, [])
        if row.person not in people:
            people.append(row.person)
    by_name = {person.pk: [person] for person in seeing.filter(pk__in=named)} if named else {}
    found = {}
    for step in steps:
        people = by_role.get(step.role, []) if step.role else by_name.get(step.person_id or 0, [])
        found[step.order] = [person for person in people if _reaches(person, step, case)]
    return found


def who_will_decide(gate: Gate) -> list[str]:
    """Each step of the route in force with the people it would ask today, in order: "Service leader: Tom Hesketh".

    Four statements at most; nothing where no route is in force.
    """
    route = route_for(gate)
    if route is None:
        return []
    steps = sorted(route.steps.all(), key=lambda step: step.order)
    asked = asked_in(gate, steps, authors_of(gate))
    found = []
    for step in steps:
        who = step.person.name if step.person else str(Role(step.role).label)
        names = [person.name for person in asked[step.order]]
        shown = f"{listed(names[:MOST_NAMED])}{' and others' if len(names) > MOST_NAMED else ''}" or "nobody yet"
        needed = f" ({step.needed} of them)" if step.needed and len(names) > step.needed else ""
        found.append(shown if step.person and names else f"{who}: {shown}{needed}")
    return found


def people_at(case: Any, roles: Collection[str], *, limit: int) -> list[Person]:
    """The first people by name who hold one of these roles where a case is, and may see it: one statement."""
    held = Membership.objects.in_force().filter(_at(case), role__in=list(roles))
    return list(people_seeing(case).filter(pk__in=held.values("person_id")).order_by("name", "pk")[:limit])


def _reaches(person: Person, step: RouteStep, case: Any) -> bool:
    if not step.asks_authority:
        return True
    held = authorities_of(person, Act.APPROVE_GATE, case.organisation_id, clock.today(), case.service_area_id)
    return bool(held) and held[0].amount_up_to >= (case.value_ex_vat or 0)


def _missing_for_submission(gate: Gate) -> Iterator[Blocker]:
    """Reading R10: somebody other than the author decides; framework 6.1: moved figures are explained."""
    route = route_for(gate)
    if route is None:
        yield Blocker(
            "route", f"Approval route: none for gate {gate.number} at this value. Ask an administrator for one"
        )
        return
    steps = list(route.steps.all())
    if not steps:
        yield Blocker("route", f"Approval route “{route.name}”: it has no step. Ask an administrator to mend it")
    asked = asked_in(gate, steps, authors_of(gate))
    for step in steps:
        if not asked[step.order]:
            who = step.person.name if step.person else str(Role(step.role).label).lower()
            authority = " with authority for this value" if step.asks_authority else ""
            yield Blocker(
                f"step_{step.order}", f"Step {step.order} of the approval: no {who}{authority} other than the author"
            )
    yield from unexplained_figures(gate)
    yield from _without_owner(gate)
    for name, who, item in open_reviews(gate.commission_id, STAGE_OF[gate.number]):
        words = f"{name}: its review is open with {who}. Wait for the answer, or withdraw it"
        yield Blocker(f"review:{item}", words, "casework:item", (item,), waits_for=who)


def _without_owner(gate: Gate) -> Iterator[Blocker]:
    """Whoever decides is told who does the work: every relevant activity has an owner by name. One statement."""
    rows = CommissionActivity.objects.filter(
        commission_id=gate.commission_id, lead=None, state__in=[ActivityState.RELEVANT, ActivityState.IN_PROGRESS]
    ).order_by("activity__order", "pk")
    names = list(rows.values_list("activity__name", flat=True)[: MOST_NAMED + 1])
    if names:
        shown = listed([*names[:MOST_NAMED], *(["others"] if len(names) > MOST_NAMED else [])])
        words = f"Activities without an owner: {shown}. Name who owns each"
        yield Blocker("owners", words, "commissioning:owners", (gate.commission_id,))


def _at(case: Any) -> Q:
    return _within(case.organisation_id, case.service_area_id)


def _within(organisation: int, area: int | None) -> Q:
    """What holds in a service area: the roles held in it, and those held in all of the organisation."""
    at = Q(organisation_id=organisation)
    return at if area is None else at & (Q(service_area__isnull=True) | Q(service_area_id=area))
