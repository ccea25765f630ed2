"""Spend from three sides (supplier, year, category), and the forecast beside the budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.urls import reverse

from casework.models import CaseFile
from casework.querysets import visible_cases
from commissioning.category_tree import below, called
from commissioning.financial_years import year_words
from commissioning.models import BudgetLine, Commission, ForecastLine, SpendFile, SpendLine
from documents.facts import FactValue
from organisation.formatting import counted, date_range, money, percent, whole
from organisation.models import Person

#: The largest suppliers and categories that are named; the rest is one line.
MOST = 15
WHOLE = Decimal(100)
BLANK_CATEGORY = "No category given"


@dataclass(frozen=True)
class Bar:
    """One line of a table of spend: its name, the amount and the share in words, and its length in the chart."""

    name: str
    amount: str
    share: str
    lines: str
    length: str


@dataclass(frozen=True)
class Side:
    """Spend from one side, with the words that say what it shows."""

    title: str
    head: str
    finding: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Spend:
    """All spend that was read."""

    total: str
    lines: str
    when: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class GapRow:
    """One financial year: what there is, what is expected to be spent, and what is missing or left."""

    year: str
    budget: str
    forecast: str
    gap: str
    is_short: bool


def lines_of(commission: Commission) -> QuerySet[SpendLine]:
    """Every line of the files that stand."""
    return SpendLine.objects.filter(file__commission=commission, file__removed_at__isnull=True)


def files_of(commission: Commission) -> list[SpendFile]:
    """The files that were read, newest first, in one statement."""
    rows = SpendFile.objects.filter(commission=commission, removed_at__isnull=True).defer("left_out")
    return list(rows.select_related("attachment", "read_by").order_by("-pk"))


def council_lines(person: Person, category: str = "") -> QuerySet[SpendLine]:
    """Every line of the files that stand under commissions somebody may see; of one branch of the categories."""
    rows = SpendLine.objects.filter(
        visible_cases(person, prefix="file__commission__case_file__"), file__removed_at__isnull=True
    )
    return rows.filter(file__commission__category__in=below(category)) if category else rows


def spend_of(lines: Any, *, with_ours: bool = False) -> Spend | None:
    """Everything together, and by supplier, year and category: four statements, however many lines.

    ``with_ours`` adds, in one more, the category of the commission that each line was read for. None without a line.
    """
    whole_of = lines.aggregate(
        amount=Sum("amount"),
        count=Count("pk"),
        suppliers=Count("supplier_key", distinct=True),
        categories=Count("category", distinct=True),
        first=Min("paid_on"),
        last=Max("paid_on"),
    )
    if not whole_of["count"]:
        return None
    summed: dict[str, Any] = {"amount": Sum("amount"), "count": Count("pk")}
    suppliers = lines.values("supplier_key").annotate(name=Max("supplier"), **summed).order_by("-amount", "name")
    years = lines.values("year").annotate(**summed).order_by("year")
    categories = lines.values("category").annotate(**summed).order_by("-amount", "category")
    by_supplier = [(row["name"], row["amount"], row["count"]) for row in suppliers[:MOST]]
    by_year = [(year_words(row["year"]), row["amount"], row["count"]) for row in years]
    by_category = [(row["category"] or BLANK_CATEGORY, row["amount"], row["count"]) for row in categories[:MOST]]
    return Spend(
        total=money(whole_of["amount"]),
        lines=counted(whole_of["count"], "line"),
        when=date_range(whole_of["first"], whole_of["last"]),
        sides=(
            _side("By supplier", "Supplier", by_supplier, whole_of, whole_of["suppliers"], "supplier"),
            _side("By financial year", "Financial year", by_year, whole_of, len(by_year), "year"),
            *([_by_ours(lines, whole_of, summed)] if with_ours else []),
            _side(
                "By the ledger’s own category" if with_ours else "By category",
                "Category",
                by_category,
                whole_of,
                whole_of["categories"],
                "category",
            ),
        ),
    )


def _by_ours(lines: Any, whole_of: dict[str, Any], summed: dict[str, Any]) -> Side:
    """By the council's own category: that of the commission a line was read for."""
    named = lines.annotate(ours=called("file__commission__category__")).values("ours").annotate(**summed)
    rows = [(row["ours"] or BLANK_CATEGORY, row["amount"], row["count"]) for row in named.order_by("-amount", "ours")]
    return _side("By category", "Category of the commission", rows[:MOST], whole_of, len(rows), "category")


def _side(
    title: str,
    head: str,
    rows: list[tuple[str, Decimal, int]],
    whole_of: dict[str, Any],
    number: int,
    thing: str,
) -> Side:
    total: Decimal = whole_of["amount"]
    things = {"category": "categories"}.get(thing, "")
    largest = max(rows, key=lambda row: row[1])
    finding = (
        f"{counted(number, thing, things).capitalize()}. The largest is {largest[0]}, {_share(largest[1], total)}."
    )
    shown = list(rows)
    if number > len(rows):
        rest = total - sum((amount for _, amount, _ in rows), Decimal(0))
        count = whole_of["count"] - sum(lines for _, _, lines in rows)
        shown.append(
            (f"{counted(number - len(rows), f'other {thing}', f'other {things or thing + chr(115)}')}", rest, count)
        )
    longest = max((amount for _, amount, _ in shown), default=Decimal(0))
    bars = tuple(
        Bar(name, money(amount), _share(amount, total), whole(count), _length(amount, longest))
        for name, amount, count in shown
    )
    return Side(title, head, finding, bars)


def _share(amount: Decimal, total: Decimal) -> str:
    return percent(amount / total * WHOLE) if total > 0 else "Not a share"


def _length(amount: Decimal, longest: Decimal) -> str:
    return f"{amount / longest * WHOLE:.2f}" if longest > 0 and amount > 0 else "0"


def load_spend(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """What was read from files, as a fact for papers: total, lines, files; one statement."""
    rows = (
        SpendFile.objects.filter(commission__case_file__in=case_files, removed_at__isnull=True)
        .order_by()
        .values("commission_id", "commission__case_file_id")
        .annotate(amount=Sum("total"), lines=Sum("line_count"), files=Count("pk"))
    )
    return {
        row["commission__case_file_id"]: FactValue(
            row["amount"],
            f"{money(row['amount'])} in {counted(row['lines'], 'line')} of {counted(row['files'], 'file')}",
            "Spend of the past",
            change_url=reverse("commissioning:spend", args=[row["commission_id"]]),
        )
        for row in rows
    }


def gap_of(commission: Commission) -> tuple[list[GapRow], GapRow | None]:
    """Budget and forecast by financial year, and in all; two statements. No total where neither is written down."""
    budget = _by_year(BudgetLine.objects.filter(commission=commission, removed_at__isnull=True))
    forecast = _by_year(ForecastLine.objects.filter(commission=commission, removed_at__isnull=True))
    years = sorted(budget.keys() | forecast.keys())
    if not years:
        return [], None
    rows = [_gap(year_words(year), budget.get(year), forecast.get(year)) for year in years]
    return rows, _gap("In all", _sum(budget.values()), _sum(forecast.values()))


def _by_year(rows: Any) -> dict[int, Decimal]:
    return dict(rows.order_by("year").values_list("year").annotate(Sum("amount")))


def _sum(amounts: Iterable[Decimal]) -> Decimal | None:
    found = list(amounts)
    return sum(found, Decimal(0)) if found else None


def _gap(name: str, budget: Decimal | None, forecast: Decimal | None) -> GapRow:
    missing = (forecast or Decimal(0)) - (budget or Decimal(0))
    words = "None" if not missing else f"{money(missing)} short" if missing > 0 else f"{money(-missing)} left"
    return GapRow(
        name,
        money(budget) if budget is not None else "Not recorded",
        money(forecast) if forecast is not None else "Not recorded",
        words,
        missing > 0,
    )
