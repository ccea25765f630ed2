"""Phases: steps that many stories take alike, written once and put into a timeline by name.

A timeline may hold ``[60, "@begin"]``: the steps of the phase "begin" from 60 working days ago on. A third part says
what is different here, by act: ``{"deliver": {"because": "…"}}``; an act given as null is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Step = list[Any]


class UnknownPhase(LookupError):
    """A timeline names a phase that the file does not hold."""


def told_out(timeline: Iterable[Step], phases: Mapping[str, list[Step]]) -> list[Step]:
    """The timeline with every phase replaced by its steps."""
    steps: list[Step] = []
    for row in timeline:
        if row[1].startswith("@"):
            steps += _steps_of(row, phases)
        else:
            steps.append(row)
    return steps


def _steps_of(row: Step, phases: Mapping[str, list[Step]]) -> list[Step]:
    ago, name = row[0], row[1].removeprefix("@")
    if name not in phases:
        raise UnknownPhase(name)
    changed: Mapping[str, Any] = row[2] if len(row) > 2 else {}
    if unknown := set(changed) - {step[2] for step in phases[name]}:
        raise UnknownPhase(f"{name} has no {', '.join(sorted(unknown))}")
    return [
        [ago - after, at, act, (details[0] if details else {}) | (changed.get(act) or {})]
        for after, at, act, *details in phases[name]
        if act not in changed or changed[act] is not None
    ]
