"""The form that every sheet's form is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from organisation.forms import VersionedPageForm

if TYPE_CHECKING:
    from commissioning.models import Commission
    from commissioning.models.sheet_row import SheetRow


class SheetForm(VersionedPageForm):
    """One row of a sheet. Its fields are the fields of the row, by name."""

    submit_label = "Save"

    def __init__(self, *args: Any, commission: Commission, row: SheetRow | None = None, **kwargs: Any) -> None:
        """Take the commission, for choices that depend on it, and the row that is changed, if one is."""
        self.commission = commission
        self.row = row
        super().__init__(*args, **kwargs)

    def given(self) -> dict[str, Any]:
        """What the row takes; what was left blank is an empty text, where the row has no null."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("act_id", "version")}


class OnceForm(SheetForm):
    """A row of which there is one for each choice of ``once``; a second is refused beside the field."""

    model: type[SheetRow]
    once = ""
    twice = "This is written down already. Change that line instead"

    def clean(self) -> dict[str, Any] | None:
        """No second line for the same choice."""
        cleaned = super().clean()
        chosen = self.cleaned_data.get(self.once)
        rows = self.model.objects.filter(commission=self.commission, removed_at__isnull=True, **{self.once: chosen})
        if self.row is not None:
            rows = rows.exclude(pk=self.row.pk)
        if chosen and rows.exists():
            self.add_error(self.once, self.twice)
        return cleaned
