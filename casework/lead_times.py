"""How much time a queue must be given: refused below the least, warned of below what is clean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from casework.blockers import Blocker
from casework.routing import Route, Rules
from organisation.formatting import counted, day

# Reading R6: only Legal has a lead time. The figures themselves are rule data.
_FIGURES = {"legal": ("legal_lead_minimum", "legal_lead_clean")}


@dataclass(frozen=True)
class LeadTime:
    """The calendar days between asking and needing an answer, held against the two figures of the rules."""

    queue: str
    days: int
    least: int
    clean: int

    @property
    def is_too_short(self) -> bool:
        """Refused, unless it is urgent and says why."""
        return self.days < self.least

    @property
    def is_short(self) -> bool:
        """Accepted, with a warning to both sides."""
        return self.least <= self.days < self.clean


def lead_time(queue: str, needed_by: date | None, today: date, rules: Rules) -> LeadTime | None:
    """The lead time that ``needed_by`` leaves a queue; None where the queue has none or no date is asked for."""
    if queue not in _FIGURES or needed_by is None:
        return None
    least, clean = (int(rules.amount(key)) for key in _FIGURES[queue])
    return LeadTime(queue, (needed_by - today).days, least, clean)


def least_notice(queue: str, every: Iterable[Rules]) -> int | None:
    """The fewest calendar days that a queue is given unless it is urgent; None for a queue that has no lead time."""
    if queue not in _FIGURES:
        return None
    return max((int(rules.amount(_FIGURES[queue][0])) for rules in every), default=None)


def lead_blockers(
    routes: Iterable[Route], needed_by: date | None, urgent_reason: str, today: date, rules: Rules
) -> Iterator[Blocker]:
    """Framework 4.2, reading R6: too short a lead is refused unless it is marked urgent with a reason."""
    for found in routes:
        lead = lead_time(found.queue, needed_by, today, rules)
        if lead and lead.is_too_short and not urgent_reason.strip() and needed_by:
            yield Blocker(
                "needed_by",
                f"{found.queue.replace('_', ' ').capitalize()} needs at least {counted(lead.least, 'day')}, and "
                f"{day(needed_by)} is {counted(lead.days, 'day')} away. Choose a later date, or say why it is urgent",
                anchor="id_needed_by",
            )


def lead_warning(lead: LeadTime | None) -> str:
    """The sentence for both sides where the lead is short, or urgent; nothing where it is clean."""
    if lead is None or lead.days >= lead.clean:
        return ""
    urgent = "urgent: " if lead.is_too_short else ""
    return f"{urgent}asked {counted(lead.days, 'day')} before it is needed; {counted(lead.clean, 'day')} is comfortable"
