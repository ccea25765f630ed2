"""How money, dates, times and counts are written. The only home of these formats: pages, mail and PDFs all ask here."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from organisation import clock
from organisation.clock import LONDON
from organisation.working_days import ENGLAND, holidays_of, working_days_between

NOT_RECORDED = "Not recorded"
MINUS = "\N{MINUS SIGN}"  # a hyphen breaks the line before the figure and is read out as "dash"

# Beyond about three months nobody counts working days; a number of months says more.
_COUNT_DAYS_UP_TO = 92

Amount: TypeAlias = Decimal | int | None


def money(value: Amount) -> str:
    """Write an amount of pounds: £640,000, £1,234.50, −£500. Nothing recorded is never shown as £0."""
    if value is None:
        return NOT_RECORDED
    pennies = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    sign = MINUS if pennies < 0 else ""
    size = abs(pennies)
    return f"{sign}£{size:,.0f}" if size == size.to_integral_value() else f"{sign}£{size:,.2f}"


def money_in_prose(value: Amount) -> str:
    """Write an amount for a sentence or a chart: £1.2 million; below a million it is written in full."""
    if value is None:
        return NOT_RECORDED
    amount = Decimal(value)
    millions = (abs(amount) / 1_000_000).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if abs(amount) < 1_000_000:
        return money(amount)
    sign = MINUS if amount < 0 else ""
    return f"{sign}£{_trimmed(millions)} million"


def day(value: date | datetime | None) -> str:
    """Write a date in full: 21 November 2026."""
    local = _local_date(value)
    return f"{local.day} {local:%B %Y}" if local else NOT_RECORDED


def short_day(value: date | datetime | None) -> str:
    """Write a date for a dense table: 21 Nov 2026."""
    local = _local_date(value)
    return f"{local.day} {local:%b %Y}" if local else NOT_RECORDED


def date_range(first: date | None, last: date | None) -> str:
    """Write a term: 1 April 2026 to 31 March 2029."""
    return f"{day(first)} to {day(last)}"


def time_of_day(value: datetime | None) -> str:
    """Write a time in London: 4:31pm, midday, midnight."""
    if value is None:
        return NOT_RECORDED
    local = value.astimezone(LONDON)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """Write an instant in London: 21 November 2026, 4:31pm."""
    return f"{day(value)}, {time_of_day(value)}" if value else NOT_RECORDED


def in_days(due: date | None, today: date | None = None, holidays: AbstractSet[date] | None = None) -> str:
    """Say how far off a date is: in 4 working days, 2 working days overdue, today. Far dates are given in months.

    Always shown beside the date itself. Without `today` the clock is asked, without `holidays` the England calendar.
    """
    if due is None:
        return NOT_RECORDED
    today = today or clock.today()
    if due == today:
        return "today"
    if (due - today).days > _COUNT_DAYS_UP_TO:
        return f"in {counted(_whole_months(today, due), 'month')}"
    known = holidays_of(ENGLAND) if holidays is None else holidays
    if due > today:
        return f"in {counted(max(1, working_days_between(today, due, known)), 'working day')}"
    return f"{counted(max(1, working_days_between(due, today, known)), 'working day')} overdue"


def percent(value: Decimal | float | None) -> str:
    """Write a percentage that is already out of a hundred: 84%, 8.7%."""
    if value is None:
        return NOT_RECORDED
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{MINUS if rounded < 0 else ''}{_trimmed(abs(rounded))}%"


def whole(value: int | None) -> str:
    """Write a count: 1,204."""
    return NOT_RECORDED if value is None else f"{value:,}"


def with_unit(figure: str, unit: str) -> str:
    """A figure as it was typed, with its unit: 95%, £12, 12 days. One that says its unit already stays as it is."""
    figure, unit = figure.strip(), unit.strip()
    if not unit or figure.lower().endswith(unit.lower()) or (unit == "£" and figure.startswith("£")):
        return figure
    if unit == "£":
        return f"£{figure}"
    return f"{figure}{unit}" if unit.startswith("%") else f"{figure} {unit}"


def counted(number: int, thing: str, things: str = "") -> str:
    """Write a count with its noun: 1 request, 3 requests, 2 enquiries."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed(words: Collection[str], *, join: str = "and") -> str:
    """Join words as a sentence does: CCPS, Legal and Finance."""
    *head, last = words or ("None",)
    return f"{', '.join(head)} {join} {last}" if head else last


def in_sentence(name: str) -> str:
    """A name inside a sentence: "outline business case", but "IIA"."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def sentence_start(words: str) -> str:
    """Give the first letter a capital and leave the rest alone, so "in 4 working days" can start a line."""
    return words[:1].upper() + words[1:]


def _local_date(value: date | datetime | None) -> date | None:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def _trimmed(value: Decimal) -> str:
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.1f}"


def _whole_months(first: date, last: date) -> int:
    # Both days count, as in a contract's term: 1 April to 31 March is 12 months.
    after = last + timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month - (after.day < first.day)
