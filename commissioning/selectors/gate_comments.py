"""What is said of a gate's paper: open comments, and stakeholders' views. Folded into the statement of the gate."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from commissioning.models import Gate
from commissioning.selectors.folding import Folded
from commissioning.selectors.outcome_views import QUESTION, VIEW_FIELDS, OutcomesShown, outcomes_in, shown_in, view_rows
from documents.models import Answer
from documents.selectors import shape_of
from documents.threads import FIELDS, Thread, comment_rows, threads_in
from organisation.models import Person


def with_talk(rows: Any) -> Any:
    """Fold the comments on their papers, the target outcomes and the views of them into gates."""
    outcomes = Answer.objects.filter(paper=OuterRef("paper"), question_key=QUESTION, is_offered=False)
    return rows.annotate(
        st_comments=Folded(comment_rows(paper=OuterRef("paper")), *FIELDS),
        st_views=Folded(view_rows(gate=OuterRef("pk")), *VIEW_FIELDS),
        st_outcomes=Subquery(outcomes.values("value")[:1]),
    )


def open_threads(gate: Gate | None, person: Person) -> list[Thread]:
    """Open comments with the section each is about, of a gate read with its talk; no statement of its own."""
    if gate is None or gate.paper is None:
        return []
    gate.paper.case_file = gate.case_file
    titles = {section.key: section.title for section in shape_of(gate.paper.template).sections}
    rows = gate.st_comments  # type: ignore[attr-defined]
    return [thread for thread in threads_in(rows, gate.paper, person, titles) if thread.is_open]


def asked_outcomes(gate: Gate | None) -> OutcomesShown | None:
    """Who was asked about the target outcomes and what they say, of a gate 1 read with its talk."""
    if gate is None or gate.number != 1 or gate.paper is None:
        return None
    return shown_in(outcomes_in(gate.st_outcomes), gate.st_views)  # type: ignore[attr-defined]
