"""The effects of a commission as a sheet, and what the full assessment waits for."""

from __future__ import annotations

from collections.abc import Sequence

from casework.blockers import Blocker
from casework.deadlines import register_deadline_kind
from casework.lifecycle import exit_check
from commissioning.forms.impact import ImpactEffectForm
from commissioning.models.impact import ImpactEffect
from commissioning.services import impact
from commissioning.sheets import Column, Sheet, register_sheet
from documents.models import Answer, Paper
from organisation.formatting import counted

FULL = "full_impact_assessment"
#: Answers of the full assessment that tell of harm, and the part of the effects that each is about.
AREA_OF = {
    "age": "age",
    "disability": "disability",
    "sex": "sex",
    "race": "race",
    "religion": "religion",
    "orientation": "orientation",
    "gender_reassignment": "reassignment",
    "pregnancy": "pregnancy",
    "marriage": "marriage",
    "gap_income": "income",
    "gap_place": "place",
    "gap_groups": "left_out",
    "carbon": "carbon",
}
HARM = ("negative", "mixed", "widens", "raises")


IMPACT_EFFECTS = Sheet(
    key=ImpactEffect.SHEET,
    title="Effects and actions",
    one="an effect",
    model=ImpactEffect,
    form=ImpactEffectForm,
    activity="evaluate_impact",
    intro="Who gains, who may lose, and what is done about it. Harm needs an action with an owner and a date, or the "
    "reason why it is right to go on.",
    empty="No effect is entered yet.",
    rank=("area", "pk"),
    related=("owner",),
    beside=("Impact assessment", "commissioning:impact"),
    home="commissioning:impact",
    on_saved=impact.effect_saved,
    on_removed=impact.effect_removed,
    columns=(
        Column("Effect", str),
        Column("Good or bad", lambda row: str(row.get_effect_display())),
        Column("Inequality", lambda row: str(row.get_gap_display())),
        Column("How we know", lambda row: row.evidence),
        Column("Action", lambda row: row.action_words),
    ),
)


@exit_check(Paper, "submit")
def harm_is_dealt_with(paper: Paper) -> Sequence[Blocker]:
    """The full assessment is submitted once every harm has an action or a reason; two statements, for it alone."""
    if paper.template_key != FULL:
        return []
    rows = list(
        ImpactEffect.objects.filter(commission__case_file=paper.case_file_id, removed_at__isnull=True).only(
            "commission_id", "area", "who", "effect", "gap", "action", "owner_id", "due_on", "justification"
        )
    )
    said = Answer.objects.filter(paper=paper, is_offered=False, question_key__in=AREA_OF).values_list(
        "question_key", "value"
    )
    harmed = {row.area for row in rows if row.is_harm}
    missing = [AREA_OF[key] for key, value in said if value in HARM and AREA_OF[key] not in harmed]
    found = [
        Blocker(
            f"effect:{row.pk}",
            f"{row}: does harm, with neither an action nor a reason to go on",
            "commissioning:sheet_row",
            (row.commission_id, IMPACT_EFFECTS.key, row.pk),
        )
        for row in rows
        if not row.is_settled
    ]
    if missing:
        names = ", ".join(str(ImpactEffect.Area(area).label) for area in missing)
        commission_id = paper.case_file.commission.pk
        found.append(
            Blocker(
                "effects",
                f"{counted(len(missing), 'answer')} {'tells' if len(missing) == 1 else 'tell'} of harm without an "
                f"entry among the effects: {names}",
                "commissioning:sheet",
                (commission_id, IMPACT_EFFECTS.key),
            )
        )
    return found


def register_own() -> None:
    """Register the sheet, and the actions that fall due."""
    register_sheet(IMPACT_EFFECTS)
    register_deadline_kind(impact.IMPACT_ACTION, "Actions of impact assessments", source=impact.actions_due)
