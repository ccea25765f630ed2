"""The form of an act that asks for nothing but a press."""

from __future__ import annotations

from organisation.forms import PageForm


class ConfirmForm(PageForm):
    """Nothing to type: the button is the answer."""

    submit_label = "Continue"
