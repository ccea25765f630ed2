"""The rows of a queue, each put into words once before the page is drawn: a filter in each cell costs more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from casework.clocks import local_day
from casework.handled import RowDetails, answer_words, details_of, handled, holds_up, verb_path
from casework.presenters.clock_face import ClockFace, face_of
from casework.selectors.queues import QueueFilter, kind_words
from casework.states import ItemState
from organisation import clock
from organisation.formatting import counted, money, money_in_prose, sentence_start, short_day
from organisation.models import Person
from organisation.working_days import ENGLAND, holidays_of

# Whoever opened an item longer ago than this is probably not reading it any more.
_STILL_OPEN = timedelta(minutes=30)


@dataclass(frozen=True)
class QueueRow:
    """One row of a queue in words."""

    pk: int
    url: str
    answer_url: str
    ask_url: str
    return_url: str
    clock: ClockFace
    reference: str
    title: str
    asked: str
    because: str
    requester: str
    directorate: str
    value: str
    needed_by: str
    assignee: str
    flags: list[tuple[str, str]]
    opened_by: str
    can_be_assigned: bool
    route: str
    holds_up: str


def rows_of(rows: Iterable[Mapping[str, Any]], person: Person, query: str, *, with_verbs: bool) -> list[QueueRow]:
    """Put rows into words; ``query`` is the filter that the links keep."""
    today, now, holidays = clock.today(), clock.now(), holidays_of(ENGLAND)
    # Reversed once: fifty look-ups of the same two addresses would cost more than the rows.
    page = reverse("casework:item", args=[0])
    verb = reverse("casework:workitem_verb", args=[0, "verb"])
    rows = list(rows)
    told = details_of({row["pk"]: row["kind"] for row in rows})
    query = f"?{query}" if query else ""
    return [_row(row, told.get(row["pk"]), person, query, page, verb, today, now, holidays, with_verbs) for row in rows]


def _row(
    row: Mapping[str, Any],
    details: RowDetails | None,
    person: Person,
    query: str,
    page: str,
    verb: str,
    today: date,
    now: datetime,
    holidays: frozenset[date],
    with_verbs: bool,
) -> QueueRow:
    room = handled(row["kind"]) if row["path"] else None

    def act(name: str, key: str) -> str:
        if room is not None:
            elsewhere = verb_path(row["kind"], row["path"], key)
            return elsewhere + query if elsewhere else ""
        return verb.replace("/0/", f"/{row['pk']}/").replace("/verb/", f"/{name}/") + query

    needed_by = row["needed_by"] or (details.needed_by if details else None)
    can_ask = row["state"] in (ItemState.OPEN, ItemState.ASSIGNED)
    is_outstanding = can_ask or row["state"] == ItemState.WAITING
    return QueueRow(
        pk=row["pk"],
        url=(row["path"] if room is not None else page.replace("/0/", f"/{row['pk']}/")) + query,
        answer_url=act("respond", "accept") if with_verbs and (can_ask if room else is_outstanding) else "",
        ask_url=act("ask", "ask") if with_verbs and can_ask else "",
        return_url=act("", "return") if with_verbs and can_ask and room else "",
        clock=face_of(row, today, holidays),
        reference=details.reference if details else row["case_file__reference"],
        title=row["case_file__title"],
        asked=row["title"],
        because=sentence_start(row["because"]),
        requester=row["requested_by__name"] or "Gatehouse",
        directorate=row["case_file__service_area__directorate__name"] or "",
        value=money(row["case_file__value_ex_vat"]),
        needed_by=short_day(needed_by) if needed_by else "Not given",
        assignee=row["assignee__name"] or "",
        flags=[*_flags(row), *((flag, "outline") for flag in (details.flags if details else ()))],
        opened_by=_opened_by(row, person, now) if is_outstanding else "",
        can_be_assigned=with_verbs and can_ask,
        route=details.route if details else "",
        holds_up=holds_up(row["kind"], row["path"]) or "Nothing else",
    )


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


def _flags(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    flags = []
    if row["case_file__is_high_risk"]:
        flags.append(("High risk", "red"))
    if row["is_late_ask"]:
        flags.append(("Late ask", "outline"))
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
