"""Forms for authority, delivery, duplicates, the end, and lessons."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms

from commissioning.models import AuthorityRecord, DeliveryModel, EndDecision, LikelyDuplicate
from organisation import clock
from organisation.forms import DayField, LineField, MoneyField, PageForm, SupplierField, TextField
from organisation.models import Supplier

COVERS = ("may_commission", "may_procure", "may_award")


class AuthorityForm(PageForm):
    """Proof that somebody with authority decided."""

    submit_label = "Record this authority"

    kind = forms.ChoiceField(
        label="What kind of decision is it?",
        choices=AuthorityRecord.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of decision"},
    )
    may_commission = forms.BooleanField(label="To commission", required=False)
    may_procure = forms.BooleanField(label="To procure", required=False)
    may_award = forms.BooleanField(label="To award", required=False)
    decided_by = LineField(
        label="Who decided?",
        help_text="The post or body, and the name, like Team manager, Learning and Skills: Joel Hart.",
        called="name of who decided",
    )
    decided_on = DayField(label="When was it decided?", called="date of the decision")
    decision_reference = LineField(
        label="Reference of the decision", max_length=80, width="width-20", called="reference of the decision"
    )
    limit_ex_vat = MoneyField(
        label="Up to what value, excluding VAT?",
        help_text="Leave blank if the decision names no limit.",
        called="limit",
        required=False,
    )
    provider = SupplierField(
        Supplier.objects.none(),
        label="Does the decision name a provider?",
        help_text="If it does, nobody else can be signed. A cabinet decision to award names one.",
        empty_label="No provider named",
        required=False,
        error_messages={"invalid_choice": "Choose a supplier from the list"},
    )
    note = TextField(label="Anything else", max_length=500, rows=3, required=False)

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        """Offer only suppliers of the commission's organisation."""
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = Supplier.objects.filter(  # type: ignore[attr-defined]
            organisation_id=organisation_id
        ).order_by("name")
        self.fields["decided_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """It must cover something; a cabinet decision stands in for a delegated one only for a named provider."""
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) for name in COVERS):
            self.add_error("may_commission", "Choose at least one thing that the decision allows")
        is_cabinet = self.cleaned_data.get("kind") == AuthorityRecord.Kind.CABINET
        if is_cabinet and self.cleaned_data.get("may_award") and not self.cleaned_data.get("provider"):
            self.add_error("provider", "Choose the provider that the cabinet decision names")
        return cleaned

    def build_layout(self) -> list[Any]:
        """The three acts stand under one legend."""
        rest = [name for name in self.fields if name not in (*COVERS, "kind", "act_id")]
        return [
            self.laid_out("kind"),
            Fieldset(*COVERS, legend="What does it allow?", legend_size="s"),
            *[self.laid_out(name) for name in rest],
        ]


class WithdrawAuthorityForm(PageForm):
    """Why a record no longer stands."""

    submit_label = "Withdraw this record"
    submit_tone = "warning"
    because = TextField(label="Why does it no longer stand?", max_length=500, rows=3, called="reason")


class DeliveryForm(PageForm):
    """How the need will be met."""

    submit_label = "Make this decision"

    model = forms.ModelChoiceField(
        DeliveryModel.objects.none(),
        label="How will the need be met?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose how the need will be met", "invalid_choice": "Choose from the list"},
    )
    reasons = TextField(
        label="Why is this the best way?",
        help_text="Say what else you considered.",
        max_length=3000,
        called="reasons",
    )

    def __init__(self, *args: Any, framework_id: int, may_buy: bool = True, **kwargs: Any) -> None:
        """Offer the framework's ways of delivering; none that buys at a level at which nothing is bought."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["model"]
        field.queryset = DeliveryModel.objects.in_force().filter(framework_id=framework_id)
        if not may_buy:
            field.queryset = field.queryset.filter(buys=False)
        # Read once: the radios would read the rows again for each of them.
        field.choices = [(row.pk, f"{row.name}. {row.summary}") for row in field.queryset]


class DuplicateForm(PageForm):
    """How one likely duplicate was settled."""

    submit_label = "Save"

    finding = forms.ChoiceField(
        label="Is it the same need?",
        choices=LikelyDuplicate.Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one"},
    )
    reason = TextField(label="Why?", max_length=500, rows=3, called="reason")


class EndDecisionForm(PageForm):
    """What happens when the term ends."""

    submit_label = "Make this decision"

    choice = forms.ChoiceField(
        label="What happens at the end?",
        choices=EndDecision.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens at the end"},
    )
    reasons = TextField(label="Why?", max_length=3000, called="reasons")


class LessonForm(PageForm):
    """Something another team should know."""

    submit_label = "Save this lesson"

    context = TextField(label="What was the situation?", max_length=2000, rows=3, called="situation")
    insight = TextField(label="What did you learn?", max_length=2000, rows=3, called="lesson")
    recommendation = TextField(label="What should the next team do?", max_length=2000, rows=3, called="recommendation")


class NoLessonsForm(PageForm):
    """Why there is nothing to learn."""

    submit_label = "Save this reason"
    reason = TextField(label="Why is there no lesson?", max_length=500, rows=3, called="reason")
