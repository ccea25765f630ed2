"""The sheets of resource and spend analysis: money by year, people's time, forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from commissioning.financial_years import year_words
from commissioning.forms.resources import BudgetLineForm, ForecastLineForm, WorkTimeForm
from commissioning.models import BudgetLine, ForecastLine, WorkTime
from commissioning.sheets import Column, Sheet, Sum, register_sheet
from commissioning.states import CommissionState
from commissioning.work_days import days_words
from organisation.formatting import money

BASIS = "All amounts exclude VAT."


def by_year(rows: Sequence[Any]) -> list[Sum]:
    """Amounts summed by financial year, and in all."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[row.year] += row.amount
    sums = [Sum(year_words(year), money(found[year])) for year in sorted(found)]
    return [*sums, Sum("In all", money(sum(found.values(), Decimal(0))))]


def by_team(rows: Sequence[WorkTime]) -> list[Sum]:
    """Days summed by team or function, and in all."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[row.team] += row.days
    sums = [Sum(team, days_words(found[team])) for team in sorted(found)]
    return [*sums, Sum("In all", days_words(sum(found.values(), Decimal(0))))]


BUDGET = Sheet(
    key="budget",
    title="Budget lines",
    one="a budget line",
    model=BudgetLine,
    form=BudgetLineForm,
    activity="resource_analysis",
    asked_in=CommissionState.ANALYSE,
    intro=f"The money there is, this year and in the five years after it. {BASIS}",
    empty="No budget is written down yet.",
    rank=("year", "pk"),
    sums=by_year,
    beside=("Budget beside forecast", "commissioning:budget_gap"),
    columns=(
        Column("Budget code", lambda row: row.code),
        Column("Funding", lambda row: row.source),
        Column("Year", lambda row: year_words(row.year)),
        Column("Amount", lambda row: money(row.amount), is_number=True),
    ),
)
WORK_TIME = Sheet(
    key="work_time",
    title="People's time",
    one="an entry of time",
    model=WorkTime,
    form=WorkTimeForm,
    activity="resource_analysis",
    intro="Who gives how many working days, month by month. Name people where you can: the page warns when somebody "
    "is promised to too much work at once.",
    empty="No time is written down yet.",
    rank=("month", "team", "pk"),
    related=("person",),
    sums=by_team,
    columns=(
        Column("Team", lambda row: row.team),
        Column("Person", lambda row: row.person.name if row.person else "Nobody named"),
        Column("Month", lambda row: f"{row.month:%B %Y}"),
        Column("For what", lambda row: row.work),
        Column("Time", lambda row: days_words(row.days), is_number=True),
    ),
)
FORECAST = Sheet(
    key="forecast",
    title="Forecast",
    one="a forecast line",
    model=ForecastLine,
    form=ForecastLineForm,
    activity="spend_analysis",
    intro=f"What is expected to be spent in each year, and what that rests on. {BASIS}",
    empty="No forecast is written down yet.",
    rank=("year", "pk"),
    sums=by_year,
    beside=("Budget beside forecast", "commissioning:budget_gap"),
    columns=(
        Column("What for", lambda row: row.what),
        Column("Year", lambda row: year_words(row.year)),
        Column("Rests on", lambda row: row.basis),
        Column("Amount", lambda row: money(row.amount), is_number=True),
    ),
)


def register_own() -> None:
    """Register the sheets."""
    for sheet in (BUDGET, WORK_TIME, FORECAST):
        register_sheet(sheet)
