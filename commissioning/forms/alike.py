"""Asking whether a need is there already, before it is registered a second time."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.layout import HTML
from django import forms

from casework.models import Act
from commissioning.selectors.alike import Alike, alike
from commissioning.services.duplicates import Settled
from organisation.forms import TextField
from organisation.forms.base import with_value
from organisation.forms.wording import give_words

NONE = "none"
ASKED = ("same_as", "same_reason", "alike_shown")


class SettlesAlike(forms.Form):
    """Names what looks like the need once it is typed; whoever registers links one, or says why none is the same.

    The fields are there only when something looks like it. What is found only at the second attempt is asked about too.
    """

    #: What was found, and what was said of it.
    found: tuple[Alike, ...] = ()
    settled: Settled | None = None

    def _post_clean(self) -> None:
        """Look once the act's id is known: a form that arrives twice has registered what it would find."""
        super()._post_clean()  # type: ignore[misc]
        title, area = self.cleaned_data.get("title"), self.cleaned_data.get("service_area")
        if not title or area is None:
            return
        category, person = self.cleaned_data.get("category"), self.user  # type: ignore[attr-defined]
        self.found = tuple(
            alike(
                person,
                title,
                organisations=[area.organisation_id],
                category=category.pk if category else None,
                area=area.pk,
            )
        )
        if self.found and not Act.objects.filter(act_id=self.cleaned_data["act_id"], person_id=person.pk).exists():
            self._ask()

    def _ask(self) -> None:
        choices = [(str(row.case_id), f"It belongs with {row.reference} {row.title}") for row in self.found]
        fields: dict[str, forms.Field] = {
            "same_as": forms.ChoiceField(
                label="Is it one of these?",
                choices=[*choices, (NONE, "None of these is the same need")],
                widget=forms.RadioSelect,
                required=False,
            ),
            "same_reason": TextField(
                label="Why?", called="reason", max_length=400, rows=2, required=False,
                help_text="What differs, or how the two belong together. It is kept with the commission.",
            ),
            "alike_shown": forms.CharField(required=False, widget=forms.HiddenInput, max_length=200),
        }  # fmt: skip
        for name, field in fields.items():
            give_words(name, field)
            self.fields[name] = field
        said, reason = self.data.get("same_as", ""), self.data.get("same_reason", "").strip()
        shown = set(self.data.get("alike_shown", "").split(","))
        now = [str(row.case_id) for row in self.found]
        if said not in (*now, NONE) or not shown.issuperset(now):
            words = "Say whether it is one of these records, or that none of them is the same need"
            self.add_error("same_as", words)
            # The next attempt answers for what is shown now.
            self.data = with_value(self.data, self.add_prefix("alike_shown"), ",".join(now))
        elif not reason:
            self.add_error("same_reason", "Say what differs, or how the two belong together")
        elif len(reason) > 400:
            self.add_error("same_reason", "The reason must be 400 characters or fewer")
        else:
            self.settled = Settled(self.found, None if said == NONE else int(said), reason)

    def alike_layout(self) -> list[Any]:
        """The records with what is known of each, then the question."""
        if "same_as" not in self.fields:
            return []
        head = HTML('{% include "commissioning/_alike.html" with found=form.found only %}')
        return [head, *[self.laid_out(name) for name in ("same_as", "same_reason")]]  # type: ignore[attr-defined]
