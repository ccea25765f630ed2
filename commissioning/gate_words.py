"""What each gate is called, is for, and commits the council to (framework 6)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GateWords:
    """One gate in words: its paper, what the decision is about, and what an approval commits."""

    paper: str
    asks: str
    commits: str


WORDS = {
    1: GateWords(
        "initiation document",
        "Is the need understood well enough, and are the aims right, to spend people's time on planning?",
        "People and time to start the project. No money is committed to a provider.",
    ),
    3: GateWords(
        "outline business case",
        "Of all the ways to meet the need, is this the best, and should it go ahead of others?",
        "Further effort, such as writing tender documents. No contract is made by it.",
    ),
    4: GateWords(
        "full business case",
        "With the price and the provider known, should the council enter into this?",
        "The council to a contract: what it spends, and what it must do.",
    ),
}
NEEDS = {
    "required": "Required",
    "expected": "Expected",
    "optional": "Optional",
    "not_required": "Not required",
}


def title_of(number: int) -> str:
    """Gate 3: outline business case."""
    return f"Gate {number}: {WORDS[number].paper}"
