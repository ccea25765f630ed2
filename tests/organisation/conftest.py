"""What the tests of this room share: a clock put back, nothing remembered, and changes that can be looked at."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from organisation import change_log, clock, statutory_figures, working_days
from organisation.models import Person


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave neither a moved clock nor remembered calendars to the next test."""
    monkeypatch.setattr(working_days, "_remembered", {})
    monkeypatch.setattr(statutory_figures, "_remembered", None)
    yield
    clock.move_back()


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """Catch what would go to the audit trail: (actor, verb, subject, changes)."""
    caught: list[tuple] = []
    monkeypatch.setattr(change_log, "_writer", lambda *told: caught.append(told))
    return caught


@pytest.fixture
def enter() -> Callable[[Person], Client]:
    """Sign somebody in as they would be after giving password and second factor just now."""

    def enter_as(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person.pk)
        session["gatehouse_second_factor"] = person.pk
        session.save()
        return client

    return enter_as
