"""The options appraisal as the tables that a business case prints: what speaks for each, costs, scores, how firm."""

from __future__ import annotations

from collections.abc import Sequence

from commissioning.selectors.options import Appraisal
from commissioning.selectors.options_shown import Row, Shown, ShownAppraisal, shown_appraisal
from documents.fact_tables import FactTable
from organisation.formatting import NOT_RECORDED, counted

EXCLUDING_VAT = "Excluding VAT, at today's prices."


def comparison_tables(appraisal: Appraisal) -> tuple[FactTable, ...]:
    """What speaks for and against each option, how each scores, and whether small changes turn the order."""
    shown = _shown(appraisal)
    tables = [_table(shown, shown.words, "What speaks for each option", "Option")]
    if shown.scores:
        tables.append(
            _table(
                shown,
                shown.scores,
                "How each option scores",
                "Criterion (weight)",
                note="Each is scored from 0, not at all, to 5, fully.",
            )
        )
    if shown.tests:
        tables.append(_sensitivity(shown))
    return tuple(tables)


def cost_tables(appraisal: Appraisal) -> tuple[FactTable, ...]:
    """What each option costs over its whole life, by kind and by financial year."""
    shown = _shown(appraisal)
    tables = [_table(shown, shown.money, "Over the whole life", "Cost", note=EXCLUDING_VAT, numbers=True)]
    if shown.years:
        tables.append(_table(shown, shown.years, "By financial year", "Year", note=EXCLUDING_VAT, numbers=True))
    return tuple(tables)


def _shown(appraisal: Appraisal) -> ShownAppraisal:
    return shown_appraisal(appraisal, appraisal.options[0].option.commission, may_write=False)


def _table(
    shown: ShownAppraisal, rows: Sequence[Row], caption: str, first: str, *, note: str = "", numbers: bool = False
) -> FactTable:
    heads = [f"{head.name} (preferred)" if head.is_preferred else head.name for head in shown.heads]
    # What no option has is no comparison: a row of blanks is left out.
    rows = [row for row in rows if any(cell.words != NOT_RECORDED for cell in row.cells)]
    return FactTable(
        [first, *heads],
        [[row.head, *(_cell(cell) for cell in row.cells)] for row in rows],
        caption,
        note,
        numbers=range(1, len(heads) + 1) if numbers else (),
        totals=[place for place, row in enumerate(rows) if row.is_total],
        even=True,
    )


def _cell(cell: Shown) -> str:
    return f"{cell.words}\n{cell.detail}" if cell.detail else cell.words


def _sensitivity(shown: ShownAppraisal) -> FactTable:
    """Only the changes that put another option first are listed; the note says how many were tried."""
    turning = [line for line in shown.tests if line.turns]
    tried = f"One weight moved by 10 points or one cost by 10% or 20%: {counted(len(shown.tests), 'change')} tried"
    note = f"{tried}, {len(turning) or 'none'} of which would put another option first."
    if not turning:
        first = shown.tests[0]
        rows = [["Any of the changes tried", first.by_score, first.by_cost]]
    else:
        rows = [[line.change, line.by_score, line.by_cost] for line in turning]
    return FactTable(["If", "Best score", "Least cost for each point"], rows, "How firm the order is", note)
