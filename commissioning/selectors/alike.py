"""Commissions and contracts that look like what somebody is about to register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Case, CharField, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce

from casework.models import CaseFile
from commissioning.title_words import MOST_READ, MOST_SHOWN, words_of
from organisation.models import Person

#: How alike two titles are to PostgreSQL's trigrams, from 0 to 1: misspelt words still count.
ALIKE_ENOUGH = 0.3
# What the same category adds, and the same service area beside it.
SAME_CATEGORY, SAME_AREA = 0.2, 0.2

_categories: list[str] = []
_parties: list[str] = []


def register_alike(*, category: str, party: str) -> None:
    """Let a room say by which columns of a case file its records have a category and a supplier."""
    _categories.append(category)
    _parties.append(party)


@dataclass(frozen=True)
class Alike:
    """A record that may be the same need, and why it is named. ``party`` is its supplier, if it has one."""

    case_id: int
    reference: str
    title: str
    path: str
    commissioner: str
    because: str
    party: str = ""


def alike(
    person: Person,
    title: str,
    *,
    organisations: Iterable[int],
    category: int | None = None,
    area: int | None = None,
    leave_out: Q | None = None,
    reads_misspelt: bool = True,
) -> list[Alike]:
    """Open commissions and contracts with a like title or of the same category, whose ever; the most alike first.

    Only what the person may see, without ``leave_out``. One statement, that reads at most 200 rows.
    """
    wanted = words_of(title)
    like = Q(pk__in=[])
    for word in wanted:
        like |= Q(title__icontains=word)
    trigrams = reads_misspelt and connection.vendor == "postgresql" and bool(title.strip())
    rows: Any = CaseFile.objects.visible_to(person).filter(
        organisation__in=list(organisations), kind__in=["commission", "contract"], is_open=True
    )
    if leave_out is not None:
        rows = rows.exclude(leave_out)
    rows = rows.annotate(
        in_category=Coalesce("commission__category", *_categories, "root__commission__category"),
        party=Coalesce(*_parties, Value(""), Value(""), output_field=CharField()),
    )
    if trigrams:
        rows = rows.annotate(closeness=TrigramSimilarity("title", title))
        like |= Q(closeness__gte=ALIKE_ENOUGH)
    # Of a category there may be very many: they never push out what is called the same.
    rows = rows.annotate(by_title=Case(When(like, then=Value(0)), default=Value(1), output_field=IntegerField()))
    if category:
        like |= Q(in_category=category)
    found = []
    names = ["pk", "reference", "title", "path", "in_category", "party", "service_area_id"]
    columns = rows.filter(like).order_by("by_title", "-changed_at")
    for row in columns.values(*names, *(["closeness"] if trigrams else []), holder_name=F("holder__name"))[:MOST_READ]:
        likeness, because = _likeness(row, wanted)
        if category and row["in_category"] == category:
            here = area is not None and row["service_area_id"] == area
            likeness += SAME_CATEGORY + (SAME_AREA if here else 0)
            same = "the same category and service area" if here else "the same category"
            because = f"{because}, and {same}" if because else same.removeprefix("the ")
        if because:
            found.append((likeness, row, because))
    found.sort(key=lambda one: (-one[0], one[1]["pk"]))
    return [
        Alike(
            row["pk"],
            row["reference"],
            row["title"],
            row["path"],
            row["holder_name"] or "Nobody yet",
            because,
            row["party"],
        )
        for _, row, because in found[:MOST_SHOWN]
    ]


def _likeness(row: dict[str, Any], wanted: frozenset[str]) -> tuple[float, str]:
    """How alike the titles are, and why that is said; nothing below a half of the shorter one's words."""
    theirs = words_of(row["title"])
    shared = wanted & theirs
    likeness = len(shared) / min(len(wanted), len(theirs)) if theirs and wanted else 0
    if likeness >= 0.5:
        return likeness, f"similar title: {', '.join(sorted(shared))}"
    if row.get("closeness", 0) >= ALIKE_ENOUGH:
        return row["closeness"], "similar title"
    return likeness, ""
