"""What a commission is for and whom it serves: the facts that are no gate and no figure, for its page."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef
from django.utils.dateparse import parse_date

from commissioning.dossier import Dossier
from commissioning.models import Commission, FutureLocation, SuccessMeasure
from commissioning.selectors import timeline
from commissioning.selectors.folding import Folded
from organisation.formatting import day, listed, money, with_unit

MOST_OUTCOMES = 20


def warnings_of(dossier: Dossier) -> list[str]:
    """What somebody who has just registered should hear: what looks the same, and a date that comes too soon."""
    said = []
    if count := dossier.unsettled_duplicates:
        looks = "1 record looks" if count == 1 else f"{count} records look"
        said.append(f"{looks} like the same need. Link each, or say why it is not a duplicate, before you start.")
    commission = dossier.commission
    if dossier.facts is not None and commission.needed_by is not None:
        seen = timeline.outlook(dossier.rules, dossier.facts, buys=commission.may_buy)
        earliest = timeline.earliest_for(commission.case_file.organisation.framework_id, seen)
        if earliest > commission.needed_by:
            wanted = day(commission.needed_by)
            said.append(f"{wanted} cannot be met. The earliest possible is {day(earliest)}: see the timeline.")
    return said


def with_about(rows: Any) -> Any:
    """Fold the places served, now and in future, and the intended outcomes into commissions: no statement is spent."""
    future = FutureLocation.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True).order_by(
        "place__order", "pk"
    )
    served = Commission.places.through.objects.filter(commission=OuterRef("pk")).order_by("place__order", "place_id")
    measures = SuccessMeasure.objects.filter(
        commission=OuterRef("pk"), removed_at__isnull=True, replaced_by__isnull=True
    ).order_by("by_when", "pk")[:MOST_OUTCOMES]
    return rows.annotate(
        ab_places=Folded(served, "place__name"),
        ab_future=Folded(future, "place__name"),
        ab_outcomes=Folded(measures, "outcome", "measure", "baseline", "target", "unit", "by_when"),
    )


def outcomes_of(commission: Commission) -> list[tuple[str, str]]:
    """Each intended outcome, with the measure that will show it."""
    row: Any = commission
    found = []
    for line in row.ab_outcomes:
        start, target = (with_unit(line[name], line["unit"]) for name in ("baseline", "target"))
        by_when = parse_date(line["by_when"]) if isinstance(line["by_when"], str) else line["by_when"]
        until = f" by {day(by_when)}" if by_when else ""
        found.append((line["outcome"], f"{line['measure']}: from {start} to {target}{until}"))
    return found


def rows_of(commission: Commission) -> list[tuple[str, str, str]]:
    """Labels and words, for the list on the commission's page; what nobody has said yet is left out."""
    row: Any = commission
    said = [
        ("Priority", _with_reason(str(commission.get_priority_display() or ""), commission.priority_reason)),
        ("Impact if not done", str(commission.get_impact_display() or "")),
        ("Level", commission.level.name if commission.level else ""),
        ("Statutory duty", commission.statutory_duty),
        ("People served", _people(commission)),
        ("Where", listed([line["place__name"] for line in row.ab_places]) if row.ab_places else ""),
        ("Where in future", listed([line["place__name"] for line in row.ab_future]) if row.ab_future else ""),
        ("Grant", _grant(commission)),
        ("Planned", "No, it reacts to something that happened" if commission.is_reactive else ""),
        ("People and money set aside", commission.resources),
        ("Seen by", "Staff and the public" if commission.shown_to == Commission.ShownTo.PUBLIC else "Staff only"),
    ]
    return [(label, words, "") for label, words in said if words]


def _with_reason(words: str, reason: str) -> str:
    return f"{words}\n{reason}" if words and reason else words


def _people(commission: Commission) -> str:
    words = []
    if commission.is_internal_use:
        words.append("The council's own staff only")
    if commission.serves_vulnerable:
        words.append("People who may be vulnerable")
    return "\n".join(words)


def _grant(commission: Commission) -> str:
    if not commission.is_grant_funded:
        return ""
    parts = []
    if commission.grant_amount is not None:
        parts.append(money(commission.grant_amount))
    parts.append(f"from {commission.grant_funder}" if commission.grant_funder else "a grant we receive")
    if commission.grant_spend_by:
        parts.append(f"to be spent by {day(commission.grant_spend_by)}")
    words = ", ".join(parts)
    return words[0].upper() + words[1:]
