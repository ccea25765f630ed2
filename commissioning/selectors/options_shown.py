"""The options side by side as a page shows them: words and amounts ready to print, and where each is changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from commissioning.appraisal import by_year
from commissioning.financial_years import year_words
from commissioning.models import Commission
from commissioning.return_pages import with_back
from commissioning.selectors.options import BENEFIT, COSTS, Appraisal, OptionFigures
from commissioning.sensitivity import Turn, turns
from organisation.formatting import NOT_RECORDED, listed, money

NOT_SCORED = "Not scored on everything"


@dataclass(frozen=True)
class Shown:
    """One cell: its words, a quieter line under them, and whether it is the best of its row."""

    words: str
    detail: str = ""
    is_best: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a table with an option a column."""

    head: str
    cells: tuple[Shown, ...]
    is_number: bool = False
    is_total: bool = False


@dataclass(frozen=True)
class Head:
    """The head of an option's column; without addresses where the person may not write."""

    name: str
    is_preferred: bool
    change_url: str = ""
    score_url: str = ""


@dataclass(frozen=True)
class TestLine:
    """One change tried, and who comes first with it."""

    change: str
    by_score: str
    by_cost: str
    turns: bool


@dataclass(frozen=True)
class ShownAppraisal:
    """Everything the page prints."""

    heads: tuple[Head, ...]
    words: tuple[Row, ...]
    money: tuple[Row, ...]
    years: tuple[Row, ...]
    scores: tuple[Row, ...]
    tests: tuple[TestLine, ...]
    turned: int
    stays: str


def shown_appraisal(appraisal: Appraisal, commission: Commission, *, may_write: bool) -> ShownAppraisal:
    """The appraisal in words. Reads nothing."""
    options = appraisal.options
    found = tuple(_tests(appraisal))
    return ShownAppraisal(
        heads=tuple(
            _head(one, commission, has_criteria=bool(appraisal.criteria), may_write=may_write) for one in options
        ),
        words=(
            _words("For it", options, "advantages"),
            _words("Against it", options, "disadvantages"),
            _words("Outcomes", options, "outcomes"),
            _words("Risk", options, "risk"),
            _words("How it would end", options, "exit_route"),
        ),
        money=_money(options),
        years=tuple(
            Row(year_words(year), tuple(Shown(amount_words(_in_year(one, year))) for one in options), is_number=True)
            for year in appraisal.years
        ),
        scores=_scores(appraisal),
        tests=found,
        turned=sum(line.turns for line in found),
        stays=_stays(appraisal) if found else "",
    )


def _head(one: OptionFigures, commission: Commission, *, has_criteria: bool, may_write: bool) -> Head:
    if not may_write:
        return Head(one.option.name, one.preference is not None)
    return Head(
        one.option.name,
        one.preference is not None,
        with_back(
            reverse("commissioning:sheet_row", args=[commission.pk, "options", one.option.pk]),
            reverse("commissioning:options", args=[commission.pk]),
        ),
        reverse("commissioning:score_option", args=[commission.pk, one.option.pk]) if has_criteria else "",
    )


def _words(head: str, options: tuple[OptionFigures, ...], name: str) -> Row:
    return Row(head, tuple(Shown(getattr(one.option, name) or NOT_RECORDED) for one in options))


def _money(options: tuple[OptionFigures, ...]) -> tuple[Row, ...]:
    def row(head: str, amounts: list[Decimal | None], *, is_total: bool = False) -> Row:
        return Row(head, tuple(Shown(amount_words(amount)) for amount in amounts), is_number=True, is_total=is_total)

    kinds = [row(str(kind.label), [one.of_kind(kind) for one in options]) for kind in COSTS]
    return (
        *kinds,
        row("Whole-life cost", [one.whole_life for one in options], is_total=True),
        row("Whole-life cost, discounted", [one.discounted for one in options], is_total=True),
        row(str(BENEFIT.label), [one.of_kind(BENEFIT) for one in options]),
        row("The same, discounted", [one.discounted_benefits for one in options]),
        row("What is left: benefits less costs, discounted", [one.net for one in options], is_total=True),
    )


def _in_year(one: OptionFigures, year: int) -> Decimal | None:
    return by_year(one.costs).get(year)


def _scores(appraisal: Appraisal) -> tuple[Row, ...]:
    if not appraisal.criteria:
        return ()
    options = appraisal.options
    rows = []
    for criterion in appraisal.criteria:
        cells = []
        for one in options:
            score = one.scores.get(criterion.pk)
            cells.append(Shown(str(score[0]), score[1]) if score else Shown("Not scored"))
        rows.append(Row(f"{criterion.name} ({criterion.weight})", tuple(cells)))
    total = tuple(_placed(score_words(one.score), one.rank_by_score) for one in options)
    price = tuple(_placed(amount_words(one.cost_per_point), one.rank_by_cost) for one in options)
    return (
        *rows,
        Row("Weighted score, of 5", total, is_total=True),
        Row("Discounted cost of each point", price, is_total=True),
    )


def _placed(words: str, place: int | None) -> Shown:
    return Shown(words, f"Place {place}" if place else "", place == 1)


def _tests(appraisal: Appraisal) -> list[TestLine]:
    if len(appraisal.options) < 2 or not appraisal.weighed.by_score():
        return []
    names = {one.option.pk: one.option.name for one in appraisal.options}
    criteria = {row.pk: row.name for row in appraisal.criteria}

    def line(turn: Turn[int, int]) -> TestLine:
        more = "more" if turn.by > 0 else "less"
        if turn.criterion is not None:
            change = f"“{criteria[turn.criterion]}” counts {abs(turn.by)} points {more}"
        else:
            change = f"“{names[turn.option or 0]}” costs {abs(turn.by)}% {more}"
        return TestLine(
            change,
            _first(turn.best_by_score, names, turns=turn.turns_score),
            _first(turn.best_by_cost, names, turns=turn.turns_cost),
            turn.turns_score or turn.turns_cost,
        )

    return [line(turn) for turn in turns(appraisal.weighed)]


def _stays(appraisal: Appraisal) -> str:
    """Who comes first as things stand, by score and by cost: what most changes leave as it is."""
    names = {one.option.pk: one.option.name for one in appraisal.options}
    said = [f"the best score stays with {listed([names[pk] for pk in sorted(appraisal.weighed.best_by_score)])}"]
    if best := appraisal.weighed.best_by_cost:
        said.append(f"the least cost for each point with {listed([names[pk] for pk in sorted(best)])}")
    return listed(said)


def _first(best: frozenset[int], names: dict[int, str], *, turns: bool) -> str:
    if not best:
        return NOT_RECORDED
    who = listed([names[pk] for pk in sorted(best)])
    return f"Now {who}" if turns else f"Still {who}"


def amount_words(amount: Decimal | None) -> str:
    """Whole pounds, or that nothing is recorded."""
    return NOT_RECORDED if amount is None else money(amount.quantize(Decimal(1)))


def score_words(score: Decimal | None) -> str:
    """Two places, or that it is not scored on everything."""
    return NOT_SCORED if score is None else f"{score.quantize(Decimal('0.01')).normalize():f}"
