"""What every test stands on: one clock, no network, counted queries, a real browser, a real worker."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from benchmarks.statements import Counted, counted
from documents.selectors import forget_shapes
from organisation import clock
from scripts.requirements import unknown
from tests.factories.casework import framework_content
from tests.factories.commissioning import default_framework
from tests.worker import Worker, clear_queue

# Playwright runs its own event loop in the test's thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


# --- Collection -------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Honour PORT for the live server, a port further on for each parallel process."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)  # as long as an action may take: a slow machine is not a fault of a page
    port = os.environ.get("PORT")
    if port and not config.option.liveserver:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        config.option.liveserver = f"localhost:{int(port) + int(worker)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse unknown requirement ids, and skip what this machine or database cannot run."""
    strangers = sorted(
        f"{id_} in {item.nodeid}"
        for item in items
        for mark in item.iter_markers("requirement")
        for id_ in unknown(mark.args) or ([] if mark.args else ["(no id)"])
    )
    if strangers:
        raise pytest.UsageError("Not in docs/requirements.csv: " + ", ".join(strangers))
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="asks for PostgreSQL: set DATABASE_URL"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the shipped framework once, before any test; let go of the test database at the end.

    Loading takes longer than most tests. A test that empties the database loads it again when it asks for it.
    PostgreSQL drops no database that a server thread is still connected to.
    """
    with django_db_blocker.unblock():
        # On the day from which its rules count: earlier than anything a test does, so no test's trail begins after it.
        clock.move_to(date.fromisoformat(framework_content()["valid_from"]))
        default_framework()
        clock.move_back()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


# --- The world outside ------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _closed_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test talk to anything but this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test tried to reach {host}; only this machine may be reached.")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _fresh_state() -> Iterator[None]:
    """Put the clock back after every test, and forget what is kept by number: the next database begins at one."""
    forget_shapes()
    caches["quick"].clear()
    yield
    clock.move_back()


@pytest.fixture(autouse=True)
def _no_throttle_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget the sign-in counts of a test that kept its writes, so they cannot lock the next one out."""
    yield
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        # Fixtures end in no fixed order: the database may be closed to tests again by now.
        with request.getfixturevalue("django_db_blocker").unblock():
            cache.clear()


class _InFlight:
    """How many requests the live server is answering now."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()
        request_started.connect(self._begun, weak=False)
        request_finished.connect(self._over, weak=False)

    def _begun(self, **_: Any) -> None:
        with self._lock:
            self.count += 1

    def _over(self, **_: Any) -> None:
        with self._lock:
            self.count -= 1

    def wait_for_quiet(self, before: int, seconds: float = 10) -> None:
        """Return when there are no more than before for a moment; a page that closes may still send what was typed."""
        deadline, quiet = time.monotonic() + seconds, 0
        while quiet < 3 and time.monotonic() < deadline:
            quiet = quiet + 1 if self.count <= before else 0
            time.sleep(0.03)


_in_flight = _InFlight()


@pytest.fixture(autouse=True)
def _answered_before_the_database_is_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the live server finish: on PostgreSQL, emptying the tables under a request is a deadlock."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")  # so that this ends before the database is emptied
    before = _in_flight.count
    yield
    _in_flight.wait_for_quiet(before)


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def queries_of(db: None) -> Callable[[Callable[[], Any]], Counted]:
    """Run something and return the SQL that counts: `assert len(queries_of(lambda: client.get(url))) <= 8`."""

    def run(act: Callable[[], Any]) -> Counted:
        with CaptureQueriesContext(connection) as captured:
            act()
        return counted([query["sql"] for query in captured.captured_queries])

    return run


# --- The browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; it may reach this machine and nothing else."""
    flags = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
    flags += ["--disable-gpu", "--disable-software-rasterizer"]  # nothing is drawn on a screen
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A council officer's browser."""
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def sign_in_browser(context: Any, live_server: Any) -> Callable[[Any], None]:
    """Sign a person in to the browser context without the sign-in page: `sign_in_browser(person)`."""

    def sign_in(person: Any) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.clear_cookies()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


# --- The worker -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _worker_process(django_db_setup: None) -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.stop()


@pytest.fixture
def celery_worker_process(_worker_process: Worker, transactional_db: None) -> Worker:
    """A real Celery worker on the test database and broker. The test must commit: it uses transactional_db."""
    _worker_process.start()
    return _worker_process


def pytest_sessionfinish() -> None:
    """Leave no message of ours behind in a shared Redis."""
    clear_queue()
