"""A yes in the form "Evaluate the impact" asks the function concerned, once the form is submitted."""

from __future__ import annotations

from casework.lifecycle import effect_of
from commissioning.models import CommissionActivity
from commissioning.services import asks
from documents.models import Answer, Paper
from organisation.actors import Actor
from organisation.models import Person

FORM, ACTIVITY = "activity_evaluate_impact", "evaluate_impact"
#: The flag of the rules that a yes to a question of the form raises.
FLAGS = {"impact_people": "staff_transfer", "impact_carbon": "carbon_effect", "impact_data": "personal_data"}


@effect_of(Paper, "submit")
def _impact_submitted(paper: Paper, *, by: Actor, note: str = "", **_: object) -> None:
    """Raise the flags that were not raised on the activity's page before; one that is raised asks nobody twice."""
    if paper.template_key != FORM or not isinstance(by, Person):
        return
    activity = (
        CommissionActivity.objects.select_for_update(of=("self",))
        .filter(commission__case_file=paper.case_file_id, activity__key=ACTIVITY)
        .select_related(*CommissionActivity.door_reads)
        .first()
    )
    if activity is None:
        return
    said = Answer.objects.filter(paper=paper, question_key__in=FLAGS, is_offered=False)
    answers = dict(said.values_list("question_key", "value"))
    raised = sorted({FLAGS[key] for key, value in answers.items() if value == "yes"} - set(activity.flags))
    if not raised:
        return
    activity.flags = sorted({*activity.flags, *raised})
    activity.version += 1
    activity.save(update_fields=["flags", "version"])
    asks.raise_flags(activity, raised, by=by)
