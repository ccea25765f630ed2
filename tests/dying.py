"""Settings of a worker that is killed at a chosen point: what a power cut does, at the worst moments.

A test writes the name of a point into the file; the process that reaches it next removes the file and is killed.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db.backends.signals import connection_created

from tests.settings import *  # noqa: F403 - this is a settings file
from tests.settings import VAR_DIR

DIE_AT = VAR_DIR / "die-at"
#: One line for each mail the server took: its Message-ID and its subject.
MAIL_TAKEN = VAR_DIR / "mail-taken"
EMAIL_BACKEND = "tests.dying.Server"
CELERY_WORKER_LOST_WAIT = 0.2  # how long a killed process is waited for before its task is taken up again

# What each point is recognised by, once the statement has run: in the middle of a sweep, and of joining reminders.
POINTS = {"messages": 'INSERT INTO "casework_outboxmessage" (message_id, kind, person_id', "carried": "carried"}


def die_at(point: str) -> None:
    """End this process at once, if this is the point that was asked for."""
    if DIE_AT.exists() and DIE_AT.read_text(encoding="utf-8") == point:
        DIE_AT.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


class Server(BaseEmailBackend):
    """A mail server that takes everything and writes down what it took, before the sender can."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take the mail; a sender that is to die here dies with its mail taken and not marked."""
        for message in email_messages:
            with Path(MAIL_TAKEN).open("a", encoding="utf-8") as taken:
                taken.write(f"{message.extra_headers['Message-ID']} {message.subject}\n")
            die_at("taken")
        return len(email_messages)


def _watch(connection: Any, **_: Any) -> None:
    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        for point, mark in POINTS.items():
            if mark in sql or (sql.startswith("UPDATE") and mark in (params or ())):
                die_at(point)
        return done

    connection.execute_wrappers.append(run)


if os.environ.get("DYING_WORKER"):
    connection_created.connect(_watch, dispatch_uid="tests.dying")
