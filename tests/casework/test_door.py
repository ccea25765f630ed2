"""The transition door, with a work item as the lifecycle."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from casework import door, lifecycle
from casework.models import Act, AuditEvent, OutboxMessage, WorkItem, WorkItemEvent
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from casework.services import work_items
from casework.states import Answer, ItemState, answers_for
from organisation import clock
from organisation.actors import System
from organisation.roles import Role
from organisation.working_days import holidays_of
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(alder: SimpleNamespace) -> WorkItem:
    return make.item(make.case_file(holder=alder.priya), by=alder.priya)


def answer(item: WorkItem, by: Any, **more: Any) -> door.Outcome:
    return door.carry_out(item, "respond", by=by, **({"answer": "agreed", "text": "Fine."} | more))


def state_of_everything(item: WorkItem) -> dict[str, Any]:
    return {
        "item": WorkItem.objects.filter(pk=item.pk).values().get(),
        "events": list(WorkItemEvent.objects.values_list("item_id", "kind", "text")),
        "acts": Act.objects.count(),
        "mail": OutboxMessage.objects.count(),
    }


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-id")[0]


# --- What an act does -------------------------------------------------------------------------------------------------


def test_act_changes_the_state_and_says_so_in_the_trail(alder: SimpleNamespace, item: WorkItem) -> None:
    outcome = answer(item, alder.hal)

    item.refresh_from_db()
    assert (outcome.repeated, outcome.subject.pk) == (False, item.pk)
    assert (item.state, item.answer, item.answer_text, item.settled_by) == ("answered", "agreed", "Fine.", alder.hal)
    event = last_event()
    assert (event.verb, event.actor_id, event.role) == ("workitem.respond", alder.hal.pk, "legal")
    assert (event.from_state, event.to_state, event.is_refusal) == ("open", "answered", False)
    assert (event.case_id, event.root_case_id) == (item.case_file_id, item.case_file_id)
    assert event.changes == {"answer": [None, "agreed"]}
    assert event.chain == f"organisation:{alder.council.pk}"


def test_requester_is_told_and_nobody_else(alder: SimpleNamespace, item: WorkItem) -> None:
    answer(item, alder.hal)

    (message,) = OutboxMessage.objects.all()
    assert (message.person, message.to_address) == (alder.priya, alder.priya.email)
    assert message.subject == f"Answered: {item.case_file.reference} {item.case_file.title}"
    assert f"/work/{item.pk}/" in message.body
    assert "Fine." not in message.body


def test_requester_behind_a_wall_is_not_told(alder: SimpleNamespace, item: WorkItem) -> None:
    make.wall(item.case_file, alder.priya)

    answer(item, alder.hal)

    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("verb", "inputs", "by"),
    [
        ("assign", {}, "hal"),
        ("ask", {"text": "Which site?"}, "hal"),
        ("respond", {"answer": "agreed", "text": "Fine."}, "hal"),
        ("more_time", {"new_due": date(2099, 1, 1), "note": "Counsel is away"}, "hal"),
        ("close", {"note": "Withdrawn"}, "priya"),
    ],
)
def test_act_keeps_to_twelve_statements(
    alder: SimpleNamespace,
    item: WorkItem,
    known_holidays: None,
    queries_of: Callable[[Callable[[], Any]], list[str]],
    verb: str,
    inputs: dict[str, Any],
    by: str,
) -> None:
    if verb == "assign":
        inputs = {"assignee": alder.nina}
    actor = type(alder.hal).objects.get(pk=getattr(alder, by).pk)

    statements = queries_of(lambda: door.carry_out(item, verb, by=actor, act_id=uuid.uuid4(), **inputs))

    assert len(statements) <= 12, repr(statements)


def test_reply_keeps_to_twelve_statements(
    alder: SimpleNamespace,
    item: WorkItem,
    known_holidays: None,
    queries_of: Callable[[Callable[[], Any]], list[str]],
) -> None:
    door.carry_out(item, "ask", by=alder.hal, text="Which site?")
    actor = type(alder.hal).objects.get(pk=alder.priya.pk)

    statements = queries_of(lambda: door.carry_out(item, "reply", by=actor, act_id=uuid.uuid4(), text="The north one"))

    assert len(statements) <= 12, repr(statements)


@pytest.fixture
def known_holidays(db: None) -> None:
    """A running process remembers the calendar for a minute, so that most acts do not read it."""
    people.calendars()
    holidays_of("england")


# --- Replay -----------------------------------------------------------------------------------------------------------


def test_same_form_twice_has_one_effect(alder: SimpleNamespace, item: WorkItem) -> None:
    act_id = uuid.uuid4()
    first = answer(item, alder.hal, act_id=act_id)
    before, events = state_of_everything(item), AuditEvent.objects.count()

    second = answer(item, alder.hal, act_id=act_id, text="Another text.")

    assert (first.repeated, second.repeated) == (False, True)
    assert second.subject.answer_text == "Fine."
    assert state_of_everything(item) == before
    assert AuditEvent.objects.count() == events


def test_form_may_be_sent_again_after_a_refusal(alder: SimpleNamespace, item: WorkItem) -> None:
    """A refusal gives the form's number back: what was missing can be filled in on the same page."""
    act_id = uuid.uuid4()
    with pytest.raises(Blocked):
        answer(item, alder.hal, act_id=act_id, answer="cannot_agree", text="")

    outcome = answer(item, alder.hal, act_id=act_id, answer="cannot_agree", text="No budget.")

    assert (outcome.repeated, outcome.subject.answer) == (False, "cannot_agree")


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_refusal_writes_a_refusal_and_nothing_else(alder: SimpleNamespace, item: WorkItem) -> None:
    before, events = state_of_everything(item), AuditEvent.objects.count()

    with pytest.raises(Blocked):
        answer(item, alder.hal, act_id=uuid.uuid4(), answer="agreed_with_conditions", text=" ")

    assert state_of_everything(item) == before
    assert AuditEvent.objects.count() == events + 1
    event = last_event()
    assert (event.verb, event.is_refusal, event.actor_id) == ("workitem.respond", True, alder.hal.pk)
    assert (event.from_state, event.to_state) == ("open", "")
    assert event.reason == "You cannot answer yet. 1 thing is missing: Reason: not given."


def test_refusal_inside_a_larger_act_takes_all_of_it_back(alder: SimpleNamespace, item: WorkItem) -> None:
    from casework.audit import audited

    other = make.item(item.case_file, by=alder.priya)
    before, events = state_of_everything(item), AuditEvent.objects.count()

    def both() -> None:
        with audited(by=alder.hal):
            answer(other, alder.hal)
            answer(item, alder.hal, answer="")

    with pytest.raises(Blocked):
        both()

    other.refresh_from_db()
    assert other.state == ItemState.OPEN
    assert state_of_everything(item) == before
    assert AuditEvent.objects.count() == events + 1
    assert last_event().is_refusal


def test_unknown_verb_is_no_refusal(alder: SimpleNamespace, item: WorkItem) -> None:
    events = AuditEvent.objects.count()

    with pytest.raises(door.UnknownVerb):
        door.carry_out(item, "delete", by=alder.hal)

    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("who", ["priya", "lewis", "olga"])
def test_not_permitted_names_who_can(alder: SimpleNamespace, item: WorkItem, who: str) -> None:
    with pytest.raises(NotPermitted) as refused:
        answer(item, getattr(alder, who))

    assert refused.value.words == "You cannot answer this item. Ask Hal Whitby, Legal or Nina Rao, Legal."
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_not_permitted_names_the_one_who_has_it_first(alder: SimpleNamespace, item: WorkItem) -> None:
    door.carry_out(item, "assign", by=alder.hal, assignee=alder.nina)

    with pytest.raises(NotPermitted) as refused:
        answer(item, alder.priya)

    assert refused.value.words == "You cannot answer this item. Ask Nina Rao, Legal or Hal Whitby, Legal."


def test_not_permitted_says_so_when_nobody_can(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), queue_key="hr")

    with pytest.raises(NotPermitted) as refused:
        answer(item, alder.priya)

    assert refused.value.words == "You cannot answer this item. Nobody can do this here yet; ask an administrator."


def test_other_function_works_its_own_queue_only(alder: SimpleNamespace) -> None:
    ict = people.person(at=alder.council, name="Ida")
    people.membership(ict, Role.OTHER_FUNCTION, alder.council, function="ict")
    case = make.case_file(holder=alder.priya)

    with pytest.raises(NotPermitted):
        answer(make.item(case, queue_key="hr"), ict)

    assert answer(make.item(case, queue_key="ict"), ict).subject.state == ItemState.ANSWERED


def test_manager_works_the_queue_too(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), queue_key="ccps")

    answer(item, alder.maria)

    assert last_event().role == "ccps_manager"


@pytest.mark.parametrize("ended", ["role", "account"])
def test_lost_role_counts_at_once(alder: SimpleNamespace, item: WorkItem, ended: str) -> None:
    if ended == "role":
        alder.hal.memberships.update(ends_on=clock.today())
    else:
        alder.hal.is_active = False
        alder.hal.save()

    with pytest.raises(NotPermitted):
        answer(item, type(alder.hal).objects.get(pk=alder.hal.pk))


def test_already_done_says_who_and_when(alder: SimpleNamespace, item: WorkItem) -> None:
    clock.move_to(date(2026, 11, 16))
    answer(item, alder.hal)

    with pytest.raises(AlreadyDone) as refused:
        answer(item, alder.nina)

    assert refused.value.words == (
        "Already answered: Hal Whitby did this on 16 November 2026, 9:30am. Nothing was changed."
    )


def test_already_done_is_told_from_the_row_as_it_is_now(alder: SimpleNamespace, item: WorkItem) -> None:
    """Nina's page still holds the item as it was when she opened it."""
    stale = WorkItem.objects.get(pk=item.pk)
    answer(item, alder.hal)

    with pytest.raises(AlreadyDone):
        answer(stale, alder.nina, answer="cannot_agree", text="No.")

    item.refresh_from_db()
    assert item.answer == "agreed"


def test_every_blocker_is_named_at_once(alder: SimpleNamespace, item: WorkItem) -> None:
    rules = door.rules_of(WorkItem, "more_time")
    assert rules.asks_reason

    with pytest.raises(Blocked) as refused:
        door.carry_out(item, "more_time", by=alder.hal, note=" ", new_due=clock.today())

    assert [blocker.words for blocker in refused.value.blockers] == [
        "Reason: not given",
        "New date: it must be after today",
    ]
    assert refused.value.words == (
        "You cannot agree more time yet. 2 things are missing: Reason: not given; New date: it must be after today."
    )


def test_higher_room_can_add_a_blocker(alder: SimpleNamespace, item: WorkItem, monkeypatch: Any) -> None:
    from casework.blockers import Blocker

    checks = {(WorkItem, "respond"): [lambda row: [Blocker("paper", f"Paper about {row.title}: not uploaded")]]}
    monkeypatch.setattr(lifecycle, "_exit_checks", checks)

    with pytest.raises(Blocked) as refused:
        answer(item, alder.hal)

    assert [blocker.words for blocker in refused.value.blockers] == [f"Paper about {item.title}: not uploaded"]
    assert [offer.blockers for offer in door.offers(item, alder.hal) if offer.verb == "respond"] == [
        refused.value.blockers
    ]


def test_state_cannot_be_set_past_the_door(item: WorkItem) -> None:
    with pytest.raises(AttributeError):
        item.state = ItemState.ANSWERED
    with pytest.raises(TransitionNotAllowed):
        item.reply(by=None)


# --- Offers: what a page shows is what the door does ------------------------------------------------------------------

INPUTS: dict[str, dict[str, Any]] = {
    "assign": {},
    "ask": {"text": "Which site?"},
    "reply": {"text": "The north one"},
    "respond": {"answer": "agreed"},
    "more_time": {"new_due": date(2099, 1, 1), "note": "Away"},
    "close": {"note": "Not needed"},
}


@pytest.mark.parametrize("state", ["open", "assigned", "waiting", "answered", "closed"])
@pytest.mark.parametrize("who", ["hal", "nina", "priya", "lewis", "olga"])
def test_offered_verbs_are_exactly_those_the_door_carries_out(alder: SimpleNamespace, state: str, who: str) -> None:
    case = make.case_file(holder=alder.priya)
    item = make.item(case, by=alder.priya)
    if state != "open":
        verb, inputs = {
            "assigned": ("assign", {"assignee": alder.hal}),
            "waiting": ("ask", {"text": "Why?"}),
            "answered": ("respond", {"answer": "agreed"}),
            "closed": ("close", {"note": "Gone"}),
        }[state]
        door.carry_out(item, verb, by=alder.priya if verb == "close" else alder.hal, **inputs)
    item = WorkItem.objects.get(pk=item.pk)
    person = getattr(alder, who)
    offered = {offer.verb for offer in door.offers(item, person) if offer.is_open}

    worked = set()
    for verb in WorkItem.verbs():
        inputs = {"assignee": alder.nina} if verb == "assign" else INPUTS[verb]
        try:
            with transaction.atomic():
                door.carry_out(item, verb, by=person, **inputs)
                worked.add(verb)
                raise Undone
        except (NotPermitted, AlreadyDone, Blocked, Undone):
            pass

    assert offered == worked


class Undone(Exception):
    """Takes one try back."""


TABLE = {
    "open": {"assign": "assigned", "ask": "waiting", "respond": "answered", "more_time": "open", "close": "closed"},
    "assigned": {
        "assign": "assigned",
        "ask": "waiting",
        "respond": "answered",
        "more_time": "assigned",
        "close": "closed",
    },
    "waiting": {"reply": "assigned", "respond": "answered", "more_time": "waiting", "close": "closed"},
    "answered": {},
    "closed": {},
}


@pytest.mark.parametrize("state", ItemState.values)
def test_verbs_start_and_end_where_they_are_declared(state: str) -> None:
    item = WorkItem(state=state)

    found = {
        verb: target.target or state
        for verb in WorkItem.verbs()
        if (target := getattr(WorkItem, verb)._django_fsm.transitions.get(state)) is not None
    }

    assert found == TABLE[state]
    assert {verb for verb in WorkItem.verbs() if item.can_go(verb)} == set(TABLE[state])


# --- The verbs of a work item -----------------------------------------------------------------------------------------


def test_item_is_given_only_to_those_who_work_the_queue(alder: SimpleNamespace, item: WorkItem) -> None:
    for stranger in (alder.priya, alder.lewis, alder.olga):
        with pytest.raises(Blocked) as refused:
            door.carry_out(item, "assign", by=alder.hal, assignee=stranger)
        assert refused.value.blockers[0].words == (f"{stranger.name} does not work for Legal, so cannot be given this")

    door.carry_out(item, "assign", by=alder.hal, assignee=alder.nina)

    item.refresh_from_db()
    assert (item.state, item.assignee) == ("assigned", alder.nina)
    assert last_event().changes == {"assignee_id": [None, str(alder.nina.pk)]}
    assert [message.person for message in OutboxMessage.objects.all()] == [alder.nina]


def test_taking_an_item_oneself_sends_nothing(alder: SimpleNamespace, item: WorkItem) -> None:
    door.carry_out(item, "assign", by=alder.hal, assignee=alder.hal)

    assert not OutboxMessage.objects.exists()


def test_question_pauses_and_reply_goes_on(alder: SimpleNamespace, item: WorkItem) -> None:
    start = clock.today()
    clock.move_to(start + timedelta(days=3))
    door.carry_out(item, "ask", by=alder.hal, text="Which site?")
    item.refresh_from_db()
    assert (item.state, item.assignee, item.due_on) == ("waiting", alder.hal, None)
    assert (item.paused_since, item.left_when_paused) == (start + timedelta(days=3), 11)

    clock.move_to(start + timedelta(days=8))
    door.carry_out(item, "reply", by=alder.priya, text="The north one")

    item.refresh_from_db()
    assert (item.state, item.due_on, item.paused_since) == ("assigned", start + timedelta(days=19), None)
    assert last_event().role == "requester"
    assert [message.person for message in OutboxMessage.objects.order_by("id")] == [alder.priya, alder.hal]


def test_question_to_nobody_is_refused_in_words(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(alder.council), by=System(because="A rule"))

    with pytest.raises(Blocked) as refused:
        door.carry_out(item, "ask", by=alder.hal, text="Why?")

    assert "there is nobody to put a question to" in refused.value.words


def test_more_time_needs_a_later_day_and_keeps_the_first(alder: SimpleNamespace, item: WorkItem) -> None:
    first = item.due_on
    assert first is not None

    work_items.give_more_time(item, new_due=first + timedelta(days=10), reason="Counsel is away", by=alder.hal)

    item.refresh_from_db()
    assert (item.due_on, item.state) == (first + timedelta(days=10), "open")
    assert last_event().changes == {"due_on": [str(first), str(first + timedelta(days=10))]}
    with pytest.raises(Blocked):
        work_items.give_more_time(item, new_due=first, reason="No", by=alder.hal)


def test_more_time_is_not_given_by_those_who_ask(alder: SimpleNamespace, item: WorkItem) -> None:
    with pytest.raises(NotPermitted):
        work_items.give_more_time(item, new_due=date(2099, 1, 1), reason="Please", by=alder.priya)


def test_privileged_text_stands_on_the_item_alone(alder: SimpleNamespace, item: WorkItem) -> None:
    answer(item, alder.hal, text="SECRET advice", privileged=True)

    assert WorkItem.objects.get(pk=item.pk).answer_text == "SECRET advice"
    assert not WorkItemEvent.objects.filter(text__contains="SECRET").exists()
    assert not OutboxMessage.objects.filter(body__contains="SECRET").exists()
    event = AuditEvent.objects.filter(verb="workitem.respond").values().get()
    assert "SECRET" not in str(event)


@pytest.mark.parametrize("asks", ["be_informed", "acknowledge", "advise", "quote", "source", "do"])
def test_answer_fits_what_was_asked(alder: SimpleNamespace, asks: str) -> None:
    case = make.case_file(holder=alder.priya)
    for word in Answer.values:
        item = make.item(case, asks=asks)
        fits = word in answers_for(asks) or word in ("done", "not_needed")
        if fits:
            assert answer(item, alder.hal, answer=word).subject.answer == word
        else:
            with pytest.raises(Blocked):
                answer(item, alder.hal, answer=word)


def test_rule_made_item_is_not_withdrawn_by_who_asked(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), rule_key="early_notice")

    with pytest.raises(NotPermitted):
        door.carry_out(item, "close", by=alder.priya, note="No")


def test_system_is_asked_for_blockers_but_not_for_permission(alder: SimpleNamespace, item: WorkItem) -> None:
    with pytest.raises(Blocked):
        door.carry_out(item, "close", by=System(because="The commission closed"), note="")

    door.carry_out(item, "close", by=System(because="The commission closed"), note="The commission closed")

    event = last_event()
    assert (event.actor_id, event.actor_words, event.role) == (None, "The commission closed", "system")


# --- Tasks on people --------------------------------------------------------------------------------------------------


@pytest.fixture
def task(alder: SimpleNamespace) -> WorkItem:
    return make.item(make.case_file(holder=alder.priya), queue=None, assignee=alder.lewis, asks="do", kind="task")


def test_task_is_done_by_its_holder_alone(alder: SimpleNamespace, task: WorkItem) -> None:
    with pytest.raises(NotPermitted) as refused:
        answer(task, alder.maria, answer="done")
    assert refused.value.words == "You cannot answer this item. Ask Lewis Grant, CCPS."

    answer(task, alder.lewis, answer="done")

    assert (last_event().role, last_event().covering_id) == ("task_holder", None)


def test_deputy_does_the_task_of_somebody_absent_and_the_trail_says_for_whom(
    alder: SimpleNamespace, task: WorkItem
) -> None:
    people.cover(alder.lewis, alder.maria)

    answer(task, alder.maria, answer="done")

    assert (last_event().actor_id, last_event().covering_id) == (alder.maria.pk, alder.lewis.pk)


def test_task_is_handed_on_to_a_colleague_only(alder: SimpleNamespace, task: WorkItem) -> None:
    with pytest.raises(Blocked):
        door.carry_out(task, "assign", by=alder.lewis, assignee=alder.olga)

    door.carry_out(task, "assign", by=alder.lewis, assignee=alder.priya)

    task.refresh_from_db()
    assert task.assignee == alder.priya


# --- Many at once -----------------------------------------------------------------------------------------------------


def test_bulk_assignment_gives_each_once_and_says_what_it_could_not(alder: SimpleNamespace, item: WorkItem) -> None:
    settled = make.item(item.case_file, by=alder.priya)
    answer(settled, alder.hal)
    act_id = uuid.uuid4()

    given, refused = work_items.assign_each([item, settled], alder.nina, by=alder.hal, act_id=act_id)

    assert given == 1
    assert len(refused) == 1
    assert refused[0].startswith(f"{item.case_file.reference}: Already answered: Hal Whitby did this on")
    events = AuditEvent.objects.filter(verb="workitem.assign", is_refusal=False).count()
    work_items.assign_each([item], alder.nina, by=alder.hal, act_id=act_id)
    assert AuditEvent.objects.filter(verb="workitem.assign", is_refusal=False).count() == events


def test_rule_asks_one_thing_of_one_case_once(alder: SimpleNamespace) -> None:
    from decimal import Decimal

    from casework.routing import Facts, route
    from casework.services.rules import rules_of, version_in_force

    case = make.case_file(holder=alder.priya)
    rules = rules_of(version_in_force(alder.council.framework))
    ways = route("start", Facts(Decimal("640000")), rules)

    first = work_items.open_routes(case, ways, by=alder.priya)
    again = work_items.open_routes(case, ways, by=alder.priya)

    assert [(row.queue.key, row.asks, row.because) for row in first if row.queue] == [
        ("ccps", "acknowledge", "£640,000 is over £100,000")
    ]
    assert first[0].rules_number == 1
    assert again == []
