"""The jobs through a real worker process and a real broker: files on SQLite, Redis in the second run of CI."""

import time
from collections.abc import Callable

import pytest
from celery import current_app
from django.conf import settings

from casework.models import OutboxMessage
from casework.services import outbox
from casework.tasks import send_outbox, sign_audit_heads
from tests.factories import organisation as make
from tests.worker import Worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PATIENCE = 30


def eventually(is_so: Callable[[], bool], worker: Worker) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, worker.said()
        time.sleep(0.1)


def test_tasks_are_never_run_in_the_request() -> None:
    assert settings.CELERY_TASK_ALWAYS_EAGER is False
    assert current_app.conf.task_always_eager is False


def test_worker_sends_the_mail_that_waits_once(celery_worker_process: Worker) -> None:
    message = outbox.post(make.person(), subject="Approve the plan", body="It waits for you.", kind="test")

    send_outbox.delay()
    send_outbox.delay()

    eventually(lambda: OutboxMessage.objects.get(pk=message.pk).sent_at is not None, celery_worker_process)
    eventually(lambda: celery_worker_process.said().count("succeeded in") >= 2, celery_worker_process)
    assert OutboxMessage.objects.get(pk=message.pk).attempts == 1


def test_worker_signs_the_heads_of_the_audit_trail(celery_worker_process: Worker) -> None:
    before = set(settings.AUDIT_HEADS_DIR.glob("*"))

    sign_audit_heads.delay()

    eventually(lambda: set(settings.AUDIT_HEADS_DIR.glob("*")) > before, celery_worker_process)
