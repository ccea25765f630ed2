"""What adds up with a commission: the same supplier, category or cost centre within twelve months.

Everything it reads is folded into the one statement that loads the commission, each basis by its own index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from casework.clocks import local_day
from casework.models import CaseFile
from casework.querysets import Scope
from casework.routing import Facts, Rules
from commissioning.aggregation import Added, Part, added_up
from commissioning.models import AggregationSeen, Commission, RiskFigures
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_of, rules_version_of
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from commissioning.states import CommissionState
from organisation.models import Person

#: Twelve months to either side of the day it was registered.
WITHIN = timedelta(days=365)
#: The most commissions that are added up on one basis.
MOST = 200


@dataclass(frozen=True)
class AddsUp:
    """What adds up, in words, and who gave which reason; both are empty while nobody has."""

    basis: str
    words: str
    added: Added
    seen_by: str = ""
    reason: str = ""


_PART = (
    "pk",
    "case_file__reference",
    "case_file__title",
    "case_file__path",
    "case_file__value_ex_vat",
    "case_file__value_inc_vat",
    "case_file__opened_at",
)
_SEEN = ("basis", "threshold", "seen_by__name", "reason")


def with_sums(rows: Any, pk: int, viewer: Person | Scope) -> Any:
    """Fold what adds up with the commission of this id into its row, as far as the viewer may see the others."""
    own = CaseFile.objects.filter(commission=pk)
    others = (
        Commission.objects.visible_to(viewer)
        .filter(case_file__organisation__in=own.values("organisation"), case_file__value_ex_vat__isnull=False)
        .exclude(pk=pk)
        .exclude(state=CommissionState.STOPPED)
        .order_by("-pk")
    )
    named = RiskFigures.objects.filter(commission=pk, supplier__isnull=False)
    centre = own.exclude(service_area__cost_centre="").values("service_area__cost_centre")
    wanted = {
        "supplier": Q(risk_figures__supplier__in=named.values("supplier")),
        "category": Q(category__in=Commission.objects.filter(pk=pk, category__isnull=False).values("category")),
        "cost_centre": Q(case_file__service_area__cost_centre__in=centre),
    }
    seen = AggregationSeen.objects.filter(commission=pk).order_by("pk")
    return rows.annotate(
        **{f"adds_{basis}": Folded(others.filter(where)[:MOST], *_PART) for basis, where in wanted.items()},
        adds_seen=Folded(seen, *_SEEN),
    )


def warnings_of(commission: Commission, viewer: Person) -> list[AddsUp]:
    """Everything that adds up past a threshold of the pinned rules: one statement, none where it was folded in."""
    rules = rules_of(rules_version_of(commission))
    facts = facts_of(commission, criteria_of(commission), vat_is_excluded=rules.vat_is_excluded)
    return sums_of(commission, viewer, facts, rules)


def sums_of(commission: Commission, viewer: Person, facts: Facts | None, rules: Rules) -> list[AddsUp]:
    """The same with facts and rules in hand."""
    if facts is None:
        return []
    row: Any = commission
    if not hasattr(row, "adds_seen"):
        row = with_sums(Commission.objects.filter(pk=commission.pk), commission.pk, viewer).get()
    case = commission.case_file
    own = Part(commission.pk, case.reference, case.title, case.path, facts.value, local_day(case.opened_at))
    seen = {(one["basis"], one["threshold"]): one for one in row.adds_seen}
    found = []
    for basis in AggregationSeen.Basis:
        near = [one for one in getattr(row, f"adds_{basis.value}") if _is_near(one, case.opened_at)]
        parts = [_part(one, vat_is_excluded=rules.vat_is_excluded) for one in near]
        added = added_up(basis.value, own, parts, facts, rules)
        if added is not None:
            said = seen.get((basis.value, added.threshold), {})
            words = str(basis.label)
            found.append(AddsUp(basis.value, words, added, said.get("seen_by__name", ""), said.get("reason", "")))
    return found


def _is_near(row: dict[str, Any], opened_at: Any) -> bool:
    return abs(_moment(row) - opened_at) <= WITHIN


def _moment(row: dict[str, Any]) -> Any:
    found = row["case_file__opened_at"]
    return moment_in(found) if isinstance(found, str) else found


def _part(row: dict[str, Any], *, vat_is_excluded: bool) -> Part:
    value = row["case_file__value_ex_vat"] if vat_is_excluded else row["case_file__value_inc_vat"]
    return Part(
        row["pk"],
        row["case_file__reference"],
        row["case_file__title"],
        row["case_file__path"],
        Decimal(str(value)).quantize(Decimal("0.01")),
        local_day(_moment(row)),
    )
