"""The forms of the sheets that Plan fills."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.chosen import ChosenField
from commissioning.forms.options import SCORES
from commissioning.forms.sheets import OnceForm, SheetForm
from commissioning.models.engagement import Engagement
from commissioning.models.plan import (
    DesignElement,
    Gap,
    KeyDecision,
    MakeOrBuyFinding,
    MakeOrBuyScore,
    SkillGap,
)
from commissioning.selectors import people
from organisation import clock
from organisation.forms import DayField, LineField, TextField


def radios(label: str, choices: Any, words: str, **kwargs: Any) -> forms.ChoiceField:
    """Radios of which one is chosen; ``words`` say what to choose."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": words}, **kwargs
    )


def scores(label: str, words: str) -> forms.TypedChoiceField:
    """Radios from 0 to 5."""
    return forms.TypedChoiceField(
        label=label, choices=SCORES, coerce=int, widget=forms.RadioSelect, error_messages={"required": words}
    )


def owner_field() -> ChosenField:
    """Who sees to it: somebody of the organisation, or nobody yet."""
    return ChosenField(
        label="Who sees to it?",
        empty="Nobody yet",
        required=False,
        error_messages={"invalid_choice": "Choose a person from the list"},
    )


class OwnedForm(SheetForm):
    """A row with an owner, out of the people who can be chosen for the commission."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the list of people."""
        super().__init__(*args, **kwargs)
        owner_id = getattr(self.row, "owner_id", None)
        owners = people.choosable(self.commission, with_lead=owner_id)
        self.fields["owner"].offer(owners, lambda person: person.label)  # type: ignore[attr-defined]


class GapForm(OwnedForm):
    """One gap."""

    area = radios("Where is the gap?", Gap.Area.choices, "Choose where the gap is")
    now = LineField(label="What is there now?", max_length=300, called="what is there now")
    wanted = LineField(label="What is wanted?", max_length=300, called="what is wanted")
    gap = LineField(label="What is missing?", max_length=300, called="what is missing")
    action = LineField(label="What will you do about it?", max_length=300, required=False)
    owner = owner_field()


class MakeOrBuyScoreForm(OnceForm):
    """In-house and external on one factor."""

    model = MakeOrBuyScore
    once = "factor"
    twice = "This is scored already. Change that line instead"

    factor = radios("What do you score?", MakeOrBuyScore.Factor.choices, "Choose what you score")
    in_house = scores("How well would the council do?", "Choose a score for in-house")
    external = scores("How well would others do?", "Choose a score for external")
    reason = LineField(label="Why?", max_length=500, called="reason")
    coming_law = LineField(
        label="Which changes in law are coming, and when?",
        help_text="For risk. Write “none known” if that is so.",
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, Any] | None:
        """Risk counts the law that is coming."""
        cleaned = super().clean()
        is_risk = self.cleaned_data.get("factor") == MakeOrBuyScore.Factor.RISK
        if is_risk and not self.cleaned_data.get("coming_law"):
            self.add_error("coming_law", "Name the changes in law that are coming, or write “none known”")
        return cleaned


class MakeOrBuyFindingForm(SheetForm):
    """What the study recommends."""

    way = radios("What do you recommend?", MakeOrBuyFinding.Way.choices, "Choose what you recommend")
    reasons = TextField(label="Why?", max_length=3_000, rows=4, called="reason")
    pricing = TextField(
        label="If you buy, how will you ask for prices?",
        help_text="Like a fixed price, a price for each unit, or by results, and why.",
        max_length=2_000,
        rows=3,
        required=False,
    )

    def clean(self) -> dict[str, Any] | None:
        """Whoever buys has a pricing strategy."""
        cleaned = super().clean()
        way = self.cleaned_data.get("way")
        if way and way != MakeOrBuyFinding.Way.MAKE and not self.cleaned_data.get("pricing"):
            self.add_error("pricing", "Say how you will ask for prices")
        return cleaned


class SkillGapForm(OwnedForm):
    """One missing skill."""

    skill = LineField(label="Which skill is it?", called="skill")
    whose = radios("Where is it missing?", SkillGap.Whose.choices, "Choose where it is missing")
    missing = LineField(label="How much is missing?", help_text="Like two trainers.", max_length=300, called="gap")
    action = LineField(label="What will you do about it?", max_length=300, called="action")
    owner = owner_field()
    due_on = DayField(label="By when?", required=False, called="date")


class MarketActionForm(OwnedForm):
    """One action in the market."""

    action = LineField(label="What will you do?", max_length=300, called="action")
    providers = LineField(
        label="With which providers?", help_text="Like small home-care firms.", called="group of providers"
    )
    area = LineField(label="In which area?", max_length=100, called="area")
    is_rural = forms.BooleanField(label="The area is rural", required=False)
    owner = owner_field()
    due_on = DayField(label="By when?", called="date")
    result = LineField(label="What came of it?", max_length=500, required=False)


class DesignElementForm(SheetForm):
    """One part of the design."""

    kind = radios("What is it about?", DesignElement.Kind.choices, "Choose what it is about")
    name = LineField(label="Which part of the service is it?", help_text="Like the first visit.", called="part")
    how = TextField(label="How will it work?", max_length=3_000, rows=4, called="how it will work")
    changes_for = LineField(label="Whose work changes?", required=False)


class DesignFeedbackForm(SheetForm):
    """What future users said."""

    engagement = ChosenField(
        label="Which entry of the engagement log is it?",
        empty="Nobody was asked",
        required=False,
        error_messages={"invalid_choice": "Choose an entry from the list"},
    )
    said = TextField(label="What did they say of the design?", max_length=3_000, rows=3, required=False)
    changed = TextField(label="What did you change?", max_length=3_000, rows=3, required=False)
    why_none = TextField(label="If nobody was asked, why not?", max_length=1_000, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Entries of the commission's log."""
        super().__init__(*args, **kwargs)
        rows = Engagement.objects.filter(commission=self.commission, removed_at__isnull=True)
        self.fields["engagement"].offer(rows.order_by("-takes_place_on", "pk"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A record of the log, or the reason for none."""
        cleaned = super().clean()
        linked = self.cleaned_data.get("engagement")
        if linked and not self.cleaned_data.get("said"):
            self.add_error("said", "Write what they said of the design")
        if not linked and not self.cleaned_data.get("why_none") and "engagement" not in self.errors:
            self.add_error("why_none", "Choose an entry of the engagement log, or say why nobody was asked")
        return cleaned


class KeyDecisionForm(OnceForm):
    """One key decision."""

    model = KeyDecision
    once = "about"
    twice = "This is decided already. Change that line instead"

    about = radios("What is decided?", KeyDecision.About.choices, "Choose what is decided")
    decision = TextField(label="What was decided?", max_length=2_000, rows=3, called="decision")
    decided_on = DayField(label="When?", called="date of the decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A decision is not from the future."""
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].latest = clock.today()  # type: ignore[attr-defined]


class VoluntarySkillsForm(SheetForm):
    """What community groups and charities could contribute."""

    skills = TextField(
        label="Which community or voluntary-sector skills could contribute?",
        max_length=3_000,
        rows=4,
        required=False,
    )
    why_none = TextField(label="If none could, why not?", max_length=1_000, rows=2, required=False)

    def clean(self) -> dict[str, Any] | None:
        """A blank needs a reason."""
        cleaned = super().clean()
        if not self.cleaned_data.get("skills") and not self.cleaned_data.get("why_none"):
            self.add_error("skills", "Name the skills, or say below why none could contribute")
        return cleaned
