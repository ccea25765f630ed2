"""What a gate's pages show: how firmly it is asked, inputs, rounds with every view, conditions, what it stands on."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from commissioning.dossier import Dossier
from commissioning.models import ApprovalStep, ApprovalView, Gate, GateCondition, GateRound, ImpactEffect
from commissioning.record_facts import authority_line, load_impact
from commissioning.selectors import dossiers
from commissioning.selectors.overview import band_words
from commissioning.states import Outcome

KINDS_TONE = {
    Outcome.APPROVED: "green",
    Outcome.WITH_CONDITIONS: "green",
    Outcome.RETURNED: "amber",
    Outcome.DEFERRED: "amber",
    Outcome.REFUSED: "red",
    Outcome.TAKEN_BACK: "grey",
}
STATE_TONES = {
    "approved": "green",
    "waived": "grey",
    "refused": "red",
    "deferred": "amber",
    "submitted": "blue",
    "drafting": "blue",
    "input_asked": "blue",
    "skipped_urgent": "amber",
}


@dataclass
class RoundShown:
    """One submission as the page tells it."""

    row: GateRound
    steps: list[tuple[ApprovalStep, list[ApprovalView]]]
    tone: str


def rounds_of(gate: Gate) -> list[RoundShown]:
    """Every submission, newest first, with its steps and what each person said, in one statement."""
    rows = (
        ApprovalView.objects.filter(step__round__gate=gate)
        .select_related("person", "given_by", "step__person", "step__round__submitted_by")
        .order_by("-step__round__number", "step__order", "pk")
    )
    found: dict[int, RoundShown] = {}
    for view in rows:
        of = view.step.round
        shown = found.setdefault(of.pk, RoundShown(of, [], KINDS_TONE.get(of.outcome, "blue")))  # type: ignore[call-overload]
        if not shown.steps or shown.steps[-1][0].pk != view.step_id:
            shown.steps.append((view.step, []))
        shown.steps[-1][1].append(view)
    return list(found.values())


def conditions_of(gate: Gate) -> list[GateCondition]:
    """Its conditions, open ones first, in one statement."""
    rows = GateCondition.objects.filter(gate=gate).select_related("owner", "met_by")
    return sorted(rows, key=lambda row: (row.met_at is not None, row.due_on, row.pk))


def why_asked(dossier: Dossier, number: int) -> str:
    """How firmly the gate is asked for, and why: "Required: £640,000 is over £500,000, and 3 high-risk …"."""
    facts, needs = dossier.facts, dossier.needs
    if facts is None or needs is None:
        return "Nothing is known of its value yet, so nothing is asked"
    return band_words(facts, needs, dossier.rules, dossier.criteria)


def impact_words(dossier: Dossier) -> str:
    """The result of the screening, and how far the full assessment is."""
    if dossier.screening_needs_full is None:
        return "Not screened yet"
    if not dossier.screening_needs_full:
        return "Screened: no full assessment needed"
    if dossier.impact_is_assessed:
        case_file = dossier.commission.case_file
        found = load_impact([case_file]).get(case_file.pk)
        return found.shown if found else "Full assessment submitted"
    return "Screened: full assessment needed, not submitted"


def effect_lines(dossier: Dossier) -> list[str]:
    """Who is affected and what is done about harm, harm first: for whoever decides. One statement once screened."""
    if dossier.screening_needs_full is None:
        return []
    rows = ImpactEffect.objects.of(dossier.commission)
    return [f"{row}. {row.get_effect_display()}. {row.get_gap_display()}. {row.action_words}".strip() for row in rows]


def authority_lines(dossier: Dossier) -> list[str]:
    """The decisions that stand, one statement."""
    return [authority_line(row) for row in dossiers.standing_authority(dossier.commission)]


def paper_link(gate: Gate | None) -> tuple[str, str] | None:
    """What the paper's link says, and where it leads."""
    if gate is None or gate.paper is None:
        return None
    if gate.paper.is_draft:
        return "Continue the paper", gate.paper.get_absolute_url()
    revision = gate.paper.revision_number
    return f"Read revision {revision}", reverse("documents:revision", args=[gate.paper.pk, revision])
