"""What the engagement log says in papers: how users find the service as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from casework.models import CaseFile
from commissioning.models import Engagement
from documents.facts import FactValue, register_fact
from organisation.formatting import day

USERS = (Engagement.Group.USERS, Engagement.Group.INTERNAL)


def load_user_feedback(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """What users said of the contract as it is now, in one statement: each with its day, so that it can be cited."""
    rows = (
        Engagement.objects.held()
        .filter(commission__case_file__in=case_files, kind=Engagement.Kind.USER_FEEDBACK, group__in=USERS)
        .select_related("commission")
        .order_by("takes_place_on", "pk")
    )
    found: dict[int, list[Engagement]] = {}
    for row in rows:
        found.setdefault(row.commission.case_file_id, []).append(row)
    return {
        case_id: FactValue(
            [row.title for row in of_case],
            "\n".join(_line(row) for row in of_case),
            "Engagement log",
            of_case[-1].takes_place_on,
            reverse("commissioning:engagement", args=[of_case[0].commission_id]),
        )
        for case_id, of_case in found.items()
    }


def _line(row: Engagement) -> str:
    people = f", {row.took_part:,} took part" if row.took_part is not None else ""
    return f"{row.title}, {day(row.takes_place_on)}{people}: {row.heard}"


def register_own() -> None:
    """Register the fact."""
    register_fact("end_user_feedback", "What users say of the contract as it is now", load_user_feedback)
