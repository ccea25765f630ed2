"""The sheets of what Analyse says as a whole, and what goes first among the needs."""

from __future__ import annotations

from commissioning.forms.analyse_stage import (
    AnalyseTopicForm,
    ExistingDeliveryForm,
    FutureLocationForm,
    NeedPriorityForm,
    ObjectiveServedForm,
    PreferenceForm,
)
from commissioning.models import (
    AnalyseTopic,
    ExistingDelivery,
    FutureLocation,
    NeedPriority,
    ObjectiveServed,
    Preference,
)
from commissioning.sheets import Column, Sheet, register_sheet
from commissioning.states import CommissionState

NEEDS_ASSESSMENT = "needs_assessment"
WRITE = "activity.write"
#: The key question that asks what is delivered already, by its key in the framework.
EXISTING_QUESTION = "analyse_existing"

PRIORITIES = Sheet(
    key="need_priorities",
    title="Priorities",
    one="a priority",
    model=NeedPriority,
    form=NeedPriorityForm,
    activity=NEEDS_ASSESSMENT,
    intro="What goes first when not everything can be done at once, and why.",
    empty="No priority is written down yet.",
    rank=("place", "pk"),
    columns=(
        Column("Priority", lambda row: row.words),
        Column("Place", lambda row: str(row.place), is_number=True),
        Column("Why", lambda row: row.reason),
    ),
)
PREFERENCES = Sheet(
    key="preferences",
    title="Preferences",
    one="a preference",
    model=Preference,
    form=PreferenceForm,
    activity=NEEDS_ASSESSMENT,
    intro="What people say they would like. A wish is not yet a need, and it counts.",
    empty="No preference is written down yet.",
    columns=(
        Column("Preference", lambda row: row.words),
        Column("Whose", lambda row: row.group),
        Column("Source", lambda row: row.source),
    ),
)
OBJECTIVES = Sheet(
    key="objectives_served",
    title="Objectives of the council",
    one="an objective",
    model=ObjectiveServed,
    form=ObjectiveServedForm,
    activity=NEEDS_ASSESSMENT,
    intro="Which objectives of the council meeting these needs would serve.",
    empty="No objective is written down yet.",
    rank=("objective__order", "pk"),
    related=("objective",),
    columns=(
        Column("Objective", lambda row: row.objective.name),
        Column("How it is served", lambda row: row.how),
    ),
)


def _record(row: ExistingDelivery) -> str:
    return row.record.reference if row.record else ""


EXISTING = Sheet(
    key="existing",
    title="What the council does already",
    one="a contract or service",
    model=ExistingDelivery,
    form=ExistingDeliveryForm,
    permission=WRITE,
    also_in=(NEEDS_ASSESSMENT,),
    asked_in=CommissionState.ANALYSE,
    intro="Contracts and in-house services in the same field.",
    empty="Nothing is linked yet.",
    related=("record",),
    beside=("Search the contracts register and in-house services", "commissioning:existing"),
    columns=(
        Column("Contract or service", lambda row: row.name),
        Column("How it is delivered", lambda row: str(row.get_kind_display())),
        Column("Record", _record, link=lambda row: row.record.path if row.record else ""),
        Column("How well it is used", lambda row: row.note),
    ),
)
LOCATIONS = Sheet(
    key="future_locations",
    title="Where it will be needed",
    one="an area",
    model=FutureLocation,
    form=FutureLocationForm,
    permission=WRITE,
    asked_in=CommissionState.ANALYSE,
    intro="Areas of the council's list where the service will have to be. The overview shows them.",
    empty="No area is named yet.",
    rank=("place__order", "pk"),
    related=("place",),
    columns=(
        Column("Area", lambda row: row.place.name),
        Column("What kind of place", lambda row: str(row.place.get_setting_display())),
        Column("Why there", lambda row: row.why),
    ),
)


def topic_words(row: AnalyseTopic) -> str:
    """What is said on a topic; what does not apply says so first."""
    return f"Does not apply. {row.words}" if row.does_not_apply else row.words


TOPICS = Sheet(
    key="topics",
    title="Topics of the analysis",
    one="a topic",
    model=AnalyseTopic,
    form=AnalyseTopicForm,
    permission=WRITE,
    intro="Six topics that every analysis looks at. What does not apply says why.",
    empty="Nothing is written down yet.",
    home="commissioning:analyse_stage",
    parts="topic",
    columns=(
        Column("Topic", lambda row: str(row.get_topic_display())),
        Column("What was found", topic_words),
    ),
)


def register_own() -> None:
    """Register these sheets."""
    for sheet in (PRIORITIES, PREFERENCES, OBJECTIVES, EXISTING, LOCATIONS, TOPICS):
        register_sheet(sheet)
