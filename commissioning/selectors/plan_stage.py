"""Plan at a glance: its groups of activities, its key decisions, and what its key questions can be answered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef
from django.urls import reverse
from django.utils.dateparse import parse_date

from commissioning.models import Commission, CommissionActivity, Engagement
from commissioning.models.plan import KeyDecision, MakeOrBuyFinding, VoluntarySkills
from commissioning.return_pages import with_back
from commissioning.selectors import dossiers
from commissioning.selectors.folding import Folded
from commissioning.selectors.options import Appraisal, appraisal_of
from commissioning.selectors.options_shown import amount_words
from commissioning.states import ActivityState, CommissionState
from organisation.formatting import counted, day

PLAN = CommissionState.PLAN.value
MOST_ENTRIES = 10


@dataclass(frozen=True)
class Known:
    """Something other records already say to a key question, and where it stands."""

    words: str
    url: str


@dataclass(frozen=True)
class Decision:
    """One key decision of the stage; without words where nothing is decided yet."""

    about: str
    decision: str
    on: date | None
    url: str


@dataclass(frozen=True)
class Group:
    """One group of activities, and how many are done."""

    name: str
    done: int
    wanted: int
    typical: tuple[str, ...]

    @property
    def words(self) -> str:
        """2 of 5 completed."""
        return f"{self.done} of {self.wanted} completed" if self.wanted else "None needed"


@dataclass(frozen=True)
class PlanAtAGlance:
    """Everything the page prints."""

    groups: tuple[Group, ...]
    decisions: tuple[Decision, ...]
    voluntary: Mapping[str, str] | None
    voluntary_url: str
    questions: tuple[tuple[str, str, Sequence[Known]], ...]


def plan_stage(commission: Commission) -> PlanAtAGlance:
    """The page of one commission: five statements, whatever the rows."""
    lists = _lists(commission)
    made = {row["about"]: row for row in lists.ps_decisions}
    sheet = reverse("commissioning:sheet", args=[commission.pk, "voluntary_skills"])
    known = _known_answers(commission, lists)
    return PlanAtAGlance(
        groups=groups_of(commission),
        decisions=tuple(_decision(commission, about, made.get(about.value)) for about in KeyDecision.About),
        voluntary=lists.ps_voluntary[0] if lists.ps_voluntary else None,
        voluntary_url=sheet,
        questions=tuple(
            (f"{line.number}. {line.text}", line.answer, known.get(line.number, ()))
            for line in dossiers.questions_of(commission, PLAN)
        ),
    )


def _lists(commission: Commission) -> Any:
    """The key decisions, the answer on community groups, the study's finding and the talks, in one statement."""
    mine: dict[str, Any] = {"commission": OuterRef("pk"), "removed_at__isnull": True}
    decisions = KeyDecision.objects.filter(**mine)
    voluntary = VoluntarySkills.objects.filter(**mine)[:1]
    finding = MakeOrBuyFinding.objects.filter(**mine)[:1]
    talks = Engagement.objects.with_market().filter(**mine).order_by("-takes_place_on", "-pk")[:MOST_ENTRIES]
    return Commission.objects.annotate(
        ps_decisions=Folded(decisions, "pk", "about", "decision", "decided_on"),
        ps_voluntary=Folded(voluntary, "skills", "why_none"),
        ps_finding=Folded(finding, "way", "reasons"),
        ps_talks=Folded(talks, "title", "takes_place_on", "heard"),
    ).get(pk=commission.pk)


def groups_of(commission: Commission, stage: str = PLAN) -> tuple[Group, ...]:
    """The groups of a stage's activities in the catalogue's order, in one statement."""
    rows = CommissionActivity.objects.filter(commission=commission, activity__stage=stage)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for group, state, name, typical in rows.order_by("activity__order", "activity_id").values_list(
        "activity__group", "state", "activity__name", "activity__typical_duration"
    ):
        found.setdefault(group, []).append((state, name, typical))
    return tuple(
        Group(
            name=group.replace("_", " ").capitalize(),
            done=sum(state == ActivityState.DONE for state, _, _ in lines),
            wanted=sum(state != ActivityState.NOT_RELEVANT for state, _, _ in lines),
            typical=tuple(f"{name}: {typical}" for _, name, typical in lines if typical),
        )
        for group, lines in found.items()
    )


def _decision(commission: Commission, about: KeyDecision.About, row: Mapping[str, Any] | None) -> Decision:
    here = reverse("commissioning:plan_stage", args=[commission.pk])
    if row is None:
        url = reverse("commissioning:add_sheet_row", args=[commission.pk, "key_decisions"])
        return Decision(str(about.label), "", None, with_back(f"{url}?about={about.value}", here))
    url = with_back(reverse("commissioning:sheet_row", args=[commission.pk, "key_decisions", row["pk"]]), here)
    return Decision(str(about.label), row["decision"], parse_date(str(row["decided_on"])), url)


def _known_answers(commission: Commission, lists: Any) -> dict[int, list[Known]]:
    """What the records say to the stage's key questions, by number: two more statements.

    1: what the make or buy study recommends; 2: talks with the market; 5: what the options cost over their whole life,
    the end included.
    """
    found: dict[int, list[Known]] = {}
    for finding in lists.ps_finding:
        url = reverse("commissioning:sheet", args=[commission.pk, "make_or_buy_finding"])
        way = MakeOrBuyFinding.Way(finding["way"]).label
        found[1] = [Known(f"Make or buy study: {way}. {finding['reasons']}", url)]
    url = reverse("commissioning:engagement", args=[commission.pk])
    entries = [Known(_talk(row), url) for row in lists.ps_talks]
    if entries:
        found[2] = entries
    appraisal = appraisal_of(commission)
    costs = _whole_life(appraisal, reverse("commissioning:options", args=[commission.pk]))
    if appraisal.options:
        words = f"{counted(len(appraisal.options), 'option')} compared"
        if appraisal.preferred:
            words += f"; preferred: {appraisal.preferred.option.name}"
        found[3] = [Known(words, reverse("commissioning:options", args=[commission.pk]))]
    if costs:
        found[5] = costs
    return found


def _talk(row: Mapping[str, Any]) -> str:
    heard = f": {row['heard']}" if row["heard"] else ""
    return f"{row['title']}, {day(parse_date(str(row['takes_place_on'])))}{heard}"


def _whole_life(appraisal: Appraisal, url: str) -> list[Known]:
    return [
        Known(
            f"{one.option.name}: {amount_words(one.whole_life)} over its whole life, "
            f"{amount_words(one.of_kind('ending'))} to end it",
            url,
        )
        for one in appraisal.options
        if one.costs
    ]
