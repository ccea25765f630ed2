"""The forms of what Analyse says as a whole, and of what goes first among the needs."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.models import CaseFile
from commissioning.forms.chosen import ChosenField
from commissioning.forms.plan import radios
from commissioning.forms.sheets import OnceForm, SheetForm
from commissioning.models import Commission, Objective, Place
from commissioning.models.analyse_stage import AnalyseTopic, ExistingDelivery, FutureLocation
from commissioning.models.analysis import ObjectiveServed
from commissioning.models.catalogue import CatalogueRow
from organisation import clock
from organisation.forms import LineField, NumberField, TextField

LONGEST_ID = 18


class AnalyseTopicForm(OnceForm):
    """What was found on one topic, or why it does not apply."""

    model = AnalyseTopic
    once = "topic"

    topic = radios("Which topic?", AnalyseTopic.Topic.choices, "Choose the topic")
    words = TextField(
        label="What did you find?",
        help_text="A few lines that a busy reader can take away. If it does not apply, say why.",
        max_length=3_000,
        rows=6,
        error_messages={"required": "Write what you found, or why it does not apply"},
    )
    does_not_apply = forms.BooleanField(label="This topic does not apply here (say why above)", required=False)


class NeedPriorityForm(SheetForm):
    """What goes first."""

    place = NumberField(
        label="Which place does it take?", help_text="1 is the most urgent.", called="place", min_value=1, max_value=99
    )
    words = LineField(label="What is the priority?", max_length=300, called="priority")
    reason = LineField(label="Why does it stand there?", max_length=300, called="reason")


class PreferenceForm(SheetForm):
    """What people would like."""

    words = LineField(
        label="What would they like?",
        help_text="In their words, if you have them. A wish is not yet a need, and it counts.",
        max_length=300,
        called="what they would like",
    )
    group = LineField(label="Whose wish is it?", max_length=150, called="whose wish it is")
    source = LineField(
        label="How do you know?", help_text="Like a survey or a meeting, with its date.", called="how you know"
    )


def _in_force(model: type[CatalogueRow], commission: Commission, kept: int | None) -> list[Any]:
    """The council's list as it is today, and a row that was chosen before."""
    rows = model.objects.filter(framework_id=commission.case_file.organisation.framework_id)
    offered = list(rows.in_force(on=clock.today()).order_by("order", "pk"))
    if kept is not None and all(row.pk != kept for row in offered):
        offered += list(rows.filter(pk=kept))
    return offered


class ObjectiveServedForm(OnceForm):
    """An objective of the council that the needs go with."""

    model = ObjectiveServed
    once = "objective"

    objective = ChosenField(
        label="Which objective of the council?",
        empty="Choose an objective",
        error_messages={"required": "Choose an objective", "invalid_choice": "Choose an objective from the list"},
    )
    how = LineField(label="How does meeting the needs serve it?", max_length=300, called="how it is served")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the council's list."""
        super().__init__(*args, **kwargs)
        chosen = getattr(self.row, "objective_id", None)
        self.fields["objective"].offer(_in_force(Objective, self.commission, chosen))  # type: ignore[attr-defined]


class FutureLocationForm(OnceForm):
    """An area where it will have to be."""

    model = FutureLocation
    once = "place"

    place = ChosenField(
        label="Which area?",
        empty="Choose an area",
        error_messages={"required": "Choose an area", "invalid_choice": "Choose an area from the list"},
    )
    why = LineField(
        label="Why there?", help_text="Like where the need is greatest, or how far people can travel.", max_length=300
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the council's list."""
        super().__init__(*args, **kwargs)
        chosen = getattr(self.row, "place_id", None)
        places = _in_force(Place, self.commission, chosen)
        self.fields["place"].offer(places, _with_setting)  # type: ignore[attr-defined]


def _with_setting(place: Place) -> str:
    return f"{place.name} ({str(place.get_setting_display()).lower()})"


class ExistingDeliveryForm(OnceForm):
    """What is done already. The record comes from the search; a service without one is known by its name."""

    model = ExistingDelivery
    once = "record"
    twice = "This record is linked already. Change that line instead"

    name = LineField(label="What is it?", help_text="The contract or service, by its name.", called="name")
    kind = radios("How is it delivered?", ExistingDelivery.Kind.choices, "Choose how it is delivered")
    record = ChosenField(
        label="Which record is it?",
        required=False,
        empty="It has no record here",
        error_messages={"invalid_choice": "Choose the record through the search"},
    )
    note = LineField(label="How well is it used, and what is missing?", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the record that the search chose, if the person may see it.

        One that is linked but that this person may not see is neither shown nor lost.
        """
        super().__init__(*args, **kwargs)
        sent = self.data.get(self.add_prefix("record")) if self.is_bound else self.initial.get("record")
        kept = getattr(self.row, "record_id", None)
        wanted = {one for one in (str(sent or ""), str(kept or "")) if one.isdecimal() and len(one) <= LONGEST_ID}
        rows = CaseFile.objects.visible_to(self.user).filter(pk__in=wanted) if wanted and self.user else []
        found = list(rows)
        if kept is not None and all(row.pk != kept for row in found):
            del self.fields["record"]
            return
        self.fields["record"].offer(found, lambda row: f"{row.reference} {row.title}")  # type: ignore[attr-defined]
