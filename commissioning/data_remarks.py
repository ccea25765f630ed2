"""A screening without personal data beside a risk form that ticks sensitive data. A remark: nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence

from commissioning.models import RiskAnswer
from documents.contents import PaperContents
from documents.purposes import Remark

QUESTION, CRITERION = "uses_personal_data", "statutory_or_data"


def screening_remarks(contents: PaperContents) -> Sequence[Remark]:
    """Whether the two contradict each other, in at most one statement."""
    if contents.value(QUESTION) != "no":
        return []
    rows = RiskAnswer.objects.filter(
        commission__case_file=contents.paper.case_file_id, criterion__key=CRITERION, applies=True
    )
    ticked = rows.select_related("criterion").first()
    if ticked is None:
        return []
    said = f": “{ticked.explanation.rstrip('.')}”" if ticked.explanation else ""
    name = ticked.name or ticked.criterion.name
    words = f"You say that no personal data is used. The risk form ticks “{name}”{said}."
    return [Remark(f"{words} If that means data, answer yes here.", QUESTION)]
