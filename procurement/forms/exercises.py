"""Forms for opening an exercise, who was asked, what they answered, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Fieldset
from django import forms

from organisation import clock
from organisation.formatting import day, money
from organisation.forms import DayField, LineField, MoneyField, PageForm, PersonField, TextField, VersionedPageForm
from organisation.models import Person, Supplier
from procurement.models import Quote, RouteToMarket, SupplierAsked

NEW = "new"
RECORD_NEW = "None of these: record a new supplier"
GAVE_PRICE, DECLINED = "price", "declined"


class OpenExerciseForm(PageForm):
    """What is bought, and by which route."""

    submit_label = "Open this exercise"

    title = LineField(  # type: ignore[assignment]
        label="What are you buying?", max_length=200, called="name of what you are buying"
    )
    route = forms.ModelChoiceField(
        RouteToMarket.objects.none(),
        label="Which route to market?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose a route to market", "invalid_choice": "Choose a route from the list"},
    )
    openness = TextField(
        label="How were fairness, transparency and competition considered?",
        help_text="Needed where one supplier is chosen without others being asked. It stands as you write it.",
        max_length=4_000,
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, framework_id: int, with_unusual: bool = False, **kwargs: Any) -> None:
        """Offer the framework's usual routes; an unusual one goes through Legal, so only CCPS runs it."""
        super().__init__(*args, **kwargs)
        field = self.fields["route"]
        routes = RouteToMarket.objects.in_force().filter(framework_id=framework_id)
        field.queryset = routes if with_unusual else routes.filter(is_unusual=False)  # type: ignore[attr-defined]
        field.label_from_instance = _route_words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A route without competition says why it is fair and open all the same."""
        cleaned = super().clean()
        route = self.cleaned_data.get("route")
        if route and route.is_without_competition and not self.cleaned_data.get("openness"):
            self.add_error(
                "openness", f"{route.name}: write how fairness, transparency and competition were considered"
            )
        return cleaned


def _route_words(route: RouteToMarket) -> str:
    return f"{route.name}. {route.summary}" if route.summary else route.name


class FindSupplierForm(forms.Form):
    """The box that looks for a supplier by name. A GET form: it changes nothing."""

    q = forms.CharField(label="Name of the supplier", max_length=200, required=False)


class AskSupplierForm(PageForm):
    """One of the suppliers found by name, or a new one."""

    submit_label = "Add this supplier"

    supplier = forms.ChoiceField(
        label="Which supplier?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a supplier, or record a new one"},
    )
    name = LineField(label="Name", required=False, called="name of the supplier")
    company_number = LineField(label="Company number", max_length=20, width="width-10", required=False)
    charity_number = LineField(label="Charity number", max_length=20, width="width-10", required=False)
    postcode = LineField(label="Postcode", max_length=10, width="width-10", required=False)
    is_sme = forms.BooleanField(label="Small or medium-sized business", required=False)
    is_vcse = forms.BooleanField(label="Voluntary, community or social enterprise", required=False)
    how = forms.ChoiceField(
        label="How is it asked?",
        choices=SupplierAsked.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it is asked"},
    )
    asked_on = DayField(label="When?", called="date it was asked")

    def __init__(self, *args: Any, found: Sequence[Supplier], looked_for: str, **kwargs: Any) -> None:
        """Take the suppliers whose names fit what was looked for."""
        self.found = {str(supplier.pk): supplier for supplier in found}
        super().__init__(*args, **kwargs)
        choices = [(key, supplier_words(supplier)) for key, supplier in self.found.items()]
        self.fields["supplier"].choices = [*choices, (NEW, RECORD_NEW)]  # type: ignore[attr-defined]
        if not found:
            self.fields["supplier"].initial = NEW
        self.fields["name"].initial = looked_for
        self.fields["asked_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["asked_on"].initial = clock.today()

    def clean(self) -> dict[str, Any] | None:
        """A new supplier has a name."""
        cleaned = super().clean()
        if self.is_new and not self.cleaned_data.get("name") and "name" not in self.errors:
            self.add_error("name", "Enter the name of the supplier")
        return cleaned

    @property
    def is_new(self) -> bool:
        """Whether a new supplier is to be recorded."""
        return bool(self.cleaned_data.get("supplier") == NEW)

    @property
    def chosen(self) -> Supplier | None:
        """The known supplier that was chosen."""
        return self.found.get(str(self.cleaned_data.get("supplier")))

    @property
    def details(self) -> dict[str, Any]:
        """What is known of a new supplier."""
        names = ("name", "company_number", "charity_number", "postcode", "is_sme", "is_vcse")
        return {name: self.cleaned_data[name] for name in names}

    def build_layout(self) -> list[Any]:
        """The details of a new supplier open under their own choice."""
        new = (
            self.laid_out("name"),
            self.laid_out("company_number"),
            self.laid_out("charity_number"),
            self.laid_out("postcode"),
            Fieldset("is_sme", "is_vcse", legend="What kind of supplier is it?", legend_size="s"),
        )
        known = [supplier_words(supplier) for supplier in self.found.values()]
        return [
            ConditionalRadios(
                "supplier",
                *known,
                ConditionalQuestion(RECORD_NEW, *new),
            ),
            self.laid_out("how"),
            self.laid_out("asked_on"),
        ]


def supplier_words(supplier: Supplier) -> str:
    """The name with what tells two of the same name apart, and a warning where one is on watch."""
    parts = [supplier.name]
    if supplier.company_number:
        parts.append(f"company number {supplier.company_number}")
    if supplier.charity_number:
        parts.append(f"charity number {supplier.charity_number}")
    if supplier.postcode:
        parts.append(supplier.postcode)
    if supplier.on_watch:
        parts.append("on watch: ask CCPS before you use this supplier")
    return ", ".join(parts)


class QuoteForm(PageForm):
    """What one of the suppliers asked has answered."""

    submit_label = "Record this answer"

    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        label="Which supplier answered?",
        empty_label="Choose a supplier",
        error_messages={"required": "Choose the supplier", "invalid_choice": "Choose a supplier that was asked"},
    )
    answer = forms.ChoiceField(
        label="What did they say?",
        choices=[(GAVE_PRICE, "They gave a price"), (DECLINED, "They will not quote")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether they gave a price"},
    )
    amount_ex_vat = MoneyField(
        label="Price excluding VAT",
        help_text="Over the whole term, with any extensions.",
        called="price excluding VAT",
        required=False,
    )
    amount_inc_vat = MoneyField(label="Price including VAT", called="price including VAT", required=False)
    received_on = DayField(label="When did you receive it?", called="date you received it")
    note = TextField(label="Anything to note", max_length=1000, rows=3, required=False)

    def __init__(self, *args: Any, suppliers: Any, **kwargs: Any) -> None:
        """Offer the suppliers that were asked."""
        super().__init__(*args, **kwargs)
        self.fields["supplier"].queryset = suppliers  # type: ignore[attr-defined]
        self.fields["received_on"].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A price has both amounts; the one with VAT is not the smaller."""
        cleaned = super().clean()
        if self.cleaned_data.get("answer") != GAVE_PRICE:
            return cleaned
        for name, words in (("amount_ex_vat", "excluding"), ("amount_inc_vat", "including")):
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(name, f"Enter the price {words} VAT in pounds, like 18000")
        without, with_vat = self.cleaned_data.get("amount_ex_vat"), self.cleaned_data.get("amount_inc_vat")
        if without is not None and with_vat is not None and with_vat < without:
            self.add_error("amount_inc_vat", f"The price including VAT must be {money(without)} or more")
        return cleaned

    @property
    def declined(self) -> bool:
        """Whether they will not quote."""
        return bool(self.cleaned_data["answer"] == DECLINED)

    def build_layout(self) -> list[Any]:
        """The amounts open under a price."""
        return [
            self.laid_out("supplier"),
            ConditionalRadios(
                "answer",
                ConditionalQuestion(
                    "They gave a price", self.laid_out("amount_ex_vat"), self.laid_out("amount_inc_vat")
                ),
                "They will not quote",
            ),
            self.laid_out("received_on"),
            self.laid_out("note"),
        ]


class DecisionForm(VersionedPageForm):
    """Which price, why, and what the contract will be made with. Anything may wait."""

    submit_label = "Save"

    chosen = forms.ModelChoiceField(
        Quote.objects.none(),
        label="Which price do you choose?",
        widget=forms.RadioSelect,
        empty_label="Not chosen yet",
        required=False,
        error_messages={"invalid_choice": "Choose one of the prices that stand"},
    )
    fairness = TextField(
        label="Why these suppliers?",
        help_text="How you came to ask them, and how everyone was given the same chance.",
        max_length=3000,
        rows=4,
        required=False,
    )
    value_for_money = TextField(
        label="Why is this value for money?",
        help_text="Quality and whole-life cost together. The lowest price alone is not a reason.",
        max_length=3000,
        rows=4,
        required=False,
        called="value for money",
    )
    social_value = TextField(
        label="What social value does it bring?",
        help_text="Or why none can be asked for in a purchase of this kind.",
        max_length=3000,
        rows=4,
        required=False,
        called="social value",
    )
    starts_on = DayField(label="When will the contract start?", called="start date", required=False)
    ends_on = DayField(label="When will it end?", called="end date", required=False)
    contract_manager = PersonField(
        Person.objects.none(),
        label="Who will manage the contract?",
        called="contract manager",
        required=False,
        error_messages={"invalid_choice": "Choose a contract manager from the list"},
    )

    def __init__(self, *args: Any, prices: Any, managers: Any, **kwargs: Any) -> None:
        """Offer the prices that stand, and who may manage a contract here."""
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        chosen.queryset = prices  # type: ignore[attr-defined]
        chosen.label_from_instance = _price_words  # type: ignore[attr-defined]
        self.fields["contract_manager"].queryset = managers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A contract does not end before it starts."""
        cleaned = super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", f"The end date must be on or after the start date, {day(starts_on)}")
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, without the form's own numbers."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("act_id", "version")}

    def build_layout(self) -> list[Any]:
        """The decision, then the contract."""
        return [
            self.laid_out("chosen"),
            self.laid_out("fairness"),
            self.laid_out("value_for_money"),
            self.laid_out("social_value"),
            Fieldset(
                self.laid_out("starts_on"),
                self.laid_out("ends_on"),
                self.laid_out("contract_manager"),
                legend="The contract",
                legend_size="m",
            ),
        ]


def _price_words(quote: Quote) -> str:
    return f"{quote.supplier.name}: {money(quote.amount_ex_vat)} excluding VAT"
