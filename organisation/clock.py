"""The one clock. Everything asks here what time it is, so a demonstration or a test can move it.

A moved clock is kept in a small file, so the web server, the worker and beat agree. It ticks on from where it was
put. In production ``settings.MOVABLE_CLOCK`` is off and this is the computer's own time.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON: Final = ZoneInfo("Europe/London")
_NO_SHIFT: Final = timedelta(0)
# Half past nine: a moved clock opens at the start of an officer's day.
_START_OF_DAY: Final = time(9, 30)

# What the file said, under the mark (path, inode, change time, size) it had when it was read.
_last_read: tuple[tuple[str, int, int, int], timedelta] | None = None


# A moment at which this thread holds its clock; see `held_at`.
_held: ContextVar[datetime | None] = ContextVar("clock_held", default=None)


class ClockNotMovable(Exception):
    """Raised when somebody tries to move the clock where it must not move."""


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _held.get() or datetime.now(UTC) + _shift()


def today() -> date:
    """Return today's date in London, the day officers and the law count by."""
    return now().astimezone(LONDON).date()


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Let this thread alone see one aware moment, for what is built now and used later at other times."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def is_moved() -> bool:
    """Say whether the clock stands anywhere but at the real time."""
    return _shift() != _NO_SHIFT


def move_to(moment: datetime | date) -> None:
    """Put the clock at a moment, or at half past nine on a day; it ticks on from there."""
    if not settings.MOVABLE_CLOCK:
        raise ClockNotMovable("The clock can be moved only in a demonstration or a test.")
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, _START_OF_DAY, tzinfo=LONDON)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    shift = moment.astimezone(UTC) - datetime.now(UTC)
    _write({"shift_seconds": shift.total_seconds()})


def move_back() -> None:
    """Return the clock to the real time."""
    Path(settings.CLOCK_FILE).unlink(missing_ok=True)


def _shift() -> timedelta:
    """Return how far the clock stands from real time, reading the file again only when it has changed."""
    global _last_read
    if not settings.MOVABLE_CLOCK:
        return _NO_SHIFT
    path = str(settings.CLOCK_FILE)
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return _NO_SHIFT
    mark = (path, found.st_ino, found.st_mtime_ns, found.st_size)
    if _last_read is None or _last_read[0] != mark:
        try:
            seconds = float(json.loads(Path(path).read_text(encoding="utf-8"))["shift_seconds"])
        except FileNotFoundError:  # moved back between the two looks
            return _NO_SHIFT
        _last_read = (mark, timedelta(seconds=seconds))
    return _last_read[1]


def _write(content: dict[str, float]) -> None:
    """Replace the file in one step, so a reader never meets half of it."""
    target = Path(settings.CLOCK_FILE)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as draft:
        json.dump(content, draft)
    os.replace(draft.name, target)
