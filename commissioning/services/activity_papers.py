"""The form of an activity: begun from the activity's page, and the activity with it."""

from __future__ import annotations

import uuid

from django.db.models import OuterRef, Subquery

from casework import door
from casework.audit import audited
from casework.blockers import Blocker
from casework.lifecycle import exit_check
from casework.refusals import Refused
from commissioning.models import Commission
from commissioning.selectors.activity_papers import paper_key, plan_line
from commissioning.services.values import locked_open, refuse
from commissioning.states import ActivityState
from documents.models import Answer, Paper, Question
from documents.services import papers
from organisation.actors import System
from organisation.models import Person

OPEN = (ActivityState.RELEVANT, ActivityState.IN_PROGRESS)


def begin_form(commission: Commission, activity: str, *, by: Person, act_id: uuid.UUID | None = None) -> Paper:
    """Begin the form of an activity (by its key), or return the one that was begun. The activity begins with it.

    Raises ``Refused`` where the plan does not have the activity, it is settled, or the commission has ended, and
    ``NoTemplate`` where the framework has no form for it.
    """
    verb = "activity.form"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{commission.pk}:{activity}"):
        commission = locked_open(commission, by=by, act="activity.write", verb=verb, stands="its forms stand")
        line = plan_line(commission, activity)
        if line is None:
            no_plan = Refused("This activity is not in the plan of this commission.")
            refuse(no_plan, verb=verb, subject=commission, by=by)
        if line.state not in OPEN:
            settled = Refused(f"This activity is marked “{line.get_state_display()}”, so its form is not begun.")
            refuse(settled, verb=verb, subject=commission, by=by)
        paper = papers.begin(commission.case_file, paper_key(activity), by=by)
        if line.state == ActivityState.RELEVANT:
            door.carry_out(line, "begin", by=System(because="Its form was begun"))
        return paper


NEEDS_PAPER = paper_key("needs_assessment")
#: The two questions of the needs form of which one has to be answered (N-084), in the section "places".
ON_PLACES = ("needs_rural_access", "needs_deprived_areas")


@exit_check(Paper, "submit")
def _asks_about_places(paper: Paper) -> list[Blocker]:
    """Nobody looks past both distance and poverty: rural access or deprived areas is answered."""
    if paper.template_key != NEEDS_PAPER:
        return []
    asked = set(
        Question.objects.filter(section__template=paper.template_id, key__in=ON_PLACES)
        .annotate(
            said=Subquery(
                Answer.objects.filter(paper=paper, question_key=OuterRef("key"), is_offered=False).values("value")[:1]
            )
        )
        .values_list("key", "said")
    )
    if not asked or any(str(said or "").strip() for _, said in asked):
        return []
    words = "Places: answer how rural places reach it, or what is different in the areas with the least money"
    return [Blocker("places", words, "documents:section", (paper.pk, "places"), anchor=f"question-{ON_PLACES[0]}")]
