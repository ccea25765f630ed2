"""What the activities of Analyse say beside their lists, what papers show of spend, and what falls due on laws."""

from __future__ import annotations

from casework.deadlines import register_deadline_kind
from casework.handled import Handled, register_handled
from commissioning.activity_notes import register_notes
from commissioning.selectors import analyse_notes, load, outputs, spend
from commissioning.services import law_changes, law_reviews
from documents.facts import register_fact


def register_own() -> None:
    """Fill the registries of this room and of those below."""
    register_notes("resource_analysis", load.notes_on_load)
    register_notes("past_review", analyse_notes.notes_on_lessons)
    register_notes("needs_assessment", analyse_notes.notes_on_area)
    register_notes("spend_analysis", analyse_notes.notes_on_spend)
    register_fact("analyse_results", "What Analyse found", outputs.load_found)
    register_fact("spend_summary", "Spend read from files", spend.load_spend)
    register_handled(Handled(law_changes.KIND, "Write down what the change means, on its own page"))
    register_deadline_kind(law_reviews.KIND, "Laws and policies to look at again", source=law_reviews.all_due)
