"""The form of an entry in the engagement log."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.market_contact import read_market_contact
from commissioning.models.engagement import Engagement
from organisation import clock
from organisation.formatting import day
from organisation.forms import DayField, LineField, NumberField, PageForm, TextField


class EngagementForm(SheetForm):
    """One entry. A plan may leave open what only the day itself will show."""

    title = LineField(  # type: ignore[assignment]
        label="What is it called?", help_text="Like “Home care: open morning in Alnbridge”.", called="name"
    )
    stage = forms.ChoiceField(
        label="Which stage does it belong to?",
        choices=Engagement.Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the stage"},
    )
    group = forms.ChoiceField(
        label="Who is asked?",
        help_text="Add one entry for each group, so that it can be seen who was reached and when.",
        choices=Engagement.Group.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who is asked"},
    )
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[("", "Choose what it is"), *Engagement.Kind.choices],
        error_messages={"required": "Choose what it is"},
    )
    method = forms.ChoiceField(
        label="How are people reached?",
        choices=Engagement.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how people are reached"},
    )
    takes_place_on = DayField(label="On what day?", help_text="The first day, if it runs over several.", called="day")
    standing_is = forms.ChoiceField(
        label="Has it taken place?",
        choices=Engagement.Standing.choices,
        widget=forms.RadioSelect,
        initial=Engagement.Standing.PLANNED,
        error_messages={"required": "Choose if it has taken place"},
    )
    purpose = LineField(label="What is it for?", max_length=300, called="purpose")
    took_part = NumberField(
        label="How many took part?", required=False, max_value=1_000_000, called="number who took part"
    )
    attendees = TextField(
        label="Who came?",
        help_text="For talks with possible bidders: the organisations, one a line.",
        required=False,
        max_length=4000,
        rows=3,
        called="who came",
    )
    told = TextField(
        label="What did the council tell them?",
        help_text="The problem it has, the money there is, what is fixed and what is open.",
        required=False,
        max_length=4000,
        rows=3,
        called="what the council told them",
    )
    asked = TextField(
        label="What did you ask them?",
        help_text="A soft market test needs its questions.",
        required=False,
        max_length=4000,
        rows=3,
        called="what you asked",
    )
    heard = TextField(
        label="What did you hear?",
        help_text="What people said. Leave prices out: CCPS notes them on a page of their own.",
        required=False,
        max_length=4000,
        rows=4,
        called="what you heard",
    )
    interest = TextField(
        label="What interest did they show?",
        help_text="For talks with possible bidders: who would bid, for what, and what would keep them away.",
        required=False,
        max_length=4000,
        rows=3,
        called="interest that they showed",
    )
    changed = TextField(
        label="What changed because of it?",
        help_text="In the plan, the specification or the way to buy. “Nothing, because …” is an answer.",
        required=False,
        max_length=4000,
        rows=3,
        called="what changed",
    )
    is_structured = forms.BooleanField(
        label="It is structured: everyone gets the same information, and notes are kept",
        help_text="Between market preparation and award, only structured talks with bidders are allowed.",
        required=False,
    )
    notice_reference = LineField(
        label="Market engagement notice: its reference",
        help_text="For talks with possible bidders. The notice is published before the day.",
        max_length=100,
        required=False,
        called="reference of the notice",
    )
    notice_on = DayField(label="When was the notice published?", required=False, called="day of the notice")
    no_notice_reason = TextField(
        label="If there was no notice, why?",
        help_text="The tender will publish these words.",
        required=False,
        max_length=2000,
        rows=3,
        called="why there was no notice",
    )
    direct_contact_reason = TextField(
        label="If bidders were met outside a structured talk, why?",
        help_text="Asked only while no direct contact is allowed. CCPS is told.",
        required=False,
        max_length=2000,
        rows=3,
        called="why bidders were met outside a structured talk",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A new entry most likely belongs to the stage that the commission is in."""
        super().__init__(*args, **kwargs)
        if self.commission.state in Engagement.Stage.values:
            self.initial.setdefault("stage", self.commission.state)

    def clean(self) -> dict[str, Any] | None:
        """What was held has a day, words and, with the market, a notice before it or the reason for none."""
        cleaned = super().clean()
        given = self.cleaned_data
        if not given.get("stage") and "stage" not in self.errors:
            self.add_error("stage", "Choose the stage")
        reference, published = given.get("notice_reference"), given.get("notice_on")
        if reference and not published and "notice_on" not in self.errors:
            self.add_error("notice_on", "Enter the day the notice was published")
        if published and not reference:
            self.add_error("notice_reference", "Enter the reference of the notice")
        if given.get("standing_is") == Engagement.Standing.HELD:
            self._held()
            self._while_closed()
        return cleaned

    def _is_market(self) -> bool:
        given = self.cleaned_data
        return given.get("group") == Engagement.Group.SUPPLIERS or given.get("kind") in Engagement.MARKET_KINDS

    def _while_closed(self) -> None:
        """Framework 10: a talk outside structured engagement asks for an explanation while bidders may not be met."""
        given = self.cleaned_data
        on = given.get("takes_place_on")
        if not self._is_market() or given.get("is_structured") or given.get("direct_contact_reason") or on is None:
            return
        contact = read_market_contact(self.commission)
        if contact is not None and on >= contact.since:
            words = f"Since {day(contact.since)} bidders are met only in structured talks. Say why this one was not"
            self.add_error("direct_contact_reason", words)

    def _held(self) -> None:
        given = self.cleaned_data
        on = given.get("takes_place_on")
        if on and on > clock.today():
            self.add_error("takes_place_on", "It cannot have taken place yet: the day is in the future")
        if not given.get("heard"):
            self.add_error("heard", "Say what you heard")
        if not given.get("changed"):
            self.add_error("changed", "Say what changed because of it")
        if given.get("kind") == Engagement.Kind.SOFT_MARKET_TEST and not given.get("asked"):
            self.add_error("asked", "Enter the questions of the soft market test")
        if self._is_market():
            self._market_held()

    def _market_held(self) -> None:
        """Framework 10: a talk with the market says who came, what they were told and what interest they showed."""
        given = self.cleaned_data
        for name, words in (
            ("attendees", "Say who came, or that nobody did"),
            ("told", "Say what the council told them: every provider hears the same"),
            ("interest", "Say what interest they showed, or that they showed none"),
        ):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, words)
        if given.get("no_notice_reason") or "notice_on" in self.errors:
            return
        on = given.get("takes_place_on")
        published = given.get("notice_on")
        if not published:
            words = "Enter the notice that came before this talk with the market, or say why there was none"
            self.add_error("no_notice_reason", words)
        elif on and published >= on:
            words = f"The notice must be published before {day(on)}. If it was late, say why below"
            self.add_error("notice_on", words)


class NoEngagementForm(PageForm):
    """Why nobody is asked at a stage."""

    submit_label = "Save this reason"

    reason = TextField(
        label="Why is nobody asked at this stage?",
        help_text="Whoever reads the record sees this in the place of an entry.",
        max_length=500,
        rows=3,
        called="reason",
    )
