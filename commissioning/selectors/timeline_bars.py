"""The steps of a timeline as its page draws them: bars, in groups, each with its status in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commissioning.models import Lane, PlannedStep
from commissioning.selectors.timeline import Progress
from commissioning.states import STAGES
from organisation import clock

#: A step that is past without a record of it having been done.
NO_RECORD = "Not recorded"


@dataclass(frozen=True)
class Bar:
    """A step as the page draws it: places in per mille of the whole time, and words.

    ``starts_on`` and ``ends_on`` are the planned days; of what is over, the day on which it was (``done_on``).
    """

    row: PlannedStep
    starts_on: date
    ends_on: date
    left: int
    width: int
    status: str
    tone: str
    days: int
    moved: int
    done_on: date | None = None


@dataclass(frozen=True)
class BarGroup:
    """Bars under one heading: a lane, or a stage."""

    name: str
    bars: list[Bar]


def bars_of(rows: list[PlannedStep], progress: Progress, *, by_lane: bool) -> list[BarGroup]:
    """The steps as bars, by stage or by who does them; what is over stands on its day."""
    taken = [(row, *_days_of(row, progress)) for row in rows if not row.left_out_reason]
    if not taken:
        return []
    first, last = min(starts for _, starts, _ in taken), max(ends for _, _, ends in taken)
    whole = max((last - first).days + 1, 1)
    groups: dict[str, list[Bar]] = {}
    labels: dict[str, str] = dict(Lane.choices) if by_lane else {stage.value: str(stage.label) for stage in STAGES}
    for label in labels.values():
        groups[label] = []
    for row, starts, ends in sorted(taken, key=lambda one: (one[1], one[0].order)):
        record = progress.over.get(row.key)
        bar = Bar(
            row,
            starts,
            ends,
            (starts - first).days * 1000 // whole,
            max(((ends - starts).days + 1) * 1000 // whole, 6),
            *_status(row, progress),
            (ends - starts).days + 1,
            (row.ends_on - row.baseline_on).days,
            record.on if record else None,
        )
        groups.setdefault(labels.get(row.lane if by_lane else row.stage, ""), []).append(bar)
    return [BarGroup(name, bars) for name, bars in groups.items() if bars]


def _days_of(row: PlannedStep, progress: Progress) -> tuple[date, date]:
    record = progress.over.get(row.key)
    return (record.on, record.on) if record and record.on else (row.starts_on, row.ends_on)


def _status(row: PlannedStep, progress: Progress) -> tuple[str, str]:
    today = clock.today()
    if record := progress.over.get(row.key):
        return record.words, "green" if record.on else "grey"
    if row.key in progress.missing:
        return NO_RECORD, "grey"
    if row.ends_on < today:
        return "Late", "red"
    if row.starts_on <= today:
        return "Now", "blue"
    return "To come", "outline"


def today_mark(rows: list[PlannedStep], progress: Progress) -> int | None:
    """Where today is on the drawing, in per mille; None outside it."""
    taken = [_days_of(row, progress) for row in rows if not row.left_out_reason]
    if not taken:
        return None
    first, last = min(starts for starts, _ in taken), max(ends for _, ends in taken)
    today = clock.today()
    return (today - first).days * 1000 // max((last - first).days + 1, 1) if first <= today <= last else None
