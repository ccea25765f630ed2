"""The rows of a queue, each put into words once before the page is drawn: a filter in each cell costs more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from casework.clocks import local_day
from casework.handled import KEYS_OF_ROOMS, Handled, RowDetails, answer_words, details_of, handled, holds_up
from casework.presenters.clock_face import ClockFace, face_of
from casework.selectors.queue_filters import QueueFilter
from casework.selectors.queues import kind_words
from casework.states import ItemState
from organisation import clock
from organisation.formatting import counted, money, money_in_prose, sentence_start, short_day
from organisation.models import Person
from organisation.working_days import ENGLAND, holidays_of

# Whoever opened an item longer ago than this is probably not reading it any more.
_STILL_OPEN = timedelta(minutes=30)


@dataclass(frozen=True)
class QueueRow:
    """One row of a queue in words.

    ``verbs`` are the pages behind the keys 1, 2 and 3, by their names under the row's own address; a key that opens
    nothing is a dash. The table says once what most of its rows have.
    """

    pk: int
    url: str
    verbs: str
    clock: ClockFace
    reference: str
    title: str
    asked: str
    wanted: str
    because: str
    requester: str
    directorate: str
    value: str
    needed_by: str
    dates: str
    assignee: str
    flags: list[tuple[str, str]]
    opened_by: str
    can_be_assigned: bool
    route: str
    holds_up: str


def rows_of(
    rows: Iterable[Mapping[str, Any]], person: Person, query: str, *, with_verbs: bool, least: int | None = None
) -> list[QueueRow]:
    """Put rows into words; ``query`` is the filter that the links keep.

    ``least`` is the shortest notice of the queue in calendar days: what has less than that left is marked.
    """
    today, now, holidays = clock.today(), clock.now(), holidays_of(ENGLAND)
    # Reversed once: fifty look-ups of the same address would cost more than the rows.
    page = reverse("casework:item", args=[0])
    rows = list(rows)
    told = details_of({row["pk"]: row["kind"] for row in rows})
    query = f"?{query}" if query else ""
    return [
        _row(row, told.get(row["pk"]), person, query, page, today, now, holidays, with_verbs, least) for row in rows
    ]


def usual_verbs(rows: Iterable[QueueRow]) -> str:
    """What most rows have behind their keys."""
    return next((verbs for verbs, _ in Counter(row.verbs for row in rows).most_common(1)), "")


def _row(
    row: Mapping[str, Any],
    details: RowDetails | None,
    person: Person,
    query: str,
    page: str,
    today: date,
    now: datetime,
    holidays: frozenset[date],
    with_verbs: bool,
    least: int | None,
) -> QueueRow:
    room = handled(row["kind"]) if row["path"] else None
    needed_by = row["needed_by"] or (details.needed_by if details else None) or row["case_day"]
    can_ask = row["state"] in (ItemState.OPEN, ItemState.ASSIGNED)
    is_outstanding = can_ask or row["state"] == ItemState.WAITING
    marks = _flags(row, least if is_outstanding else None, today)
    return QueueRow(
        pk=row["pk"],
        url=(row["path"] if room is not None else page.replace("/0/", f"/{row['pk']}/")) + query,
        verbs=_verbs(room, can_ask=can_ask, is_outstanding=is_outstanding) if with_verbs else "",
        clock=face_of(row, today, holidays),
        reference=details.reference if details else row["case_file__reference"],
        title=row["case_file__title"],
        asked=row["title"],
        wanted=details.wanted if details else "",
        because=sentence_start(row["because"]),
        requester=row["requested_by__name"] or "Gatehouse",
        directorate=row["case_file__service_area__directorate__name"] or "",
        value=money(row["case_file__value_ex_vat"]),
        needed_by=short_day(needed_by) if needed_by else "Not given",
        dates=details.dates if details else "",
        assignee=row["assignee__name"] or "",
        flags=[*marks, *((flag, "outline") for flag in (details.flags if details else ()))],
        opened_by=_opened_by(row, person, now) if is_outstanding else "",
        can_be_assigned=with_verbs and can_ask,
        route=details.route if details else "",
        holds_up=holds_up(row["kind"], row["path"]) or "Nothing else",
    )


def _verbs(room: Handled | None, *, can_ask: bool, is_outstanding: bool) -> str:
    if room is None:
        return "respond ask" if can_ask else "respond" if is_outstanding else ""
    return " ".join(room.verbs.get(key, "-") for key in KEYS_OF_ROOMS) if can_ask and room.verbs else ""


def heads_of(asked: QueueFilter, address: Callable[[str], str], *, is_triaged: bool) -> list[dict[str, str]]:
    """The heads of the table: a link where it sorts, with which way it is sorted now."""
    wanted = (*HEADS_OF_REQUESTS, *HEADS_AT_THE_END) if is_triaged else (*HEADS_OF_ADVICE, *HEADS_AT_THE_END)
    now, is_settled = asked.sort or ("" if asked.view == "settled" else "clock"), asked.view == "settled"
    heads = []
    for key, label in wanted:
        if key == "clock" and is_settled:
            heads.append({"label": "Answer and day", "url": "", "sort": "", "tone": ""})
            continue
        direction = {key: "ascending", f"-{key}": "descending"}.get(now, "") if key else ""
        other = f"-{key}" if direction == "ascending" else key
        heads.append(
            {
                "label": label,
                "url": address(asked.query(sort="" if other == "clock" else other)) if key else "",
                "sort": direction,
                "tone": "gh-number" if key == "value" else "",
            }
        )
    return heads


# Each head of a queue's table, with the name it sorts by or nothing.
HEADS_OF_REQUESTS = (
    ("clock", "Clock and due date"),
    ("request", "Request"),
    ("requester", "Requester"),
    ("value", "Value, excl. VAT"),
    ("", "Route suggested"),
)
HEADS_OF_ADVICE = (
    ("clock", "Clock, by when"),
    ("request", "On what"),
    ("", "Advice wanted"),
    ("requester", "Asked by"),
    ("value", "Value, excl. VAT"),
    ("", "Holds up"),
)
HEADS_AT_THE_END = (("needed_by", "Needed by"), ("assignee", "Assignee"), ("", "Flags"))


def _flags(row: Mapping[str, Any], least: int | None, today: date) -> list[tuple[str, str]]:
    flags = []
    if row["case_file__is_high_risk"]:
        flags.append(("High risk", "red"))
    if row["is_late_ask"]:
        flags.append(("Late ask", "outline"))
    if least is not None and row["due_on"] is not None and (row["due_on"] - today).days < least:
        flags.append((f"Under {counted(least, 'day')}", "amber"))
    return flags


def _opened_by(row: Mapping[str, Any], person: Person, now: datetime) -> str:
    """Who has the item open: "Maria Okafor opened this 2 minutes ago"."""
    if row["last_look__at"] is None or row["last_look__person_id"] == person.pk:
        return ""
    ago = now - row["last_look__at"]
    if ago < timedelta(0) or ago > _STILL_OPEN:
        return ""
    minutes = int(ago.total_seconds() // 60)
    when = f"{counted(minutes, 'minute')} ago" if minutes else "just now"
    return f"{row['last_look__person__name']} opened this {when}"


EXPORT_COLUMNS = (
    "Reference",
    "Title",
    "Asked",
    "Kind",
    "Because",
    "Requester",
    "Directorate",
    "Value, excluding VAT",
    "Asked on",
    "Due",
    "Needed by",
    "Paused since",
    "State",
    "Answer",
    "Assignee",
    "High risk",
)


def export_row(row: Mapping[str, Any]) -> list[Any]:
    """One row of the file. What a function wrote stays on its page: a file is passed on."""
    answer = row["answer"]
    return [
        row["case_file__reference"],
        row["case_file__title"],
        row["title"],
        kind_words(row["kind"]),
        row["because"],
        row["requested_by__name"] or "",
        row["case_file__service_area__directorate__name"] or "",
        row["case_file__value_ex_vat"],
        local_day(row["opened_at"]),
        row["due_on"],
        row["needed_by"],
        row["paused_since"],
        ItemState(row["state"]).label,
        answer_words(row["kind"], answer),
        row["assignee__name"] or "",
        "yes" if row["case_file__is_high_risk"] else "no",
    ]


def total_words(first: int, last: int, count: str, value: Any) -> str:
    """What a list comes to: "Showing 1 to 14 of 14 items, £5.2 million excluding VAT"."""
    worth = f", {money_in_prose(value)} excluding VAT" if value is not None else ""
    return f"Showing {first} to {last} of {count} {'item' if count == '1' else 'items'}{worth}"
