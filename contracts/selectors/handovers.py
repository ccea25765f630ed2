"""What a handover passes on: the lines that are known already, heading by heading, so that nothing is typed twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from casework.blockers import Blocker
from casework.door import Offer
from commissioning.models import RiskAnswer
from contracts.dossier import HandoverDossier
from contracts.models import Contract, ExtensionOption, Handover, HandoverPart, Indicator, MobilisationTask
from contracts.months import months_words
from contracts.periods import period
from contracts.ratings import target_words
from contracts.selectors.due import reading_days, rules_for
from contracts.states import HandoverState, Heading, Interval
from documents.models import Attachment
from organisation.formatting import day, money
from organisation.models import Person
from organisation.permissions import may


@dataclass(frozen=True)
class HandoverView:
    """What the page of a handover shows."""

    state: str
    tone: str
    sentence: str
    primary: dict[str, str] | None
    actions: list[dict[str, str]]
    blockers: list[Blocker]
    parts: list[dict[str, Any]]


TONES = {
    HandoverState.PREPARING: "blue",
    HandoverState.OFFERED: "amber",
    HandoverState.RETURNED: "red",
    HandoverState.ACCEPTED: "green",
}


def handover_view(
    dossier: HandoverDossier, offers: Sequence[Offer], known: dict[Heading, list[str]], person: Person
) -> HandoverView:
    """The page's words. ``known`` is empty once it is offered: each heading then shows what was frozen."""
    handover = dossier.handover
    state = HandoverState(handover.state)
    ready = [offer for offer in offers if offer.is_open]
    may_prepare = may(person, "handover.prepare", handover)
    is_open = state in (HandoverState.PREPARING, HandoverState.RETURNED)
    return HandoverView(
        state=str(state.label),
        tone=TONES[state],
        sentence=_sentence(handover, state),
        primary={"label": ready[0].label, "url": ready[0].url} if ready else None,
        actions=[{"label": offer.label, "url": offer.url} for offer in ready[1:]],
        blockers=[blocker for offer in offers for blocker in offer.blockers],
        parts=[
            _part(part, known.get(Heading(part.heading), part.known), can_confirm=is_open and may_prepare)
            for part in dossier.parts
        ],
    )


def _part(part: HandoverPart, known: list[str], *, can_confirm: bool) -> dict[str, Any]:
    if part.confirmed_at:
        who = part.confirmed_by.name if part.confirmed_by else "CCPS"
        status, tone, note = "Confirmed", "green", f"{who}, {day(part.confirmed_at)}"
    elif part.gap:
        status, tone, note = "Gap", "red", ""
    else:
        status, tone, note = "Not confirmed", "outline", ""
    label = "Change" if part.confirmed_at else "Check and confirm"
    return {
        "heading": str(part.get_heading_display()),
        "key": part.heading,
        "status": status,
        "tone": tone,
        "note": note,
        "gap": part.gap,
        "known": known,
        "words": part.words,
        "label": label,
        "url": reverse("contracts:handover_part", args=[part.pk]) if can_confirm else "",
    }


def _sentence(handover: Handover, state: HandoverState) -> str:
    manager = handover.case_file.holder
    lead = handover.lead.label if handover.lead else "CCPS"
    settled = handover.settled_by.name if handover.settled_by else "The contract manager"
    if state == HandoverState.PREPARING:
        return f"{lead} prepares it. The commission cannot enter Review before it is accepted."
    if state == HandoverState.OFFERED:
        offered = handover.offered_by.name if handover.offered_by else "CCPS"
        who = manager.label if manager else "the contract manager"
        return f"{offered} offered it on {day(handover.offered_at)}. It waits for {who}."
    if state == HandoverState.RETURNED:
        return f"{settled} returned it on {day(handover.settled_at)}. {lead} closes the gaps and offers it again."
    return f"{settled} accepted it on {day(handover.settled_at)}."


def known_lines(contract: Contract) -> dict[Heading, list[str]]:
    """What is known under each heading, in five statements whatever the rows."""
    indicators = list(Indicator.objects.filter(contract=contract).order_by("pk"))
    return {
        Heading.OBLIGATIONS: _obligations(contract),
        Heading.INDICATORS: [_indicator(contract, indicator) for indicator in indicators],
        Heading.RISKS: _risks(contract),
        Heading.KEY_DATES: _dates(contract),
        Heading.DOCUMENTS: _documents(contract),
    }


def _obligations(contract: Contract) -> list[str]:
    value = money(contract.case_file.value_ex_vat)
    lines = [f"{contract.supplier.name}: deliver what the specification and the contract ask"]
    lines.append(f"The council: pay {value} excluding VAT over the whole term")
    for task in MobilisationTask.objects.filter(case_file_id=contract.case_file_id).order_by("side", "due_on", "pk"):
        due = f", by {day(task.due_on)}" if task.due_on else ""
        lines.append(f"{task.get_side_display()}: {task.title}{', done' if task.done_at else due}")
    return lines


def _indicator(contract: Contract, indicator: Indicator) -> str:
    target = target_words(indicator.target, indicator.unit, indicator.direction)
    words = f"{indicator.name}: {target}, {Interval(indicator.interval).label.lower()}"
    if contract.starts_on is None:
        return words
    first = period(contract.starts_on, indicator.interval, 1, contract.ends_on)
    return f"{words}, first results due {day(first.due_on(reading_days(rules_for(contract))))}"


def _risks(contract: Contract) -> list[str]:
    if contract.commission_id is None:
        return []
    rows = RiskAnswer.objects.filter(commission_id=contract.commission_id, applies=True).select_related("criterion")
    return [f"{row.name or row.criterion.name}: {row.explanation}" for row in rows.order_by("criterion__order", "pk")]


def _dates(contract: Contract) -> list[str]:
    lines = [f"Starts: {day(contract.starts_on)}"]
    if contract.review_on:
        lines.append(f"First review: {day(contract.review_on)}")
    for option in ExtensionOption.objects.filter(contract=contract).order_by("number"):
        notice = f", notice by {day(option.notice_by)}" if option.notice_by else ""
        lines.append(f"Option {option.number}, {months_words(option.months)}{notice}")
    lines.append(f"Ends: {day(contract.ends_on)}")
    return lines


def _documents(contract: Contract) -> list[str]:
    case = contract.case_file
    files = Attachment.objects.current().filter(case_file_id__in=[case.pk, case.root_id or case.pk])
    found = []
    for file in files.order_by("uploaded_at", "pk").only("filename", "classification"):
        label = f", {file.get_classification_display().lower()}" if file.is_restricted else ""
        found.append(f"{file.filename}{label}")
    return found
