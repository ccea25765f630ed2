"""The forms of the sheets that Analyse fills."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.models.analysis import Asset, Need
from organisation import clock
from organisation.forms import DayField, LineField


class NeedForm(SheetForm):
    """One need."""

    nature = LineField(label="What is needed?", max_length=300, called="what is needed")
    extent = LineField(
        label="By how many people, or how much of it?",
        help_text="Like 210 people, or 1,400 hours a week.",
        called="how much is needed",
    )
    group = LineField(label="For which group is it greatest?", max_length=150, required=False)
    place = LineField(label="Where is it greatest?", help_text="A place, ward or area.", max_length=150, required=False)
    is_statutory = forms.BooleanField(label="The law says the council must meet it", required=False)
    priority = forms.TypedChoiceField(
        label="How urgent is it?",
        choices=Need.Priority.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how urgent it is"},
    )
    met = forms.ChoiceField(
        label="Is it met today?",
        choices=Need.Met.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is met today"},
    )
    met_by = LineField(label="What meets it, as far as it is met?", max_length=300, required=False)
    source = LineField(label="Where do the figures come from?", called="where the figures come from")
    source_on = DayField(label="What date are the figures of?", called="date of the figures")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Figures are not from the future."""
        super().__init__(*args, **kwargs)
        self.fields["source_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """What the law asks for is not of low priority; what is partly met says by what."""
        cleaned = super().clean()
        if self.cleaned_data.get("is_statutory") and self.cleaned_data.get("priority") == Need.Priority.LOW:
            self.add_error("priority", "A need that the law says must be met cannot be of low priority")
        if self.cleaned_data.get("met") in (Need.Met.MET, Need.Met.PARTLY) and not self.cleaned_data.get("met_by"):
            self.add_error("met_by", "Say what meets it")
        return cleaned


class AssetForm(SheetForm):
    """Something that is there already."""

    name = LineField(label="What is it called?", called="name")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Asset.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    place = LineField(label="Where is it?", max_length=150, required=False)
    use = LineField(label="How could it help?", max_length=300, called="how it could help")
