"""The risk form: the framework's criteria as yes or no, each yes with a short explanation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field
from django import forms

from casework.routing import Rules
from commissioning.models import RiskCriterion, RiskFigures
from commissioning.risk_ticks import CONCERN, DEPENDENCY, LIKELIHOOD, OUTAGE, TICKING_LIKELIHOODS, Measured, tick_of
from commissioning.services.risk import Ticked
from organisation.formatting import sentence_start
from organisation.forms import MoneyField, NumberField, SupplierField, TextField, VersionedPageForm
from organisation.models import Supplier

YES, NO = "yes", "no"
#: What every yes does; the framework's file says it at each criterion.
COMMON = "The commission becomes high risk"


class RiskForm(VersionedPageForm):
    """Built for one commission's framework. A question may stay open while the commission is a draft.

    A criterion with a measure asks for it first: what is entered there answers the question where it can.
    """

    submit_label = "Save the risk form"

    def __init__(
        self,
        *args: Any,
        criteria: list[RiskCriterion],
        answers: dict[int, Any],
        is_draft: bool,
        figures: RiskFigures | None,
        rules: Rules,
        organisation_id: int,
        concerns: Callable[[Supplier | None], tuple[str, ...]],
        **kwargs: Any,
    ) -> None:
        """Take the criteria in force, the answers and figures so far, and the rules that bound the figures."""
        self.criteria, self.is_draft, self.rules, self.concerns = criteria, is_draft, rules, concerns
        self.organisation_id = organisation_id
        # Declared per instance, before the base class gives each field its words.
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for row in criteria:
            held = answers.get(row.pk)
            self.base_fields.update(self._measures(row, figures))
            self.base_fields[row.key] = self._question(row, held, figures)
            self.base_fields[_why(row)] = TextField(
                label=row.explain_label or "Why does it apply?",
                max_length=1000,
                rows=3,
                required=False,
                initial=held.explanation if held else "",
                called="explanation",
            )
        super().__init__(*args, **kwargs)

    def _question(self, row: RiskCriterion, held: Any, figures: RiskFigures | None) -> forms.ChoiceField:
        """Yes or no; low, medium or high where the chance itself is asked for."""
        choices = [(YES, "Yes"), (NO, "No")]
        initial: str | None = None if held is None else YES if held.applies else NO
        if row.measure == LIKELIHOOD:
            choices = list(RiskFigures.Likelihood.choices)
            entered = figures.likelihood if figures else ""
            initial = entered or {YES: "medium", NO: "low"}.get(initial or "")
        elif row.measure == CONCERN and initial is None and figures and self.concerns(figures.supplier):
            initial = YES
        return forms.ChoiceField(
            label=row.question,
            help_text=_hint(row),
            choices=choices,
            widget=forms.RadioSelect,
            required=False,
            initial=initial,
        )

    def _measures(self, row: RiskCriterion, figures: RiskFigures | None) -> dict[str, forms.Field]:
        """What is asked besides, with what was entered before."""
        if row.measure == OUTAGE:
            days = NumberField(
                label="Longest outage of a critical function that you would have to live with",
                suffix="days",
                max_value=3650,
                required=False,
                initial=figures.outage_days if figures else None,
                called="longest outage",
            )
            return {f"{row.key}_days": days}
        if row.measure == DEPENDENCY:
            yearly = MoneyField(
                label="Value of the contract a year, excluding VAT",
                required=False,
                initial=figures.yearly_value if figures else None,
                called="value a year",
            )
            turnover = MoneyField(
                label="Supplier's turnover a year",
                required=False,
                initial=figures.turnover if figures else None,
                called="turnover",
            )
            return {f"{row.key}_yearly": yearly, f"{row.key}_turnover": turnover}
        if row.measure == CONCERN:
            supplier = SupplierField(
                Supplier.objects.filter(organisation_id=self.organisation_id).order_by("name"),
                label="Present or likely supplier",
                empty_label="Not known",
                required=False,
                initial=figures.supplier_id if figures else None,
            )
            return {f"{row.key}_supplier": supplier}
        return {}

    def figures(self) -> dict[str, Any]:
        """What was entered besides, by the fields of ``RiskFigures``; only of criteria that are asked."""
        found: dict[str, Any] = {}
        for row in self.criteria:
            given = self.cleaned_data
            if row.measure == OUTAGE:
                found["outage_days"] = given.get(f"{row.key}_days")
            elif row.measure == DEPENDENCY:
                found["yearly_value"] = given.get(f"{row.key}_yearly")
                found["turnover"] = given.get(f"{row.key}_turnover") or None
            elif row.measure == LIKELIHOOD:
                found["likelihood"] = given.get(row.key) or ""
            elif row.measure == CONCERN:
                found["supplier"] = given.get(f"{row.key}_supplier")
        return found

    def clean(self) -> dict[str, Any] | None:
        """Framework 4.3: each tick needs a short explanation, unless the figures give it."""
        cleaned = super().clean()
        entered = self.figures()
        supplier = entered.pop("supplier", None)
        measured = Measured(**entered, supplier=supplier.name if supplier else "", concerns=self.concerns(supplier))
        for row in self.criteria:
            why = _why(row)
            is_given = self.cleaned_data.get(row.key)
            ticks = tick_of(row.measure, measured, self.rules) if row.measure != LIKELIHOOD else ""
            if not is_given and not ticks and not self.is_draft and row.key not in self.errors:
                asks = "Choose low, medium or high" if row.measure == LIKELIHOOD else "Answer yes or no"
                self.add_error(row.key, f"{asks}: {row.name}")
            if self._applies(row) and not ticks and not self.cleaned_data.get(why) and why not in self.errors:
                self.add_error(why, f"Explain why this applies: {row.name}")
        return cleaned

    def ticked(self) -> dict[str, Ticked]:
        """The answers given, by criterion key; what is open is left out."""
        return {
            row.key: Ticked(
                applies=self._applies(row),
                explanation=self.cleaned_data[_why(row)] if self._applies(row) else "",
            )
            for row in self.criteria
            if self.cleaned_data.get(row.key)
        }

    def _applies(self, row: RiskCriterion) -> bool:
        given = self.cleaned_data.get(row.key)
        return given in TICKING_LIKELIHOODS if row.measure == LIKELIHOOD else given == YES

    def build_layout(self) -> list[Any]:
        """Each yes opens its explanation; what is measured stands before its question."""
        layout: list[Any] = []
        for row in self.criteria:
            layout += [self.laid_out(name) for name in self._measures(row, None)]
            if row.measure == LIKELIHOOD:
                layout += [Field(row.key), Field(_why(row), context={"label_size": None})]
            else:
                why = ConditionalQuestion("Yes", Field(_why(row), context={"label_size": None}))
                layout.append(ConditionalRadios(row.key, why, "No"))
        return layout


def _why(row: RiskCriterion) -> str:
    return f"{row.key}_why"


def _hint(row: RiskCriterion) -> str:
    parts = [row.help] if row.help else []
    if row.examples:
        parts.append(f"For example: {'; '.join(row.examples)}.")
    if more := _beyond(row.effect):
        parts.append(more)
    return " ".join(parts)


def _beyond(effect: str) -> str:
    """What a yes does beyond making the commission high risk, which the page says once above the questions."""
    if not effect.startswith(COMMON):
        return effect
    more = effect.removeprefix(COMMON).lstrip(", .").removeprefix("and ")
    return f"If yes: {sentence_start(more)}" if more else ""
