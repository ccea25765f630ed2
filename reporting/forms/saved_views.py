"""Naming a list to find it again."""

from __future__ import annotations

from typing import Any

from django import forms

from organisation.forms import PageForm
from organisation.models import Organisation
from organisation.standing import standing_of


class SaveViewForm(PageForm):
    """A name, and with whom to share."""

    title = "Save this view"
    submit_label = "Save the view"

    name = forms.CharField(label="Name of the view", max_length=60, help_text="For example, “High risk in Plan”.")
    shared_with = forms.ModelChoiceField(
        label="Who sees it",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Only you",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the organisations this person works in."""
        super().__init__(*args, **kwargs)
        offered = Organisation.objects.filter(
            pk__in=standing_of(self.user).organisations if self.user else ()
        ).order_by("name")
        self.fields["shared_with"].queryset = offered  # type: ignore[attr-defined]
        self.fields["shared_with"].label_from_instance = lambda one: f"Everybody at {one.name}"  # type: ignore[attr-defined]
