"""The steps before a contract's end at which somebody is asked what follows. Pure functions of dates and rules."""

from __future__ import annotations

from datetime import date

from casework.routing import Rules
from contracts.months import months_after

# The figures of the rules that say how many months ahead, the earliest first (framework 18).
STEPS = ("contract_ending_first", "contract_ending_second", "contract_ending_third", "contract_ending_last")


def steps_of(rules: Rules) -> list[int]:
    """How many months before its end a contract is raised, by its rules."""
    return [int(rules.figures[key].amount) for key in STEPS if key in rules.figures]


def reached(ends_on: date | None, steps: list[int], on: date) -> list[int]:
    """The steps whose day has come: so many months before the end, or the last day of a shorter month."""
    if ends_on is None or ends_on < on:
        return []
    return [months for months in steps if months_after(ends_on, -months) <= on]


def step_of(ends_on: date | None, steps: list[int], on: date) -> int | None:
    """The step a contract is at on a day, in months before its end; None before the first and after the end."""
    return min(reached(ends_on, steps, on), default=None)
