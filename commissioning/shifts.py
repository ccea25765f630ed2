"""What a change of facts comes to: how a commission stands before and after, and the difference in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from casework.routing import Facts, Requirements, Route, Rules

GATES = {
    1: "Gate 1, initiation document",
    2: "Gate 2, procurement request",
    3: "Gate 3, outline business case",
    4: "Gate 4, full business case",
}
FIRMNESS = {
    "not_required": "not required",
    "optional": "optional",
    "expected": "expected",
    "required": "required",
}


@dataclass(frozen=True)
class Stand:
    """How a commission stands under its rules at one moment; all empty while it has no value."""

    rules: Rules
    facts: Facts | None = None
    needs: Requirements | None = None
    routes: tuple[Route, ...] = ()


@dataclass
class Shift:
    """What a change of facts came to, in words for the banner and the page."""

    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped)

    @property
    def words(self) -> str:
        """One line for the banner; empty when nothing moved."""
        parts = []
        if self.added:
            parts.append(f"Added: {'; '.join(self.added)}.")
        if self.dropped:
            parts.append(f"No longer asked: {'; '.join(self.dropped)}.")
        if self.told:
            parts.append(f"Told now: {', '.join(self.told)}.")
        return " ".join(parts)


def compare(before: Stand, after: Stand, *, in_short: bool = False) -> Shift:
    """What the second moment asks that the first did not, and the other way round; ``in_short`` without the why."""
    shift = Shift()
    if after.needs is None or before.needs is None:
        return shift
    if after.needs.band.key != before.needs.band.key:
        who = "" if in_short else f" (who buys: {after.needs.who_buys})"
        shift.added.append(f"tier {after.needs.band.name}{who}")
        shift.dropped.append(f"tier {before.needs.band.name}")
    if after.needs.overlay and not before.needs.overlay:
        names = ", ".join(after.facts.criteria.values()) if after.facts else ""
        shift.added.append(f"high risk: {names}")
    elif before.needs.overlay and not after.needs.overlay:
        shift.dropped.append("high risk")
    for number, name in GATES.items():
        was, now = before.needs.gate(number), after.needs.gate(number)
        if was == now:
            continue
        order = list(FIRMNESS)
        words = f"{name}: {FIRMNESS[now]}"
        (shift.added if order.index(now) > order.index(was) else shift.dropped).append(words)
    was_routed = {found.rule_key for found in before.routes}
    now_routed = {found.rule_key for found in after.routes}
    shift.added += [
        found.rule_name if in_short else f"{found.rule_name} ({found.because_beside_rule})"
        for found in after.routes
        if found.rule_key not in was_routed
    ]
    shift.dropped += [found.rule_name for found in before.routes if found.rule_key not in now_routed]
    return shift
