"""The figures at the top of the dashboard."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from organisation.formatting import percent
from reporting import counting
from reporting.counting import ENDING, GATE, RISK, STAGE
from reporting.presenters.board import OPEN, Board, Headline, quarters


def headlines(board: Board) -> list[Headline]:
    """The figures at the top."""
    figures, stages = board.figures, [state.value for state in OPEN]
    late = sum(count for key, _, count, _ in figures.of(counting.WAITING) if key.endswith(":late"))
    waiting = figures.count(counting.WAITING)
    in_time, missed = (figures.count(counting.REQUEST, key) for key in ("in_time", "missed"))
    ends = quarters(board.today)[:4]
    undecided = figures.count(ENDING, *(f"{quarter}:undecided" for quarter in ends))
    ending = undecided + figures.count(ENDING, *(f"{quarter}:decided" for quarter in ends))
    first, last = counting.quarter_days(ends[0])[0], counting.quarter_days(ends[-1])[1]
    days = {"ends_from": first.isoformat(), "ends_to": last.isoformat()}
    answered = in_time + missed
    return [
        Headline(
            f"{figures.count(STAGE, *stages):,}",
            "open commissions",
            board.commissions(stage="open"),
            figures.money(STAGE, *stages).words(),
        ),
        Headline(
            f"{figures.count(RISK):,}",
            "open and high risk",
            board.commissions(stage="open", risk="high"),
            figures.money(RISK).words(),
        ),
        Headline(
            f"{figures.count(GATE, 'any-waiting'):,}",
            "wait for a gate’s decision",
            board.commissions(stage="open", gate="any-waiting"),
            figures.money(GATE, "any-waiting").words(),
        ),
        Headline(
            percent(Decimal(in_time * 100) / answered if answered else None) if answered else "None",
            "of requests answered in time" if answered else "of the period’s requests answered yet",
            board.asked_in_period(requests="1", answered="answered"),
            f"{in_time:,} of {answered:,} answered within the week" if answered else "",
            is_bad=bool(missed),
        ),
        Headline(
            f"{late:,}",
            "items overdue in the queues",
            board.asked(standing="late", in_queue="1"),
            f"Of {waiting:,} that wait",
            is_bad=bool(late),
        ),
        Headline(
            f"{ending:,}",
            f"contracts end by {_month_words(last)}",
            board.contracts(**days),
            f"{undecided:,} with no decision on what follows",
            is_bad=bool(undecided),
        ),
    ]


def _month_words(day: date) -> str:
    """A month's last day, short: September 2027."""
    return f"{day:%B %Y}"
