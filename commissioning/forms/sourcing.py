"""The form in which CCPS answers an early notice."""

from __future__ import annotations

from typing import Any

from organisation import clock
from organisation.forms import DayField, PageForm, PersonField
from organisation.models import Membership, Person
from organisation.roles import Role


class SourcingForm(PageForm):
    """Who leads for CCPS, and by when there is a sourcing strategy."""

    submit_label = "Save this plan"
    lead = PersonField(
        Person.objects.none(),
        label="Who leads for CCPS?",
        called="lead",
        error_messages={"required": "Choose who leads", "invalid_choice": "Choose somebody of CCPS"},
    )
    strategy_by = DayField(label="By when is there a sourcing strategy?", called="date of the sourcing strategy")

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        """Offer the people of CCPS."""
        super().__init__(*args, **kwargs)
        of_ccps = Membership.objects.in_force().filter(
            organisation_id=organisation_id, role__in=[Role.CCPS_OFFICER, Role.CCPS_MANAGER]
        )
        people = Person.objects.filter(pk__in=of_ccps.values("person"), is_active=True).order_by("name", "pk")
        self.fields["lead"].queryset = people  # type: ignore[attr-defined]
        self.fields["strategy_by"].earliest = clock.today()  # type: ignore[attr-defined]
