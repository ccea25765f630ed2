"""Analyse at a glance: its groups of activities, its topics, and what its key questions came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from commissioning.dossier import QuestionLine
from commissioning.models import AnalyseTopic, Commission
from commissioning.selectors import dossiers
from commissioning.selectors.plan_stage import Group, groups_of
from commissioning.selectors.sheets import ShownSheet, shown_sheets
from commissioning.sheets import sheet_of
from commissioning.states import CommissionState
from organisation.formatting import listed

ANALYSE = CommissionState.ANALYSE.value
#: The sheets of this page, by key.
TOPICS, LISTS = "topics", ("existing", "future_locations")


@dataclass(frozen=True)
class TopicSection:
    """One topic: what was found, or why it does not apply; without words where neither is written."""

    name: str
    words: str
    does_not_apply: bool
    url: str

    @property
    def status(self) -> tuple[str, str]:
        """The words and the tone of its tag."""
        if not self.words:
            return "Missing", "amber"
        return ("Does not apply", "grey") if self.does_not_apply else ("Written", "green")


@dataclass(frozen=True)
class AnalyseAtAGlance:
    """Everything the page prints."""

    groups: tuple[Group, ...]
    topics: tuple[TopicSection, ...]
    sheets: Sequence[ShownSheet]
    questions: tuple[QuestionLine, ...]

    @property
    def missing(self) -> str:
        """Which topics nobody has settled, in words; nothing where all are."""
        missing = [topic.name.lower() for topic in self.topics if not topic.words]
        return listed(missing) if missing else ""


def analyse_stage(commission: Commission, *, may_write: bool) -> AnalyseAtAGlance:
    """The page of one commission: five statements, whatever the rows."""
    here = reverse("commissioning:analyse_stage", args=[commission.pk])
    return AnalyseAtAGlance(
        groups=groups_of(commission, ANALYSE),
        topics=topics_of(commission),
        sheets=shown_sheets([row for row in map(sheet_of, LISTS) if row], commission, may_write=may_write, here=here),
        questions=dossiers.questions_of(commission, ANALYSE),
    )


def topics_of(commission: Commission) -> tuple[TopicSection, ...]:
    """Every topic, written or not, in one statement."""
    written = {row.topic: row for row in AnalyseTopic.objects.filter(commission=commission, removed_at__isnull=True)}
    return tuple(_section(commission, topic, written.get(topic.value)) for topic in AnalyseTopic.Topic)


def _section(commission: Commission, topic: AnalyseTopic.Topic, row: AnalyseTopic | None) -> TopicSection:
    if row is None:
        add = reverse("commissioning:add_sheet_row", args=[commission.pk, TOPICS])
        return TopicSection(str(topic.label), "", does_not_apply=False, url=f"{add}?topic={topic.value}")
    url = reverse("commissioning:sheet_row", args=[commission.pk, TOPICS, row.pk])
    return TopicSection(str(topic.label), row.words, does_not_apply=row.does_not_apply, url=url)
