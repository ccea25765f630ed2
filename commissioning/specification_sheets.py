"""The sheet of the rounds in which a draft specification is put before others."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from commissioning.forms.specification_rounds import SpecificationRoundForm
from commissioning.models.specification_round import SpecificationRound
from commissioning.sheets import Column, Sheet, register_sheet
from organisation.formatting import day


def _numbered(row: Any) -> None:
    """The next number of the commission, whose lock the service holds; a round keeps the one it has."""
    if row.number:
        return
    last = SpecificationRound.objects.filter(commission=row.commission_id).aggregate(last=Max("number"))["last"]
    row.number = (last or 0) + 1
    row.save(update_fields=["number"])


ROUNDS = Sheet(
    key="specification_rounds",
    title="Rounds of feedback",
    one="a round",
    model=SpecificationRound,
    form=SpecificationRoundForm,
    activity="specification",
    home="commissioning:specification",
    beside=("Specification", "commissioning:specification"),
    intro="Each time the draft goes out to others: when, to whom, what came back, and when the round was closed.",
    empty="Nobody has been asked about the draft yet.",
    rank=("number", "pk"),
    on_saved=_numbered,
    columns=(
        Column("Round", str),
        Column("On version", lambda row: str(row.specification_number), is_number=True),
        Column("Opened", lambda row: day(row.opened_on)),
        Column("Who was asked", lambda row: row.asked),
        Column("What came back", lambda row: row.came_back or "Nothing yet"),
        Column("What changed", lambda row: row.changed),
        Column("Closed", lambda row: day(row.closed_on) if row.closed_on else "Open"),
    ),
)


def register_own() -> None:
    """Register the sheet."""
    register_sheet(ROUNDS)
