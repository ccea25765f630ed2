"""The forms of the options appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms
from django.db.models import Sum

from commissioning.appraisal import HIGHEST_SCORE, WHOLE
from commissioning.financial_years import year_choices
from commissioning.forms.chosen import ChosenField
from commissioning.forms.sheets import SheetForm
from commissioning.models.options import AppraisalCriterion, AppraisalOption, OptionCost, OptionScore
from organisation import clock
from organisation.forms import LineField, MoneyField, NumberField, PageForm, TextField, VersionedPageForm

SCORES = [(0, "0, not at all"), *((number, str(number)) for number in range(1, HIGHEST_SCORE)), (5, "5, fully")]


class OptionForm(SheetForm):
    """One option."""

    name = LineField(
        label="What is the option?", help_text="Like four contracts, by area.", max_length=150, called="option"
    )
    advantages = TextField(label="What speaks for it?", max_length=2_000, rows=3, required=False)
    disadvantages = TextField(label="What speaks against it?", max_length=2_000, rows=3, required=False)
    outcomes = TextField(label="What would it achieve, and for whom?", max_length=2_000, rows=3, required=False)
    risk = TextField(label="What could go wrong?", max_length=2_000, rows=3, required=False)
    exit_route = TextField(
        label="How would it end?",
        help_text="Every service ends one day. Say how you would leave; what that costs is one of its costs.",
        max_length=2_000,
        rows=3,
        required=False,
    )


class CostForm(SheetForm):
    """What an option costs, or brings, in some years."""

    option = ChosenField(
        label="Which option is it for?",
        empty="Choose an option",
        error_messages={"required": "Choose the option", "invalid_choice": "Choose an option from the list"},
    )
    kind = forms.ChoiceField(
        label="What is it?",
        choices=OptionCost.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    what = LineField(label="What is it for?", help_text="Like carers' hours, or notice pay.", required=False)
    amount = MoneyField(
        label="How much is it a year?",
        help_text="Excluding VAT, at today's prices. Leave inflation out.",
        called="amount a year",
    )
    first_year = forms.TypedChoiceField(
        label="From which financial year?", coerce=int, error_messages={"required": "Choose the first year"}
    )
    last_year = forms.TypedChoiceField(
        label="To which financial year?",
        help_text="The same year, if it comes once.",
        coerce=int,
        error_messages={"required": "Choose the last year"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The commission's options, and the years ahead."""
        super().__init__(*args, **kwargs)
        options = AppraisalOption.objects.filter(commission=self.commission, removed_at__isnull=True)
        self.fields["option"].offer(options.order_by("-is_do_nothing", "pk"))  # type: ignore[attr-defined]
        kept = (self.row.first_year, self.row.last_year) if isinstance(self.row, OptionCost) else ()
        for name in ("first_year", "last_year"):
            self.fields[name].choices = [("", "Choose a year"), *year_choices(clock.today(), kept)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """The last year is not before the first."""
        cleaned = super().clean()
        first, last = self.cleaned_data.get("first_year"), self.cleaned_data.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", "The last year must not be before the first")
        return cleaned


class CriterionForm(SheetForm):
    """What the options are scored on, and how much it counts."""

    name = LineField(
        label="What are the options scored on?",
        help_text="Like quality of care, or how soon it can start.",
        max_length=150,
        called="criterion",
    )
    weight = NumberField(
        label="How much does it count?", min_value=1, max_value=WHOLE, suffix="of 100", called="weight"
    )
    good_looks_like = LineField(label="What would earn the highest score?", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the others leave of 100."""
        super().__init__(*args, **kwargs)
        others = AppraisalCriterion.objects.filter(commission=self.commission, removed_at__isnull=True)
        if self.row is not None:
            others = others.exclude(pk=self.row.pk)
        self.taken: int = others.aggregate(taken=Sum("weight"))["taken"] or 0
        left = max(WHOLE - self.taken, 0)
        self.fields["weight"].help_text = (
            f"All weights together make 100. The others add up to {self.taken}, so {left} are left."
            if self.taken
            else "All weights together make 100."
        )

    def clean_weight(self) -> int:
        """No more than is left."""
        weight: int = self.cleaned_data["weight"]
        left = WHOLE - self.taken
        if weight > left:
            raise forms.ValidationError(
                f"The weights would add up to {self.taken + weight}. Enter {left} or less, or lower another first"
                if left > 0
                else "The others make 100 already. Lower one of them first"
            )
        return weight


class ScoresForm(VersionedPageForm):
    """How well one option meets each criterion, and why."""

    submit_label = "Save the scores"

    def __init__(
        self, *args: Any, criteria: Sequence[AppraisalCriterion], scores: Sequence[OptionScore], **kwargs: Any
    ) -> None:
        """Take what is scored on, and the scores so far."""
        self.criteria = criteria
        standing = {score.criterion_id: score for score in scores}
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]
        for criterion in criteria:
            known = standing.get(criterion.pk)
            self.base_fields[f"score_{criterion.pk}"] = forms.TypedChoiceField(
                label="How well does it meet this?",
                help_text=criterion.good_looks_like and f"Highest score: {criterion.good_looks_like}",
                choices=SCORES,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=known.score if known else None,
            )
            self.base_fields[f"reason_{criterion.pk}"] = LineField(
                label="Why this score?",
                help_text="Needed with a score.",
                max_length=500,
                required=False,
                initial=known.reason if known else "",
            )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        """A score says why."""
        cleaned = super().clean()
        for criterion in self.criteria:
            score, reason = self._given(criterion)
            if score is not None and not reason:
                self.add_error(f"reason_{criterion.pk}", f"Say why it scores {score} for {criterion.name}")
            elif score is None and reason:
                self.add_error(f"score_{criterion.pk}", f"Choose a score for {criterion.name}")
        return cleaned

    def given(self) -> dict[int, tuple[int, str]]:
        """The score and the reason of each criterion that is scored."""
        found = {criterion.pk: self._given(criterion) for criterion in self.criteria}
        return {pk: (score, reason) for pk, (score, reason) in found.items() if score is not None}

    def _given(self, criterion: AppraisalCriterion) -> tuple[int | None, str]:
        score = self.cleaned_data.get(f"score_{criterion.pk}")
        return score, self.cleaned_data.get(f"reason_{criterion.pk}") or ""

    def build_layout(self) -> list[Any]:
        """One group a criterion."""
        return [
            Fieldset(
                f"score_{row.pk}",
                f"reason_{row.pk}",
                legend=f"{row.name}, {row.weight} of {WHOLE}",
                legend_size="m",
            )
            for row in self.criteria
        ]


class PreferForm(PageForm):
    """Which option is preferred, and why."""

    submit_label = "Save the preferred option"

    option = ChosenField(
        label="Which option do you prefer?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an option", "invalid_choice": "Choose an option from the list"},
    )
    because = TextField(
        label="Why?",
        help_text="Weigh outcomes and quality with the cost. If it is neither the best score nor the least cost for "
        "each point, say what decided it.",
        max_length=2_000,
        called="reason",
    )

    def __init__(self, *args: Any, options: Any, **kwargs: Any) -> None:
        """Take the options that stand."""
        super().__init__(*args, **kwargs)
        self.fields["option"].offer(options)  # type: ignore[attr-defined]
