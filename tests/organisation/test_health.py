from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from organisation.views import health


def test_live_asks_nobody(client: Client) -> None:
    """No database mark: the page would fail here if it asked the database."""
    answer = client.get("/health/live")

    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_ready_when_the_database_answers(client: Client) -> None:
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.fixture
def no_database(db: None) -> Any:
    refused = OperationalError('connection to server at "10.1.2.3", port 5432 failed')
    with (
        mock.patch.object(connection, "cursor", side_effect=refused),
        mock.patch.object(connection, "close"),
    ):
        yield


@pytest.mark.usefixtures("no_database")
def test_ready_says_503_and_reveals_nothing_when_the_database_is_away(client: Client) -> None:
    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    for secret in ("10.1.2.3", "5432", "postgres", "Traceback", "SELECT"):
        assert secret not in answer.content.decode()


@pytest.mark.usefixtures("no_database")
def test_any_page_says_503_when_the_database_is_away(client: Client) -> None:
    client.raise_request_exception = False
    client.cookies["gatehouse_session"] = "somebody"

    answer = client.get("/accounts/password/change/")

    assert answer.status_code == 503
    assert b"Sorry, the service is unavailable" in answer.content


def test_trouble_is_500_for_anything_else(rf: RequestFactory) -> None:
    try:
        raise ValueError("the inside of the house")
    except ValueError:
        answer = health.trouble(rf.get("/"))

    assert answer.status_code == 500
    assert b"inside of the house" not in answer.content


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_health_takes_no_post(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
