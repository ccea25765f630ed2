"""How far the figures of a full business case have moved since the outline case (framework 6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from casework.blockers import Blocker
from commissioning.models import Gate
from commissioning.selectors.dossiers import rules_of, rules_version_of
from documents.models import Answer, Revision
from organisation.formatting import listed, money, percent

OUTLINE, FULL = "outline_business_case", "full_business_case"
TOLERANCE = "business_case_change_percent"
WHY = "beyond_tolerance_why"
_FIGURES = ("money", "money_by_year")


@dataclass(frozen=True)
class Moved:
    """One figure that moved further than the rules let pass without a word; amounts in pounds."""

    label: str
    before: Decimal
    after: Decimal

    @property
    def words(self) -> str:
        """Savings: £10,000, now £14,000."""
        return f"{self.label}: {money(self.before)}, now {money(self.after)}"


def unexplained_figures(gate: Gate) -> Iterator[Blocker]:
    """Gate 4 says why a figure moved beyond the tolerance: two statements, and none for another gate."""
    if gate.number != 4 or gate.paper is None:
        return
    outline = outline_of(gate)
    if outline is None:
        return
    answers = dict(Answer.objects.filter(paper=gate.paper, is_offered=False).values_list("question_key", "value"))
    if str(answers.get(WHY) or "").strip():
        return
    tolerance = tolerance_of(gate)
    moved = moved_figures(outline, answers, tolerance)
    if moved:
        yield Blocker(
            "figures",
            f"Figures moved by more than {percent(tolerance)} since the outline business case: "
            f"{listed([figure.words for figure in moved])}. Say why",
            "documents:section",
            (gate.paper_id, "changes"),
        )


def outline_of(gate: Gate) -> Mapping[str, Any] | None:
    """The outline business case as it was last submitted, whole; None where there was none."""
    rows = Revision.objects.filter(paper__case_file_id=gate.commission.case_file_id, paper__template_key=OUTLINE)
    found: Mapping[str, Any] | None = rows.order_by("-number").values_list("content", flat=True).first()
    return found


def tolerance_of(gate: Gate) -> Decimal:
    """How many per cent a figure may move, by the rules the commission follows."""
    return rules_of(rules_version_of(gate.commission)).amount(TOLERANCE)


def moved_figures(outline: Mapping[str, Any], answers: Mapping[str, Any], tolerance: Decimal) -> list[Moved]:
    """Every figure of the outline case that the answers put elsewhere by more than ``tolerance`` per cent. Pure."""
    found = []
    for question in (question for section in outline["sections"] for question in section["questions"]):
        if question["kind"] not in _FIGURES:
            continue
        before, after = amount_in(question.get("value")), amount_in(answers.get(question["key"]))
        if before is None or after is None or before == after:
            continue
        if abs(after - before) * 100 > tolerance * abs(before):
            found.append(Moved(question["label"], before, after))
    return found


def amount_in(value: Any) -> Decimal | None:
    """What an answer about money comes to; years are added up."""
    if value in (None, "", {}):
        return None
    try:
        if isinstance(value, dict):
            return sum((Decimal(str(amount)) for amount in value.values()), Decimal(0))
        return Decimal(str(value))
    except InvalidOperation:
        return None
