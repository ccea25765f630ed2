"""The panels about commissions and contracts."""

from __future__ import annotations

from decimal import Decimal

from commissioning.own_money import Whose
from commissioning.states import CommissionState
from organisation.formatting import counted, money_in_prose
from reporting import counting
from reporting.counting import ENDING, GATE, STAGE, WAY
from reporting.periods import months_on
from reporting.presenters.board import OPEN, Board, PanelView, quarters
from reporting.presenters.charts import Part, Row

S = CommissionState
STAGE_TONES = {S.DRAFT: "grey", S.ANALYSE: "1", S.PLAN: "2", S.SECURE: "3", S.REVIEW: "4", S.ON_HOLD: "5"}
QUARTERS_BACK = 8
QUARTER_WORDS = {
    1: ("January to March", "Jan–Mar"),
    2: ("April to June", "Apr–Jun"),
    3: ("July to September", "Jul–Sep"),
    4: ("October to December", "Oct–Dec"),
}


def value_by_stage(board: Board) -> PanelView:
    """Where the open commissions stand, and what they are worth to us; the money of others stands apart."""
    rows, apart = [], Whose()
    for state in OPEN:
        count, worth = board.figures.count(STAGE, state), board.figures.money(STAGE, state)
        if not count:
            continue
        part = Part(str(state.label), count, board.commissions(stage=state.value), "1")
        apart = apart + worth
        rows.append(Row(part.label, [part], part, money_in_prose(worth.own), size=worth.own))
    whole = sum((row.length for row in rows), Decimal(0))
    most = max(rows, key=lambda row: row.length, default=None)
    title = "No commission is open"
    if most:
        title = f"{most.label} holds {money_in_prose(most.length)} of the {money_in_prose(whole)} in hand"
    return PanelView(
        "stages",
        title,
        " ".join(["Open commissions by stage. Values exclude VAT", *_apart_words(apart)]),
        "Stage",
        rows,
        total_label="Commissions",
        words_label="Value",
    )


def _apart_words(worth: Whose) -> list[str]:
    return [f"and what is not our own: {' and '.join(worth.apart)}"] if worth.apart else []


def by_area(board: Board) -> PanelView:
    """Open commissions by directorate and stage; within one directorate, by service area."""
    inside = bool(board.chosen.get("directorate"))
    place_of = {
        area.pk: (str(area.pk), area.name) if inside else (str(area.directorate_id), area.directorate)
        for area in board.places.areas
    }
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for state, area, count, _ in board.figures.of(STAGE):
        if state in OPEN and area in place_of:
            held = cells.setdefault(place_of[area], {})
            held[state] = held.get(state, 0) + count
    by = "area" if inside else "directorate"
    rows = []
    for (number, name), held in sorted(cells.items(), key=lambda row: (-sum(row[1].values()), row[0][1])):
        parts = [
            Part(
                str(state.label),
                held.get(state, 0),
                board.commissions(**{by: number}, stage=state.value),
                STAGE_TONES[state],
            )
            for state in OPEN
        ]
        total = Part(name, sum(held.values()), board.commissions(**{by: number}, stage="open"), "")
        rows.append(Row(name, parts, total, f"{total.count:,} open"))
    whole = sum(row.total.count for row in rows)
    title = (
        f"{rows[0].label} has {rows[0].total.count:,} of {counted(whole, 'open commission')}"
        if rows
        else "No commission is open"
    )
    return PanelView(
        "areas",
        title,
        f"Open commissions by {'service area' if inside else 'directorate'} and stage",
        "Service area" if inside else "Directorate",
        rows,
        [(STAGE_TONES[state], str(state.label)) for state in OPEN],
        total_label="All open",
    )


GATE_PARTS = (
    ("1", "preparing", "Paper being prepared"),
    ("4", "waiting", "Waiting for a decision"),
    ("5", "deferred", "Deferred"),
)


def gates(board: Board) -> PanelView:
    """Open commissions with a gate in hand."""
    rows = []
    for number in counting.GATES:
        parts = [
            Part(
                words,
                board.figures.count(GATE, f"{number}-{step}"),
                board.commissions(stage="open", gate=f"{number}-{step}"),
                tone,
            )
            for tone, step, words in GATE_PARTS
        ]
        total = Part(
            f"Gate {number}",
            sum(part.count for part in parts),
            board.commissions(stage="open", gate=f"{number}-any"),
            "",
        )
        rows.append(Row(total.label, parts, total))
    waiting = sum(row.parts[1].count for row in rows)
    most = max(rows, key=lambda row: row.parts[1].count)
    title = "No gate waits for a decision"
    if waiting:
        waits = "that waits" if waiting == 1 else "that wait"
        title = f"{most.label} holds {most.parts[1].count:,} of {counted(waiting, 'decision')} {waits}"
    return PanelView(
        "gates",
        title,
        "Open commissions with a gate in hand",
        "Gate",
        rows if any(row.total.count for row in rows) else [],
        [(tone, words) for tone, _, words in GATE_PARTS],
        total_label="In hand",
    )


def ways(board: Board) -> PanelView:
    """Commissions started by quarter: planned, and those that came late, urgent or as an extension nobody planned."""
    rows = []
    first = counting.quarter_days(counting.quarter_of(board.today))[0]
    for back in range(QUARTERS_BACK - 1, -1, -1):
        quarter = counting.quarter_of(months_on(first, -3 * back))
        words, short = QUARTER_WORDS[int(quarter[5:])]
        parts = [
            Part(label, board.figures.count(WAY, f"{quarter}:{way}"), board.commissions(started=quarter, way=way), tone)
            for tone, way, label in (("1", "planned", "Planned"), ("4", "reactive", "Reactive"))
        ]
        total = Part(
            f"{words} {quarter[:4]}", sum(part.count for part in parts), board.commissions(started=quarter), ""
        )
        rows.append(
            Row(total.label, parts, total, f"{parts[1].count:,} of {total.count:,}", short=f"{short} {quarter[:4]}")
        )
    whole, reactive = sum(row.total.count for row in rows), sum(row.parts[1].count for row in rows)
    title = (
        f"{reactive:,} of {counted(whole, 'commission')} started were reactive"
        if whole
        else "No commission was started in two years"
    )
    return PanelView(
        "ways",
        title,
        "Commissions started by quarter: those asked late, urgent or unplanned, of all",
        "Quarter",
        rows if whole else [],
        [("1", "Planned"), ("4", "Reactive")],
        total_label="All started",
        is_columns=True,
    )


def ending(board: Board) -> PanelView:
    """Contracts that end in the quarters to come, and whether it is decided what follows."""
    rows = [_quarter(board, quarter) for quarter in quarters(board.today)]
    worst = max(rows, key=lambda row: row.parts[1].count)
    is_any = any(row.total.count for row in rows)
    title = "Every contract that ends soon has its next step decided" if is_any else "No contract ends in two years"
    if worst.parts[1].count:
        title = f"{worst.parts[1].count:,} of {worst.total.count:,} contracts ending {worst.label} are undecided"
    return PanelView(
        "ending",
        title,
        "Contracts ending by quarter: those without a decision, of all",
        "Quarter",
        rows if is_any else [],
        [("1", "Next step decided"), ("open", "No decision yet")],
        total_label="All ending",
        is_columns=True,
    )


def _quarter(board: Board, quarter: str) -> Row:
    (first, last), year = counting.quarter_days(quarter), quarter[:4]
    words, short = QUARTER_WORDS[int(quarter[5:])]
    days = {"ends_from": first.isoformat(), "ends_to": last.isoformat()}
    decided, undecided = (board.figures.count(ENDING, f"{quarter}:{how}") for how in ("decided", "undecided"))
    parts = [
        Part("Next step decided", decided, board.contracts(**days, decided="yes"), "1"),
        Part("No decision yet", undecided, board.contracts(**days, decided="no"), "open"),
    ]
    total = Part(f"{words} {year}", decided + undecided, board.contracts(**days), "")
    return Row(total.label, parts, total, f"{undecided:,} of {total.count:,}", short=f"{short} {year}")
