"""The catalogue of activities as everybody may read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from casework.models import Queue
from commissioning.models import Activity
from commissioning.states import STAGES
from organisation.models import Person
from organisation.standing import standing_of


@dataclass(frozen=True)
class Entry:
    """One activity in words. ``framework`` names the council's way of working where a person sees several."""

    key: str
    name: str
    definition: str
    expected: str
    owner: str
    functions: str
    relevant_when: str
    framework: str


@dataclass
class Group:
    """The activities of one group of a stage."""

    name: str
    entries: list[Entry] = field(default_factory=list)


def catalogue_for(person: Person) -> list[tuple[str, list[Group]]]:
    """Every activity in force, by stage and group, in two statements."""
    organisations = standing_of(person).organisations
    rows = list(
        Activity.objects.in_force().filter(framework__organisations__in=organisations).select_related("framework")
        .distinct()
    )  # fmt: skip
    frameworks = {row.framework_id for row in rows}
    queues = Queue.objects.filter(framework__in=frameworks).values_list("framework_id", "key", "name")
    names = {(framework_id, key): name for framework_id, key, name in queues}
    found: dict[str, dict[str, Group]] = {stage: {} for stage in STAGES}
    for row in rows:
        group = found[row.stage].setdefault(row.group, Group(row.group.replace("_", " ").capitalize()))
        others = [names.get((row.framework_id, key), key.replace("_", " ").capitalize()) for key in row.others]
        group.entries.append(
            Entry(
                key=row.key,
                name=row.name,
                definition=row.definition,
                expected=row.output_prompt,
                owner=str(row.get_owner_display()),
                functions=", ".join(others),
                relevant_when=row.relevant_when,
                framework=row.framework.name if len(frameworks) > 1 else "",
            )
        )
    return [(str(stage.label), list(found[stage].values())) for stage in STAGES]
