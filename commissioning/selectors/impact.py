"""What the assessments found, for the page of a commission's impact and for whoever decides at a gate."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from commissioning.models import Commission, ImpactEffect
from organisation import clock
from organisation.models import Person
from organisation.permissions import may


@dataclass(frozen=True)
class ShownEffect:
    """One effect: whom it touches, whether it hurts, and what is done about it."""

    name: str
    effect: str
    tone: str
    gap: str
    evidence: str
    action: str
    tag: str
    tag_tone: str
    change_url: str
    done_url: str


TONES = {"positive": "green", "neutral": "grey", "negative": "red"}


def effects_of(commission: Commission, person: Person, *, may_write: bool = False) -> list[ShownEffect]:
    """The effects that stand, harm first, in one statement."""
    rows = ImpactEffect.objects.of(commission)
    return [_shown(row, commission, person, may_write=may_write) for row in rows]


def _shown(row: ImpactEffect, commission: Commission, person: Person, *, may_write: bool) -> ShownEffect:
    row.commission = commission
    tag, tone = _standing(row)
    open_action = row.has_action and row.done_on is None and commission.case_file.is_open
    return ShownEffect(
        name=str(row),
        effect=str(row.get_effect_display()),
        tone=TONES[row.effect],
        gap=str(row.get_gap_display()),
        evidence=row.evidence,
        action=row.action_words,
        tag=tag,
        tag_tone=tone,
        change_url=reverse("commissioning:sheet_row", args=[commission.pk, ImpactEffect.SHEET, row.pk])
        if may_write
        else "",
        done_url=reverse("commissioning:impact_done", args=[commission.pk, row.pk])
        if open_action and may(person, "impact.finish_action", row)
        else "",
    )


def _standing(row: ImpactEffect) -> tuple[str, str]:
    if row.done_on is not None:
        return "Done", "green"
    if row.has_action:
        return ("Overdue", "red") if row.due_on and row.due_on < clock.today() else ("Open", "amber")
    if row.is_harm:
        return ("Accepted", "amber") if row.justification else ("Nothing said", "red")
    return "", ""
