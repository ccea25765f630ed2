"""Saying when a main date is expected today."""

from __future__ import annotations

from organisation.forms import DayField, TextField, VersionedPageForm


class MoveMilestoneForm(VersionedPageForm):
    """Where a main date stands today; the baseline is not asked, for it never changes."""

    submit_label = "Save"

    expected_on = DayField(label="When is it expected now?", called="date it is expected")
    done_on = DayField(
        label="When was it reached?", help_text="Leave blank until it is.", required=False, called="date it was reached"
    )
    reason = TextField(label="If the date moved, why?", max_length=500, rows=3, required=False, called="reason")
