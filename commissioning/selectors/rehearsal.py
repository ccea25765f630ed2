"""Which commissions a change of the rules would treat differently, before anybody publishes it."""

from __future__ import annotations

from typing import Any

from casework.models import RulesVersion
from casework.rehearsal import Moved, register_rehearsal
from casework.routing import Facts, Rules, requirements, route
from commissioning.models import Commission, RiskAnswer
from commissioning.selectors.dossiers import FLAG_FIELDS, rules_of, version_in_force
from commissioning.shifts import Stand, compare
from organisation.models import CommissioningFramework, Person

MOST_SHOWN = 50


def moved_commissions(framework: CommissioningFramework, rules: Rules, viewer: Person) -> list[Moved]:
    """Drafts that would move, and commissions that started under earlier rules and stay, drafts first.

    Three statements, and the reading of each rules version that somebody started under, once per process.
    """
    current = version_in_force(framework)
    versions = {version.pk: version for version in framework.rules_versions.all()}
    ticked = _ticked(framework)
    found: dict[bool, list[Moved]] = {False: [], True: []}
    for row in _open_commissions(framework, viewer).iterator(chunk_size=2000):
        stays = row.has_started
        if len(found[stays]) >= MOST_SHOWN:
            continue
        moved = _moved(row, versions.get(row.rules_version_id, current), rules, ticked.get(row.pk, {}))
        if moved is not None:
            found[stays].append(moved)
    return found[False] + found[True]


def _open_commissions(framework: CommissioningFramework, viewer: Person) -> Any:
    rows = Commission.objects.visible_to(viewer).filter(
        case_file__organisation__framework=framework, case_file__is_open=True, case_file__value_ex_vat__isnull=False
    )
    return rows.select_related("case_file").order_by("-pk")


def _ticked(framework: CommissioningFramework) -> dict[int, dict[str, str]]:
    rows = RiskAnswer.objects.filter(
        applies=True, criterion__framework=framework, commission__case_file__is_open=True
    ).values_list("commission_id", "criterion__key", "criterion__name")
    found: dict[int, dict[str, str]] = {}
    for commission_id, key, name in rows:
        found.setdefault(commission_id, {})[key] = name
    return found


def _moved(row: Commission, version: RulesVersion, rules: Rules, criteria: dict[str, str]) -> Moved | None:
    before, after = (_stand(row, each, criteria) for each in (rules_of(version), rules))
    shift = compare(before, after, in_short=True)
    if not shift:
        return None
    was, now = _words(before), _words(after)
    if was == now:
        parts = [*shift.added, *(f"no longer {words}" for words in shift.dropped)]
        now = f"{now}: {'; '.join(parts)}"
    case = row.case_file
    return Moved(case.reference, case.title, case.path, was, now, stays=row.has_started)


def _stand(row: Commission, rules: Rules, criteria: dict[str, str]) -> Stand:
    case = row.case_file
    value = case.value_ex_vat if rules.vat_is_excluded else case.value_inc_vat
    if value is None:
        return Stand(rules)
    flags = frozenset(flag for flag, name in FLAG_FIELDS.items() if getattr(row, name))
    facts = Facts(value, criteria, flags)
    return Stand(rules, facts, requirements(facts, rules), tuple(route("start", facts, rules)))


def _words(stand: Stand) -> str:
    if stand.needs is None:
        return ""
    return f"{stand.needs.band.name}, high risk" if stand.needs.overlay else stand.needs.band.name


def register_own() -> None:
    """Register what this room rehearses."""
    register_rehearsal(moved_commissions)
