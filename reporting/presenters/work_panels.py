"""The panels about what queues and people were asked."""

from __future__ import annotations

from decimal import Decimal

from organisation.formatting import counted, date_range, percent
from reporting import counting
from reporting.presenters.board import Board, PanelView
from reporting.presenters.charts import Part, Row

MOST_PEOPLE = 12
_SERVICE = (
    ("2", "in_time", "Answered in time"),
    ("3", "missed", "Answered late"),
    ("1", "open", "Not answered, in time"),
    ("4", "late", "Not answered, overdue"),
)


def service_level(board: Board) -> PanelView:
    """Procurement requests against the week that CCPS has."""
    figures, rows = board.figures, []
    parts = [
        Part(words, figures.count(counting.REQUEST, key), board.asked_in_period(requests="1", answered=key), tone)
        for tone, key, words in _SERVICE
    ]
    whole = sum(part.count for part in parts)
    if whole:
        for part in parts:
            rows.append(Row(part.label, [part], part, f"{part.count:,}"))
    answered = parts[0].count + parts[1].count
    title = "No procurement request in this period"
    if whole:
        share = percent(Decimal(parts[0].count * 100) / answered) if answered else "None"
        title = (
            f"{share} of {counted(answered, 'request')} answered in time"
            if answered
            else f"{counted(whole, 'request')} not answered yet"
        )
    return PanelView(
        "requests",
        title,
        f"Requests to CCPS, {date_range(board.period.first, board.period.ends_on)}. Service level: one week",
        "Outcome",
        rows,
        total_label="Requests",
    )


_AGES = (("2", "0-2", "0 to 2 working days"), ("1", "3-5", "3 to 5 working days"), ("3", "6", "Over 5 working days"))


def waiting(board: Board) -> PanelView:
    """What waits in the queues, by age."""
    held: dict[str, dict[tuple[str, str], int]] = {}
    for key, _, count, _ in board.figures.of(counting.WAITING):
        queue, age, late = key.rsplit(":", 2)
        held.setdefault(queue, {})[age, late] = count
    rows = []
    for queue, name in board.names.queues.items():
        cells = held.get(queue)
        if not cells:
            continue
        parts = [
            Part(
                words,
                cells.get((age, "late"), 0) + cells.get((age, "due"), 0),
                board.asked(queue=queue, standing="waiting", age=age),
                tone,
            )
            for tone, age, words in _AGES
        ]
        late_count = sum(count for (_, how), count in cells.items() if how == "late")
        total = Part(name, sum(cells.values()), board.asked(queue=queue, standing="waiting"), "")
        overdue = Part("overdue", late_count, board.asked(queue=queue, standing="late"), "")
        rows.append(Row(name, parts, total, f"{total.count:,} open", f"{late_count:,} overdue", overdue))
    old = sum(row.parts[2].count for row in rows)
    most = max(rows, key=lambda row: row.parts[2].count, default=None)
    title = "Nothing waits in any queue"
    if most:
        title = (
            f"{most.label} holds {most.parts[2].count:,} of the {old:,} oldest items"
            if old
            else "Nothing has waited more than 5 working days"
        )
    return PanelView(
        "waiting",
        title,
        "What waits in the queues, by working days since it was asked",
        "Queue",
        rows,
        [(tone, words) for tone, _, words in _AGES],
        total_label="All open",
        note_label="Overdue",
    )


def people(board: Board) -> PanelView:
    """Who holds how much of the work."""
    held: dict[str, dict[str, int]] = {}
    for key, _, count, _ in board.figures.of(counting.PERSON):
        number, late = key.split(":")
        held.setdefault(number, {})[late] = count
    rows = []
    for number, cells in held.items():
        name = board.names.people.get(number, "Somebody who has left")
        parts = [
            Part("Overdue", cells.get("late", 0), board.asked(person=number, standing="late"), "3"),
            Part("In time", cells.get("due", 0), board.asked(person=number, standing="due"), "1"),
        ]
        total = Part(name, sum(cells.values()), board.asked(person=number, standing="waiting"), "")
        late = f", {parts[0].count:,} overdue" if parts[0].count else ""
        rows.append(Row(name, parts, total, f"{total.count:,} open", late.strip(", "), parts[0] if late else None))
    rows.sort(key=lambda row: (-row.total.count, row.label))
    whole = sum(row.total.count for row in rows)
    title = (
        f"{rows[0].label} holds {rows[0].total.count:,} of {counted(whole, 'item')}"
        if rows
        else "Nobody holds anything"
    )
    return PanelView(
        "people",
        title,
        "Items and tasks by the person who has them, most first. Seen by managers only",
        "Person",
        rows[:MOST_PEOPLE],
        [("3", "Overdue"), ("1", "In time")],
        total_label="All open",
    )


_LEADS = (
    ("2", "26", "26 weeks or more"),
    ("1", "13", "13 to 26 weeks"),
    ("5", "4", "4 to 13 weeks"),
    ("4", "0", "Under 4 weeks"),
    ("3", "after", "After the need"),
)


def early(board: Board) -> PanelView:
    """How long before the day of need each function was asked."""
    held: dict[str, dict[str, int]] = {}
    for key, _, count, _ in board.figures.of(counting.EARLY):
        queue, lead = key.rsplit(":", 1)
        held.setdefault(queue, {})[lead] = count
    rows = []
    for queue, name in board.names.queues.items():
        if cells := held.get(queue):
            parts = [
                Part(words, cells.get(lead, 0), board.asked_in_period(queue=queue, lead=lead), tone)
                for tone, lead, words in _LEADS
            ]
            total = Part(name, sum(cells.values()), board.asked_in_period(queue=queue, lead="any"), "")
            rows.append(Row(name, parts, total))
    late = sum(row.parts[3].count + row.parts[4].count for row in rows)
    whole = sum(row.total.count for row in rows)
    title = (
        f"{late:,} of {whole:,} asks came less than 4 weeks before the need"
        if whole
        else "Nothing was asked in this period"
    )
    return PanelView(
        "early",
        title,
        f"How early functions were involved, {date_range(board.period.first, board.period.ends_on)}",
        "Queue",
        rows,
        [(tone, words) for tone, _, words in _LEADS],
    )


def late_asks(board: Board) -> PanelView:
    """Procurement requests that came later than their tier needs, by the service area that asked."""
    held = {key: count for key, _, count, _ in board.figures.of(counting.LATE_ASK)}
    names = {str(area.pk): area.name for area in board.places.areas}
    rows = []
    for number, count in sorted(held.items(), key=lambda row: (-row[1], names.get(row[0], ""))):
        area = number if number in names else ""
        part = Part("Late", count, board.asked_in_period(requests="1", late_ask="1", area=area), "3")
        rows.append(Row(names.get(number, "No service area"), [part], part, f"{count:,} late"))
    whole = sum(held.values())
    title = (
        f"{rows[0].label} asked late {counted(rows[0].total.count, 'time')}" if whole else "No request came too late"
    )
    return PanelView(
        "late-asks",
        title,
        f"Requests that left CCPS less time than their tier needs, "
        f"{date_range(board.period.first, board.period.ends_on)}",
        "Service area",
        rows,
        [("3", "Late")],
        total_label="Late",
    )
