"""Mail leaves after the act it tells of, once, under one Message-ID, and is tried again until it has left."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from django.urls import reverse

from casework.audit import audited
from casework.models import OutboxMessage
from casework.refusals import Refused
from casework.services import outbox
from casework.tasks import send_outbox
from organisation import clock
from organisation.actors import System
from organisation.models import Person
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya(db: None) -> Person:
    return people.person(at=people.organisation(), name="Priya Shah", email="priya@alder.example")


def post(person: Person, subject: str = "Decide gate 2", **more: Any) -> OutboxMessage:
    return outbox.post(person, subject=subject, body="Why.\n\nA link.", kind="test", **more)


class Broken(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError("Nobody listens")


class DiesAfterwards(EmailBackend):
    """A server that takes the mail, in a process that is killed before it can write that down."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages(messages)
        raise SystemExit


class RefusesOne(EmailBackend):
    """A server that refuses one address."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if any("broken" in message.to[0] for message in messages):
            raise ValueError("Invalid address; only broken could be parsed")
        return super().send_messages(messages)


def use(settings: Any, backend: type) -> None:
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"


def message_ids() -> list[str]:
    return [message.extra_headers["Message-ID"] for message in mail.outbox]


def test_message_leaves_once(priya: Person) -> None:
    written = post(priya)
    assert mail.outbox == []

    assert outbox.send_waiting() == 1
    assert outbox.send_waiting() == 0

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["priya@alder.example"], "Decide gate 2", "Why.\n\nA link.")
    assert message_ids() == [written.message_id]
    written.refresh_from_db()
    assert (written.sent_at is not None, written.attempts, written.last_error) == (True, 1, "")


def test_tick_sends_what_waits(priya: Person) -> None:
    post(priya)

    assert send_outbox() == 1


def test_nothing_is_sent_for_what_was_rolled_back(priya: Person) -> None:
    def refuse() -> None:
        with audited(by=System(because="A test"), act_id=uuid.uuid4()):
            post(priya)
            raise Refused("Something was missing")

    with pytest.raises(Refused):
        refuse()

    assert outbox.send_waiting() == 0
    assert mail.outbox == []
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_the_act_is_committed(priya: Person) -> None:
    with transaction.atomic():
        post(priya)
        assert mail.outbox == []
    outbox.send_waiting()
    assert len(mail.outbox) == 1


def test_server_that_is_down_is_tried_again_under_the_same_id(priya: Person, settings: Any) -> None:
    written = post(priya)
    clock.move_to(clock.now())
    use(settings, Broken)
    assert outbox.send_waiting() == 0
    written.refresh_from_db()
    assert (written.sent_at, written.attempts, written.last_error) == (None, 1, "Nobody listens")

    use(settings, EmailBackend)
    assert outbox.send_waiting() == 0, "it must wait before it tries again"
    clock.move_to(clock.now() + timedelta(minutes=2))
    assert outbox.send_waiting() == 1

    assert message_ids() == [written.message_id]
    written.refresh_from_db()
    assert (written.sent_at is not None, written.attempts, written.last_error) == (True, 2, "")


def test_waits_grow_and_end(priya: Person, settings: Any) -> None:
    post(priya)
    use(settings, Broken)
    tries = []
    start = clock.now()
    for minute in range(400):
        clock.move_to(start + timedelta(minutes=minute, seconds=1))
        before = OutboxMessage.objects.get().attempts
        outbox.send_waiting()
        if OutboxMessage.objects.get().attempts > before:
            tries.append(minute)

    assert len(tries) == outbox.MOST_ATTEMPTS
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0]


def test_process_killed_between_sending_and_writing_it_down_sends_the_same_id_again(
    priya: Person, settings: Any
) -> None:
    """The receiving server knows the two by their Message-ID for one."""
    written = post(priya)
    use(settings, DiesAfterwards)
    with pytest.raises(SystemExit):
        outbox.send_waiting()
    written.refresh_from_db()
    assert written.sent_at is None

    use(settings, EmailBackend)
    clock.move_to(clock.now() + timedelta(minutes=2))
    outbox.send_waiting()

    assert message_ids() == [written.message_id] * 2


def test_one_message_that_cannot_leave_holds_up_no_other(priya: Person, settings: Any) -> None:
    broken = people.person(at=priya.organisation, email="broken@alder.example")
    post(broken, "First")
    post(priya, "Second")
    use(settings, RefusesOne)

    assert outbox.send_waiting() == 1

    assert [message.subject for message in mail.outbox] == ["Second"]
    assert OutboxMessage.objects.get(subject="First").last_error.startswith("Invalid address")


def test_messages_leave_oldest_first_and_a_tick_has_an_end(priya: Person) -> None:
    for number in range(5):
        post(priya, f"Message {number}")

    assert outbox.send_waiting(limit=3) == 3
    assert [message.subject for message in mail.outbox] == ["Message 0", "Message 1", "Message 2"]
    assert outbox.send_waiting(limit=3) == 2


def test_line_breaks_in_a_title_cannot_forge_a_header(priya: Person) -> None:
    people.membership(priya)
    case = make.case_file(holder=priya)
    post(priya, "Decide: a title\r\nBcc: everyone@example.org", case_file=case)

    outbox.send_waiting()

    (sent,) = mail.outbox
    assert sent.subject == "Decide: a title Bcc: everyone@example.org"
    assert sent.recipients() == ["priya@alder.example"]


# --- Without a mail server --------------------------------------------------------------------------------------------

OUTBOX = "casework.mail_backend.OutboxBackend"


def test_own_messages_are_not_kept_twice(priya: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = OUTBOX
    written = post(priya)

    assert outbox.send_waiting() == 1

    assert [message.pk for message in OutboxMessage.objects.all()] == [written.pk]
    assert OutboxMessage.objects.get().sent_at is not None


def test_other_mail_is_kept_and_never_sent_again(priya: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = OUTBOX

    assert send_mail("Hello", "Text", None, ["Priya <PRIYA@alder.example>", "new@example.org"]) == 1

    kept = {message.to_address: message for message in OutboxMessage.objects.all()}
    assert {address: message.person for address, message in kept.items()} == {
        "PRIYA@alder.example": priya,
        "new@example.org": None,
    }
    assert all(message.sent_at is not None and message.body == "Text" for message in kept.values())
    assert outbox.send_waiting() == 0


def test_password_reset_appears_in_the_outbox(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = OUTBOX
    settings.ACCOUNT_MAIL_BESIDE_REQUEST = False
    person = people.person(at=people.organisation(), email="hal@alder.example", password=people.PASSWORD)

    client.post(reverse("account_reset_password"), {"email": "hal@alder.example"})

    message = OutboxMessage.objects.get()
    assert message.person == person
    assert "/accounts/password/reset/" in message.body
