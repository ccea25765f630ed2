"""What a stage left, to read in the next one."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from commissioning.selectors.outputs import outputs_of
from commissioning.states import STAGES, CommissionState
from commissioning.views.base import CommissionPage


class OutputsPage(CommissionPage):
    """The results, decisions, measures and answers of one stage, read-only."""

    template_name = "commissioning/outputs.html"

    @cached_property
    def stage(self) -> CommissionState:
        """The stage in the address."""
        found = next((stage for stage in STAGES if stage == self.kwargs["stage"]), None)
        if found is None:
            raise Http404("No such stage")
        return found

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the stage."""
        return f"What came of {self.stage.label}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the stage left."""
        return super().get_context_data(**kwargs) | {"outputs": outputs_of(self.subject, self.stage)}
