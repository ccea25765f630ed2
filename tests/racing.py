"""Doing several things at the same instant, each in a thread with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

PATIENCE = 30


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start every act at the same instant; return what each gave, or the exception it raised, in order."""
    gate = Barrier(len(acts), timeout=PATIENCE)

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()  # the time to connect must not decide who is first
            gate.wait()
            return act()
        except Exception as fault:  # noqa: BLE001 - what went wrong is what the test looks at
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts, timeout=PATIENCE))
