"""Two people at the same instant, on PostgreSQL with real threads: the count of effects is what matters."""

import uuid
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction

from casework import door
from casework.audit import audited, record
from casework.models import AuditEvent, ChainHead, OutboxMessage, ReferenceCounter, WorkItem, WorkItemEvent
from casework.refusals import AlreadyDone, Refused
from casework.services import outbox, rules, work_items
from casework.services.cases import next_reference, open_case
from organisation import clock
from organisation.actors import System
from tests.factories import casework as make
from tests.factories import organisation as people
from tests.racing import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def test_two_people_answer_at_once_and_one_answer_counts(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    for _ in range(ROUNDS):
        item = make.item(case, by=alder.priya)
        answer = partial(door.carry_out, item, "respond", text="Because.")

        results = at_once(
            [
                partial(answer, by=alder.hal, act_id=uuid.uuid4(), answer="agreed"),
                partial(answer, by=alder.nina, act_id=uuid.uuid4(), answer="cannot_agree"),
            ]
        )

        refused = [result for result in results if isinstance(result, AlreadyDone)]
        done = [result for result in results if isinstance(result, door.Outcome)]
        assert (len(done), len(refused)) == (1, 1), results
        winner = done[0].subject.settled_by
        assert refused[0].words.startswith(f"Already answered: {winner.name} did this on ")
        item.refresh_from_db()
        assert (item.settled_by, item.answer) == (winner, done[0].subject.answer)
        assert WorkItemEvent.objects.filter(item=item, kind="answered").count() == 1
        trail = AuditEvent.objects.filter(verb="workitem.respond", subject_id=str(item.pk))
        assert sorted(trail.values_list("is_refusal", flat=True)) == [False, True]
    assert OutboxMessage.objects.filter(kind="item_answered").count() == ROUNDS
    call_command("verify_audit")


def test_same_form_twice_at_once_has_one_effect(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    for _ in range(ROUNDS):
        item = make.item(case, by=alder.priya)
        act = partial(door.carry_out, item, "respond", by=alder.hal, act_id=uuid.uuid4(), answer="agreed", text="Yes")

        results = at_once([act] * 3)

        assert sorted(result.repeated for result in results) == [False, True, True], results
        assert WorkItemEvent.objects.filter(item=item, kind="answered").count() == 1
        assert AuditEvent.objects.filter(verb="workitem.respond", subject_id=str(item.pk)).count() == 1


def test_same_bulk_assignment_twice_at_once_gives_each_item_once(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    items = [make.item(case, by=alder.priya) for _ in range(4)]
    act_id = uuid.uuid4()

    at_once([lambda: work_items.assign_each(items, alder.nina, by=alder.hal, act_id=act_id)] * 2)

    assert AuditEvent.objects.filter(verb="workitem.assign", is_refusal=False).count() == 4
    assert WorkItemEvent.objects.filter(kind="assigned").count() == 4


def test_references_taken_at_once_are_never_twins_and_leave_no_gap(alder: SimpleNamespace) -> None:
    area = people.service_area(alder.council)

    def open_one() -> str:
        with transaction.atomic():
            return open_case(
                kind="commission",
                prefix="NEW",
                organisation=alder.council,
                service_area=area,
                title="A need",
                holder=None,
                state="draft",
            ).reference

    # The first round also races to make the counter row.
    found = [reference for _ in range(3) for reference in at_once([open_one] * 6)]

    year = clock.today().year
    assert sorted(found) == [f"NEW-{year}-{number:04d}" for number in range(1, 19)]


def test_reference_of_an_act_that_fails_is_given_again(alder: SimpleNamespace) -> None:
    def fail() -> None:
        with transaction.atomic():
            next_reference(alder.council, "GAP")
            raise Refused("Something was missing")

    def take() -> str:
        with transaction.atomic():
            return next_reference(alder.council, "GAP")

    results = at_once([fail, take, fail, take])

    year = clock.today().year
    assert sorted(result for result in results if isinstance(result, str)) == [
        f"GAP-{year}-0001",
        f"GAP-{year}-0002",
    ]
    assert ReferenceCounter.objects.get(prefix="GAP").last == 2


def test_events_written_at_once_make_one_chain(alder: SimpleNamespace) -> None:
    """Also for a chain that has no head yet, which every thread then tries to make."""
    new = people.organisation(name="Brand new", framework=alder.council.framework)

    def act(number: int) -> None:
        with audited(by=System(because=f"Act {number}")):
            record(verb="test.one", subject=new_thing)
            record(verb="test.two", subject=new_thing)

    new_thing = people.service_area(new)
    results = at_once([lambda number=number: act(number) for number in range(8)])

    assert results == [None] * 8
    chain = f"organisation:{new.pk}"
    numbers = list(AuditEvent.objects.filter(chain=chain).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 17))
    assert ChainHead.objects.get(chain=chain).number == 16
    call_command("verify_audit")


def test_acts_over_two_chains_at_once_do_not_wait_for_each_other(alder: SimpleNamespace) -> None:
    """Each writes in both chains, one naming the first first and one the second."""
    here, there = people.service_area(alder.council), people.service_area(alder.other)

    def act(*subjects: object) -> None:
        with audited(by=System(because="Both")):
            for subject in subjects:
                record(verb="test.both", subject=subject)  # type: ignore[arg-type]

    results = at_once([lambda: act(here, there), lambda: act(there, here)] * 3)

    assert results == [None] * 6
    assert AuditEvent.objects.filter(verb="test.both").count() == 12
    call_command("verify_audit")


def test_two_administrators_publish_at_once_and_versions_follow_each_other(alder: SimpleNamespace) -> None:
    framework = alder.council.framework

    def publish(amount: int) -> int:
        change = rules.Changes(thresholds=[rules.with_amount(framework, "legal", amount)])  # type: ignore[arg-type]
        made = rules.publish(framework, change, by=alder.maria, valid_from=clock.today(), reason="Raised")
        return made.number

    results = at_once([lambda: publish(600_000), lambda: publish(700_000)])

    assert sorted(results) == [2, 3], results
    standing = framework.rules_versions.order_by("-number")[0]
    row = rules.with_amount(framework, "legal", 1)  # type: ignore[arg-type]
    assert row.since_id == standing.pk


def test_two_senders_send_each_message_once(
    alder: SimpleNamespace, mailoutbox: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        for number in range(12):
            outbox.post(alder.priya, subject=f"Message {number}", body="…", kind="test")

    at_once([outbox.send_waiting] * 3)

    assert sorted(message.subject for message in mailoutbox) == sorted(f"Message {n}" for n in range(12))  # type: ignore[attr-defined]
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_one_thing_is_not_asked_twice_at_once(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)

    at_once([lambda: make.item(case, by=alder.priya, key="the same")] * 3)

    assert WorkItem.objects.filter(case_file=case, key="the same").count() == 1
