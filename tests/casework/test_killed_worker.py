"""A worker killed in the middle of a sweep or of sending loses nothing and doubles nothing."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from casework.models import OutboxMessage, Reminder, Sweep
from casework.services import deadlines, outbox
from casework.tasks import send_outbox, sweep_reminders
from organisation import clock
from tests import dying
from tests.factories import casework as make
from tests.factories import organisation as people
from tests.worker import Worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PATIENCE = 30
DAY = date(2026, 3, 5)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Worker]:
    """A worker of this test's own, on the test database, with a mail server that writes down what it takes."""
    for file in (dying.DIE_AT, dying.MAIL_TAKEN):
        file.unlink(missing_ok=True)
    found = Worker("tests.dying", DYING_WORKER="1")
    yield found
    found.stop()


def eventually(is_so: Callable[[], bool], worker: Worker) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, worker.said()
        time.sleep(0.05)


def killed_at(point: str, ask: Callable[[], object], worker: Worker) -> None:
    """Ask for a task and wait until the process that runs it was killed at the point."""
    dying.DIE_AT.write_text(point, encoding="utf-8")
    ask()
    eventually(lambda: not dying.DIE_AT.exists(), worker)


def taken() -> list[str]:
    return dying.MAIL_TAKEN.read_text(encoding="utf-8").splitlines() if dying.MAIL_TAKEN.exists() else []


def test_worker_killed_anywhere_loses_and_doubles_nothing(alder: SimpleNamespace, worker: Worker) -> None:
    people.calendars()
    clock.move_to(date(2026, 3, 2))
    case = make.case_file(holder=alder.priya)
    for holder, count in ((alder.priya, 3), (alder.hal, 1)):
        deadlines.add(
            deadlines.due(case, "lesson", f"{holder.pk}:{n}", due_on=DAY, title="Share the lesson", holder=holder)
            for n in range(count)
        )
    clock.move_to(datetime(2026, 3, 5, 7, 30, tzinfo=clock.LONDON))
    worker.start()

    # The pool's process is killed; the task is taken up again by the next one, because nobody has confirmed it.
    killed_at("messages", sweep_reminders.delay, worker)
    eventually(lambda: Sweep.objects.exists(), worker)
    assert (Reminder.objects.count(), OutboxMessage.objects.count()) == (4, 4)

    # In the middle of joining Priya's three; then with her joint email taken and not marked, when everything dies.
    killed_at("carried", send_outbox.delay, worker)
    eventually(lambda: len(taken()) == 2, worker)
    assert OutboxMessage.objects.filter(kind="digest").count() == 1
    eventually(lambda: not OutboxMessage.objects.filter(handling="mail", sent_at=None).exists(), worker)

    late = outbox.post(alder.priya, subject="Read the reply", body="Why.", kind="test")
    killed_at("taken", send_outbox.delay, worker)
    worker.kill()
    late.refresh_from_db()
    assert late.sent_at is None
    clock.move_to(datetime(2026, 3, 5, 7, 40, tzinfo=clock.LONDON))
    worker.start()
    for ask in (send_outbox, sweep_reminders, send_outbox):
        ask.delay()
    eventually(lambda: OutboxMessage.objects.get(pk=late.pk).sent_at is not None, worker)
    eventually(lambda: worker.said().count("succeeded in") >= 3, worker)

    subjects = [line.partition(" ")[2] for line in taken()]
    assert len(subjects) == 4
    assert [line for line in taken() if line.endswith("Read the reply")] == [f"{late.message_id} Read the reply"] * 2
    assert sum(subject.startswith("3 things to do or watch") for subject in subjects) == 1
    assert sum(subject.startswith("Share the lesson by") for subject in subjects) == 1
    assert (Reminder.objects.count(), OutboxMessage.objects.filter(is_notice=True).count()) == (4, 5)
