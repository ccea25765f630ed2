"""The supervisor behind bin/run, as a program of its own on SQLite and the file broker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

# It serves on SQLite whatever the tests run on: once is enough.
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="serves on SQLite; the tests there do it")

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> dict[str, int]:
    """Return the direct children by name (web, worker, beat)."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            words = stat.with_name("cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            name = next((name for name in ("worker", "beat") if name in words), "web")
            found[name] = int(stat.parent.name)
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second when it ends between our opening and reading
        return False


class Served:
    """One running supervisor."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "log"
        passed_on = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "LD_LIBRARY_PATH")
        self.environment = {
            **{name: os.environ[name] for name in passed_on if name in os.environ},
            "VAR_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "SECRET_KEY": settings.SECRET_KEY,
            "AUDIT_SIGNING_KEY": settings.AUDIT_SIGNING_KEY,
            "WEB_PROCESSES": "1",
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/serve.py"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while f"Gatehouse is ready: http://127.0.0.1:{self.port}/" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests here, so that only the first start has a database to make."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    it = Served(folder)
    try:
        it.wait_until_ready()
        yield it
    finally:
        if it.process.poll() is None:
            it.process.kill()
            it.process.wait()


def test_serves_web_worker_and_beat_and_stops_them_when_asked(served: Served) -> None:
    children = children_of(served.process.pid)
    assert set(children) == {"web", "worker", "beat"}
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/health/ready", timeout=10) as page:
        assert page.read() == b"ready\n"

    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(40) == 0
    assert served.said().endswith("Stopped.\n")
    assert [name for name, pid in children.items() if is_alive(pid)] == []


def test_refuses_a_second_start_and_stops_all_when_one_child_ends(served: Served) -> None:
    again = subprocess.run(
        [sys.executable, "scripts/serve.py"], cwd=ROOT, env=served.environment, capture_output=True, text=True
    )
    assert again.returncode == 1
    assert "already running" in again.stderr
    children = children_of(served.process.pid)

    os.kill(children["worker"], signal.SIGKILL)

    assert served.process.wait(40) == 1
    assert "The worker process ended" in served.said()
    assert [name for name, pid in children.items() if is_alive(pid)] == []


def test_nothing_is_left_behind_when_the_supervisor_is_killed_outright(served: Served) -> None:
    children = children_of(served.process.pid)

    served.process.kill()
    served.process.wait()

    deadline = time.monotonic() + 40
    while any(is_alive(pid) for pid in children.values()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [name for name, pid in children.items() if is_alive(pid)] == []
