"""The last step before a paper is submitted."""

from __future__ import annotations

from typing import Any

from django import forms

from organisation.forms import PageForm


class CheckForm(PageForm):
    """The statement of the person who is accountable, and the button."""

    is_agreed = forms.BooleanField(
        label="I agree with this statement", error_messages={"required": "Tick the box to agree with the statement"}
    )

    def __init__(self, *args: Any, paper_name: str, **kwargs: Any) -> None:
        """Name the paper on the button, as it reads inside a sentence."""
        super().__init__(*args, **kwargs)
        self.submit_label = f"Submit {paper_name}"
