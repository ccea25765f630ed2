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
from procurement.selectors import tender_pages
from procurement.states import BEFORE_DECISION, BEING_WEIGHED, ExerciseState, Path, RunBy

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
NEXT_OF_TENDER = {S.PLANNED: "publish", S.OPEN: "close_bids", S.EVALUATING: "decide", S.DECIDED: "award"}
OF_EVERY = {"decide", "award", "reconsider", "abandon"}
OF_QUOTES = OF_EVERY | {"invite"}
OF_QUOTES_BY_CCPS = OF_QUOTES | {"confirm", "set_aside"}
OF_TENDER = OF_EVERY | {"publish", "close_bids", "end_without_award"}
# Shown only while they would be carried out: what nobody needs to be told is missing.
ONLY_WHEN_OPEN = {"set_aside", "confirm"}


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
    banner: str = ""
    tender: list[tuple[str, str, str]] = field(default_factory=list)
    after: list[tuple[str, str, str]] = field(default_factory=list)
    challenges: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    shows_prices: bool = True


def exercise_view(dossier: ExerciseDossier, offers: Sequence[Offer], person: Person) -> ExerciseView:
    """Make the page's words. ``offers`` come closed ones included; only permitted ones become buttons."""
    exercise = dossier.exercise
    may_run = may(person, "exercise.run", exercise)
    wanted = _wanted(dossier)
    offers = _of_this_kind(dossier, offers)
    next_step = next((offer for offer in offers if offer.verb == wanted), None)
    primary = None
    if next_step and next_step.permitted and next_step.is_open:
        primary = {"label": next_step.label, "url": next_step.url}
    links = _links(exercise) | tender_pages.links_of(dossier) if may_run else {}
    actions = [{"label": label, "url": links[key]} for key, label in _labels(dossier).items() if key in links]
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
        banner=tender_pages.banner(dossier),
        tender=tender_pages.tender_rows(dossier, links),
        after=tender_pages.after_rows(dossier, links),
        challenges=tender_pages.challenge_lines(dossier, may_run=may_run),
        words=_labels(dossier),
        shows_prices=not dossier.is_sourcing or exercise.state not in (S.PLANNED, S.OPEN),
    )


def _wanted(dossier: ExerciseDossier) -> str | None:
    """The verb that the present state waits for."""
    exercise = dossier.exercise
    if dossier.is_sourcing:
        return NEXT_OF_TENDER.get(S(exercise.state))
    if dossier.by_ccps and exercise.state == S.DECIDED and exercise.confirmed_at is None:
        return "confirm"
    return NEXT.get(S(exercise.state))


def _of_this_kind(dossier: ExerciseDossier, offers: Sequence[Offer]) -> list[Offer]:
    """The verbs that a service's purchase, CCPS's quotes or a tender has at all."""
    names = OF_TENDER if dossier.is_sourcing else OF_QUOTES_BY_CCPS if dossier.by_ccps else OF_QUOTES
    return [
        offer for offer in offers if offer.verb in names and (offer.verb not in ONLY_WHEN_OPEN or not offer.blockers)
    ]


_QUOTES = {
    "ask": "Add a supplier to ask",
    "quote": "Record an answer",
    "decision": "Write the decision",
    "asked_title": "Who was asked",
    "asked_none": "No supplier is listed yet. Add everyone you ask, with the day and the way you ask them.",
    "quotes_title": "Prices",
    "quotes_none": "No answer is recorded yet. Prices can be recorded once suppliers have been asked.",
    "decision_title": "The decision",
}
_BY_CCPS = _QUOTES | {"decision": "Write the recommendation", "decision_title": "What CCPS recommends"}
_TENDER = {
    "tender": "Write the tender",
    "criteria": "Write the award criteria",
    "ask": "Add the winning bidder",
    "quote": "Record the winning price",
    "decision": "Write the outcome",
    "asked_title": "The winning bidder",
    "asked_none": "Nobody yet. Bids are known here by their number and the winner.",
    "quotes_title": "The winning price",
    "quotes_none": "Not recorded yet.",
    "decision_title": "The outcome",
}
_AFTER = {"standstill": "Record the standstill", "challenge": "Record a challenge"}


def _labels(dossier: ExerciseDossier) -> dict[str, str]:
    """What the page's parts and links are called for this kind of exercise."""
    own = _TENDER if dossier.is_sourcing else _BY_CCPS if dossier.by_ccps else _QUOTES
    return own | _AFTER


def _links(exercise: Exercise) -> dict[str, str]:
    found: dict[str, str] = {}
    # Of a tender only the winner is recorded, once bids are in.
    if exercise.path == Path.SOURCING and exercise.state != S.EVALUATING:
        return found
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
    if dossier.is_sourcing:
        rows = [row for row in rows if row[0] not in ("Why these suppliers", "Social value")]
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
    if exercise.openness:
        rows.insert(0, ("Fairness, transparency and competition", exercise.openness, ""))
    if exercise.decided_at:
        rows.append(("Decided", day(exercise.decided_at), ""))
    if exercise.awarded_at:
        rows.append(("Awarded", day(exercise.awarded_at), ""))
    if standing.request is not None and exercise.run_by == RunBy.CCPS:
        page = reverse("procurement:request", args=[standing.request.pk])
        rows.append(("Procurement request", f"{standing.request.reference}, accepted", page))
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
