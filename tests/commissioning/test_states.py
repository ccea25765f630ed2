"""Every state by every verb, every verb by every role, against tables written by hand from framework 3.1 and 3.2."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from casework import door
from casework.lifecycle import Lifecycle
from casework.models import AuditEvent
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from commissioning.models import Commission, CommissionActivity, Gate, Specification
from commissioning.services import specifications
from documents.models import Paper
from organisation.actors import System
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

EVERYWHERE_OPEN = {"hold": "on_hold", "stop": "stopped"}

IN_HAND = {
    "ask_input": "input_asked",
    "submit": "submitted",
    "waive": "waived",
    "skip_as_urgent": "skipped_urgent",
}

STATES: dict[type[Lifecycle], dict[str, dict[str, str]]] = {
    Commission: {
        "draft": {"start": "analyse", **EVERYWHERE_OPEN},
        "analyse": {"to_plan": "plan", **EVERYWHERE_OPEN},
        "plan": {
            "to_secure": "secure",
            "close_no_change": "closed",
            "return_to_analyse": "analyse",
            **EVERYWHERE_OPEN,
        },
        "secure": {"to_review": "review", "return_to_plan": "plan", **EVERYWHERE_OPEN},
        "review": {"close": "closed", **EVERYWHERE_OPEN},
        # Back to where it was held: see test_resume_goes_back_to_where_it_was_held.
        "on_hold": {"resume": "secure", "stop": "stopped"},
        "closed": {},
        "stopped": {},
    },
    CommissionActivity: {
        "proposed": {"take_in": "relevant", "leave_out": "not_relevant", "skip_as_urgent": "skipped_urgent"},
        "relevant": {
            "take_in": "relevant",
            "leave_out": "not_relevant",
            "begin": "in_progress",
            "complete": "done",
            "skip_as_urgent": "skipped_urgent",
        },
        "not_relevant": {"take_in": "relevant", "leave_out": "not_relevant"},
        "in_progress": {"leave_out": "not_relevant", "complete": "done", "skip_as_urgent": "skipped_urgent"},
        "done": {"reopen": "in_progress"},
        "skipped_urgent": {},
    },
    Specification: {
        "drafting": {"send_for_sign_off": "in_review"},
        "in_review": {"return_for_changes": "drafting", "sign_off": "signed_off"},
        "signed_off": {"supersede": "superseded"},
        "superseded": {},
    },
    Gate: {
        "not_required": {"begin": "drafting", "waive": "waived", "skip_as_urgent": "skipped_urgent"},
        "drafting": IN_HAND,
        "input_asked": IN_HAND,
        # Here with the last view that is needed: see test_gates.py for those before it.
        "submitted": {
            "take_back": "drafting",
            "approve": "approved",
            "approve_with_conditions": "approved",
            "return_for_changes": "drafting",
            "refuse": "refused",
            "defer": "deferred",
        },
        "approved": {},
        "refused": {},
        "deferred": {"take_up": "drafting", "waive": "waived"},
        "waived": {},
        "skipped_urgent": {},
    },
}

VERBS: dict[type[Lifecycle], set[str]] = {
    Commission: {
        "start", "to_plan", "to_secure", "to_review", "close", "close_no_change", "return_to_analyse",
        "return_to_plan", "hold", "resume", "stop",
    },
    CommissionActivity: {"take_in", "leave_out", "begin", "complete", "reopen", "skip_as_urgent"},
    Specification: {"send_for_sign_off", "return_for_changes", "sign_off", "supersede"},
    Gate: {
        "begin", "ask_input", "submit", "take_back", "approve", "approve_with_conditions", "return_for_changes",
        "refuse", "defer", "take_up", "waive", "skip_as_urgent",
    },
}  # fmt: skip

LAST_WORD = SimpleNamespace(rules_version=None, round=None, is_last_view=lambda view: True)

PAIRS = [
    pytest.param(model, state, verb, id=f"{model.__name__}-{state}-{verb}")
    for model, states in STATES.items()
    for state in states
    for verb in sorted(VERBS[model])
]


@pytest.mark.parametrize("model", list(STATES))
def test_tables_name_every_state_and_every_verb(model: Any) -> None:
    declared = {str(state) for state, _ in model._meta.get_field("state").flatchoices}

    assert set(STATES[model]) == declared
    assert VERBS[model] == set(model.verbs())
    assert {verb for targets in STATES[model].values() for verb in targets} == VERBS[model]


@pytest.mark.parametrize(("model", "state", "verb"), PAIRS)
def test_verb_starts_from_these_states_only_and_ends_in_this_one(model: Any, state: str, verb: str) -> None:
    row = model(state=state)
    if model is Commission:
        row.held_from = "secure"
    elif model is Gate:
        row.number = 3
    elif model is Specification:
        row.paper = Paper(revision_number=2)
    target = STATES[model][state].get(verb)

    assert row.can_go(verb) == (target is not None)

    given = {"by": System("a test"), "note": "", "dossier": LAST_WORD}
    if target is None:
        with pytest.raises(TransitionNotAllowed):
            getattr(row, verb)(**given)
        assert row.state == state
    else:
        getattr(row, verb)(**given)
        assert row.state == target


@pytest.mark.parametrize("state", ["draft", "analyse", "plan", "secure", "review"])
def test_resume_goes_back_to_where_it_was_held(alder: Alder, state: str) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)
    if state != "draft":
        commission = steps.put_in(steps.in_analyse(alder), state)

    held = steps.go(commission, "hold", alder.maria, note="Money is short.", resume_needs="A budget.")
    assert (held.state, held.held_from, held.resume_needs) == ("on_hold", state, "A budget.")

    resumed = steps.go(held, "resume", alder.tom, note="The budget is there.")
    assert (resumed.state, resumed.held_from, resumed.resume_needs) == (state, "", "")
    assert resumed.case_file.state == state


def test_draft_can_be_stopped_before_any_rules_were_fixed_for_it(alder: Alder) -> None:
    draft = make.registered_commission(alder.priya, service_area=alder.area, complete=False)

    stopped = steps.go(draft, "stop", alder.tom, note="Not needed after all.")

    assert (stopped.state, stopped.rules_version, stopped.case_file.is_open) == ("stopped", None, False)


def test_hold_says_what_must_be_done_to_resume(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    assert steps.refused(commission, "hold", alder.maria, note="", resume_needs=" ") == [
        "Reason: not given",
        "What must be done to resume: not written",
    ]


@pytest.mark.parametrize("verb", ["return_to_analyse", "stop", "hold"])
def test_reason_is_asked_for(alder: Alder, verb: str) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")

    assert steps.refused(commission, verb, alder.tom, note="  ") == ["Reason: not given"]


def test_verb_that_somebody_else_carried_out_names_them(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    with pytest.raises(AlreadyDone) as refusal:
        door.carry_out(commission, "start", by=alder.priya)

    assert refusal.value.words.startswith("Already analyse: Priya Shah did this on 7 September 2026")
    assert AuditEvent.objects.filter(verb="commission.start", is_refusal=True).count() == 1


# --- Who may ----------------------------------------------------------------------------------------------------------

WRITES = {Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER, Role.CCPS_MANAGER}
SENDS_BACK = {Role.COMMISSIONER, Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER}

MAY: dict[type[Lifecycle], dict[str, set[Role]]] = {
    Commission: {
        "start": {Role.COMMISSIONER},
        "to_plan": {Role.COMMISSIONER},
        "to_secure": {Role.COMMISSIONER},
        "to_review": {Role.CONTRACT_MANAGER},
        "close": {Role.SERVICE_LEADER},
        "close_no_change": {Role.COMMISSIONER},
        "return_to_analyse": SENDS_BACK,
        "return_to_plan": SENDS_BACK,
        "hold": {Role.CCPS_MANAGER, Role.SERVICE_LEADER},
        "resume": {Role.CCPS_MANAGER, Role.SERVICE_LEADER},
        "stop": {Role.SERVICE_LEADER},
    },
    CommissionActivity: {
        "take_in": {Role.COMMISSIONER},
        "leave_out": {Role.COMMISSIONER},
        "begin": set(),
        "complete": WRITES,
        "reopen": WRITES,
        "skip_as_urgent": set(),
    },
    Specification: {
        "send_for_sign_off": {Role.COMMISSIONER},
        "return_for_changes": {Role.SERVICE_LEADER},
        "sign_off": {Role.SERVICE_LEADER},
        "supersede": {Role.COMMISSIONER},
    },
    # Who decides follows from the approval route, not from a list of roles: see test_gates.py.
    Gate: {
        "begin": {Role.COMMISSIONER},
        "ask_input": {Role.COMMISSIONER},
        "submit": {Role.COMMISSIONER},
        "take_back": {Role.COMMISSIONER},
        "take_up": {Role.COMMISSIONER},
        "waive": {Role.LEADERSHIP_APPROVER},
        "skip_as_urgent": set(),
    },
}
DECIDED_BY_ROUTE = {"approve", "approve_with_conditions", "return_for_changes", "refuse", "defer"}


def test_every_verb_has_its_line_of_roles() -> None:
    assert {model: set(verbs) for model, verbs in MAY.items()} == VERBS | {Gate: VERBS[Gate] - DECIDED_BY_ROUTE}


def subject_of(model: type[Lifecycle], alder: Alder) -> Any:
    if model is Commission:
        return make.registered_commission(alder.priya, service_area=alder.area)
    if model is CommissionActivity:
        return steps.in_analyse(alder).activities.select_related("activity", "commission__case_file")[0]
    if model is Gate:
        return steps.in_analyse(alder, ticked=("strategic",)).gates.create(number=3)
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    specification = specifications.open_specification(commission, by=alder.priya)
    steps.submit(specification.paper, alder.priya)
    return specification


def tried(subject: Lifecycle, verb: str, by: Person) -> bool:
    """Whether somebody gets past the question of permission; whatever came of it is undone."""
    try:
        with transaction.atomic():
            door.carry_out(subject, verb, by=by, note="Because a test says so.", resume_needs="Nothing")
            transaction.set_rollback(True)
    except NotPermitted:
        return False
    except Blocked:
        pass
    return True


@pytest.mark.parametrize("model", list(MAY))
def test_only_these_roles_may_and_only_where_the_record_is(alder: Alder, model: Any) -> None:
    subject = subject_of(model, alder)
    asked = set().union(*MAY[model].values())
    elsewhere = {role: people.person(role, at=alder.council, area=alder.other_area) for role in asked}
    outside = {role: people.person(role, at=alder.westmere) for role in asked}

    for verb, roles in MAY[model].items():
        state = next(state for state, targets in STATES[model].items() if verb in targets)
        if model is Commission and state != "draft":
            fields = {"rules_version": alder.council.framework.rules_versions.get(), "held_from": "plan"}
            model.objects.filter(pk=subject.pk).update(state=state, **fields)
        else:
            model.objects.filter(pk=subject.pk).update(state=state)
        row = model.objects.get(pk=subject.pk)
        for role, person in alder.by_role.items():
            offered = {offer.verb: offer.permitted for offer in door.offers(row, person, with_closed=True)}
            expected = role in roles
            assert offered.get(verb, False) == expected, f"{role} is offered {verb}"
            assert tried(row, verb, person) == expected, f"{role} carries out {verb}"
            if expected:
                assert not tried(row, verb, outside[role]), f"{role} of another council carries out {verb}"
                assert not tried(row, verb, elsewhere[role]), f"{role} of another service area carries out {verb}"


def test_refusal_names_who_may_and_is_written_down(alder: Alder) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)

    with pytest.raises(NotPermitted) as refusal:
        door.carry_out(commission, "start", by=alder.sam)

    assert refusal.value.words == "You cannot move this commission on. Ask Priya Shah, Adult Services."
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.is_refusal, event.reason) == ("commission.start", True, refusal.value.words)
    assert steps.read(commission).state == "draft"


def test_system_carries_out_what_is_not_blocked(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    door.carry_out(commission, "stop", by=System("A gate was refused"), note="The gate was refused.")

    assert steps.read(commission).state == "stopped"
    event = AuditEvent.objects.get(verb="commission.stop")
    assert (event.actor_id, event.actor_words) == (None, "A gate was refused")
