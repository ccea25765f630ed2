"""Results as the pages show them: a sheet for one period, and what is measured with its last results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from contracts.models import Contract, Indicator, IndicatorReading
from contracts.periods import Period, latest_ended, period_words, periods_begun
from contracts.ratings import TONES, quantity, target_words
from contracts.selectors.due import is_wanted, reading_days, rules_for
from contracts.states import READ_IN, Interval, Rating
from organisation.formatting import day, in_days, sentence_start

SHOWN_BEFORE = 4


@dataclass(frozen=True)
class Result:
    """One period's result in words, rated by word and colour."""

    period: str
    value: str
    rating: str = ""
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One measure on the page of a period. ``is_open`` while its result can still be given or changed."""

    indicator: Indicator
    reading: IndicatorReading | None
    before: list[Result]
    is_open: bool

    @property
    def target(self) -> str:
        """The target in words."""
        return target_words(self.indicator.target, self.indicator.unit, self.indicator.direction)

    @property
    def now(self) -> Result | None:
        """What is recorded of this period."""
        return result_of(self.reading, self.indicator) if self.reading else None


@dataclass(frozen=True)
class Sheet:
    """The page of one period."""

    period: Period
    rows: list[SheetRow]
    version: int
    due_words: str
    state_words: str
    periods: list[dict[str, Any]] = field(default_factory=list)


def result_of(reading: IndicatorReading, indicator: Indicator) -> Result:
    """One reading in words."""
    name = period_words(reading.starts_on, reading.ends_on)
    if reading.value is None:
        return Result(name, "Not recorded", note=reading.comment)
    rating = Rating(reading.rating)
    note = ". ".join(part for part in (reading.comment, _override(reading)) if part)
    return Result(name, quantity(reading.value, indicator.unit), str(rating.label), TONES[rating], note)


def sheet_of(contract: Contract, interval: str, number: int, today: date) -> Sheet | None:
    """The page of one period in two statements; nothing where the period has not begun or has no measure."""
    if contract.starts_on is None or contract.state not in READ_IN:
        return None
    begun = periods_begun(contract.starts_on, contract.ends_on, interval, today)
    if not 1 <= number <= len(begun):
        return None
    one = begun[number - 1]
    measures = [
        indicator
        for indicator in Indicator.objects.filter(contract=contract, interval=interval).order_by("pk")
        if is_wanted(indicator, one)
    ]
    if not measures:
        return None
    first = begun[max(number - 1 - SHOWN_BEFORE, 0)].starts_on
    found: dict[int, dict[date, IndicatorReading]] = {}
    for reading in IndicatorReading.objects.filter(
        indicator__in=measures, starts_on__gte=first, starts_on__lte=one.starts_on
    ).order_by("starts_on"):
        found.setdefault(reading.indicator_id, {})[reading.starts_on] = reading
    ended = latest_ended(begun, today)
    is_past = ended is not None and one.number < ended.number
    rows = []
    for indicator in measures:
        own = found.get(indicator.pk, {})
        now = own.get(one.starts_on)
        rows.append(
            SheetRow(
                indicator=indicator,
                reading=now,
                before=_before(indicator, begun[max(number - 1 - SHOWN_BEFORE, 0) : number - 1], own),
                is_open=not (is_past and now is not None and now.value is not None),
            )
        )
    due_on = one.due_on(reading_days(rules_for(contract)))
    return Sheet(
        period=one,
        rows=rows,
        version=sum(row.reading.version for row in rows if row.reading),
        due_words=f"{day(due_on)}, {in_days(due_on, today)}",
        state_words="" if not is_past else "A later period has ended, so what is recorded here stands.",
        periods=_neighbours(contract, interval, begun, number),
    )


def indicators_of(contract: Contract) -> list[Any]:
    """The contract's measures with the last result of each, in one statement."""
    last = IndicatorReading.objects.filter(indicator=OuterRef("pk"), value__isnull=False).order_by("-starts_on")
    return list(
        Indicator.objects.filter(contract=contract)
        .annotate(
            last_value=Subquery(last.values("value")[:1]),
            last_rating=Subquery(last.values("rating")[:1]),
            last_comment=Subquery(last.values("comment")[:1]),
            last_starts_on=Subquery(last.values("starts_on")[:1]),
            last_ends_on=Subquery(last.values("ends_on")[:1]),
        )
        .order_by("pk")
    )


def measure_lines(measures: Sequence[Any]) -> list[dict[str, Any]]:
    """Each measure with its target and its last result, in words."""
    return [
        {
            "pk": measure.pk,
            "name": measure.name,
            "outcome": measure.outcome,
            "target": target_words(measure.target, measure.unit, measure.direction),
            "baseline": _size(measure.baseline, measure.unit, "None recorded"),
            "interval": str(Interval(measure.interval).label),
            "source": measure.source_of_data or "Not recorded",
            "value": _size(measure.last_value, measure.unit, "No result yet"),
            "period": period_words(measure.last_starts_on, measure.last_ends_on) if measure.last_starts_on else "",
            "rating": str(Rating(measure.last_rating).label) if measure.last_rating else "",
            "tone": TONES[Rating(measure.last_rating)] if measure.last_rating else "",
            "comment": measure.last_comment or "",
            "is_safeguarding": measure.is_safeguarding,
        }
        for measure in measures
    ]


def wanted_periods(contract: Contract, measures: Sequence[Indicator], today: date) -> list[dict[str, str]]:
    """For each interval in use, the period whose results are wanted: the last that ended, or the first, under way."""
    if contract.starts_on is None or contract.state not in READ_IN:
        return []
    days = reading_days(rules_for(contract))
    found = []
    for interval in Interval:
        own = [measure for measure in measures if measure.interval == interval]
        begun = periods_begun(contract.starts_on, contract.ends_on, interval, today) if own else []
        one = latest_ended(begun, today) or (begun[-1] if begun else None)
        if one is None:
            continue
        if not any(is_wanted(measure, one) for measure in own):
            one = begun[-1]
        due_on = one.due_on(days)
        found.append(
            {
                "title": f"{interval.label}: {one}",
                "url": reverse("contracts:readings", args=[contract.pk, interval.value, one.number]),
                "note": f"Wanted by {day(due_on)}. {sentence_start(in_days(due_on, today))}",
            }
        )
    return found


def _before(indicator: Indicator, periods: list[Period], own: dict[date, IndicatorReading]) -> list[Result]:
    """The periods before, oldest first; one without a result says so."""
    found = []
    for one in periods:
        reading = own.get(one.starts_on)
        if reading is not None:
            found.append(result_of(reading, indicator))
        elif is_wanted(indicator, one):
            found.append(Result(str(one), "Not recorded"))
    return found


def _neighbours(contract: Contract, interval: str, begun: list[Period], number: int) -> list[dict[str, Any]]:
    around = begun[max(number - 3, 0) : number + 2]
    return [
        {
            "label": str(one),
            "url": reverse("contracts:readings", args=[contract.pk, interval, one.number]),
            "is_current": one.number == number,
        }
        for one in around
    ]


def _override(reading: IndicatorReading) -> str:
    if not reading.rating_reason:
        return ""
    return f"Rated {reading.rating} instead of {reading.computed}: {reading.rating_reason}"


def _size(value: Decimal | None, unit: str, without: str) -> str:
    return without if value is None else quantity(value, unit)
