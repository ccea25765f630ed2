"""What the page of an exercise shows of a tender, of its standstill, and of challenges to it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from organisation.formatting import counted, day, money, percent
from procurement import guards
from procurement.dossier import ExerciseDossier
from procurement.models import Exercise
from procurement.states import ExerciseState, RunBy

S = ExerciseState
NO_CONTACT = (
    "No direct contact. Until the award, nobody talks to a possible bidder about this except through the questions "
    "that everyone can read."
)
WHILE_OPEN = (S.OPEN, S.EVALUATING, S.DECIDED)


def banner(dossier: ExerciseDossier) -> str:
    """Framework 10: the words over a tender that is under way."""
    if words := waiting(dossier):
        return f"{words} Until then the tender can only be read."
    return NO_CONTACT if dossier.is_sourcing and dossier.exercise.state in WHILE_OPEN else ""


def tender_rows(dossier: ExerciseDossier, links: dict[str, str]) -> list[tuple[str, str, str]]:
    """What the tender is published with; nothing for quotes."""
    if not dossier.is_sourcing:
        return []
    exercise = dossier.exercise
    change = links.get("tender", "")
    rows = [
        ("Timetable", timetable(exercise), change),
        ("Lots", exercise.lots, change),
        ("Award criteria", _criteria(dossier), links.get("criteria", "")),
        ("Social value", exercise.social_value, change),
        ("Market engagement", _engagement(exercise), change),
    ]
    if exercise.state == S.PLANNED:
        rows.append(("Draft contract", _draft_contract(dossier), ""))
    if exercise.published_on:
        rows.append(("Tender notice", f"{exercise.notice_reference}, {day(exercise.published_on)}", ""))
    if exercise.bids is not None:
        rows.append(("Bids", counted(exercise.bids, "bid"), ""))
    return rows


def timetable(exercise: Exercise) -> str:
    """The days that are planned, a line each."""
    planned = (
        ("Published", exercise.published_on or exercise.publish_on),
        ("Deadline for bids", exercise.deadline_on),
        ("Evaluated", exercise.evaluate_by),
        ("Awarded", exercise.award_by),
        ("Contract starts", exercise.starts_on),
    )
    return "\n".join(f"{label}: {day(on)}" for label, on in planned if on)


def _criteria(dossier: ExerciseDossier) -> str:
    rows = dossier.tender.criteria
    if not rows:
        return ""
    total = percent(sum(row.weight for row in rows))
    lines = [f"{row.name}: {percent(row.weight)}" for row in rows]
    return "\n".join([*lines, f"Together: {total}"])


def _engagement(exercise: Exercise) -> str:
    if exercise.had_engagement is None:
        return ""
    if exercise.engagement_explanation:
        notice = f"Notice {exercise.engagement_notice}. " if exercise.engagement_notice else ""
        return f"{notice}The tender publishes why there was no notice before: {exercise.engagement_explanation}"
    if not exercise.had_engagement:
        return "None took place"
    if exercise.engagement_notice:
        return f"Notice {exercise.engagement_notice}"
    return "It took place without a notice; not explained yet"


def _draft_contract(dossier: ExerciseDossier) -> str:
    tender = dossier.tender
    if not tender.legal_state:
        return "Attached" if tender.draft_contracts else "Not attached"
    if tender.legal_state != "answered":
        return "With Legal"
    words = {"agreed": "Agreed with Legal", "agreed_with_conditions": "Agreed with Legal, on conditions"}
    return words.get(tender.legal_answer, "Not agreed with Legal")


def after_rows(dossier: ExerciseDossier, links: dict[str, str]) -> list[tuple[str, str, str]]:
    """The confirmation and the standstill of what CCPS ran."""
    exercise = dossier.exercise
    if exercise.run_by != RunBy.CCPS or exercise.state not in (S.DECIDED, S.AWARDED):
        return []
    rows = []
    if not dossier.is_sourcing:
        who = exercise.confirmed_by.label if exercise.confirmed_by else ""
        rows.append(
            ("Recommendation", f"Confirmed by {who}, {day(exercise.confirmed_at)}" if who else "Not confirmed", "")
        )
    if exercise.state == S.AWARDED:
        change = links.get("standstill", "")
        rows.append(("Standstill", _standstill(exercise), change))
        if exercise.chosen:
            rows.append(
                (
                    "Price including VAT",
                    f"{money(exercise.chosen.amount_inc_vat)}, which the Act’s thresholds are compared to",
                    "",
                )
            )
    return rows


def _standstill(exercise: Exercise) -> str:
    if not exercise.standstill_basis:
        return ""
    parts = [exercise.get_standstill_basis_display()]
    if exercise.award_notice_on:
        parts.append(f"Award notice: {day(exercise.award_notice_on)}")
    if exercise.standstill_ends_on:
        parts.append(f"Last day: {day(exercise.standstill_ends_on)}")
    if exercise.standstill_reason:
        parts.append(exercise.standstill_reason)
    return "\n".join(parts)


def challenge_lines(dossier: ExerciseDossier, *, may_run: bool) -> list[dict[str, Any]]:
    """Each challenge with where it stands."""
    return [
        {
            "title": f"{row.raised_by}, {day(row.raised_on)}",
            "words": row.words,
            "tag": ("Open", "red") if row.is_open else ("Settled", "green"),
            "outcome": row.outcome,
            "url": reverse("procurement:settle_challenge", args=[row.exercise_id, row.pk])
            if may_run and row.is_open
            else "",
        }
        for row in dossier.challenges
    ]


def waiting(dossier: ExerciseDossier) -> str:
    """What a tender that is not published yet waits for, and what only reads meanwhile."""
    if not dossier.is_sourcing or dossier.exercise.state != S.PLANNED:
        return ""
    return " ".join(f"{blocker.words}." for blocker in guards.waits_for_gate_3(dossier.standing))


def links_of(dossier: ExerciseDossier) -> dict[str, str]:
    """The pages that are used in the present state, beside those of prices and the decision."""
    found: dict[str, str] = {}
    exercise = dossier.exercise
    if exercise.run_by != RunBy.CCPS or waiting(dossier):
        return found
    names = {
        S.PLANNED: ("tender", "criteria"),
        S.DECIDED: ("challenge",),
        S.AWARDED: ("standstill", "challenge"),
    }.get(S(exercise.state), ())
    for name in names:
        if name in ("tender", "criteria") and exercise.path != "sourcing":
            continue
        found[name] = reverse(f"procurement:{name}", args=[exercise.pk])
    return found
