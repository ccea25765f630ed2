"""A real Celery worker beside the tests, on their database, clock and broker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 40


def test_database_url() -> str:
    """Return the address of the database the tests have made, for another process."""
    it = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{it['NAME']}"
    sign_in = quote(it["USER"] or "", safe="") + (f":{quote(it['PASSWORD'], safe='')}" if it["PASSWORD"] else "")
    return f"postgres://{sign_in}@{it['HOST']}:{it['PORT'] or 5432}/{it['NAME']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


class Worker:
    """One worker process, started at the first use."""

    def __init__(self, settings_module: str = "tests.settings", **environment: str) -> None:
        """Remember where to write the log, and under which settings to run; start nothing yet."""
        self.log = Path(settings.CLOCK_FILE).with_name(f"worker-{settings_module}.log")
        self.environment = {"DJANGO_SETTINGS_MODULE": settings_module, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker and return when it takes tasks; a second call does nothing."""
        if self.process and self.process.poll() is None:
            return
        for key in ("data_folder_in", "control_folder"):
            if folder := settings.CELERY_BROKER_TRANSPORT_OPTIONS.get(key):
                Path(folder).mkdir(parents=True, exist_ok=True)
        command = [
            *(sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO", "--concurrency", "1"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--queues", settings.CELERY_TASK_DEFAULT_QUEUE),
        ]
        environment = {
            **os.environ,
            "DATABASE_URL": test_database_url(),
            "WORKER_LOG": "1",
            **self.environment,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while " ready." not in self.said():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The Celery worker did not start:\n{self.said()}")
            time.sleep(0.1)

    def said(self) -> str:
        """Return the worker's log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def stop(self) -> None:
        """Ask the worker to finish, and end it if it does not."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """End the worker and the process of its pool at once, as a power cut does."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        for number in (self.process.pid, *map(int, children.split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()


def clear_queue() -> None:
    """Delete this run's queue from Redis, where other programs live too."""
    if settings.CELERY_BROKER_URL.startswith("redis"):
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(settings.CELERY_BROKER_URL) as server:
            for key in [queue, *server.scan_iter(f"_kombu.binding*{queue}*")]:
                server.delete(key)
