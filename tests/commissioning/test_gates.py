"""The gates: each refusal of framework 22.1, in the words that people read, and what follows each decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import AuditEvent, OutboxMessage, WorkItem
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from commissioning.models import ApprovalView, Commission, GateCondition, RouteStep
from commissioning.services import gate_rounds, gates, values
from commissioning.services.gate_rounds import Condition
from documents.models import Paper
from documents.services import papers
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    """High risk, in Analyse: gate 1 is required."""
    return steps.in_analyse(alder, value=640000, ticked=("strategic",))


@pytest.fixture
def helen(alder: Alder) -> Person:
    return alder.by_role[Role.LEADERSHIP_APPROVER]


def tasks_of(person: Person) -> list[str]:
    return list(
        WorkItem.objects.outstanding()
        .filter(assignee=person, queue=None)
        .order_by("pk")
        .values_list("title", flat=True)
    )


# --- gate 1 -----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-090")
def test_gate_1_goes_step_by_step_and_freezes_the_measures(alder: Alder, commission: Commission, helen: Person) -> None:
    gate = walk.submitted(commission, 1, alder.priya)

    assert (gate.state, tasks_of(alder.tom), tasks_of(helen)) == ("submitted", ["Decide gate 1"], [])
    due = WorkItem.objects.get(assignee=alder.tom, kind="gate_decision").due_on
    assert due == gate.rounds.get().decide_by

    gate = walk.decided(gate, "approve", alder.tom)
    assert (gate.state, tasks_of(alder.tom), tasks_of(helen)) == ("submitted", [], ["Decide gate 1"])

    gate = walk.decided(gate, "approve", helen)
    assert (gate.state, tasks_of(helen)) == ("approved", [])
    assert gate.rounds.get().outcome == "approved"
    assert commission.success_measures.get().frozen_at is not None
    said = steps.refused(steps.read(commission), "to_plan", alder.priya)
    assert not [words for words in said if words.startswith("Gate 1")]


@pytest.mark.requirement("N-090")
def test_returned_gate_opens_its_paper_with_the_comments(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    page = sign_in(alder.tom)
    address = f"/commissions/{commission.pk}/gates/1/decide/"
    assert "Decide gate 1" in page.get(address).content.decode()

    silent = page.post(address, {"decision": "return_for_changes", "note": ""})
    assert "Enter your reason" in silent.content.decode()
    done = page.post(
        address,
        {"decision": "return_for_changes", "note": "Say who will use it.", "section_aims": "Two aims clash."},
        follow=True,
    )

    assert "Gate 1 returned for changes. The author has your comments." in done.content.decode()
    gate = walk.read(commission, 1)
    paper = Paper.objects.get(pk=gate.paper_id)
    assert (gate.state, steps.read(commission).state, paper.state) == ("drafting", "analyse", "drafting")
    assert paper.returned_with["words"] == "Say who will use it."
    assert paper.returned_with["sections"] == {"aims": "Two aims clash."}
    assert gate.rounds.get().outcome == "returned"
    assert "Gate 1, initiation document: required, returned for changes" in steps.refused(
        steps.read(commission), "to_plan", alder.priya
    )
    message = OutboxMessage.objects.get(kind="gate_outcome", person=alder.priya)
    assert "Say who will use it." in message.body
    again = walk.submitted(commission, 1, alder.priya)
    assert (again.rounds.count(), again.rounds.get(number=2).revision_number) == (2, 2)


@pytest.mark.requirement("N-090")
def test_refused_gate_stops_the_commission_and_tells_who_holds_something(
    alder: Alder, commission: Commission, helen: Person
) -> None:
    lewis = alder.by_role[Role.CCPS_OFFICER]
    held = WorkItem.objects.get(case_file=commission.case_file, kind="early_notice")
    WorkItem.objects.filter(pk=held.pk).update(assignee=lewis, state="assigned")
    gate = walk.submitted(commission, 1, alder.priya)

    gate = walk.decided(gate, "refuse", alder.tom, note="The money is spent.")

    stopped = steps.read(commission)
    assert (gate.state, stopped.state, stopped.case_file.is_open) == ("refused", "stopped", False)
    assert not WorkItem.objects.outstanding().filter(case_file=commission.case_file).exists()
    told = OutboxMessage.objects.get(kind="commission_stopped")
    assert told.person == lewis
    assert "Gate 1 was refused" in told.body
    event = AuditEvent.objects.get(verb="commission.stop")
    assert (event.actor_id, event.reason) == (None, "Gate 1 was refused: The money is spent.")


def test_author_never_decides(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    people.membership(alder.priya, Role.SERVICE_LEADER, at=alder.council)
    priya = Person.objects.get(pk=alder.priya.pk)
    gate = walk.submitted(commission, 1, priya)

    with pytest.raises(NotPermitted):
        walk.decided(gate, "approve", priya)
    page = sign_in(priya).get(f"/commissions/{commission.pk}/gates/1/decide/")

    assert page.status_code == 403
    assert "You prepared or submitted this paper, so somebody else has to decide." in page.content.decode()
    assert "Ask Tom Hesketh" in page.content.decode()
    assert not ApprovalView.objects.filter(person=priya).exists()


def test_one_view_each_and_nobody_out_of_turn(alder: Alder, commission: Commission, helen: Person) -> None:
    gate = walk.submitted(commission, 1, alder.priya)

    with pytest.raises(NotPermitted):
        walk.decided(gate, "approve", helen)
    walk.decided(gate, "approve", alder.tom)
    with pytest.raises(NotPermitted):
        walk.decided(gate, "return_for_changes", alder.tom, note="On second thoughts.")
    walk.decided(gate, "return_for_changes", helen, note="Not yet.")
    with pytest.raises(AlreadyDone):
        walk.decided(gate, "approve", helen)


def test_without_another_approver_it_cannot_be_submitted(alder: Alder, commission: Commission) -> None:
    alder.tom.memberships.update(ends_on=clock.today())
    gate = walk.begun(commission, 1, alder.priya)

    with pytest.raises(Blocked) as refusal:
        steps.submit(Paper.objects.get(pk=gate.paper_id), alder.priya)

    words = ["Step 1 of the approval: no service leader other than the author"]
    assert steps.words_of(refusal.value) == words
    assert walk.read(commission, 1).state == "drafting"


def test_cover_decides_and_the_trail_says_for_whom(alder: Alder, commission: Commission, helen: Person) -> None:
    deputy = people.person(Role.BUDGET_HOLDER, at=alder.council, name="Dee Puty")
    people.cover(alder.tom, deputy)
    gate = walk.submitted(commission, 1, alder.priya)

    walk.decided(gate, "approve", deputy)

    view = ApprovalView.objects.get(outcome="approved")
    assert (view.person, view.given_by) == (alder.tom, deputy)
    event = AuditEvent.objects.get(verb="gate.approve")
    assert (event.actor_id, event.covering_id, event.role) == (deputy.pk, alder.tom.pk, "service_leader")


def test_step_that_asks_for_authority_checks_the_post_at_that_moment(
    alder: Alder, commission: Commission, helen: Person
) -> None:
    RouteStep.objects.filter(route__gate=1, order=2).update(asks_authority=True)
    with pytest.raises(Blocked) as refusal:
        walk.submitted(commission, 1, alder.priya)
    assert steps.words_of(refusal.value) == [
        "Step 2 of the approval: no leadership approver with authority for this value other than the author"
    ]
    post = people.post(alder.council, title="Director")
    seat = people.holding(post, helen)
    people.limit(post, "approve_gate", 640000)
    gate = walk.read(commission, 1)
    door.carry_out(Paper.objects.get(pk=gate.paper_id), "submit", by=alder.priya)
    walk.decided(walk.read(commission, 1), "approve", alder.tom)
    seat.ends_on = clock.today()
    seat.save()

    with pytest.raises(NotPermitted):
        walk.decided(walk.read(commission, 1), "approve", Person.objects.get(pk=helen.pk))

    seat.ends_on = None
    seat.save()
    assert walk.decided(walk.read(commission, 1), "approve", Person.objects.get(pk=helen.pk)).state == "approved"
    assert ApprovalView.objects.get(person=helen).authority == "Director, Scheme 1.1"


# --- conditions -------------------------------------------------------------------------------------------------------


def test_condition_holds_up_the_gate_it_names_until_it_is_met(
    alder: Alder, commission: Commission, helen: Person, sign_in: SignIn
) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    later = clock.today() + timedelta(days=30)
    sam = alder.sam
    address = f"/commissions/{commission.pk}/gates/1/decide/"
    form: dict[str, Any] = {"decision": "approve_with_conditions", "words_1": "Agree the data sharing."}
    page = sign_in(alder.tom)
    assert "Condition 1: choose who sees to it" in page.post(address, form).content.decode()
    form |= {"owner_1": sam.pk, "due_1_0": later.day, "due_1_1": later.month, "due_1_2": later.year, "blocks_1": 1}
    page.post(address, form)

    gate = walk.decided(gate, "approve", helen)

    assert (gate.state, gate.rounds.get().outcome) == ("approved", "with_conditions")
    condition = GateCondition.objects.get()
    said = steps.refused(steps.read(commission), "to_plan", alder.priya)
    assert f"Condition of gate 1, due {later.day} October 2026: Agree the data sharing." in said
    assert tasks_of(sam) == ["Meet a condition of gate 1"]
    assert "Approved with conditions" in page.get(f"/commissions/{commission.pk}/gates/1/").content.decode()

    mine = sign_in(sam).post(
        f"/commissions/{commission.pk}/gates/1/conditions/{condition.pk}/", {"how": "Signed on Tuesday."}, follow=True
    )
    assert "Condition met." in mine.content.decode()
    assert tasks_of(sam) == []
    assert not [w for w in steps.refused(steps.read(commission), "to_plan", alder.priya) if w.startswith("Condition")]
    with pytest.raises(AlreadyDone):
        gate_rounds.meet_condition(condition, how="Again.", by=sam)


def test_stranger_meets_no_condition(alder: Alder, commission: Commission, helen: Person) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    wanted = Condition("Agree the data sharing.", alder.sam, clock.today(), 3)
    walk.decided(gate, "approve_with_conditions", alder.tom, conditions=[wanted])

    with pytest.raises(NotPermitted):
        gate_rounds.meet_condition(GateCondition.objects.get(), how="Mine now.", by=helen)


# --- gates 3 and 4 ----------------------------------------------------------------------------------------------------


def test_deferred_gate_3_stays_in_plan_with_a_day_to_look_again(
    alder: Alder, commission: Commission, helen: Person
) -> None:
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "buy")
    gate = walk.submitted(planned, 3, alder.priya)
    day = clock.today() + timedelta(days=60)

    with pytest.raises(Blocked) as refusal:
        walk.decided(gate, "defer", helen, note="After the budget.", review_on=clock.today())
    assert steps.words_of(refusal.value) == ["Review date: it must be after today"]
    gate = walk.decided(gate, "defer", helen, note="After the budget.", review_on=day)

    assert (gate.state, gate.review_on, steps.read(planned).state) == ("deferred", day, "plan")
    task = WorkItem.objects.outstanding().get(kind="gate_deferral")
    assert (task.assignee, task.due_on) == (alder.priya, day)
    said = steps.refused(steps.read(planned), "to_secure", alder.priya)
    assert "Gate 3, outline business case: expected, deferred until 6 November 2026" in said

    door.carry_out(gate, "take_up", by=alder.priya, note="The budget is there.")
    assert (walk.read(planned, 3).state, walk.read(planned, 3).paper.state) == ("drafting", "drafting")  # type: ignore[union-attr]
    assert not WorkItem.objects.outstanding().filter(kind="gate_deferral").exists()


def test_refused_gate_3_and_gate_4_stop_the_commission(alder: Alder, helen: Person) -> None:
    for number, state in ((3, "plan"), (4, "secure")):
        commission = steps.put_in(steps.in_analyse(alder, value=640000, ticked=("strategic",)), state)
        make.decided_delivery(steps.put_in(commission, "plan"), "in_house")
        commission = steps.put_in(commission, state)
        gate = walk.submitted(commission, number, alder.priya)

        gate = walk.decided(gate, "refuse", helen, note="Too dear.")

        assert (gate.state, steps.read(commission).state) == ("refused", "stopped")


def test_panel_passes_with_its_last_member_only(alder: Alder, commission: Commission, helen: Person) -> None:
    second = people.person(Role.LEADERSHIP_APPROVER, at=alder.council, name="Isla Reid")
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "buy")
    gate = walk.submitted(planned, 3, alder.priya)
    assert (tasks_of(helen), tasks_of(second)) == (["Decide gate 3"], ["Decide gate 3"])

    assert walk.decided(gate, "approve", second).state == "submitted"
    assert walk.decided(gate, "approve", helen).state == "approved"


def test_expected_gate_is_waived_with_a_reason_and_a_required_one_never(
    alder: Alder, commission: Commission, helen: Person, sign_in: SignIn
) -> None:
    with pytest.raises(Blocked) as refusal:
        gates.waive(commission, 1, by=helen, note="It is late.")
    assert steps.words_of(refusal.value) == ["Gate 1: required, so it cannot be waived"]
    planned = steps.put_in(commission, "plan")

    page = sign_in(helen).post(
        f"/commissions/{planned.pk}/gates/3/waive/", {"note": "The same case passed in May."}, follow=True
    )

    assert "Gate 3 waived." in page.content.decode()
    assert "The same case passed in May." in page.content.decode()
    assert walk.read(planned, 3).state == "waived"
    assert not [w for w in steps.refused(steps.read(planned), "to_secure", alder.priya) if w.startswith("Gate 3")]
    assert sign_in(alder.priya).post(f"/commissions/{planned.pk}/gates/4/waive/", {"note": "No."}).status_code == 403


def test_gate_4_starts_from_gate_3_and_explains_figures_that_moved(
    alder: Alder, commission: Commission, helen: Person, sign_in: SignIn
) -> None:
    planned = steps.put_in(commission, "plan")
    make.decided_delivery(planned, "in_house")
    walk.approved(planned, 3, alder)
    outline = walk.read(planned, 3).paper
    secured = steps.put_in(planned, "secure")
    gate = walk.begun(secured, 4, alder.priya)
    assert outline is not None
    carried = gate.paper.answers.get(question_key="preferred_why", is_offered=False)  # type: ignore[union-attr]
    assert (carried.value, carried.came_from) == (
        outline.answers.get(question_key="preferred_why").value,
        "Outline business case, revision 1",
    )

    gate.paper.answers.filter(question_key="exit_cost").update(value="25000.00")  # type: ignore[union-attr]
    with pytest.raises(Blocked) as refusal:
        door.carry_out(Paper.objects.get(pk=gate.paper_id), "submit", by=alder.priya)
    moved = [words for words in steps.words_of(refusal.value) if words.startswith("Figures moved by more than 10%")]
    assert len(moved) == 1
    assert "£18,000, now £25,000. Say why" in moved[0]
    steps.submit(
        Paper.objects.get(pk=gate.paper_id),
        alder.priya,
        exit_cost="25000.00",
        beyond_tolerance="yes",
        beyond_tolerance_why="The lease runs longer.",
    )
    shown = sign_in(helen).get(f"/commissions/{secured.pk}/gates/4/decide/").content.decode()
    assert "changed since the outline business case" in shown
    assert "£18,000, now £25,000" in shown


# --- facts, pages, speed ----------------------------------------------------------------------------------------------


def test_facts_that_change_mark_an_approved_gate_and_undo_nothing(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    walk.approved(commission, 1, alder)

    values.record_value(
        steps.read(commission),
        amount_ex_vat=commission.case_file.value_ex_vat + 90000,  # type: ignore[operator]
        amount_inc_vat=commission.case_file.value_inc_vat + 108000,  # type: ignore[operator]
        reason="More places.",
        by=alder.priya,
    )

    gate = walk.read(commission, 1)
    assert (gate.state, gate.facts_changed_because) == ("approved", "Value changed from £640,000 to £730,000")
    page = sign_in(alder.tom)
    assert "Facts changed since this gate was approved" in page.get(gate.get_absolute_url()).content.decode()
    strip = page.get(f"/commissions/{commission.pk}/").content.decode()
    assert "Approved 7 September 2026. Facts changed 7 September 2026" in strip
    assert not [w for w in steps.refused(steps.read(commission), "to_plan", alder.priya) if w.startswith("Gate 1")]


def test_waiting_and_decided_papers_open_only_through_the_gate(alder: Alder, commission: Commission) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    for state in ("submitted", "approved"):
        if state == "approved":
            walk.decided(gate, "approve", alder.tom)
            walk.decided(gate, "approve", alder.by_role[Role.LEADERSHIP_APPROVER])
        with pytest.raises(Blocked) as refusal:
            papers.reopen(Paper.objects.get(pk=gate.paper_id), by=alder.priya, note="One word more.")
        assert steps.words_of(refusal.value) == [f"Gate 1: {state}. Its paper is opened from the gate's page"]


def test_tasks_of_a_gate_are_done_on_its_page_only(alder: Alder, commission: Commission) -> None:
    walk.submitted(commission, 1, alder.priya)
    task = WorkItem.objects.get(kind="gate_decision")

    said = steps.refused(task, "respond", alder.tom, answer="agreed", text="")
    assert said == ["Give your view on the gate's own page"]
    with pytest.raises(Blocked):
        door.carry_out(task, "assign", by=alder.tom, assignee=alder.sam)
    with pytest.raises(NotPermitted):
        door.carry_out(task, "close", by=alder.priya, note="Not wanted.")


def test_pages_cost_the_same_with_one_round_and_with_three(
    alder: Alder, commission: Commission, helen: Person, sign_in: SignIn, queries_of: Any
) -> None:
    gate = walk.submitted(commission, 1, alder.priya)
    page, address = sign_in(alder.tom), gate.get_absolute_url()

    def costs() -> tuple[int, int]:
        page.get(address)
        return len(queries_of(lambda: page.get(address))), len(queries_of(lambda: page.get(f"{address}decide/")))

    with_one = costs()
    for _ in range(2):
        walk.decided(walk.read(commission, 1), "return_for_changes", alder.tom, note="Again.")
        walk.submitted(commission, 1, alder.priya)
    assert costs() == with_one
    assert max(with_one) <= 8
