"""What a commission's page shows of its buying."""

from __future__ import annotations

from django.urls import reverse

from casework.models import CaseFile
from casework.panels import Panel, register_panel
from commissioning.states import CommissionState
from organisation.formatting import money
from organisation.models import Person
from organisation.permissions import may
from procurement.selectors.exercises import exercises_of
from procurement.selectors.pages import TONES
from procurement.states import ExerciseState


def buying(case_file: CaseFile, person: Person) -> Panel | None:
    """The exercises of a commission, and the way to open one. One statement."""
    rows = exercises_of(case_file)
    lines = [
        {
            "title": f"{row['reference']} {row['title']}",
            "url": row["url"],
            "note": f"{row['route']}, run by {row['run_by']}" + _price(row),
            "tag": (row["state_words"], TONES.get(row["state"], "grey")),
        }
        for row in rows
    ]
    is_live = any(row["state"] != ExerciseState.ABANDONED for row in rows)
    in_secure = case_file.state == CommissionState.SECURE
    may_open = in_secure and not is_live and may(person, "exercise.open", case_file)
    if not lines and not in_secure:
        return None
    open_url = reverse("procurement:open_exercise", args=[case_file.commission.pk]) if may_open else ""
    return Panel("Buying", "procurement/_buying_panel.html", {"lines": lines, "open_url": open_url})


def _price(row: dict[str, object]) -> str:
    chosen = row["chosen"]
    if chosen is None or row["state"] == ExerciseState.ABANDONED:
        return ""
    return f". {chosen.supplier}, {money(chosen.amount_ex_vat)}"  # type: ignore[attr-defined]


def register_own() -> None:
    """Register the panels of this room."""
    register_panel("commission", 20, buying)
