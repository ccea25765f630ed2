"""What still blocks each verb of a procurement request, one sentence a thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casework.blockers import Blocker
from casework.lead_times import lead_blockers
from commissioning.states import CommissionState
from organisation import clock
from organisation.formatting import counted, day, money
from organisation.models import Person

if TYPE_CHECKING:
    from procurement.dossier import RequestDossier

Inputs = Mapping[str, Any]


def open_request(standing: Any, live: str) -> Iterator[Blocker]:
    """Framework 6.2: a request is written in Plan, one at a time."""
    commission = standing.commission
    if commission.state not in (CommissionState.PLAN, CommissionState.SECURE):
        yield Blocker(
            "stage",
            f"The commission is in {commission.get_state_display()}: the request is written in Plan",
            "commissioning:commission",
            (commission.pk,),
        )
    yield from _not_buying(standing)
    if not commission.may_buy:
        yield Blocker(
            "level",
            f"Nothing is bought at the level “{commission.level.name}”. Change the level if something is",
            "commissioning:facts",
            (commission.pk,),
        )
    if live:
        yield Blocker("live", f"{live} is already there: go on with it, or withdraw it first")


def _not_buying(standing: Any) -> Iterator[Blocker]:
    """CCPS is asked for nothing where the need is met without buying."""
    if standing.other_delivery:
        words = f"Delivery decision: {standing.other_delivery}, so nothing is bought. Decide again if something is"
        yield Blocker("delivery", words, "commissioning:delivery", (standing.commission.pk,))


def approve_budget(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """There has to be a value to approve."""
    if dossier.value is None:
        yield _value(dossier)


def approve_higher_budget(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Only where the value has outgrown what was approved."""
    approved = dossier.request.budget_ex_vat
    if dossier.value is None:
        yield _value(dossier)
    elif approved is not None and dossier.value <= approved:
        yield Blocker("budget", f"The approved budget of {money(approved)} covers the value already")


def submit(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6.2: the budget holder has approved what it is worth now, and the form is complete."""
    request = dossier.request
    yield from _in_plan(dossier)
    yield from _not_buying(dossier.standing)
    if dossier.value is None:
        yield _value(dossier)
    yield from _budget(dossier)
    yield from dossier.form_blockers
    if request.state == "more_information" and "text" in inputs and not str(inputs["text"]).strip():
        yield Blocker("text", "Your answer to CCPS: not written")


def _budget(dossier: RequestDossier) -> Iterator[Blocker]:
    request = dossier.request
    if request.budget_refusal:
        who = request.budget_by.name if request.budget_by else "The budget holder"
        yield _no_budget(dossier, f"{who} refused the budget: {request.budget_refusal}")
    elif request.budget_ex_vat is None:
        yield _no_budget(dossier, "Budget holder’s approval: not given")
    elif dossier.value is not None and dossier.value > request.budget_ex_vat:
        yield _no_budget(
            dossier,
            f"The budget was approved for {money(request.budget_ex_vat)} and the value is {money(dossier.value)} now: "
            "ask the budget holder again",
        )


def _no_budget(dossier: RequestDossier, words: str) -> Blocker:
    page = ("procurement:request_budget", (dossier.request.pk,))
    return Blocker("budget", words, *page, waits_for=dossier.has_budget)


def accept(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Accepting names a lead, the path, the effort and the target, and gives Legal its time where Legal joins."""
    if "lead" not in inputs:
        return
    yield from _lead(dossier, inputs)
    for name, words in (("path", "Path"), ("effort_days", "Effort in days"), ("target_on", "Target date")):
        if not inputs.get(name):
            yield Blocker(name, f"{words}: not given", anchor=f"id_{name}")
    if not str(inputs.get("next_steps", "")).strip():
        yield Blocker("next_steps", "Next steps: not written", anchor="id_next_steps")
    yield from _time_for_legal(dossier, inputs)


def change_path(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """The same for another path; not while suppliers are being asked on the one there is."""
    if dossier.live_exercise:
        yield Blocker("exercise", f"{dossier.live_exercise} is under way: abandon it first")
    if "lead" not in inputs:
        return
    yield from _lead(dossier, inputs)
    yield from _time_for_legal(dossier, inputs)


def _lead(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    lead = inputs["lead"]
    if not isinstance(lead, Person):
        yield Blocker("lead", "Lead officer: not chosen", anchor="id_lead")
    elif not dossier.can_lead(lead):
        yield Blocker("lead", f"{lead.name} does not work for CCPS, so cannot lead this", anchor="id_lead")


def _time_for_legal(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    routes, rules = dossier.legal_routes(inputs.get("route"))
    needed_by = inputs.get("legal_needed_by")
    if any(found.queue == "legal" for found in routes) and needed_by is None:
        why = "; ".join(found.because for found in routes if found.queue == "legal")
        yield Blocker("legal", f"Legal joins this ({why}): say by when you need its draft", anchor="id_legal_needed_by")
    yield from lead_blockers(routes, needed_by, str(inputs.get("urgent_reason", "")), clock.today(), rules)


def ask(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """A question needs words."""
    if "text" in inputs and not str(inputs["text"]).strip():
        yield Blocker("text", "Question: not written")
    if "next_steps" in inputs and not str(inputs["next_steps"]).strip():
        yield Blocker("next_steps", "Next steps: not written", anchor="id_next_steps")


def decline(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Framework 6.2: an answer always comes with next steps."""
    if "next_steps" in inputs and not str(inputs["next_steps"]).strip():
        yield Blocker("next_steps", "Next steps: not written", anchor="id_next_steps")


def link_duplicate(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Another request of the same council, and not one that was found to be this one again."""
    other = inputs.get("same_as")
    if "same_as" not in inputs:
        return
    request = dossier.request
    if other is None:
        yield Blocker("same_as", "The other request: not given", anchor="id_same_as")
    elif other.pk == request.pk:
        yield Blocker("same_as", "A request is no duplicate of itself: give the other one", anchor="id_same_as")
    elif other.same_as_id == request.pk:
        yield Blocker("same_as", f"{other.case_file.reference} is linked to this request already", anchor="id_same_as")


def unlink_duplicate(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Only what is linked is undone."""
    if dossier.request.same_as_id is None:
        yield Blocker("same_as", "This request is linked to no other")


def revise(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """One live request at a time."""
    yield from _in_plan(dossier)
    if dossier.other_live:
        yield Blocker("live", f"{dossier.other_live} is already there: go on with it, or withdraw it first")


def withdraw(dossier: RequestDossier, inputs: Inputs) -> Iterator[Blocker]:
    """Not while CCPS buys on the strength of it."""
    if dossier.live_exercise:
        yield Blocker("exercise", f"{dossier.live_exercise} is under way: CCPS abandons it first", waits_for="CCPS")


def _in_plan(dossier: RequestDossier) -> Iterator[Blocker]:
    commission = dossier.standing.commission
    if commission.state not in (CommissionState.PLAN, CommissionState.SECURE):
        yield Blocker(
            "stage",
            f"The commission is {commission.get_state_display().lower()}: a request belongs to Plan",
            "commissioning:commission",
            (commission.pk,),
        )


def _value(dossier: RequestDossier) -> Blocker:
    return Blocker("value", "Estimated value: not recorded", "commissioning:value", (dossier.standing.commission.pk,))


def answered_words(dossier: RequestDossier) -> str:
    """How long CCPS has, or had, in words; nothing before it was asked."""
    item = dossier.request.item
    if item is None or item.due_on is None:
        return ""
    left = (item.due_on - clock.today()).days
    late = f", {counted(-left, 'day')} overdue" if left < 0 else ""
    return f"CCPS answers by {day(item.due_on)}{late}"
