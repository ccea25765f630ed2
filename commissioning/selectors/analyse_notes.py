"""What other records offer to the activities of Analyse: lessons of the category, facts about the area."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q
from django.urls import reverse

from commissioning.activity_notes import Line, Note
from commissioning.models import AreaFact, Commission, CommissionActivity, LawChange, Lesson
from commissioning.selectors.folding import Folded
from organisation.formatting import day
from organisation.models import Person

MOST_LESSONS = 5
MOST_FACTS = 40
MOST_CHANGES = 3


def notes_on_lessons(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """The newest lessons of the same category that this review has not linked yet."""
    commission = activity.commission
    linked = Q(
        pk__in=commission.pastwork_rows.filter(removed_at__isnull=True, from_log__isnull=False).values("from_log")
    )
    rows = Lesson.objects.visible_to(viewer).filter(commission__category_id=commission.category_id or 0)
    lessons = list(
        rows.exclude(linked).exclude(commission=commission).select_related("commission__case_file").order_by("-pk")
        [:MOST_LESSONS]
    )  # fmt: skip
    if not lessons:
        return []
    lines = [
        Line(row.recommendation, row.commission.case_file.path, row.commission.case_file.reference) for row in lessons
    ]
    return [Note("Lessons of the same category", "Link one when you add earlier work.", lines)]


def area_facts(organisation_id: int) -> list[AreaFact]:
    """The facts that a council's administrators keep, by topic and place."""
    return list(AreaFact.objects.shown().filter(organisation_id=organisation_id)[:MOST_FACTS])


def notes_on_area(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """Figures about the council's places, on the page of the activity."""
    return notes_for_needs(activity.commission)


def notes_for_needs(commission: Commission) -> list[Note]:
    """Figures about the places of the commission's council."""
    return notes_on_places(commission.case_file.organisation_id)


def notes_on_places(organisation_id: int) -> list[Note]:
    """Figures about a council's places, with source and date, in one statement."""
    lines = [
        Line(
            f"{row.place}, {row.fact}: {row.figure}",
            detail=f"{row.get_topic_display()}. {row.source}, {day(row.as_of)}",
        )
        for row in area_facts(organisation_id)
    ]
    return [Note("Facts about the area", "Kept by the administrators, to use in your answers.", lines)] if lines else []


def with_law_changes(rows: Any) -> Any:
    """Fold the newest changes of law whose effect nobody has said into commissions, for the page that shows them."""
    waiting = LawChange.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True, effect="").order_by("-pk")
    return rows.annotate(st_law_changes=Folded(waiting[:MOST_CHANGES], "pk", "name", "what"))


def notes_on_spend(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """The way to the spend that was read from files."""
    lines = [
        Line("Spend by supplier, year and category", reverse("commissioning:spend", args=[activity.commission_id])),
        Line("Budget beside forecast", reverse("commissioning:budget_gap", args=[activity.commission_id])),
    ]
    return [Note("Spend of the past", "Read files of invoices or contracts and look at them from three sides.", lines)]
