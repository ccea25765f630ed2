"""The forms of the timeline."""

from __future__ import annotations

from organisation.forms import PageForm, TextField


class WorkOutForm(PageForm):
    """Work the dates out, or out again."""

    submit_label = "Work the dates out again"


class LeaveOutForm(PageForm):
    """Why a step is not needed."""

    submit_label = "Leave this step out"
    reason = TextField(label="Why is it left out?", called="reason", max_length=500, rows=3)


class TakeBackForm(PageForm):
    """Take a step in again."""

    submit_label = "Take this step in again"
