"""The forms that ask what another value or risk would change, and why commissions that add up stay apart."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.dossier import CriterionLine
from organisation.forms import MoneyField, PageForm, TextField


class WhatIfForm(PageForm):
    """Another value, another risk. Sent as an address: nothing is saved."""

    submit_label = "Show what would change"
    value = MoneyField(label="Another value, excluding VAT", called="value", required=False)
    risk = forms.ChoiceField(label="Another risk", required=False)

    def __init__(self, *args: Any, criteria: tuple[CriterionLine, ...], **kwargs: Any) -> None:
        """Offer the criteria that do not apply now."""
        super().__init__(*args, **kwargs)
        self.fields["risk"].choices = [  # type: ignore[attr-defined]
            ("", "As it is"),
            ("none", "No criterion applies"),
            *((line.key, f"{line.name} applies") for line in criteria),
        ]
        del self.fields["act_id"]
        self.helper.form_method = "get"
        self.helper.disable_csrf = True


class SeenForm(PageForm):
    """Why they are not one."""

    submit_label = "Record this reason"
    reason = TextField(
        label="Why are these not one purchase?",
        help_text="Like: other services, other users, other times. Splitting to stay under a threshold is not allowed.",
        max_length=1000,
        rows=4,
        called="reason",
    )
