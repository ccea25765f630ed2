"""The key dates of a contract: as a list for everyone, and as the numbers a drawing is made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from contracts.models import Contract, ExtensionOption
from contracts.months import end_after, length_words, months_after, months_between, months_words
from contracts.states import ContractState
from organisation.formatting import day, in_days, sentence_start

WIDTH = 1150
BAR_NEEDS = 9  # about as wide as one letter of a bar's label
LABEL_GAP = 12
MOST_TICKS = 8
TICK_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
SOON = 92
S = ContractState


@dataclass(frozen=True)
class KeyDate:
    """One entry of the list under the drawing."""

    label: str
    day: str
    note: str = ""
    mark: str = ""
    tone: str = "calm"


@dataclass(frozen=True)
class Bar:
    """A stretch of time in the drawing: the committed term, or one option."""

    kind: str
    x: int
    width: int
    label: str
    words_x: int = 0

    @property
    def middle(self) -> int:
        """Where a centred label stands."""
        return self.x + self.width // 2

    @property
    def label_width(self) -> int:
        """How wide a box behind the label is."""
        return len(self.label) * BAR_NEEDS

    @property
    def label_x(self) -> int:
        """Where that box begins."""
        return self.middle - self.label_width // 2


@dataclass(frozen=True)
class Mark:
    """A day in the drawing. ``is_right`` puts its words to the left of it, so that they stay inside."""

    kind: str
    x: int
    label: str
    is_right: bool = False

    @property
    def label_x(self) -> int:
        """Where the words stand."""
        return self.x - 10 if self.is_right else self.x + 12


@dataclass(frozen=True)
class Tick:
    """A month under the bar."""

    x: int
    label: str
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    """Everything the SVG needs, in its own units."""

    width: int
    description: str
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)


@dataclass(frozen=True)
class KeyDates:
    """What the strip at the top of a contract's page shows."""

    sentence: str
    dates: list[KeyDate]
    drawing: Drawing | None
    deadline: dict[str, Any] | None


def key_dates_of(contract: Contract, options: list[ExtensionOption], today: date) -> KeyDates:
    """Work the strip out from the term, the options that are left and the next review."""
    unused = [option for option in options if option.used_at is None]
    act_by = next((option.notice_by for option in unused if option.notice_by and option.notice_by >= today), None)
    last_end = contract.ends_on
    for option in unused:
        last_end = end_after(last_end, option.months) if last_end else None
    start_words = "Starts" if _is_ahead(contract.starts_on, today) else "Started"
    dates = [KeyDate(start_words, day(contract.starts_on), _signed(contract))]
    review = contract.review_on
    if review:
        dates.append(KeyDate("First review", day(review), _far(review, today), mark="review"))
    if act_by:
        note = f"{_far(act_by, today)}. To use option {unused[0].number}"
        dates.append(KeyDate("Last date to act", day(act_by), note, mark="act", tone=_tone(act_by, today)))
    dates.append(KeyDate("Initial end" if unused else "Ends", day(contract.ends_on), _far(contract.ends_on, today)))
    if unused:
        words = {1: "If the option is used", 2: "If both options are used"}.get(len(unused), "If all options are used")
        dates.append(KeyDate("Last possible end", day(last_end), words))
    return KeyDates(
        sentence=_sentence(contract, unused, act_by, today),
        dates=dates,
        drawing=_drawing(contract, unused, act_by, last_end, today),
        deadline=_deadline(contract, act_by, today),
    )


def _sentence(contract: Contract, unused: list[ExtensionOption], act_by: date | None, today: date) -> str:
    if contract.starts_on is None or contract.ends_on is None:
        return "The term is not recorded yet."
    if act_by:
        return (
            f"Give notice by {day(act_by)} to use option {unused[0].number}, "
            f"or the contract ends on {day(contract.ends_on)}."
        )
    verb = "ended" if contract.ends_on < today else "ends"
    options = "" if unused else " There is no option to extend it."
    return f"The contract {verb} on {day(contract.ends_on)}.{options}"


def _deadline(contract: Contract, act_by: date | None, today: date) -> dict[str, Any] | None:
    if contract.state == S.TERMINATED:
        return None
    known = (
        (act_by, "Last date to act"),
        (contract.review_on, "First review"),
        (contract.ends_on, "Ends"),
        (contract.starts_on, "Starts"),
    )
    ahead = [(when, label) for when, label in known if when and when >= today]
    if not ahead:
        return None
    when, label = min(ahead)
    return {"label": label, "day": day(when), "words": _far(when, today), "tone": _tone(when, today, soft=label)}


def _tone(when: date, today: date, soft: str = "Last date to act") -> str:
    if (when - today).days > SOON:
        return "calm"
    return "late" if soft == "Last date to act" else "soon" if soft == "Ends" else "calm"


def _far(when: date | None, today: date) -> str:
    if when is None or when < today:
        return ""
    return sentence_start(in_days(when, today))


def _signed(contract: Contract) -> str:
    return f"Signed {day(contract.signed_at)}" if contract.signed_at else "Not signed yet"


def _is_ahead(when: date | None, today: date) -> bool:
    return when is not None and when > today


def _drawing(
    contract: Contract, unused: list[ExtensionOption], act_by: date | None, last_end: date | None, today: date
) -> Drawing | None:
    first, ends_on = contract.starts_on, contract.ends_on
    if first is None or ends_on is None or last_end is None:
        return None
    days = (last_end - first).days + 1

    def at(when: date) -> int:
        return round((when - first).days * WIDTH / days)

    bars = [_bar("committed", 0, at(end_after(ends_on, 0)), f"Committed term, {length_words(first, ends_on)}")]
    begins = ends_on
    for option in unused:
        until = end_after(begins, option.months)
        label = f"Option {option.number}, {months_words(option.months)}"
        bars.append(_bar("option", at(begins), at(until) - at(begins), label))
        begins = until
    marks = []
    if contract.review_on and first <= contract.review_on <= last_end:
        marks.append(Mark("review", at(contract.review_on), "First review"))
    if act_by and first <= act_by <= last_end:
        marks.append(Mark("act", at(act_by), "Last date to act", is_right=at(act_by) > WIDTH * 0.8))
    if first <= today <= last_end:
        marks.append(Mark("today", at(today), f"Today, {day(today)}", is_right=at(today) > WIDTH * 0.5))
    bars[0] = _clear_of(bars[0], [mark.x for mark in marks])
    words = [f"From {day(first)} to {day(ends_on)}"]
    words += [f"then {bar.label or 'an option'}" for bar in bars[1:]]
    return Drawing(WIDTH, ", ".join(words), bars, marks, _ticks(first, last_end, at))


def _bar(kind: str, x: int, width: int, label: str) -> Bar:
    width = max(width, 2)
    return Bar(kind, x, width, label if len(label) * BAR_NEEDS < width else "")


def _clear_of(bar: Bar, marks: list[int]) -> Bar:
    """Move the bar's label to the right of any mark that would stand on it, or leave it out."""
    words_x = bar.x + LABEL_GAP
    for mark in sorted(marks):
        if words_x - LABEL_GAP < mark < words_x + bar.label_width:
            words_x = mark + LABEL_GAP
    fits = words_x + bar.label_width <= bar.x + bar.width
    return replace(bar, words_x=words_x, label=bar.label if fits else "")


def _ticks(first: date, last: date, at: Any) -> list[Tick]:
    months = max(1, months_between(first, last))
    step = next((step for step in TICK_STEPS if months / step <= MOST_TICKS), TICK_STEPS[-1])
    ticks = []
    for months_on in range(0, months + 1, step):
        when = months_after(first, months_on)
        x = min(at(when), WIDTH)
        anchor = "start" if x < WIDTH * 0.05 else "end" if x > WIDTH * 0.95 else "middle"
        ticks.append(Tick(x, f"{when:%b %Y}", anchor))
    return ticks
