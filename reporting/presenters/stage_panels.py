"""The panels about commissions and contracts."""

from __future__ import annotations

from decimal import Decimal

from commissioning.states import CommissionState
from organisation.formatting import counted, money_in_prose
from reporting import counting
from reporting.counting import ENDING, STAGE
from reporting.presenters.board import OPEN, Board, PanelView, quarters
from reporting.presenters.charts import Part, Row

S = CommissionState
STAGE_TONES = {S.DRAFT: "grey", S.ANALYSE: "1", S.PLAN: "2", S.SECURE: "3", S.REVIEW: "4", S.ON_HOLD: "5"}
QUARTER_WORDS = {1: "January to March", 2: "April to June", 3: "July to September", 4: "October to December"}


def value_by_stage(board: Board) -> PanelView:
    """Where the open commissions stand, and what they are worth."""
    rows = []
    for state in OPEN:
        count, amount = board.figures.count(STAGE, state), board.figures.amount(STAGE, state)
        if not count:
            continue
        part = Part(str(state.label), count, board.commissions(stage=state.value), "1")
        rows.append(Row(part.label, [part], part, money_in_prose(amount), size=amount))
    whole = sum((row.length for row in rows), Decimal(0))
    most = max(rows, key=lambda row: row.length, default=None)
    title = "No commission is open"
    if most:
        title = f"{most.label} holds {money_in_prose(most.length)} of the {money_in_prose(whole)} in hand"
    return PanelView(
        "stages",
        title,
        "Open commissions by stage. Values exclude VAT",
        "Stage",
        rows,
        total_label="Commissions",
        words_label="Value",
    )


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


def ending(board: Board) -> PanelView:
    """Contracts that end in the quarters to come, and whether it is decided what follows."""
    rows = []
    for quarter in quarters(board.today):
        first, last = counting.quarter_days(quarter)
        days = {"ends_from": first.isoformat(), "ends_to": last.isoformat()}
        parts = [
            Part(
                "Next step decided",
                board.figures.count(ENDING, f"{quarter}:decided"),
                board.contracts(**days, decided="yes"),
                "1",
            ),
            Part(
                "No decision yet",
                board.figures.count(ENDING, f"{quarter}:undecided"),
                board.contracts(**days, decided="no"),
                "open",
            ),
        ]
        total = Part(
            f"{QUARTER_WORDS[int(quarter[5:])]} {quarter[:4]}",
            sum(part.count for part in parts),
            board.contracts(**days),
            "",
        )
        rows.append(Row(total.label, parts, total, f"{parts[1].count:,} of {total.count:,}"))
    worst = max(rows, key=lambda row: row.parts[1].count)
    if worst.parts[1].count:
        title = f"{worst.parts[1].count:,} of {worst.total.count:,} contracts ending {worst.label} are undecided"
    else:
        title = (
            "Every contract that ends soon has its next step decided"
            if any(row.total.count for row in rows)
            else "No contract ends in the next two years"
        )
    return PanelView(
        "ending",
        title,
        "Contracts ending by quarter: those without a decision, of all",
        "Quarter",
        rows,
        [("1", "Next step decided"), ("open", "No decision yet")],
        total_label="All ending",
        is_columns=True,
    )
