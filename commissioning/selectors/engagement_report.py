"""Engagement counted over many commissions, and what people say of the impact form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Sum

from casework.querysets import visible_cases
from commissioning.models import Engagement
from documents.models import Answer
from documents.states import PaperState
from organisation import clock
from organisation.models import Person

MOST = 200
EASE, BETTER = "form_ease", "form_better"
EASE_WORDS = {"easy": "Easy", "fair": "All right", "hard": "Hard"}


@dataclass(frozen=True)
class KindCount:
    """How much of one type was held: entries, the commissions they belong to, and people who took part."""

    key: str
    name: str
    entries: int
    commissions: int
    people: int


def years() -> list[int]:
    """The years a reader can choose: this one and the four before."""
    this = clock.today().year
    return list(range(this, this - 5, -1))


def by_kind(person: Person, year: int | None = None) -> list[KindCount]:
    """Every type with what was held of it, in commissions the person may see; one statement."""
    rows = _held(person, year).order_by().values("kind")
    found = {
        row["kind"]: row
        for row in rows.annotate(
            entries=Count("pk"), commissions=Count("commission", distinct=True), people=Sum("took_part")
        )
    }
    none = {"entries": 0, "commissions": 0, "people": 0}
    return [
        KindCount(kind.value, str(kind.label), row["entries"], row["commissions"], row["people"] or 0)
        for kind in Engagement.Kind
        for row in (found.get(kind.value, none),)
    ]


def of_kind(person: Person, kind: str, year: int | None = None) -> list[Engagement]:
    """The newest entries behind a number, with their commissions; one statement."""
    rows = _held(person, year).filter(kind=kind).select_related("commission__case_file")
    return list(rows.order_by("-takes_place_on", "-pk")[:MOST])


def _held(person: Person, year: int | None) -> Any:
    rows = Engagement.objects.held().visible_to(person)
    if year is not None:
        rows = rows.filter(takes_place_on__range=(date(year, 1, 1), date(year, 12, 31)))
    return rows


@dataclass(frozen=True)
class FormOpinion:
    """What one team said of the form."""

    reference: str
    path: str
    on: datetime
    ease: str
    better: str


@dataclass(frozen=True)
class FormOpinions:
    """All of them, and how many found it easy, fair or hard."""

    rows: tuple[FormOpinion, ...]
    counts: tuple[tuple[str, int], ...]


def form_feedback(person: Person) -> FormOpinions:
    """The answers in submitted assessments of commissions the person may see, newest first; one statement."""
    answers = (
        Answer.objects.filter(
            visible_cases(person, prefix="paper__case_file__"),
            question_key__in=(EASE, BETTER),
            is_offered=False,
            paper__template_key="full_impact_assessment",
            paper__state=PaperState.SUBMITTED,
        )
        .order_by("-paper_id", "question_key")
        .values_list(
            "paper_id", "question_key", "value", "saved_at", "paper__case_file__reference", "paper__case_file__path"
        )
    )
    papers: dict[int, dict[str, Any]] = {}
    for paper_id, key, value, saved_at, reference, path in answers[: MOST * 2]:
        said = papers.setdefault(paper_id, {"on": saved_at, "reference": reference, "path": path})
        said[key] = str(value or "")
    rows = tuple(
        FormOpinion(
            said["reference"],
            said["path"],
            said["on"],
            EASE_WORDS.get(said.get(EASE, ""), said.get(EASE, "")),
            said.get(BETTER, ""),
        )
        for said in papers.values()
    )
    counts = Counter(row.ease for row in rows)
    return FormOpinions(rows, tuple((words, counts[words]) for words in EASE_WORDS.values()))
