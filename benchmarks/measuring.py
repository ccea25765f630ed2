"""Asking for a page and its limit in turn, and what that says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import counted

Ask = Callable[[], Any]


@dataclass(frozen=True)
class Figure:
    """One page at one size: its median CPU time and that of the limit in seconds, statements, and bytes."""

    ours: float
    limit: float
    statements: int
    size: int

    @property
    def rate(self) -> float:
        """How many of our pages are served in the time of one limit page."""
        return self.limit / self.ours


def measure(ours: Ask, limit: Ask, rounds: int) -> Figure:
    """Ask for both in turn, ``rounds`` times after a warming up."""
    for _ in range(max(3, rounds // 10)):
        answer = ours()
        limit()
    with CaptureQueriesContext(connection) as captured:
        answer = ours()
    # Read now: the next request clears the log.
    statements = len(counted([query["sql"] for query in captured.captured_queries]))
    pairs = [(_seconds(ours), _seconds(limit)) for _ in range(rounds)]
    return Figure(
        ours=median(pair[0] for pair in pairs),
        limit=median(pair[1] for pair in pairs),
        statements=statements,
        size=len(answer.content),
    )


def _seconds(ask: Ask) -> float:
    """Wall time: the database's share counts too."""
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start
