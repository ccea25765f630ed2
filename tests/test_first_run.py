"""The first of the two commands, as on a new machine: an empty folder, no server, and a council to try at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "CLOCK_FILE",
    "ATTACHMENTS_DIR",
    "AUDIT_HEADS_DIR",
    "DJANGO_SETTINGS_MODULE",
    "DEMO",
)


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="bin/run needs no server")
def test_a_new_machine_serves_the_invented_council(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"VAR_DIR": str(tmp_path / "var"), "PORT": port, "LOG_LEVEL": "WARNING"}
    command = [str(ROOT / "bin" / "run")]
    with (tmp_path / "said").open("w") as said:
        served = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        page = _first_page(served, f"http://127.0.0.1:{port}/accounts/login/", tmp_path / "said")
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(60)

    assert "Priya Shah" in page
    assert "Maria Okafor" in page


def _first_page(served: subprocess.Popen[bytes], address: str, said: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert served.poll() is None, said.read_text()
        assert time.monotonic() < deadline, said.read_text()
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
