"""The options appraisal as its page, the papers and the checks read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef

from casework.models import CaseFile
from commissioning.appraisal import Line, by_year, present_value, ranks, whole_life
from commissioning.financial_years import year_of, year_words
from commissioning.models import (
    AppraisalCriterion,
    AppraisalOption,
    Commission,
    OptionCost,
    OptionPreference,
    OptionScore,
)
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from commissioning.sensitivity import Weighed
from documents.facts import pks_of
from organisation import clock
from organisation.formatting import percent
from organisation.prepared import Prepared
from organisation.statutory_figures import Figure, NoFigure, figure

DISCOUNT_RATE = "green_book.discount_rate"
BENEFIT = OptionCost.Kind.BENEFIT
COSTS = (OptionCost.Kind.SET_UP, OptionCost.Kind.RUNNING, OptionCost.Kind.ENDING)
_PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Criterion:
    """What the options are scored on."""

    pk: int
    name: str
    weight: int


@dataclass(frozen=True)
class Preference:
    """Why an option is preferred, by whom, since when."""

    because: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class OptionFigures:
    """What one option costs and scores. Amounts in pounds, excluding VAT; None where nothing is entered.

    ``scores`` are the score and the reason by criterion.
    """

    option: AppraisalOption
    lines: tuple[Line, ...]
    base_year: int
    rate: Decimal | None
    scores: Mapping[int, tuple[int, str]]
    preference: Preference | None
    places: Mapping[str, int | None] = field(default_factory=dict)
    score: Decimal | None = None
    cost_per_point: Decimal | None = None

    @property
    def rank_by_score(self) -> int | None:
        """Its place by weighted score."""
        return self.places.get("score")

    @property
    def rank_by_cost(self) -> int | None:
        """Its place by what a point of score costs."""
        return self.places.get("cost")

    def of_kind(self, kind: str) -> Decimal | None:
        """The sum of one kind of line over all years; None where there is no such line."""
        lines = [line for line in self.lines if line.kind == kind]
        return whole_life(lines) if lines else None

    @property
    def costs(self) -> tuple[Line, ...]:
        """The lines that cost."""
        return tuple(line for line in self.lines if line.kind != BENEFIT)

    @property
    def whole_life(self) -> Decimal | None:
        """Everything it costs over its life, ending it included."""
        return whole_life(self.costs) if self.costs else None

    @property
    def discounted(self) -> Decimal | None:
        """The same in money of the base year."""
        return self._present(self.costs)

    @property
    def discounted_benefits(self) -> Decimal | None:
        """What it saves or brings in, in money of the base year."""
        return self._present(tuple(line for line in self.lines if line.kind == BENEFIT))

    @property
    def net(self) -> Decimal | None:
        """Benefits less costs, in money of the base year: the net present value."""
        if self.discounted is None:
            return None
        return (self.discounted_benefits or Decimal(0)) - self.discounted

    def _present(self, lines: Sequence[Line]) -> Decimal | None:
        if not lines or self.rate is None:
            return None
        return present_value(by_year(lines), self.base_year, self.rate)


@dataclass(frozen=True)
class Appraisal:
    """The options of a commission side by side."""

    options: tuple[OptionFigures, ...]
    criteria: tuple[Criterion, ...]
    base_year: int
    rate: Figure | None

    @property
    def weights_total(self) -> int:
        """What the weights add up to."""
        return sum(row.weight for row in self.criteria)

    @property
    def years(self) -> list[int]:
        """Every year in which something is paid."""
        return sorted({year for option in self.options for year in by_year(option.costs)})

    @cached_property
    def weighed(self) -> Weighed[int, int]:
        """What the sensitivity tests move."""
        return _weighed(self.options, self.criteria)

    @property
    def preferred(self) -> OptionFigures | None:
        """The option that is preferred."""
        return next((one for one in self.options if one.preference), None)

    @property
    def rate_words(self) -> str:
        """How costs are discounted, with the source of the rate."""
        if self.rate is None:
            return "No discount rate is in force, so nothing is discounted. An administrator can enter one."
        return (
            f"Discounted at {percent(self.rate.amount)} a year to {year_words(self.base_year)}, the first year with a "
            f"cost. Source: {self.rate.source}."
        )


def appraisal_of(commission: Commission) -> Appraisal:
    """The appraisal of one commission, in two statements."""
    criteria = AppraisalCriterion.objects.filter(commission=commission, removed_at__isnull=True)
    rows = criteria.order_by("-weight", "pk").values_list("pk", "name", "weight")
    return _weigh(_options().filter(commission=commission), [Criterion(*row) for row in rows])


def appraisals_of(case_files: Sequence[CaseFile]) -> dict[int, Appraisal]:
    """The appraisals of several commissions that have options, by case file, in one statement."""
    found: dict[int, list[Any]] = {}
    for row in _APPRAISALS.rows(case_files=pks_of(case_files)):
        found.setdefault(row.commission.case_file_id, []).append(row)
    return {
        case_id: _weigh(of_case, [Criterion(**line) for line in of_case[0].ap_criteria])
        for case_id, of_case in found.items()
    }


def _appraisals(case_files: tuple[int, ...]) -> Any:
    criteria = AppraisalCriterion.objects.filter(commission=OuterRef("commission"), removed_at__isnull=True)
    rows = _options().filter(commission__case_file__in=case_files).select_related("commission")
    return rows.annotate(ap_criteria=Folded(criteria.order_by("-weight", "pk"), "pk", "name", "weight"))


_APPRAISALS: Prepared[Any] = Prepared(_appraisals)


def _options() -> Any:
    """Options with their costs, scores and preference folded in."""
    mine: dict[str, Any] = {"option": OuterRef("pk")}
    costs = OptionCost.objects.filter(removed_at__isnull=True, **mine).order_by("pk")
    scores = OptionScore.objects.filter(removed_at__isnull=True, criterion__removed_at__isnull=True, **mine)
    preferred = OptionPreference.objects.filter(superseded_at__isnull=True, **mine)
    return (
        AppraisalOption.objects.filter(removed_at__isnull=True)
        .annotate(
            ap_costs=Folded(costs, "kind", "first_year", "last_year", "amount"),
            ap_scores=Folded(scores.order_by("pk"), "criterion_id", "score", "reason"),
            ap_preferred=Folded(preferred, "because", "decided_by__name", "decided_at"),
        )
        .order_by("-is_do_nothing", "pk")
    )


def _weigh(rows: Any, criteria: Sequence[Criterion]) -> Appraisal:
    """The figures of rows already read, at the discount rate in force today."""
    found = list(rows)
    rate = rate_in_force()
    base_year = min((line["first_year"] for row in found for line in row.ap_costs), default=year_of(clock.today()))
    options = [_figures(row, base_year, rate.amount if rate else None) for row in found]
    weighed = _weighed(options, criteria)
    by_score, by_cost = weighed.by_score(), weighed.by_cost_per_point()
    score_places, cost_places = ranks(by_score, highest_first=True), ranks(by_cost, highest_first=False)
    return Appraisal(
        options=tuple(
            OptionFigures(
                one.option,
                one.lines,
                one.base_year,
                one.rate,
                one.scores,
                one.preference,
                {"score": score_places.get(one.option.pk), "cost": cost_places.get(one.option.pk)},
                by_score.get(one.option.pk),
                by_cost.get(one.option.pk),
            )
            for one in options
        ),
        criteria=tuple(criteria),
        base_year=base_year,
        rate=rate,
    )


def _figures(row: Any, base_year: int, rate: Decimal | None) -> OptionFigures:
    lines = tuple(
        Line(line["kind"], line["first_year"], line["last_year"], Decimal(str(line["amount"])).quantize(_PENNY))
        for line in row.ap_costs
    )
    scores = {line["criterion_id"]: (line["score"], line["reason"]) for line in row.ap_scores}
    preference = None
    if row.ap_preferred:
        of = row.ap_preferred[0]
        preference = Preference(of["because"], of["decided_by__name"], moment_in(of["decided_at"]))
    return OptionFigures(row, lines, base_year, rate, scores, preference)


def _weighed(options: Sequence[OptionFigures], criteria: Sequence[Criterion]) -> Weighed[int, int]:
    return Weighed(
        weights={row.pk: Decimal(row.weight) for row in criteria},
        scores={one.option.pk: {pk: score for pk, (score, _) in one.scores.items()} for one in options},
        costs={one.option.pk: one.discounted for one in options if one.discounted is not None},
    )


def rate_in_force() -> Figure | None:
    """The Green Book's discount rate in force today; None where nobody entered one."""
    try:
        return figure(DISCOUNT_RATE, clock.today())
    except NoFigure:
        return None
