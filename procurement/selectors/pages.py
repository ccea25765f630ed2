"""An exercise as its page shows it: every word and figure made once, before the template sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from casework.door import Offer
from organisation.formatting import counted, date_range, day, money, short_day
from organisation.models import Person
from organisation.permissions import may
from procurement.dossier import ExerciseDossier
from procurement.models import Exercise, Quote
from procurement.states import BEFORE_DECISION, BEING_WEIGHED, ExerciseState, RunBy

S = ExerciseState
TONES = {
    S.PLANNED: "grey",
    S.NOTICE_PUBLISHED: "blue",
    S.OPEN: "blue",
    S.EVALUATING: "amber",
    S.DECIDED: "blue",
    S.AWARDED: "green",
    S.ABANDONED: "grey",
}
NEXT = {S.PLANNED: "invite", S.OPEN: "decide", S.EVALUATING: "decide", S.DECIDED: "award"}


@dataclass(frozen=True)
class ExerciseView:
    """What the template needs, in the order of the page."""

    tags: list[tuple[str, str]]
    facts: list[tuple[str, str, str]]
    primary: dict[str, str] | None
    actions: list[dict[str, str]]
    next_step: Offer | None
    next_words: str
    asked: list[dict[str, str]]
    quotes: list[dict[str, Any]]
    decision: list[tuple[str, str, str]]
    buying: list[tuple[str, str, str]]
    links: dict[str, str] = field(default_factory=dict)


def exercise_view(dossier: ExerciseDossier, offers: Sequence[Offer], person: Person) -> ExerciseView:
    """Make the page's words. ``offers`` come closed ones included; only permitted ones become buttons."""
    exercise = dossier.exercise
    may_run = may(person, "exercise.run", exercise)
    wanted = NEXT.get(exercise.state)
    next_step = next((offer for offer in offers if offer.verb == wanted), None)
    primary = None
    if next_step and next_step.permitted and next_step.is_open:
        primary = {"label": next_step.label, "url": next_step.url}
    links = _links(exercise) if may_run else {}
    actions = [{"label": label, "url": links[key]} for key, label in ADD_LABELS.items() if key in links]
    actions += [
        {"label": offer.label, "url": offer.url} for offer in offers if offer.permitted and offer.verb != wanted
    ]
    return ExerciseView(
        tags=[(exercise.get_state_display(), TONES.get(exercise.state, "grey"))],
        facts=_facts(dossier),
        primary=primary,
        actions=actions,
        next_step=next_step,
        next_words=_next_words(next_step),
        asked=[
            {"supplier": row.supplier.name, "how": row.get_how_display(), "on": short_day(row.asked_on)}
            for row in dossier.asked
        ],
        quotes=[_quote_line(quote, exercise) for quote in dossier.quotes],
        decision=_decision(dossier, links.get("decision", "")),
        buying=_buying(dossier),
        links=links,
    )


ADD_LABELS = {"ask": "Add a supplier to ask", "quote": "Record an answer", "decision": "Write the decision"}


def _links(exercise: Exercise) -> dict[str, str]:
    found = {}
    if exercise.state in BEFORE_DECISION:
        found["ask"] = reverse("procurement:ask_supplier", args=[exercise.pk])
        found["decision"] = reverse("procurement:decision", args=[exercise.pk])
    if exercise.state in BEING_WEIGHED:
        found["quote"] = reverse("procurement:record_quote", args=[exercise.pk])
    return found


def _facts(dossier: ExerciseDossier) -> list[tuple[str, str, str]]:
    exercise, commission = dossier.exercise, dossier.standing.commission
    chosen = dossier.chosen
    price = f"{money(chosen.amount_ex_vat)} excluding VAT" if chosen else ""
    holder = exercise.case_file.holder
    return [
        ("Run by", exercise.get_run_by_display(), exercise.route.name),
        ("Value, excluding VAT", money(commission.case_file.value_ex_vat), f"Of {commission.case_file.reference}"),
        ("Chosen supplier", chosen.supplier.name if chosen else "Not chosen yet", price),
        ("Lead", holder.name if holder else "Nobody yet", holder.team if holder else ""),
    ]


def _next_words(offer: Offer | None) -> str:
    if offer is None:
        return ""
    if not offer.blockers:
        return "Nothing stands in the way."
    count = len(offer.blockers)
    return f"{counted(count, 'thing')} {'stands' if count == 1 else 'stand'} in the way."


def _quote_line(quote: Quote, exercise: Exercise) -> dict[str, Any]:
    tag: tuple[str, str] | None = None
    if not quote.stands:
        tag = ("Replaced", "grey")
    elif quote.declined:
        tag = ("Will not quote", "grey")
    elif quote.pk == exercise.chosen_id:
        tag = ("Chosen", "green")
    return {
        "supplier": quote.supplier.name,
        "ex_vat": "No price" if quote.declined else money(quote.amount_ex_vat),
        "inc_vat": "No price" if quote.declined else money(quote.amount_inc_vat),
        "received": short_day(quote.received_on),
        "note": quote.note,
        "tag": tag,
    }


def _decision(dossier: ExerciseDossier, change: str) -> list[tuple[str, str, str]]:
    exercise, chosen = dossier.exercise, dossier.chosen
    price = f"{chosen.supplier.name}, {money(chosen.amount_ex_vat)} excluding VAT" if chosen else ""
    term = date_range(exercise.starts_on, exercise.ends_on) if exercise.starts_on and exercise.ends_on else ""
    rows = [
        ("Chosen price", price or "Not chosen yet", "id_chosen"),
        ("Why these suppliers", exercise.fairness, "id_fairness"),
        ("Value for money", exercise.value_for_money, "id_value_for_money"),
        ("Social value", exercise.social_value, "id_social_value"),
        ("Contract term", term, "id_starts_on_0"),
        (
            "Contract manager",
            exercise.contract_manager.label if exercise.contract_manager else "",
            "id_contract_manager",
        ),
    ]
    return [(label, value, f"{change}#{anchor}" if change else "") for label, value, anchor in rows]


def _buying(dossier: ExerciseDossier) -> list[tuple[str, str, str]]:
    exercise, standing = dossier.exercise, dossier.standing
    number = exercise.specification_number
    signed = "signed off" if number == standing.specification_number else "no longer the one signed off"
    authority = [record for record in dossier.authority if record.may_award]
    rows = [
        ("Commission", str(standing.commission.case_file), standing.commission.get_absolute_url()),
        ("Band", standing.needs.band.name if standing.needs else "", ""),
        ("Specification", f"Version {number}, {signed}", ""),
        ("Authority to award", "\n".join(_authority_words(record) for record in authority), ""),
    ]
    if exercise.decided_at:
        rows.append(("Decided", day(exercise.decided_at), ""))
    if exercise.awarded_at:
        rows.append(("Awarded", day(exercise.awarded_at), ""))
    if exercise.run_by == RunBy.SERVICE:
        rows.append(("Handover from CCPS", "Not due: the service area bought this itself", ""))
    return rows


def _authority_words(record: Any) -> str:
    parts = [f"{record.get_kind_display()} {record.decision_reference}", f"by {record.decided_by}"]
    if record.provider_id:
        parts.append(f"for {record.provider}")
    if record.limit_ex_vat is not None:
        parts.append(f"up to {money(record.limit_ex_vat)}")
    return ", ".join(parts)
