"""The form that moves the demonstration's clock."""

from __future__ import annotations

from organisation.forms.base import PageForm
from organisation.forms.fields import DayField


class ClockForm(PageForm):
    """The day the clock is to show."""

    submit_label = "Move the clock"

    day = DayField(label="New date", called="date")
