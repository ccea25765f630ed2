"""Registering a commission, editing its facts, and what follows each of its verbs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from casework.audit import audited, record
from casework.door import who_words
from casework.lifecycle import effect_of
from casework.models import CaseFile
from casework.refusals import NotPermitted, Refused, Stale
from casework.routing import requirements, route
from casework.services import work_items
from casework.services.cases import keep_right, open_case
from commissioning.models import Category, Commission, GovernanceRoute, Objective, Place
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_of
from commissioning.services import activities, asking, assessment, duplicates, timeline
from commissioning.services.gate_marks import mark_facts_changed
from commissioning.services.values import add_value, locked_open, refuse
from commissioning.states import ENDED, CommissionState
from organisation.actors import Actor
from organisation.formatting import day, money
from organisation.models import Person, ServiceArea
from organisation.permissions import may

S = CommissionState


def register(
    *,
    title: str,
    service_area: ServiceArea,
    by: Person,
    purpose: str = "",
    category: Category | None = None,
    objectives: Iterable[Objective] = (),
    governance_route: GovernanceRoute | None = None,
    needed_by: date | None = None,
    amount_ex_vat: Decimal | None = None,
    amount_inc_vat: Decimal | None = None,
    flags: Mapping[str, bool] | None = None,
    further: Mapping[str, Any] | None = None,
    places: Iterable[Place] = (),
    tell: Iterable[str] = (),
    follows: Commission | None = None,
    settled: duplicates.Settled | None = None,
    act_id: uuid.UUID | None = None,
) -> Commission:
    """Register a need: a draft in the workplan at once, with a reference, its value, and likely duplicates noted.

    ``further`` are the facts that can wait (priority, level, grant…), by the names of their fields. ``tell`` are the
    keys of the queues that find a note today; telling needs a value, because the rules read one. ``settled`` is what
    was said of the records that look like the need; what was not asked about is noted and settled before the start.
    """
    with audited(by=by, act_id=act_id, verb="commission.register", subject=title[:80]):
        if not may(by, "commission.register", service_area):
            words = who_words("commission.register", service_area)
            refuse(NotPermitted(words), verb="commission.register", subject=service_area, by=by)
        case = open_case(
            kind="commission",
            prefix="COM",
            organisation=service_area.organisation,
            service_area=service_area,
            title=title,
            holder=by,
            state=S.DRAFT,
        )
        commission = Commission.objects.create(
            case_file=case,
            purpose=purpose,
            category=category,
            governance_route=governance_route,
            needed_by=needed_by,
            follows=follows,
            **(flags or {}),
            **(further or {}),
        )
        commission.objectives.set(objectives)
        if places := list(places):
            commission.places.set(places)
        case.path = commission.get_absolute_url()
        case.save(update_fields=["path"])
        record(verb="commission.register", subject=commission, changes={"title": title})
        if amount_ex_vat is not None and amount_inc_vat is not None:
            add_value(
                commission,
                amount_ex_vat=amount_ex_vat,
                amount_inc_vat=amount_inc_vat,
                reason="First estimate",
                by=by,
            )
        timeline.follow(commission, by=by)
        if settled is not None:
            duplicates.keep_settled(commission, settled)
        duplicates.note_likely(commission, by)
        told = sorted(set(tell))
        if told:
            flags_told = {f"asked_{function}" for function in told}
            asking.fire(commission, FUNCTIONS_TOLD, by=by, flags=flags_told, ask="registered")
        return commission


FUNCTIONS_TOLD = "tell_functions"
LABELS = {
    "title": "Title",
    "service_area": "Service area",
    "purpose": "Purpose",
    "category": "Category",
    "governance_route": "Governance route",
    "needed_by": "Needed by",
    "is_grant_funded": "Funded by a grant we receive",
    "has_digital_part": "Digital part",
    "has_special_terms": "Special terms and conditions",
    "impact": "Impact if it is not done",
    "is_reactive": "Not planned",
    "level": "Level of commissioning",
    "statutory_duty": "Statutory duty",
    "serves_vulnerable": "Serves people who may be vulnerable",
    "is_internal_use": "Used by staff only",
    "grant_funder": "Funder of the grant",
    "grant_amount": "Amount of the grant",
    "grant_spend_by": "Grant to be spent by",
    "resources": "People and money set aside",
    "shown_to": "Shown to",
    "objectives": "Strategic objectives",
    "places": "Areas and communities served",
}
ON_CASE = ("title", "service_area")
LISTS = ("objectives", "places")


def edit_facts(
    commission: Commission, *, version: int, by: Person, act_id: uuid.UUID | None = None, **facts: Any
) -> assessment.Shift:
    """Change what is known of a commission (never its value or risk: those have rows of their own).

    Raises ``Stale`` with the other person's values when the form was opened on an earlier version, and ``Refused`` on
    a commission that has ended. A change of the needed-by date opens the activity plan's agreement again.
    """
    with audited(by=by, act_id=act_id, verb="commission.facts", subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.edit", verb="commission.facts", stands="its facts stand"
        )
        now_known = _shown(commission)
        if version != commission.version:
            theirs = {
                LABELS[name]: now_known[name]
                for name in facts
                if name in now_known and now_known[name] != _said(name, facts[name])
            }
            raise Stale("Someone else changed this commission after you opened it.", theirs)
        before = assessment.stand_of(commission)
        changes: dict[str, list[str]] = {}
        lists = {name: facts.pop(name) for name in LISTS if facts.get(name) is not None}
        for name, value in facts.items():
            if now_known[name] == _said(name, value):
                continue
            changes[LABELS[name]] = [now_known[name], _said(name, value)]
            setattr(commission.case_file if name in ON_CASE else commission, name, value)
        for name, rows in lists.items():
            if _words(rows) != now_known[name]:
                changes[LABELS[name]] = [now_known[name], _words(rows)]
                getattr(commission, name).set(rows)
        if not changes:
            return assessment.Shift()
        commission.version += 1
        commission.save()
        record(verb="commission.facts", subject=commission, changes=changes)
        if LABELS["purpose"] in changes:
            mark_facts_changed(commission, "The purpose changed")
        if LABELS["needed_by"] in changes and commission.has_started:
            assessment.reopen_plan(commission, because="The needed-by date changed", by=by)
        if LABELS["needed_by"] in changes:
            timeline.follow(commission, by=by)
        shift = assessment.settle(
            commission,
            before,
            by=by,
            because=f"Facts changed: {', '.join(changes).lower()}",
            title=commission.case_file.title,
            service_area=commission.case_file.service_area,
        )
        if LABELS["service_area"] in changes:
            # What hangs under the commission moves with it, or the old area would go on awarding and signing.
            CaseFile.objects.filter(root=commission.case_file).update(service_area=commission.case_file.service_area)
        if commission.state == S.DRAFT and {LABELS["title"], LABELS["category"]} & set(changes):
            duplicates.note_likely(commission, by, with_category=LABELS["category"] in changes)
        return shift


def _shown(commission: Commission) -> dict[str, str]:
    known = {name: _said(name, getattr(commission, name)) for name in LABELS if name not in (*ON_CASE, *LISTS)}
    known |= {name: _words(getattr(commission.case_file, name)) for name in ON_CASE}
    known |= {name: _words(list(getattr(commission, name).all())) for name in LISTS}
    return known


def _said(name: str, value: Any) -> str:
    """A fact in words: what is chosen from a fixed list by its label."""
    chosen = {"impact": Commission.Impact, "shown_to": Commission.ShownTo}.get(name)
    return str(chosen(value).label) if chosen is not None and value else _words(value)


def _words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return money(value)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return ", ".join(sorted(str(part) for part in value))
    return str(value)


# --- what follows each verb, in the same transaction ------------------------------------------------------------------


@effect_of(Commission, "start")
def _started(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Fix the tier, propose the activities for its proportion, then tell the queues that the rules name."""
    rules = rules_of(commission.rules_version)  # type: ignore[arg-type]  # start pinned it
    facts = facts_of(commission, criteria_of(commission), vat_is_excluded=rules.vat_is_excluded)
    if facts is None:
        raise Refused("A commission without a value cannot start.")
    # The rules may have changed since the last edit of the draft; what is kept is what was fixed.
    commission.band_key = requirements(facts, rules).band.key
    commission.save(update_fields=["band_key"])
    activities.propose(commission, facts, rules)
    work_items.open_routes(
        commission.case_file, route("start", facts, rules), by=by, path=commission.get_absolute_url()
    )
    keep_right(commission.case_file, state=commission.state, is_open=True, is_high_risk=facts.is_high_risk)


@effect_of(Commission, "to_plan")
@effect_of(Commission, "to_secure")
@effect_of(Commission, "to_review")
@effect_of(Commission, "return_to_analyse")
@effect_of(Commission, "return_to_plan")
@effect_of(Commission, "hold")
@effect_of(Commission, "resume")
def _moved(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Keep the case file right."""
    _keep(commission)


@effect_of(Commission, "close")
@effect_of(Commission, "close_no_change")
def _closed(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Nothing is asked of anybody any more."""
    work_items.close_outstanding(commission.case_file, because="The commission closed")
    _keep(commission)


@effect_of(Commission, "stop")
def _stopped(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Withdraw what is asked, with the reason."""
    work_items.close_outstanding(commission.case_file, because=f"The commission was stopped: {note}")
    _keep(commission)


def _keep(commission: Commission) -> None:
    ended = commission.state in ENDED
    keep_right(commission.case_file, state=commission.state, is_open=not ended)
