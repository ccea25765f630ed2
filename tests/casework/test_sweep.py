"""The sweep tells the right people on the right working day, once, and stops when the thing is done."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from casework import door, framework_loading
from casework.models import Deadline, OutboxMessage, Reminder, ReminderPolicy, WorkItem
from casework.querysets import people_seeing
from casework.services import deadlines
from casework.services.reminders import Swept, sweep, sweep_now
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from organisation.services.reference_data import load_calendars
from organisation.working_days import ENGLAND, holidays_of
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# A Monday. Good Friday is 3 April 2026, Easter Monday the 6th.
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _calendar(db: None) -> None:
    load_calendars()
    clock.move_to(MONDAY)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        clock.move_to(first)
        yield first
        first += DAY


def told(day: date) -> list[str]:
    """Sweep one day; the first names of whoever it told."""
    clock.move_to(day)
    before = set(Reminder.objects.values_list("pk", flat=True))
    sweep(day)
    made = Reminder.objects.exclude(pk__in=before).order_by("person__name")
    return [name.split()[0] for name in made.values_list("person__name", flat=True)]


def diary(first: date, last: date) -> dict[date, list[str]]:
    return {day: names for day in days(first, last) if (names := told(day))}


def request(alder: SimpleNamespace, **fields: Any) -> WorkItem:
    """A procurement request in the CCPS queue, due in a week, with Lewis."""
    case = make.case_file(holder=alder.priya)
    item = make.item(
        case, queue_key="ccps", kind="procurement_request", allowance=7, question_effect="restart", **fields
    )
    door.carry_out(item, "assign", by=alder.maria, assignee=alder.lewis)
    return item


def lesson(holder: Person | None, on: date, **case: Any) -> Deadline:
    file = make.case_file(**({"holder": holder} | case))
    deadlines.set_deadline(file, "lesson", "1", due_on=on, holder=holder, title="Share the lesson", path="/lessons/1/")
    return Deadline.objects.get(case_file=file)


def test_unanswered_request_is_reminded_and_escalates_daily(alder: SimpleNamespace) -> None:
    clock.move_to(date(2026, 7, 6))
    item = request(alder)

    assert diary(date(2026, 7, 6), date(2026, 7, 17)) == {
        # Saturday's step, two days before, waits for Monday, when it is due as well.
        date(2026, 7, 13): ["Lewis", "Lewis"],
        date(2026, 7, 14): ["Lewis", "Maria"],
        date(2026, 7, 15): ["Lewis", "Maria"],
        date(2026, 7, 16): ["Lewis", "Maria"],
        date(2026, 7, 17): ["Lewis", "Maria"],
    }
    assert item.due_on == date(2026, 7, 13)


def test_unacknowledged_early_notice_is_told_to_the_manager_every_week(alder: SimpleNamespace) -> None:
    make.item(
        make.case_file(holder=alder.priya), queue_key="ccps", kind="early_notice", allowance=5, unit="working_days"
    )

    assert diary(MONDAY, date(2026, 3, 24)) == {
        date(2026, 3, 9): ["Maria"],
        date(2026, 3, 16): ["Maria"],
        date(2026, 3, 23): ["Maria"],
    }


def test_answer_and_pause_stop_the_reminders(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), queue_key="ccps", allowance=7, question_effect="restart")
    door.carry_out(item, "assign", by=alder.maria, assignee=alder.lewis)
    assert diary(MONDAY, date(2026, 3, 9)) == {date(2026, 3, 6): ["Lewis"]}

    door.carry_out(item, "ask", by=alder.lewis, text="Which rooms?")
    assert diary(date(2026, 3, 10), date(2026, 3, 20)) == {}
    clock.move_to(date(2026, 3, 20))
    door.carry_out(item, "reply", by=alder.priya, text="All of them")
    assert diary(date(2026, 3, 23), date(2026, 3, 30)) == {date(2026, 3, 26): ["Lewis"], date(2026, 3, 30): ["Lewis"]}
    door.carry_out(item, "respond", by=alder.lewis, answer="done")
    assert diary(date(2026, 3, 31), date(2026, 4, 10)) == {}


def test_second_sweep_adds_nothing_and_missed_days_are_made_up(alder: SimpleNamespace) -> None:
    lesson(alder.priya, date(2026, 4, 3))  # Good Friday: the step waits for Tuesday
    assert sweep(date(2026, 4, 2)) == Swept(0, 0)
    for closed in (date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 6)):
        assert sweep(closed) == Swept(0, 0)

    clock.move_to(date(2026, 4, 8))  # nobody swept on Tuesday
    assert sweep(date(2026, 4, 8)) == Swept(1, 1)
    assert sweep(date(2026, 4, 8)) == Swept(0, 0)
    assert Reminder.objects.get().occurs_on == date(2026, 4, 7)
    assert sweep(date(2026, 4, 9)) == Swept(0, 0)


def test_nothing_is_swept_at_night(alder: SimpleNamespace) -> None:
    lesson(alder.priya, MONDAY + DAY)
    local = timezone.datetime(2026, 3, 3, 6, 59, tzinfo=clock.LONDON)
    clock.move_to(local)
    assert sweep_now() == Swept(0, 0)
    clock.move_to(local + timedelta(minutes=2))
    assert sweep_now() == Swept(1, 1)


def test_date_that_moves_is_reminded_anew_and_not_of_steps_behind_it(alder: SimpleNamespace) -> None:
    row = lesson(alder.priya, date(2026, 3, 5))
    assert told(date(2026, 3, 5)) == ["Priya"]

    deadlines.set_deadline(
        row.case_file, "lesson", "1", due_on=date(2026, 3, 5), holder=alder.priya, title="Share the lesson"
    )
    assert told(date(2026, 3, 5)) == []
    deadlines.set_deadline(
        row.case_file, "lesson", "1", due_on=date(2026, 3, 10), holder=alder.priya, title="Share the lesson"
    )
    assert diary(date(2026, 3, 6), date(2026, 3, 16)) == {date(2026, 3, 10): ["Priya"]}


def test_cover_is_told_while_the_holder_is_away(alder: SimpleNamespace) -> None:
    people.cover(alder.priya, alder.nina, starts_on=MONDAY, ends_on=date(2026, 3, 12))
    lesson(alder.priya, date(2026, 3, 12))
    lesson(alder.priya, date(2026, 3, 13))

    assert told(date(2026, 3, 12)) == ["Nina", "Priya"]
    assert told(date(2026, 3, 13)) == ["Priya"]
    assert {row.person: row.get_why_display() for row in Reminder.objects.filter(person=alder.nina)} == {
        alder.nina: "You cover for the person who has to do this."
    }


def test_walls_closed_accounts_and_strangers_are_never_told(alder: SimpleNamespace) -> None:
    tom = people.person(Role.SERVICE_LEADER, at=alder.council, name="Tom Leader")
    gone = make.commissioner(alder.council, name="Gone Away", is_active=False)
    walled = lesson(alder.priya, date(2026, 3, 5))
    make.wall(walled.case_file, alder.priya)
    lesson(gone, date(2026, 3, 5))
    stranger = lesson(alder.olga, date(2026, 3, 5), organisation=alder.council)
    below = make.case_file(alder.council, root=walled.case_file)
    deadlines.set_deadline(below, "lesson", "2", due_on=date(2026, 3, 5), holder=alder.priya, title="Below")

    # Somebody is told of each all the same: the service leader, because none of the four reached its holder.
    assert told(date(2026, 3, 5)) == ["Tom"] * 4
    assert {row.why for row in Reminder.objects.all()} == {Reminder.Why.NOBODY}
    assert tom in people_seeing(walled.case_file)
    assert alder.olga not in people_seeing(stranger.case_file)
    assert alder.priya not in people_seeing(below)


@pytest.mark.parametrize(
    ("queue", "names"), [("ccps", ["Maria"]), ("legal", ["Hal", "Nina"]), ("finance", ["Ada"]), (None, ["Ada"])]
)
def test_what_nobody_holds_is_told_to_those_who_answer_for_it(
    alder: SimpleNamespace, queue: str | None, names: list[str]
) -> None:
    people.person(Role.ADMINISTRATOR, at=alder.council, name="Ada Admin")
    fields = {"queue": None} if queue is None else {"queue_key": queue}
    make.item(make.case_file(holder=alder.priya), allowance=14, **fields)

    told(date(2026, 3, 9))

    made = Reminder.objects.filter(policy__step="before_5").order_by("person__name")
    assert [row.person.name.split()[0] for row in made] == names
    assert {row.why for row in made} == {Reminder.Why.NOBODY}


def test_manager_is_told_a_week_after_the_date(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), queue_key="ccps", allowance=14)
    door.carry_out(item, "assign", by=alder.maria, assignee=alder.lewis)

    assert diary(MONDAY, date(2026, 3, 31)) == {
        date(2026, 3, 9): ["Lewis"],
        date(2026, 3, 13): ["Lewis"],
        date(2026, 3, 17): ["Lewis"],
        date(2026, 3, 23): ["Maria"],
        date(2026, 3, 24): ["Lewis"],
        date(2026, 3, 30): ["Maria"],
        date(2026, 3, 31): ["Lewis"],
    }


def test_item_with_legal_is_flagged_when_under_its_lead_time(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), allowance=21)
    door.carry_out(item, "assign", by=alder.nina, assignee=alder.hal)

    # Due on 23 March: the 10th is 13 days before.
    assert diary(MONDAY, date(2026, 3, 10)) == {
        date(2026, 3, 9): ["Hal"],
        date(2026, 3, 10): ["Hal", "Maria", "Priya"],
    }


def test_message_says_the_act_the_case_and_where(alder: SimpleNamespace) -> None:
    row = lesson(alder.priya, date(2026, 3, 5))
    told(date(2026, 3, 5))

    message = OutboxMessage.objects.get()
    assert (message.person, message.to_address, message.path) == (alder.priya, alder.priya.email, "/lessons/1/")
    assert message.subject == f"Share the lesson: {row.case_file.reference} {row.case_file.title}"
    assert (message.kind, message.handling, message.case_id) == ("reminder_do", "mail", row.case_file_id)
    assert message.message_id.endswith("@127.0.0.1>")


def test_step_that_is_switched_off_or_of_another_framework_reminds_nobody(alder: SimpleNamespace) -> None:
    lesson(alder.priya, date(2026, 3, 5))
    ReminderPolicy.objects.filter(kind="lesson", step="on_the_day").update(is_on=False)
    other = make.default_framework()
    ReminderPolicy.objects.filter(framework=other).update(to_role=Role.LEGAL)

    assert told(date(2026, 3, 5)) == []


def test_sweep_asks_the_same_few_statements_for_any_number(alder: SimpleNamespace, queries_of: Any) -> None:
    case = make.case_file(holder=alder.priya)

    def many(count: int, on: date) -> None:
        deadlines.add(
            deadlines.due(case, "lesson", f"{on}:{n}", due_on=on, title="Share the lesson", holder=alder.priya)
            for n in range(count)
        )

    many(10, date(2026, 3, 5))
    many(1000, date(2026, 3, 6))
    holidays_of(ENGLAND)
    few = queries_of(lambda: sweep(date(2026, 3, 5)))
    lots = queries_of(lambda: sweep(date(2026, 3, 6)))

    assert Reminder.objects.count() == OutboxMessage.objects.count() == 1010
    assert len(few) == len(lots) <= 10, lots


@pytest.mark.requirement("N-340")
def test_loading_again_leaves_what_was_changed(alder: SimpleNamespace) -> None:
    content = make.framework_content()
    framework = alder.council.framework
    ReminderPolicy.objects.filter(framework=framework, kind="lesson", step="overdue").update(offset=3)
    ReminderPolicy.objects.filter(framework=framework, kind="lesson", step="on_the_day").delete()

    assert framework_loading._load_reminders(framework, content) == "reminder steps: 1 added"
    assert ReminderPolicy.objects.get(framework=framework, kind="lesson", step="overdue").offset == 3
