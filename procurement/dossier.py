"""Everything the guards of this room read, as plain values. The selectors fill it (selectors/dossiers.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from casework.routing import Facts, Requirements, Route, Rules, requirements, route
from organisation.permissions import may
from procurement.states import Path, RunBy

if TYPE_CHECKING:
    from decimal import Decimal

    from casework.blockers import Blocker
    from commissioning.models import AuthorityRecord, Commission
    from organisation.models import Person
    from procurement.models import AwardCriterion, Challenge, Exercise, ProcurementRequest, Quote, SupplierAsked


@dataclass(frozen=True)
class Accepted:
    """The request that CCPS accepted, as far as an exercise needs it."""

    pk: int
    reference: str
    path: str
    lead_id: int | None


@dataclass(frozen=True)
class Standing:
    """How the commission behind a purchase stands now, under its pinned rules.

    ``specification_number`` is the signed-off version, None while none is; ``live_exercise`` and ``live_run_by`` tell
    of the exercise that is not abandoned. ``request`` is what CCPS has accepted. ``gates_settled`` holds the numbers
    of the gates that stand in nobody's way, ``open_challenges`` what bidders still dispute. ``held_back`` says what
    urgency's advice and a decision's call-in still keep from being awarded or signed. ``other_delivery`` names a
    delivery decision that leads to no purchase.
    """

    commission: Commission
    rules: Rules
    facts: Facts | None
    needs: Requirements | None
    specification_number: int | None
    is_buying: bool
    live_exercise: str = ""
    live_run_by: str = ""
    request: Accepted | None = None
    gates_settled: frozenset[int] = frozenset()
    open_challenges: tuple[Challenge, ...] = ()
    held_back: tuple[Blocker, ...] = ()
    other_delivery: str = ""

    def band_at(self, amount: Decimal | None) -> Requirements | None:
        """What would be asked if the commission were worth this much, in pounds on the basis of the rules."""
        if amount is None or self.facts is None:
            return None
        return requirements(replace(self.facts, value=amount), self.rules)


@dataclass(frozen=True)
class ForTender:
    """What the publication of a tender waits for, beside what stands on the exercise.

    ``legal_state`` and ``legal_answer`` are those of the item that asked Legal to join; both are empty where no rule
    sends the tender there, and then a file with the draft contract has to be attached. ``advice`` is the first advice
    of Legal on the route or on special terms that was asked for and not given, and ``advice_url`` where it is asked;
    both are empty where nothing is waited for. ``open_questions`` are the key
    questions that must be answered first, by number and text. ``talks_without_notice`` counts the talks with the
    market in the engagement log that no notice came before.
    """

    criteria: tuple[AwardCriterion, ...] = ()
    legal_url: str = ""
    legal_state: str = ""
    legal_answer: str = ""
    advice: str = ""
    advice_url: str = ""
    draft_contracts: int = 0
    open_questions: tuple[str, ...] = ()
    indicators: int = 0
    talks_without_notice: int = 0


@dataclass(frozen=True)
class ExerciseDossier:
    """An exercise with what its guards read."""

    exercise: Exercise
    standing: Standing
    asked: tuple[SupplierAsked, ...]
    quotes: tuple[Quote, ...]
    authority: tuple[AuthorityRecord, ...]
    tender: ForTender = ForTender()
    challenges: tuple[Challenge, ...] = ()

    @property
    def telling_price(self) -> Decimal | None:
        """The price that says which band this is: the chosen one, or the lowest while none is chosen."""
        prices = [quote.amount_ex_vat for quote in self.prices if quote.amount_ex_vat is not None]
        chosen = self.chosen.amount_ex_vat if self.chosen else None
        return chosen if chosen is not None else min(prices, default=None)

    @property
    def by_ccps(self) -> bool:
        """Whether CCPS runs it, on an accepted request."""
        return self.exercise.run_by == RunBy.CCPS

    @property
    def is_sourcing(self) -> bool:
        """Whether it is a tender rather than quotes."""
        return self.exercise.path == Path.SOURCING

    @property
    def prices(self) -> list[Quote]:
        """The prices that stand."""
        return [quote for quote in self.quotes if quote.stands and not quote.declined]

    @property
    def chosen(self) -> Quote | None:
        """The chosen price, if it still stands."""
        return next((quote for quote in self.prices if quote.pk == self.exercise.chosen_id), None)


@dataclass(frozen=True)
class RequestDossier:
    """A procurement request with what its guards read. ``form_blockers`` says what its form still lacks."""

    request: ProcurementRequest
    standing: Standing
    form_blockers: tuple[Blocker, ...] = ()
    other_live: str = ""

    @property
    def value(self) -> Decimal | None:
        """What the commission is worth, in pounds excluding VAT over the whole term."""
        return self.standing.commission.case_file.value_ex_vat

    @property
    def has_budget(self) -> str:
        """Who can move the budget on now: the holder who was asked, or whoever is to ask one."""
        commission = self.standing.commission
        holder = commission.case_file.holder
        return getattr(commission, "budget_asked", None) or (holder.name if holder else "Commissioner")

    @property
    def live_exercise(self) -> str:
        """The exercise that CCPS runs on the strength of it."""
        return self.standing.live_exercise if self.standing.live_run_by == RunBy.CCPS else ""

    def can_lead(self, person: Person) -> bool:
        """Framework 6.2: only CCPS's people lead what CCPS runs."""
        return may(person, "request.triage", self.request)

    def legal_routes(self, chosen: Any = None) -> tuple[list[Route], Rules]:
        """Where acceptance by a route to market would send it, and the rules that say so."""
        rules, facts = self.standing.rules, self.standing.facts
        if facts is None:
            return [], rules
        by_route = chosen or self.request.route
        flags, words = facts.flags | self.request.flags_by(by_route), self.request.words_by(by_route)
        return route("request_accepted", replace(facts, flags=flags, words=words), rules), rules
