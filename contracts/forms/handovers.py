"""Forms for confirming a handover and for returning it."""

from __future__ import annotations

from typing import Any

from casework.verb_forms import VerbForm, verb_form
from contracts.models import Handover
from contracts.states import Heading
from organisation.forms import TextField, VersionedPageForm

LONGEST_GAP = 1000


class PartForm(VersionedPageForm):
    """What CCPS adds under one heading; saving it confirms the heading."""

    submit_label = "Confirm this heading"

    words = TextField(
        label="What should the contract manager know beside this? (optional)",
        help_text="What is agreed with the provider, what to watch, where it is kept.",
        called="what you add",
        required=False,
        rows=6,
        max_length=5000,
    )


@verb_form(Handover, "send_back")
class ReturnForm(VerbForm):
    """What is missing, heading by heading."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One text for each heading."""
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]  # one form's own fields, not the class's
        for heading in Heading:
            self.base_fields[f"gap_{heading.value}"] = TextField(
                label=f"{heading.label}: what is missing?",
                called=f"gap in {heading.label.lower()}",
                required=False,
                rows=2,
                max_length=LONGEST_GAP,
            )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        """At least one gap; all of them as the one input of the verb."""
        cleaned = super().clean() or self.cleaned_data
        gaps = {heading.value: str(cleaned.pop(f"gap_{heading.value}", "")).strip() for heading in Heading}
        cleaned["gaps"] = {key: words for key, words in gaps.items() if words}
        if not cleaned["gaps"] and not self.errors:
            self.add_error(f"gap_{Heading.OBLIGATIONS.value}", "Say what is missing under at least one heading")
        return cleaned

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say who has it now."""
        lead = subject.lead or subject.offered_by
        return f"Handover returned with the gaps. {lead.name if lead else 'CCPS'} has it again."


@verb_form(Handover, "offer")
class OfferForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Say who answers."""
        manager = subject.case_file.holder
        return f"Handover offered. {manager.name if manager else 'The contract manager'} accepts it or returns it."


@verb_form(Handover, "accept")
class AcceptForm(VerbForm):
    """Nothing more to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:  # noqa: ARG003 - it says the same of every handover
        """Say what it opens."""
        return "Handover accepted. You are responsible for the contract now."
