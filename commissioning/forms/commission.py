"""The forms that register a need and change what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms
from django.db.models import CharField, F, Q, Value

from casework.models import Queue
from commissioning.category_tree import called
from commissioning.forms.alike import ASKED, SettlesAlike
from commissioning.forms.folding import folded
from commissioning.forms.further import FURTHER, PRIORITY, FurtherFields, further_layout, place_words
from commissioning.models import Category, Commission, GovernanceRoute, Level, Objective, Place, ValueEstimate
from organisation import clock
from organisation.forms import DayField, LineField, MoneyField, PageForm, RowsField, TextField, VersionedPageForm
from organisation.models import Organisation, Person, ServiceArea
from organisation.roles import Role
from organisation.standing import standing_of

FLAGS = {
    "is_grant_funded": "Money from a grant we receive pays for some of it",
    "has_digital_part": "Part of it is digital: software, devices or data",
    "has_special_terms": "It needs terms other than the council's standard ones",
}


def areas_for(person: Person, organisation: Organisation | None = None) -> Any:
    """The service areas in which somebody is a commissioner."""
    held = [row for row in standing_of(person).roles_held if row.role == Role.COMMISSIONER]
    everywhere = {row.organisation_id for row in held if row.service_area_id is None}
    named = {row.service_area_id for row in held if row.service_area_id is not None}
    rows = ServiceArea.objects.filter(organisation__in=everywhere) | ServiceArea.objects.filter(pk__in=named)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    return rows.select_related("directorate").order_by("directorate__name", "name")


class AreaField(forms.ModelChoiceField):
    """A service area with its directorate."""

    def label_from_instance(self, obj: Any) -> str:
        """Directorate, then area."""
        return f"{obj.name}, {obj.directorate.name}"


class DetailFields(forms.Form):
    """The fields shared by registering and editing; choices are those of the person's framework."""

    title = LineField(
        label="What is this commission called?",
        help_text="Short and plain, like Home care in the rural north. You can change it later.",
        called="title",
        max_length=200,
    )
    service_area = AreaField(
        ServiceArea.objects.none(),
        label="Which service area owns the need?",
        empty_label="Choose a service area",
        error_messages={"required": "Choose a service area", "invalid_choice": "Choose one of your service areas"},
    )
    purpose = TextField(
        label="What is it for?",
        help_text="Two or three sentences: who needs what, and why now.",
        called="purpose",
        max_length=3000,
        rows=4,
        required=False,
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label="Which category is it in?",
        empty_label="Choose a category",
        required=False,
        error_messages={"invalid_choice": "Choose a category from the list"},
    )
    objectives = RowsField(
        Objective.objects.none(),
        label="Which strategic objectives does it serve?",
        help_text="Choose at least one before you start.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose objectives from the list"},
    )
    governance_route = forms.ModelChoiceField(
        GovernanceRoute.objects.none(),
        label="Who decides for the council?",
        help_text="Needed before you start.",
        empty_label="Choose a governance route",
        required=False,
        error_messages={"invalid_choice": "Choose a route from the list"},
    )
    needed_by = DayField(
        label="When must it be in place?",
        called="date it is needed by",
        required=False,
    )
    is_grant_funded = forms.BooleanField(label=FLAGS["is_grant_funded"], required=False)
    has_digital_part = forms.BooleanField(label=FLAGS["has_digital_part"], required=False)
    has_special_terms = forms.BooleanField(label=FLAGS["has_special_terms"], required=False)


def narrow(form: forms.BaseForm, areas: Any, organisations: Any) -> None:
    """Limit every choice to what the person may choose: their areas, and the frameworks of their organisations."""

    def offered(model: Any) -> Any:
        return model.objects.in_force().filter(framework__organisations__in=organisations).distinct()

    choices: Mapping[str, Any] = {
        "service_area": areas,
        "category": offered(Category),
        "objectives": offered(Objective),
        "governance_route": offered(GovernanceRoute),
        "level": offered(Level),
        "places": offered(Place),
    }
    for name, queryset in choices.items():
        form.fields[name].queryset = queryset  # type: ignore[attr-defined]


CHOSEN_FROM = ("category", "objectives", "governance_route", "level", "places")


def read_choices(form: forms.BaseForm) -> None:
    """Read what all the lists offer in one statement, where each would spend one of its own."""
    parts = []
    for name in CHOSEN_FROM:
        rows = form.fields[name].queryset.order_by()  # type: ignore[attr-defined]
        kind = F("setting") if name == "places" else Value("", output_field=CharField())
        label = called() if name == "category" else F("name")
        part = rows.annotate(what=Value(name, output_field=CharField()), kind_of_place=kind, label=label)
        parts.append(part.values_list("what", "order", "pk", "label", "kind_of_place"))
    offered: dict[str, list[tuple[Any, str]]] = {name: [] for name in CHOSEN_FROM}
    for what, _, pk, label, kind in parts[0].union(*parts[1:]).order_by("what", "order", "pk"):
        offered[what].append((pk, place_words(label, kind) if what == "places" else label))
    # A tree reads by its branches, whatever the order in which its rows were made.
    offered["category"].sort(key=lambda row: row[1])
    for name, rows in offered.items():
        field: Any = form.fields[name]
        is_one = isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField)
        field.choices = [("", field.empty_label), *rows] if is_one else rows


DETAILS = ("title", "service_area", "purpose", "category", "objectives", "governance_route", "needed_by")


class ValueFields(forms.Form):
    """A value without and with VAT; neither is worked out from the other."""

    amount_ex_vat = MoneyField(
        label="Estimated value, excluding VAT",
        help_text="Over the whole term, with every option to extend. Local thresholds test this figure.",
        called="value excluding VAT",
    )
    amount_inc_vat = MoneyField(
        label="Estimated value, including VAT",
        help_text="The same, with the VAT the council will be charged. If there is none, enter the same figure.",
        called="value including VAT",
    )

    def clean(self) -> dict[str, Any] | None:
        """VAT never makes a value smaller."""
        cleaned = super().clean()
        without: Decimal | None = self.cleaned_data.get("amount_ex_vat")
        including: Decimal | None = self.cleaned_data.get("amount_inc_vat")
        if without is not None and including is not None and including < without:
            self.add_error("amount_inc_vat", "The value including VAT must be the same as or more than without it")
        return cleaned


class NewCommissionForm(  # type: ignore[misc]  # a field called title
    SettlesAlike, PageForm, DetailFields, ValueFields, FurtherFields
):
    """Register a need. Only the title, area and value are needed now; the rest before it starts."""

    submit_label = "Register this commission"
    priority = forms.TypedChoiceField(
        label="What priority has it?",
        choices=[("", "Not set yet"), *Commission.Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a priority from the list"},
    )
    priority_reason = TextField(
        label="Why that priority?", called="reason for the priority", max_length=500, rows=2, required=False
    )
    tell = forms.MultipleChoiceField(
        label="Which functions should know now?",
        help_text="Each finds a note in its queue today. Nothing is asked of them yet.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose functions from the list"},
    )
    field_order = (
        "title",
        "service_area",
        "purpose",
        "amount_ex_vat",
        "amount_inc_vat",
        "category",
        "objectives",
        "needed_by",
        "governance_route",
        *FLAGS,
        *FURTHER,
        *PRIORITY,
        "tell",
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        """Narrow every choice to what this person may choose."""
        super().__init__(*args, user=user, **kwargs)
        areas = areas_for(user)
        organisations = {row.organisation_id for row in standing_of(user).roles_held}
        narrow(self, areas, organisations)
        read_choices(self)
        queues = Queue.objects.filter(framework__organisations__in=organisations).order_by("order", "pk")
        self.fields["tell"].choices = list(dict(queues.values_list("key", "name")).items())  # type: ignore[attr-defined]
        self.fields["needed_by"].earliest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Choices must belong to the framework of the area's own organisation; a priority has a reason."""
        cleaned = super().clean()
        if self.cleaned_data.get("priority") and not self.cleaned_data.get("priority_reason"):
            self.add_error("priority_reason", "Say why it has that priority")
        area: ServiceArea | None = self.cleaned_data.get("service_area")
        if area is not None:
            _same_framework(self, area.organisation.framework_id)
        return cleaned

    def build_layout(self) -> list[Any]:
        """Group the facts that a rule may name under one legend; fold what can wait."""
        later = {*FLAGS, *FURTHER, *PRIORITY, *ASKED, "tell"}
        plain = [name for name in self.fields if name not in later and not self.fields[name].widget.is_hidden]
        return [
            *self.alike_layout(),
            *[self.laid_out(name) for name in plain],
            Fieldset(*FLAGS, legend="Does any of this apply?", legend_size="s"),
            *further_layout(self),
            *folded(self, "Priority", PRIORITY),
            self.laid_out("tell"),
        ]


def _same_framework(form: forms.Form, framework_id: int) -> None:
    for name in ("category", "governance_route", "level"):
        chosen = form.cleaned_data.get(name)
        if chosen is not None and chosen.framework_id != framework_id:
            form.add_error(name, "Choose one of your own council's list")
    for name in ("objectives", "places"):
        if any(row.framework_id != framework_id for row in form.cleaned_data.get(name) or ()):
            form.add_error(name, "Choose from your own council's list")


class FactsForm(VersionedPageForm, DetailFields, FurtherFields):  # type: ignore[misc]  # a field called title
    """Change what is known of a commission. Value and risk have pages of their own."""

    submit_label = "Save"

    def __init__(self, *args: Any, user: Person, commission: Any, **kwargs: Any) -> None:
        """Narrow every choice to the commission's organisation; its present area stays choosable."""
        super().__init__(*args, user=user, **kwargs)
        case = commission.case_file
        areas = areas_for(user, case.organisation) | ServiceArea.objects.filter(pk=case.service_area_id).select_related(
            "directorate"
        )
        narrow(self, areas.distinct(), {case.organisation_id})
        self._keep_chosen(commission)
        read_choices(self)
        self._as_it_was: date | None = commission.needed_by

    def _keep_chosen(self, commission: Any) -> None:
        """What was chosen stays choosable after it was ended, or saving anything else would take it away."""
        chosen = {
            "category": Category.objects.filter(pk=commission.category_id),
            "governance_route": GovernanceRoute.objects.filter(pk=commission.governance_route_id),
            "objectives": Objective.objects.filter(commissions=commission),
            "level": Level.objects.filter(pk=commission.level_id),
            "places": Place.objects.filter(pk__in=commission.places.values("pk")),
        }
        for name, rows in chosen.items():
            field: Any = self.fields[name]
            model = field.queryset.model
            offered = Q(pk__in=field.queryset.order_by().values("pk")) | Q(pk__in=rows.values("pk"))
            field.queryset = model.objects.filter(offered).order_by("order", "pk")

    def clean_needed_by(self) -> date | None:
        """A date already on record may have passed; a new one may not."""
        day: date | None = self.cleaned_data["needed_by"]
        if day is not None and day != self._as_it_was and day < clock.today():
            raise forms.ValidationError("The date it is needed by must be today or later")
        return day

    def build_layout(self) -> list[Any]:
        """Group the facts that a rule may name under one legend."""
        return [
            *[self.laid_out(name) for name in DETAILS],
            Fieldset(*FLAGS, legend="Does any of this apply?", legend_size="s"),
            *further_layout(self),
        ]


class ValueForm(PageForm, ValueFields):
    """Record a new value; the earlier ones stay."""

    submit_label = "Save this value"
    basis = forms.ChoiceField(
        label="Where does the figure come from?",
        choices=[(row.value, row.label) for row in ValueEstimate.Basis if row != ValueEstimate.Basis.AWARD],
        widget=forms.RadioSelect,
        initial=ValueEstimate.Basis.ESTIMATE,
    )
    reason = TextField(label="Why has it changed?", max_length=500, rows=3, called="reason")
    field_order = ("amount_ex_vat", "amount_inc_vat", "basis", "reason")
