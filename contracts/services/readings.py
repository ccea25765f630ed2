"""Recording results by period, and keeping what is still wanted among the deadlines."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from casework import door
from casework.audit import audited, record, record_refusal
from casework.refusals import NotPermitted, Refused, Stale
from casework.services import deadlines
from contracts.models import Contract, Indicator, IndicatorReading
from contracts.periods import Period, latest_ended, periods_begun
from contracts.ratings import quantity, rating_of
from contracts.selectors.due import READING, given_of, is_wanted, of_readings, reading_days, reading_key, rules_for
from contracts.states import READ_IN, Rating
from organisation import clock
from organisation.models import Person
from organisation.permissions import may


@dataclass(frozen=True)
class Entry:
    """What somebody typed for one indicator; ``rating`` is empty unless it is given instead of the one worked out."""

    value: Decimal | None = None
    evidence: str = ""
    comment: str = ""
    rating: str = ""
    rating_reason: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed at all."""
        return self == Entry()


def record_results(
    contract: Contract,
    interval: str,
    number: int,
    entries: Mapping[int, Entry],
    *,
    version: int,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> list[IndicatorReading]:
    """Keep the results of one period, as far as they are known; the rest can follow.

    The rating is worked out from the stored thresholds; another one needs a reason, and a red one a comment. Results
    of a period stand once a later period has ended; what is missing there can still be given. ``version`` is what
    ``sheet_version`` said when the form was opened.

    Raises ``NotPermitted``, ``Refused`` with what is missing, and ``Stale`` with the other person's results.
    """
    verb = "indicator.readings"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{contract.pk}:{interval}:{number}"):
        row = _locked(contract, verb, by)
        begun = _begun(row, interval)
        if not 1 <= number <= len(begun):
            raise Refused("This period has not begun.")
        one = begun[number - 1]
        measures = {indicator.pk: indicator for indicator in measures_of(row, interval, one)}
        known = readings_of(measures.values(), one)
        if version != sheet_version(known.values()):
            raise Stale("Someone else recorded results after you opened this page.", _theirs(measures, known, entries))
        is_past = stands(one, begun, clock.today())
        changed = [
            reading
            for pk, entry in entries.items()
            if pk in measures and (reading := _entered(measures[pk], known.get(pk), one, entry, by, is_past=is_past))
        ]
        if not changed:
            return []
        IndicatorReading.objects.bulk_create([reading for reading in changed if reading.pk is None])
        IndicatorReading.objects.bulk_update(
            [reading for reading in changed if reading.version > 1],
            [*_TYPED, "computed", "recorded_at", "recorded_by", "version"],
        )
        record(
            verb=verb,
            subject=row,
            changes={"period": str(one)} | {str(reading.indicator): _words(reading) for reading in changed},
        )
        _keep_period(row, interval, one)
        return changed


_TYPED = ("value", "evidence", "comment", "rating", "rating_reason")


def measures_of(contract: Contract, interval: str, one: Period) -> list[Indicator]:
    """The indicators that ask for a result of a period."""
    rows = Indicator.objects.filter(contract=contract, interval=interval).order_by("pk")
    return [indicator for indicator in rows if is_wanted(indicator, one)]


def readings_of(indicators: Iterable[Indicator], one: Period) -> dict[int, IndicatorReading]:
    """What is recorded of a period, by indicator."""
    rows = IndicatorReading.objects.filter(indicator__in=indicators, starts_on=one.starts_on)
    return {reading.indicator_id: reading for reading in rows.select_related("recorded_by")}


def sheet_version(readings: Iterable[IndicatorReading]) -> int:
    """A number that grows with every change to the results of a period."""
    return sum(reading.version for reading in readings)


def stands(one: Period, begun: Sequence[Period], today: date) -> bool:
    """Whether a period's results can no longer be changed: a later one has ended since."""
    ended = latest_ended(list(begun), today)
    return ended is not None and one.number < ended.number


def keep_deadlines(contract: Contract) -> None:
    """Add what is wanted now and was not before: at going live, or with a new indicator."""
    measures = list(Indicator.objects.filter(contract=contract).order_by("pk"))
    if measures and contract.state in READ_IN:
        wanted = of_readings(contract, measures, given_of(measures), reading_days(rules_for(contract)), clock.today())
        deadlines.put_all(wanted)


def _keep_period(contract: Contract, interval: str, one: Period) -> None:
    """Finish the period's deadline when its last result came, or have it stand again."""
    measures = measures_of(contract, interval, one)
    given = given_of(measures)
    if all((indicator.pk, one.starts_on) in given for indicator in measures):
        deadlines.finish_deadline(contract.case_file, READING, reading_key(interval, one))
        return
    days = reading_days(rules_for(contract))
    for due in of_readings(contract, measures, given, days, clock.today()):
        if due.key == reading_key(interval, one):
            deadlines.put(due)


def _entered(
    indicator: Indicator,
    reading: IndicatorReading | None,
    one: Period,
    entry: Entry,
    by: Person,
    *,
    is_past: bool,
) -> IndicatorReading | None:
    """The row as it is to be, unsaved; nothing when nothing changed. Raises ``Refused`` where something is missing."""
    if reading is None:
        if entry.is_blank:
            return None
        reading = IndicatorReading(indicator=indicator, starts_on=one.starts_on, ends_on=one.ends_on, version=0)
    reading.indicator = indicator
    before = tuple(getattr(reading, name) for name in _TYPED)
    was_given = reading.value is not None
    reading.value, reading.evidence, reading.comment = entry.value, entry.evidence, entry.comment
    reading.computed = reading.rating = reading.rating_reason = ""
    if entry.value is not None:
        reading.computed = rating_of(
            entry.value, target=indicator.target, tolerance=indicator.tolerance, direction=indicator.direction
        )
        reading.rating = entry.rating or reading.computed
        if reading.rating != reading.computed:
            reading.rating_reason = entry.rating_reason
    if tuple(getattr(reading, name) for name in _TYPED) == before:
        return None
    if is_past and was_given:
        raise Refused(f"The results for {one} stand: a later period has ended since.")
    for missing in missing_of(indicator, entry).values():
        raise Refused(f"{missing}.")
    reading.recorded_at, reading.recorded_by = clock.now(), by
    reading.version += 1
    return reading


def missing_of(indicator: Indicator, entry: Entry) -> dict[str, str]:
    """What an entry lacks, by field: the form shows it there, the service refuses with it."""
    if entry.value is None:
        if entry.rating:
            return {"value": f"Enter the result of {indicator.name}, or leave its rating as worked out"}
        return {}
    computed = rating_of(
        entry.value, target=indicator.target, tolerance=indicator.tolerance, direction=indicator.direction
    )
    found = {}
    if entry.rating and entry.rating != computed and not entry.rating_reason.strip():
        found["rating_reason"] = (
            f"Say why {indicator.name} is {entry.rating}, when its result makes it {computed.value}"
        )
    if (entry.rating or computed) == Rating.RED and not entry.comment.strip():
        found["comment"] = f"Write a comment on {indicator.name}: it is red"
    return found


def _begun(contract: Contract, interval: str) -> list[Period]:
    if contract.state not in READ_IN or contract.starts_on is None:
        raise Refused("Results are recorded once the contract is live.")
    return periods_begun(contract.starts_on, contract.ends_on, interval, clock.today())


def _words(reading: IndicatorReading) -> str:
    if reading.value is None:
        return "saved part-way"
    words = f"{quantity(reading.value, reading.indicator.unit)}, {Rating(reading.rating).label.lower()}"
    if reading.rating_reason:
        words += f" given instead of {Rating(reading.computed).label.lower()}: {reading.rating_reason}"
    return words


def _theirs(
    measures: Mapping[int, Indicator], known: Mapping[int, IndicatorReading], entries: Mapping[int, Entry]
) -> dict[str, str]:
    found = {}
    for pk, reading in known.items():
        entry = entries.get(pk, Entry())
        if (entry.value, entry.evidence, entry.comment) != (reading.value, reading.evidence, reading.comment):
            reading.indicator = measures[pk]
            parts = [_words(reading), reading.evidence, reading.comment]
            found[str(measures[pk])] = "; ".join(part for part in parts if part)
    return found


def _locked(contract: Contract, verb: str, by: Person) -> Contract:
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "case_file__holder", "case_file__organisation__framework", "commission__rules_version"
    )
    row = rows.get(pk=contract.pk)
    if not may(by, "indicator.record", row):
        words = door.who_words("indicator.record", row)
        record_refusal(verb=verb, subject=row, by=by, words=words)
        raise NotPermitted(words)
    return row
