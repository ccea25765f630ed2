"""What a change of facts does: the band and risk anew, at once, with what was added or dropped in words."""

from __future__ import annotations

from typing import Any

from casework.audit import record
from casework.models import WorkItem
from casework.routing import requirements, route
from casework.services import work_items
from casework.services.cases import keep_right
from commissioning.models import Commission, PlanAgreement
from commissioning.proportion import proportion_of
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_of, rules_version_of
from commissioning.services.gate_marks import mark_facts_changed
from commissioning.services.proportion import propose_again
from commissioning.shifts import Shift, Stand, compare
from commissioning.states import ENDED
from organisation import clock
from organisation.actors import Actor, System

__all__ = ["Shift", "Stand", "reopen_plan", "settle", "stand_of"]


def stand_of(commission: Commission) -> Stand:
    """How the commission stands now, under its pinned rules (a draft: under today's)."""
    rules = rules_of(rules_version_of(commission))
    facts = facts_of(commission, criteria_of(commission), vat_is_excluded=rules.vat_is_excluded)
    if facts is None:
        return Stand(rules)
    return Stand(rules, facts, requirements(facts, rules), tuple(route("start", facts, rules)))


def settle(commission: Commission, before: Stand, *, by: Actor, because: str, **case_facts: Any) -> Shift:
    """Bring everything that follows from the facts up to date, in the transaction that changed them.

    Writes the band and risk on the record and its file, and says what was added or dropped. Once the commission has
    started: suggests the activities of the new proportion, queues what is newly asked at this very moment (marked
    late, since it was not known at the start), opens the activity plan's agreement again, and marks the facts as
    changed. What a queue already holds is never taken away.
    """
    after = stand_of(commission)
    shift = compare(before, after)
    commission.band_key = after.needs.band.key if after.needs else ""
    changed = ["band_key"]
    started = commission.has_started and commission.state not in ENDED
    if shift and started:
        commission.facts_changed_at = clock.now()
        commission.last_shift = {
            "on": clock.today().isoformat(),
            "because": because,
            "added": shift.added,
            "dropped": shift.dropped,
        }
        changed += ["facts_changed_at", "last_shift"]
    commission.save(update_fields=changed)
    keep_right(commission.case_file, is_high_risk=bool(after.facts and after.facts.is_high_risk), **case_facts)
    if started and before.facts != after.facts:
        mark_facts_changed(commission, because)
        _propose_anew(commission, before, after)
        if after.routes:
            opened = work_items.open_routes(
                commission.case_file, after.routes, by=by, path=commission.get_absolute_url()
            )
            if opened:
                WorkItem.objects.filter(pk__in=[item.pk for item in opened]).update(is_late_ask=True)
            shift.told = [item.queue.name for item in opened if item.queue]
        reopen_plan(commission, because=because, by=by)
        record(
            verb="commission.reassessed",
            subject=commission,
            by=System(because=because),
            reason=because,
            changes={"added": shift.added, "dropped": shift.dropped, "told": shift.told},
            rules_version=after.rules.number,
        )
    return shift


def _propose_anew(commission: Commission, before: Stand, after: Stand) -> None:
    """Suggest the set of the new proportion (framework 4.4), where it is another."""
    if before.facts is None or after.facts is None:
        return
    proportion = proportion_of(after.facts, after.rules)
    if proportion != proportion_of(before.facts, before.rules):
        propose_again(commission, proportion)


def reopen_plan(commission: Commission, *, because: str, by: Actor) -> bool:
    """Open the agreement on activities again (framework 4.4); says whether there was one."""
    return bool(
        PlanAgreement.objects.filter(commission=commission, reopened_at__isnull=True).update(
            reopened_at=clock.now(), reopened_because=because[:300]
        )
    )
