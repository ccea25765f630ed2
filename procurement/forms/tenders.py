"""Forms of a sourcing exercise: what it is published with, how bids are judged, standstill and challenges."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms

from casework.verb_forms import VerbForm, verb_form
from organisation import clock
from organisation.formatting import counted, day, in_sentence, money, percent
from organisation.forms import DayField, LineField, NumberField, PageForm, TextField, VersionedPageForm, YesNoField
from organisation.statutory_figures import days_of
from procurement.models import AwardCriterion, Exercise
from procurement.services.tenders import LABELS, TIMETABLE
from procurement.states import StandstillBasis

MOST_BIDS = 1000
_LINE = re.compile(r"^(?P<name>.+?)[\s:,–-]+(?P<weight>[0-9]{1,3}(\.[0-9]{1,2})?)\s*%?$")
_LONGEST_NAME = 200


class TenderForm(VersionedPageForm):
    """Timetable, lots, social value and market engagement. Anything may wait until the tender is published."""

    submit_label = "Save"

    publish_on = DayField(label="When do you plan to publish it?", called="publication date", required=False)
    deadline_on = DayField(label="By when must bids come?", called="deadline for bids", required=False)
    evaluate_by = DayField(label="When will bids be evaluated by?", called="evaluation date", required=False)
    award_by = DayField(label="When do you plan to award it?", called="award date", required=False)
    starts_on = DayField(label="When will the contract start?", called="start date", required=False)
    lots = TextField(
        label="Which lots?",
        help_text="How many and what each is for, or why there are none.",
        max_length=1000,
        rows=3,
        required=False,
        called="lots",
    )
    social_value = TextField(
        label="What social value do you ask for?", max_length=3000, rows=4, required=False, called="social value"
    )
    had_engagement = YesNoField(label="Did you meet the market before this?", required=False)
    engagement_notice = LineField(
        label="Reference of the market engagement notice", max_length=100, width="width-20", required=False
    )
    engagement_explanation = TextField(
        label="Why was there no notice?",
        help_text="The tender publishes this explanation. It cannot be published without one where the engagement log "
        "has a talk with the market that no notice came before.",
        max_length=3000,
        rows=3,
        required=False,
        called="explanation",
    )

    def clean(self) -> dict[str, Any] | None:
        """The days of the timetable come in their order."""
        cleaned = super().clean()
        known = [(name, self.cleaned_data.get(name)) for name in TIMETABLE]
        known = [(name, on) for name, on in known if on]
        for (earlier, first), (later, second) in pairwise(known):
            if first and second and second < first:
                words = LABELS[earlier]
                self.add_error(later, f"This must be on or after {day(first)}, {in_sentence(words)}")
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, without the form's own numbers."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("act_id", "version")}

    def build_layout(self) -> list[Any]:
        """The timetable, then what the tender says, then engagement."""
        return [
            Fieldset(*(self.laid_out(name) for name in TIMETABLE), legend="Timetable", legend_size="m"),
            self.laid_out("lots"),
            self.laid_out("social_value"),
            Fieldset(
                self.laid_out("had_engagement"),
                self.laid_out("engagement_notice"),
                self.laid_out("engagement_explanation"),
                legend="Market engagement",
                legend_size="m",
            ),
        ]


class CriteriaForm(PageForm):
    """Award criteria, one a line, each ending in its weight."""

    submit_label = "Save the criteria"

    criteria = TextField(
        label="Award criteria",
        help_text="One a line, each ending in its weight in per cent, like “Quality of care 50”. They sum to 100.",
        called="the award criteria",
        max_length=4000,
        rows=8,
    )

    @classmethod
    def shown(cls, criteria: list[AwardCriterion]) -> str:
        """What is recorded, as it is typed."""
        return "\n".join(str(one) for one in criteria)

    def clean_criteria(self) -> list[tuple[str, Decimal]]:
        """Read the lines; say which one has no weight."""
        found: list[tuple[str, Decimal]] = []
        for number, line in enumerate(self.cleaned_data["criteria"].splitlines(), 1):
            if not line.strip():
                continue
            read = _LINE.match(line.strip())
            if read is None or not 0 < Decimal(read["weight"]) <= 100:
                raise forms.ValidationError(f"Line {number} must end in a weight from 1 to 100, like “Price 40”")
            name = read["name"].strip()[:_LONGEST_NAME]
            if name in (known for known, _ in found):
                raise forms.ValidationError(f"Line {number} repeats “{name}”")
            found.append((name, Decimal(read["weight"])))
        return found

    def said(self) -> str:
        """What the weights come to."""
        total = sum((weight for _, weight in self.cleaned_data["criteria"]), Decimal(0))
        if total == 100:
            return "Award criteria saved. Their weights come to 100%."
        return f"Award criteria saved. Their weights come to {percent(total)}: they must come to 100% to publish."


class StandstillForm(PageForm):
    """On what basis nothing is signed for some days."""

    submit_label = "Record the standstill"

    basis = forms.ChoiceField(
        label="Which standstill is held?",
        choices=StandstillBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the basis of the standstill"},
    )
    award_notice_on = DayField(
        label="When is the contract award notice published?", called="date of the award notice", required=False
    )
    reason = TextField(
        label="Why?",
        help_text="Needed where the Act does not require one, or none is held.",
        max_length=500,
        rows=3,
        required=False,
        called="the reason",
    )

    def __init__(self, *args: Any, exercise: Exercise, **kwargs: Any) -> None:
        """Say which figure the Act's thresholds are compared to."""
        super().__init__(*args, **kwargs)
        price = money(exercise.chosen.amount_inc_vat) if exercise.chosen else "Not recorded"
        self.fields["basis"].help_text = (
            f"The Act’s thresholds are compared to the price including VAT: {price}. A standstill lasts "
            f"{counted(days_of('standstill.days', clock.today()), 'working day')}, that of the notice included."
        )

    def clean(self) -> dict[str, Any] | None:
        """A standstill is counted from its notice; anything but a required one says why."""
        cleaned = super().clean()
        basis = self.cleaned_data.get("basis")
        is_held = basis in (StandstillBasis.MANDATORY, StandstillBasis.VOLUNTARY)
        if is_held and not self.cleaned_data.get("award_notice_on") and "award_notice_on" not in self.errors:
            self.add_error("award_notice_on", "Enter the date of the award notice")
        if basis and basis != StandstillBasis.MANDATORY and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", "Enter the reason")
        return cleaned


class ChallengeForm(PageForm):
    """Who challenges what."""

    submit_label = "Record the challenge"

    raised_by = LineField(label="Which bidder challenges it?", called="name of the bidder")
    raised_on = DayField(label="When did you receive it?", called="date you received it")
    words = TextField(label="What do they say?", called="what they say", max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nobody challenges in the future."""
        super().__init__(*args, **kwargs)
        self.fields["raised_on"].latest = clock.today()  # type: ignore[attr-defined]
        self.fields["raised_on"].initial = clock.today()


class SettleForm(PageForm):
    """How a challenge ended."""

    submit_label = "Settle the challenge"

    outcome = TextField(label="How was it settled?", called="how it was settled", max_length=4000)


@verb_form(Exercise, "publish")
class PublishForm(VerbForm):
    """The reference of the tender notice."""

    notice_reference = LineField(
        label="Reference of the tender notice", max_length=100, width="width-20", called="reference of the notice"
    )

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """By when bids come."""
        return f"Tender published. Bids can come until {day(subject.deadline_on)}."


@verb_form(Exercise, "close_bids")
class CloseBidsForm(VerbForm):
    """How many bid."""

    bids = NumberField(label="How many bids came in time?", called="number of bids", min_value=0, max_value=MOST_BIDS)

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """What comes next."""
        return f"{counted(subject.bids, 'bid')} closed. Record the winner and its price once they are evaluated."


@verb_form(Exercise, "end_without_award")
class NoAwardForm(VerbForm):
    """How many bid, and why nobody is awarded."""

    bids = NumberField(label="How many bids came?", called="number of bids", min_value=0, max_value=MOST_BIDS)

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Back to the route to market."""
        return (
            f"{subject.case_file.reference} ended without an award. Go back to the route to market: "
            "check the value and the risk again first."
        )


@verb_form(Exercise, "set_aside")
class SetAsideForm(VerbForm):
    """Only the reason."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """What the price did."""
        case = subject.commission.case_file
        return (
            f"Quotes set aside. The value of {case.reference} is {money(case.value_ex_vat)} now; what its band asks "
            "is on the commission’s page."
        )


@verb_form(Exercise, "confirm")
class ConfirmForm(VerbForm):
    """Nothing to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Who can act now."""
        return f"Recommendation confirmed: {subject.chosen.supplier}. CCPS can award the contract."
