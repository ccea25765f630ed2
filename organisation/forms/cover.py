"""The form by which somebody sets their own cover."""

from __future__ import annotations

from typing import Any

from organisation import clock
from organisation.forms.base import PageForm
from organisation.forms.fields import DayField, LineField, PersonField
from organisation.models import Person
from organisation.selectors import colleagues_of


class CoverForm(PageForm):
    """Who stands in, and from when to when."""

    submit_label = "Set cover"

    deputy = PersonField(Person.objects.none(), label="Who covers for you", called="the person who covers for you")
    starts_on = DayField(label="First day", called="first day")
    ends_on = DayField(label="Last day", called="last day")
    note = LineField(label="Note for the person who covers (optional)", called="note", max_length=300, required=False)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        """Offer colleagues of the same organisation only, and no day that has passed."""
        super().__init__(*args, user=user, **kwargs)
        deputy, starts_on = self.fields["deputy"], self.fields["starts_on"]
        if isinstance(deputy, PersonField):
            deputy.queryset = colleagues_of(user)
        if isinstance(starts_on, DayField):
            starts_on.earliest = clock.today()

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Last day must be the same as or after the first day")
        return given
