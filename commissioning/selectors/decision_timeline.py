"""A formal decision as a timeline: each step with its date, what it waits for, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from casework.routing import Rules
from commissioning.decision_clock import Periods, call_in_ends, earliest_decision, implement_from, notice_ends
from commissioning.models import Commission, DecisionEntry
from organisation import clock
from organisation.formatting import counted, day, money
from organisation.statutory_figures import days_of
from organisation.working_days import ENGLAND, holidays_of

KEY_DECISION = "key_decision"


@dataclass(frozen=True)
class Step:
    """One step: its name, its date in words, a note, and whether it lies behind us."""

    name: str
    when: str
    note: str = ""
    is_past: bool = False


@dataclass(frozen=True)
class Timeline:
    """The standing entry with its steps; ``acts`` are the keys of the forms that come next."""

    entry: DecisionEntry
    steps: tuple[Step, ...]
    acts: tuple[tuple[str, str], ...]


def periods_on(on: date) -> Periods:
    """The clear days that the law asks for on a day."""
    return Periods(days_of("key_decision.notice", on), days_of("key_decision.general_exception", on))


def timeline_of(commission: Commission) -> Timeline | None:
    """The entry that stands, in one statement once the calendar was read."""
    entry = DecisionEntry.objects.filter(commission=commission, withdrawn_at=None).select_related("route").first()
    return shown(entry) if entry else None


def shown(entry: DecisionEntry) -> Timeline:
    """Its steps in order."""
    holidays, today = holidays_of(ENGLAND), clock.today()
    earliest = earliest_decision(
        entry.notice, entry.published_on, entry.agreed_on, periods_on(entry.published_on or today)
    )
    ends = notice_ends(earliest)

    def step(name: str, on: date | None, note: str = "", waiting: str = "Not yet") -> Step:
        return Step(name, day(on) if on else waiting, note, on is not None and on <= today)

    steps = []
    if entry.notice != DecisionEntry.Notice.NOT_KEY:
        if entry.agreed_on and not entry.published_on:
            steps.append(step("Special urgency agreed", entry.agreed_on, entry.agreed_by))
        else:
            steps.append(step("Entry published", entry.published_on, entry.get_notice_display()))
            steps.append(step("Notice ends", ends, f"It may be decided from {day(earliest)} on" if earliest else ""))
    planned = f"Planned for {day(entry.planned_on)}" if entry.planned_on else "Not taken yet"
    steps.append(step("Decision", entry.decided_on, _who(entry), planned))
    if entry.decided_on:
        steps += _after(entry, step, holidays)
    return Timeline(entry, tuple(steps), tuple(_acts(entry)))


def _who(entry: DecisionEntry) -> str:
    return f"{entry.decided_by}, {entry.decision_reference}" if entry.decided_by else entry.route.name


def _after(entry: DecisionEntry, step: Callable[..., Step], holidays: AbstractSet[date]) -> list[Step]:
    published = entry.decision_published_on
    found = [step("Decision published", published)]
    assert entry.decided_on is not None
    if entry.call_in_waived_because:
        found.append(Step("Call-in", "Does not apply", entry.call_in_waived_because, True))
    elif entry.call_in_days is not None:
        last = call_in_ends(published, entry.call_in_days, holidays) if published else None
        note = f"{counted(entry.call_in_days, 'working day')} after publication"
        found.append(step("Call-in ends", last, note, "Counted from publication"))
    if entry.called_in_on:
        found.append(step("Called in", entry.called_in_on))
        found.append(step("Call-in settled", entry.call_in_settled_on, entry.call_in_outcome))
    free = implement_from(
        entry.decided_on,
        published,
        entry.call_in_days,
        call_in_waived=bool(entry.call_in_waived_because),
        called_in_on=entry.called_in_on,
        settled_on=entry.call_in_settled_on,
        holidays=holidays,
    )
    found.append(step("May be put into effect", free, "Award and signing wait for this day", "Nobody can say yet"))
    return found


def _acts(entry: DecisionEntry) -> list[tuple[str, str]]:
    found = []
    if entry.decided_on is None:
        found.append(("decide", "Record the decision"))
    else:
        if entry.decision_published_on is None:
            found.append(("publish", "Record its publication"))
        if entry.called_in_on is None and entry.call_in_days is not None and not entry.call_in_waived_because:
            found.append(("call-in", "Record a call-in"))
        elif entry.called_in_on is not None and entry.call_in_settled_on is None:
            found.append(("settle", "Settle the call-in"))
    return [*found, ("withdraw", "Withdraw this entry")]


def key_words(value: Decimal | None, rules: Rules) -> str:
    """Whether the council's own money level makes this a key decision; empty where no level is set or it is below."""
    level = rules.figures.get(KEY_DECISION)
    if level is None or value is None or value < level.amount:
        return ""
    return (
        f"{money(value)} reaches this council's level for a key decision ({money(level.amount)}). Enter it in the "
        "forward plan, unless the decision belongs to no executive body."
    )
