"""What the verbs of this room ask beside a reason, and what they say afterwards."""

from __future__ import annotations

from typing import Any

from casework.verb_forms import VerbForm, verb_form
from organisation.formatting import money
from procurement.models import Exercise


@verb_form(Exercise, "invite")
class InviteForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say what comes next."""
        return f"{subject.case_file.reference} is open for prices. Record each answer as it comes."


@verb_form(Exercise, "decide")
class DecideForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say what was chosen and what was made from it."""
        chosen = subject.chosen
        return (
            f"Decision recorded: {chosen.supplier}, {money(chosen.amount_ex_vat)} excluding VAT. "
            "A draft contract was made from it."
        )


@verb_form(Exercise, "award")
class AwardForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say who can act now."""
        return f"Contract awarded to {subject.chosen.supplier}. Both sides can now sign."
