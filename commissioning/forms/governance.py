"""The forms of a formal decision."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.models import DecisionEntry
from organisation import clock
from organisation.forms import DayField, LineField, PageForm, TextField


class EntryForm(PageForm):
    """A decision that is to be taken, and the notice given of it."""

    submit_label = "Enter this decision"
    notice = forms.ChoiceField(
        label="What kind of decision is it?",
        choices=DecisionEntry.Notice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of decision"},
    )
    what = LineField(label="What is to be decided?", called="what is to be decided")
    published_on = DayField(
        label="When was the notice published?",
        help_text="The forward plan entry, or the notice of general exception.",
        required=False,
        called="date of the notice",
    )
    agreed_by = LineField(label="Which chair agreed to special urgency?", required=False, called="chair who agreed")
    agreed_on = DayField(label="When did the chair agree?", required=False, called="date of the agreement")
    reason = TextField(
        label="Why can the usual notice not be given?",
        help_text="Only for a general exception or special urgency.",
        max_length=500,
        rows=3,
        required=False,
    )
    planned_on = DayField(label="When is it to be decided?", required=False, called="planned day")


class TakenForm(PageForm):
    """What was decided, when, by whom, and whether it may be called in."""

    submit_label = "Record this decision"
    decided_on = DayField(label="When was it decided?", called="day of the decision")
    decided_by = LineField(label="Who decided?", called="name of who decided")
    decision_reference = LineField(label="Reference of the decision", max_length=80, width="width-20")
    decision_published_on = DayField(
        label="When was the decision published?",
        help_text="Call-in is counted from the day after. Leave blank if it is not published yet.",
        required=False,
        called="date of publication",
    )
    call_in_waived_because = TextField(
        label="If it cannot be called in: why?",
        help_text="Only where the constitution lets an urgent decision go without call-in.",
        max_length=500,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What was decided lies behind us."""
        super().__init__(*args, **kwargs)
        for name in ("decided_on", "decision_published_on"):
            self.fields[name].latest = clock.today()  # type: ignore[attr-defined]


class OnDayForm(PageForm):
    """The day of something that has happened."""

    on = DayField(label="On which day?", called="day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It lies behind us."""
        super().__init__(*args, **kwargs)
        self.fields["on"].latest = clock.today()  # type: ignore[attr-defined]


class SettleForm(OnDayForm):
    """What came of a call-in."""

    submit_label = "Settle the call-in"
    outcome = TextField(label="What came of it?", max_length=500, rows=3, called="outcome")


class WithdrawEntryForm(PageForm):
    """Why an entry is taken out."""

    submit_label = "Withdraw this entry"
    submit_tone = "warning"
    because = TextField(label="Why is it withdrawn?", max_length=500, rows=3, called="reason")
