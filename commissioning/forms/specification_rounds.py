"""The form of a round of feedback on a draft specification."""

from __future__ import annotations

from typing import Any

from commissioning.forms.sheets import SheetForm
from commissioning.models import Specification, SpecificationRound
from organisation import clock
from organisation.forms import DayField, TextField

NOT_BEGUN = "The specification is not begun, so there is no draft to ask about. Begin it first"


class SpecificationRoundForm(SheetForm):
    """One round. It is closed once what came back is written down."""

    opened_on = DayField(label="When did you ask?", called="day on which you asked")
    asked = TextField(
        label="Who was asked?",
        help_text="Suppliers, voluntary organisations, users, colleagues: one a line.",
        max_length=2_000,
        rows=4,
        called="who was asked",
    )
    came_back = TextField(
        label="What came back?",
        help_text="“Nobody answered” is an answer.",
        max_length=4_000,
        rows=4,
        required=False,
        called="what came back",
    )
    changed = TextField(
        label="What changed in the draft?", max_length=2_000, rows=3, required=False, called="what changed"
    )
    closed_on = DayField(
        label="When was the round closed?", help_text="Leave blank while answers can still come.", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is asked or closed in the future."""
        super().__init__(*args, **kwargs)
        for name in ("opened_on", "closed_on"):
            self.fields[name].latest = clock.today()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """One round at a time; a closed one says what came back."""
        cleaned = super().clean()
        given = self.cleaned_data
        opened, closed = given.get("opened_on"), given.get("closed_on")
        if closed and opened and closed < opened:
            self.add_error("closed_on", "The round cannot be closed before it was opened")
        if closed and not given.get("came_back"):
            self.add_error("came_back", "Say what came back before you close the round")
        if self.row is None and self._version() is None:
            self.add_error("opened_on", NOT_BEGUN)
        others = SpecificationRound.objects.filter(commission=self.commission, removed_at=None, closed_on=None)
        standing = others.exclude(pk=self.row.pk if self.row else None).first()
        if standing is not None and not closed:
            self.add_error("closed_on", f"{standing} is still open. Close it before you open another")
        return cleaned

    def given(self) -> dict[str, Any]:
        """A new round is about the version that is being written."""
        given = super().given()
        if self.row is None:
            given["specification_number"] = self._version()
        return given

    def _version(self) -> int | None:
        rows = Specification.objects.filter(commission=self.commission).exclude(state="superseded")
        return rows.values_list("number", flat=True).first()
