"""The engagement log as its page shows it: entries by stage, when each group was first reached, counts by type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.urls import reverse

from casework.clocks import local_day
from casework.models import WorkItem
from commissioning.models import Commission, Engagement, StageWithoutEngagement
from commissioning.states import STAGES, CommissionState
from organisation.formatting import counted, day

Group, Stage = Engagement.Group, Engagement.Stage

#: Whom early contact is measured for (framework 10). Internal use asks internal users in the place of residents.
REACHED = (Group.USERS, Group.VOLUNTARY, Group.SUPPLIERS, Group.CCPS, Group.FINANCE, Group.LEGAL)
#: Functions whose queue counts as contact from the day something is asked of it.
QUEUES = {"ccps": Group.CCPS, "finance": Group.FINANCE, "legal": Group.LEGAL}
TONES = {Engagement.Standing.HELD: "green", Engagement.Standing.PLANNED: "blue", Engagement.Standing.CALLED_OFF: "grey"}


@dataclass(frozen=True)
class ShownEntry:
    """One entry with its links; they are empty for whoever may not follow them."""

    row: Engagement
    tone: str
    details: str
    words: tuple[tuple[str, str], ...]
    change_url: str
    remove_url: str
    pass_url: str
    prices_url: str


@dataclass(frozen=True)
class StageLog:
    """The entries of one stage, or why there are none. ``is_missing``: the stage needs one or the other."""

    key: str
    name: str
    entries: tuple[ShownEntry, ...]
    is_held: bool
    reason: str
    is_missing: bool


@dataclass(frozen=True)
class GroupReached:
    """When one group was first reached, against the start."""

    name: str
    words: str
    tag: str
    tone: str


@dataclass(frozen=True)
class Log:
    """Everything the page shows of the log."""

    stages: tuple[StageLog, ...]
    groups: tuple[GroupReached, ...]
    kinds: tuple[tuple[str, int], ...]


def entries_of(commission: Commission) -> list[Engagement]:
    """The entries that stand, by day, in one statement."""
    return list(Engagement.objects.standing().filter(commission=commission).order_by("takes_place_on", "pk"))


def log_of(commission: Commission, *, may_write: bool, sees_prices: bool = False) -> Log:
    """The log in three statements: entries, reasons for empty stages, first questions to functions."""
    rows = entries_of(commission)
    reasons = dict(StageWithoutEngagement.objects.filter(commission=commission).values_list("stage", "reason"))
    by_stage: dict[str, list[Engagement]] = {}
    for row in rows:
        by_stage.setdefault(row.stage, []).append(row)
    held = {row.stage for row in rows if row.is_held}
    return Log(
        stages=tuple(
            StageLog(
                stage.value,
                str(stage.label),
                tuple(
                    _entry(row, commission, may_write=may_write, sees_prices=sees_prices)
                    for row in by_stage.get(stage, ())
                ),
                stage in held,
                reasons.get(stage, ""),
                _reached_stage(commission, stage) and stage not in held and stage not in reasons,
            )
            for stage in Stage
        ),
        groups=_groups(commission, rows),
        kinds=tuple(sorted(Counter(str(row.get_kind_display()) for row in rows if row.is_held).items())),
    )


def _groups(commission: Commission, rows: Sequence[Engagement]) -> tuple[GroupReached, ...]:
    """One line a group; nothing is measured before the start."""
    if commission.started_at is None:
        return ()
    asked = _asked_of_functions(commission)
    return tuple(_group(group, rows, asked, commission) for group in _measured(commission))


def _measured(commission: Commission) -> Sequence[str]:
    first = Group.INTERNAL if commission.is_internal_use else Group.USERS
    return (first, *REACHED[1:])


def _stage_now(commission: Commission) -> str:
    return commission.held_from if commission.state == CommissionState.ON_HOLD else commission.state


def _reached_stage(commission: Commission, stage: str) -> bool:
    now = _stage_now(commission)
    return now in STAGES and list(STAGES).index(CommissionState(stage)) <= list(STAGES).index(CommissionState(now))


def _asked_of_functions(commission: Commission) -> dict[str, date]:
    """The first day something was asked of CCPS, Finance and Legal about this commission."""
    rows = (
        WorkItem.objects.filter(case_file_id=commission.case_file_id, queue__key__in=QUEUES)
        .values_list("queue__key")
        .annotate(first=Min("opened_at"))
    )
    return {QUEUES[key]: local_day(first) for key, first in rows}


def _group(group: str, rows: Sequence[Engagement], asked: dict[str, date], commission: Commission) -> GroupReached:
    """First contact, and whether it came before the end of Analyse."""
    assert commission.started_at is not None
    of_group = [row for row in rows if row.is_held and row.group == group]
    days = [row.takes_place_on for row in of_group] + ([asked[group]] if group in asked else [])
    name = str(Group(group).label)
    in_analyse = _stage_now(commission) in (CommissionState.DRAFT, CommissionState.ANALYSE)
    if not days:
        if in_analyse:
            return GroupReached(name, "Nobody yet", "Not yet reached", "outline")
        return GroupReached(name, "Nobody yet", "Not reached in Analyse", "red")
    first, start = min(days), local_day(commission.started_at)
    apart = (first - start).days
    after = counted(abs(apart), "day")
    against = "on the day it started" if not apart else f"{after} {'after' if apart > 0 else 'before'} the start"
    words = f"{day(first)}, {against}"
    is_early = in_analyse or any(row.stage == Stage.ANALYSE for row in of_group) or _before_plan(asked.get(group), rows)
    return GroupReached(name, words, *(("Reached", "green") if is_early else ("Not reached in Analyse", "red")))


def _before_plan(asked_on: date | None, rows: Sequence[Engagement]) -> bool:
    """A question to a function counts as early when it came no later than the last talk held in Analyse."""
    held = [row.takes_place_on for row in rows if row.is_held and row.stage == Stage.ANALYSE]
    return asked_on is not None and bool(held) and asked_on <= max(held)


def _entry(row: Engagement, commission: Commission, *, may_write: bool, sees_prices: bool) -> ShownEntry:
    details = [
        str(row.get_kind_display()),
        str(row.get_group_display()).lower() if row.group != Group.CCPS else "CCPS",
        str(row.get_method_display()).lower(),
        day(row.takes_place_on),
    ]
    if row.took_part is not None:
        details.append(f"{row.took_part:,} took part")
    if row.is_structured:
        details.append("structured")
    said = [
        ("Purpose", row.purpose),
        ("Who came", row.attendees),
        ("We told them", row.told),
        ("We asked", row.asked),
        ("We heard", row.heard),
        ("Interest shown", row.interest),
        ("What changed", row.changed),
        ("Notice", _notice(row)),
        ("Why bidders were met outside a structured talk", row.direct_contact_reason),
    ]
    address = [commission.pk, Engagement.SHEET, row.pk]
    return ShownEntry(
        row,
        "amber" if row.is_overdue else TONES[Engagement.Standing(row.standing_is)],
        ", ".join(details),
        tuple((head, words) for head, words in said if words),
        reverse("commissioning:sheet_row", args=address) if may_write else "",
        reverse("commissioning:remove_sheet_row", args=address) if may_write else "",
        reverse("commissioning:pass_finding", args=[commission.pk, row.pk]) if may_write and row.is_held else "",
        reverse("commissioning:prices", args=[commission.pk, row.pk]) if sees_prices and row.is_market else "",
    )


def _notice(row: Engagement) -> str:
    if not row.is_market:
        return ""
    if row.notice_on:
        published = f"{row.notice_reference}, published {day(row.notice_on)}"
        return f"{published}. {row.no_notice_reason}" if row.no_notice_reason else published
    return f"None. {row.no_notice_reason}" if row.no_notice_reason else "Not entered yet"
