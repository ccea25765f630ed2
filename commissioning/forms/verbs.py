"""What the verbs of this room ask beside a reason."""

from __future__ import annotations

from typing import Any

from casework.verb_forms import VerbForm, verb_form
from commissioning.models import Commission, CommissionActivity
from organisation.forms import TextField


@verb_form(Commission, "hold")
class HoldForm(VerbForm):
    """A hold says what must be done to resume."""

    resume_needs = TextField(label="What must be done before this can resume?", max_length=500, rows=3)


@verb_form(Commission, "start")
class StartForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say what happens next."""
        return (
            f"{subject.case_file.reference} started under rules version {subject.rules_number}. "
            "Next, agree the activity plan with the people involved."
        )


@verb_form(Commission, "to_plan", "to_secure", "to_review")
class StageForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Name the stage that was entered."""
        return f"{subject.case_file.reference} is now in {subject.get_state_display()}."


@verb_form(Commission, "close", "close_no_change")
class CloseForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say that it is over, and what stays."""
        return f"{subject.case_file.reference} is closed. Its record and lessons stay open to staff."


@verb_form(CommissionActivity, "complete")
class CompleteForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Name the activity."""
        return f"{subject.activity.name} is completed."
