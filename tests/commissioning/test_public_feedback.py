"""The public feedback form: anybody sends, staff answer and close, and nobody outside sees anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casework.models import AuditEvent, CaseFile, Deadline, OutboxMessage
from casework.services import proof
from commissioning.models import FeedbackChannel, PublicFeedback
from commissioning.services import feedback as service
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
SENT = {"topic": "service", "words": "The bus to the day centre never comes.", "name": "Edna Hall"}
BY_MAIL = {"email": "edna@example.org", "consents": "on"}


@pytest.fixture
def channel(alder: Alder) -> FeedbackChannel:
    return FeedbackChannel.objects.create(organisation=alder.council, answer_within=10)


def form_of(channel: FeedbackChannel) -> str:
    """Where the public writes."""
    return f"/public/{channel.organisation.key}/feedback/"


@pytest.mark.requirement("N-273")
def test_what_the_public_sends_is_given_to_somebody_answered_and_closed(
    alder: Alder, channel: FeedbackChannel, sign_in: SignIn, client: Client
) -> None:
    assert client.get(form_of(channel)).status_code == 200
    thanks = client.post(form_of(channel), SENT | BY_MAIL)
    assert thanks.status_code == 302
    assert "within 10 working days" in client.get(thanks["Location"]).content.decode()

    found = PublicFeedback.objects.get()
    due = Deadline.objects.get(kind="public_feedback")
    assert (found.answer_by, due.due_on, due.holder) == (date(2026, 9, 21), date(2026, 9, 21), None)
    assert proof.prove(mend=False, kinds=["public_feedback"]) == []

    clock.move_to(date(2026, 9, 14))
    maria, sam = sign_in(alder.maria), sign_in(alder.sam)
    row = maria.get("/feedback/").content.decode()
    assert 'data-label="Days open" class="gh-number">7<' in row
    page = f"/feedback/{found.pk}/"
    assert maria.post(f"{page}do/assign/", {"assignee": "", "area": ""}).status_code == 200
    given = {"assignee": str(alder.sam.pk), "area": str(alder.area.pk)}
    assert maria.post(f"{page}do/assign/", given).status_code == 302
    due.refresh_from_db()
    assert due.holder == alder.sam
    assert OutboxMessage.objects.get(kind="feedback_assigned").person == alder.sam

    assert "Edna Hall" in sam.get(page).content.decode()
    assert sam.post(f"{page}do/answer/", {"words": "We spoke to the bus company."}).status_code == 302
    mail = OutboxMessage.objects.get(kind="feedback_answer")
    assert (mail.to_address, mail.person, mail.is_notice) == ("edna@example.org", None, False)
    assert "We spoke to the bus company." in mail.body
    due.refresh_from_db()
    assert due.done_at is not None

    assert sam.post(f"{page}do/close/", {"note": "The bus comes now."}).status_code == 302
    found.refresh_from_db()
    assert (found.name, found.email) == ("", "")
    assert (found.state, CaseFile.objects.get(pk=found.case_file_id).is_open) == ("closed", False)
    assert found.case_file.reference in sam.get("/feedback/?show=closed").content.decode()
    assert found.case_file.reference not in sam.get("/feedback/").content.decode()
    assert proof.prove(mend=False, kinds=["public_feedback"]) == []


def test_answer_without_an_address_goes_nowhere_and_a_late_one_shows(
    channel: FeedbackChannel, alder: Alder, sign_in: SignIn
) -> None:
    made = service.receive(channel, topic="other", words="Well done")
    clock.move_to(date(2026, 10, 5))
    maria = sign_in(alder.maria)
    assert ">Late<" in maria.get("/feedback/").content.decode()

    maria.post(f"/feedback/{made.pk}/do/answer/", {"words": "Thank you."})

    assert not OutboxMessage.objects.filter(kind="feedback_answer").exists()
    assert ">Late<" not in maria.get("/feedback/").content.decode()


def test_address_is_kept_only_with_consent_and_nothing_typed_is_lost(channel: FeedbackChannel, client: Client) -> None:
    page = client.post(form_of(channel), SENT | {"email": "edna@example.org"}).content.decode()

    assert "Tick the box if you want an answer by email" in page
    assert "The bus to the day centre never comes." in page
    assert not PublicFeedback.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"words": ""}, "Enter your feedback"),
        ({"words": "x" * 3001}, "Your feedback must be 3000 characters or fewer"),
        ({"topic": "nonsense"}, "from the list"),
        ({"name": "x" * 101}, "Your name must be 100 characters or fewer"),
        ({"email": "edna@", "consents": "on"}, "Enter an email address like name@example.com"),
        ({"email": "a@example.org\nBcc: b@example.org", "consents": "on"}, "Enter an email address"),
    ],
)
def test_form_keeps_to_its_sizes_and_kinds(
    channel: FeedbackChannel, client: Client, sent: dict[str, str], words: str
) -> None:
    answer = client.post(form_of(channel), SENT | sent)

    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert not PublicFeedback.objects.exists()


def test_program_that_fills_the_hidden_box_is_thanked_and_nothing_is_kept(
    channel: FeedbackChannel, client: Client
) -> None:
    answer = client.post(form_of(channel), SENT | {"website": "http://spam.example"})

    assert answer.status_code == 302
    assert not PublicFeedback.objects.exists()


def test_one_address_sends_only_so_many_an_hour(
    channel: FeedbackChannel, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "public_feedback", "2/h/ip")
    for _ in range(2):
        assert client.post(form_of(channel), SENT).status_code == 302

    late = client.post(form_of(channel), SENT)

    assert late.status_code == 429
    assert "Too many messages" in late.content.decode()
    assert PublicFeedback.objects.count() == 2


def test_form_sent_twice_counts_once(channel: FeedbackChannel, client: Client) -> None:
    sent = SENT | {"act_id": "11111111-2222-4333-8444-555555555555"}

    assert [client.post(form_of(channel), sent).status_code for _ in range(2)] == [302, 302]
    assert PublicFeedback.objects.count() == 1


def test_what_is_sent_is_shown_as_text_and_never_as_a_page(
    channel: FeedbackChannel, client: Client, alder: Alder, sign_in: SignIn
) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    client.post(form_of(channel), SENT | {"words": script, "name": script})
    maria = sign_in(alder.maria)
    item = PublicFeedback.objects.get()

    for address in ("/feedback/", item.get_absolute_url()):
        page = maria.get(address)
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()
        assert "script-src 'self'" in page["Content-Security-Policy"]
    again = client.post(form_of(channel), SENT | {"topic": "", "words": script}).content.decode()
    assert "<script>alert" not in again


def test_form_needs_its_token(channel: FeedbackChannel) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(form_of(channel), SENT).status_code == 403
    assert not PublicFeedback.objects.exists()


def test_public_sees_nothing_and_staff_only_what_is_theirs(
    channel: FeedbackChannel, client: Client, alder: Alder, sign_in: SignIn
) -> None:
    item = service.receive(channel, topic="service", words="Secret words", name="Edna Hall", email="edna@example.org")
    elsewhere = people.person(Role.COMMISSIONER, at=alder.council, area=alder.other_area, name="Otto Else")
    sign_in(alder.maria).post(
        f"{item.get_absolute_url()}do/assign/", {"assignee": str(alder.sam.pk), "area": str(alder.area.pk)}
    )

    for address in ("/feedback/", item.get_absolute_url(), f"{item.get_absolute_url()}do/answer/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")
    for page in (form_of(channel), f"{form_of(channel)}thanks/"):
        assert "Secret words" not in client.get(page).content.decode()
    assert sign_in(alder.olive).get(item.get_absolute_url()).status_code == 404
    assert sign_in(elsewhere).get(item.get_absolute_url()).status_code == 403
    assert "Secret" not in sign_in(elsewhere).get("/feedback/").content.decode()
    assert sign_in(alder.by_role[Role.LEGAL]).get("/feedback/").status_code == 403
    told = f"{item.case_file} {list(AuditEvent.objects.values_list('changes', 'reason', 'subject_label'))}"
    assert not [word for word in ("Edna", "edna@", "Secret") if word in told]


def test_council_without_an_open_form_has_none(alder: Alder, channel: FeedbackChannel, client: Client) -> None:
    assert client.get(f"/public/{alder.westmere.key}/feedback/").status_code == 404
    assert client.get("/public/nowhere/feedback/").status_code == 404
    FeedbackChannel.objects.update(is_open=False)
    assert client.get(form_of(channel)).status_code == client.post(form_of(channel), SENT).status_code == 404
    assert not PublicFeedback.objects.exists()


def test_list_asks_the_same_whatever_the_rows(
    channel: FeedbackChannel, alder: Alder, sign_in: SignIn, queries_of: Any
) -> None:
    maria = sign_in(alder.maria)
    service.receive(channel, topic="service", words="One")
    maria.get("/")

    one = queries_of(lambda: maria.get("/feedback/"))
    for number in range(30):
        service.receive(channel, topic="service", words=f"Another {number}")
    many = queries_of(lambda: maria.get("/feedback/"))

    assert len(one) == len(many) <= 8, many
