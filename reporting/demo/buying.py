"""Buying and what follows it: prices, a decision, an award, signatures, mobilisation, a running contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from casework import door
from contracts.models import Contract, MobilisationTask
from contracts.services import mobilisation
from contracts.states import ContractState, Side
from organisation import clock
from organisation.models import Person
from procurement.models import Exercise, Quote, RouteToMarket
from procurement.services import exercises, prices
from procurement.states import ExerciseState, RunBy
from reporting.demo.stage import Story, act

Details = dict[str, Any]


@act
def open_exercise(story: Story, details: Details) -> None:
    """Open an exercise: of the service's own, or with "ccps" one that CCPS runs on an accepted request."""
    framework = story.organisation.framework
    by_ccps = "ccps" in details
    named = details.get("route", "quotation" if by_ccps else "service_purchase")
    exercises.open_exercise(
        story.commission,
        route=RouteToMarket.objects.get(framework=framework, key=named),
        by=story.person("officer") if by_ccps else story.holder,
        run_by=RunBy.CCPS if by_ccps else RunBy.SERVICE,
    )


@act
def ask(story: Story, details: Details) -> None:
    """Note who is asked for a price."""
    exercise = _exercise(story)
    for key in details["suppliers"]:
        prices.ask_supplier(
            exercise, supplier=story.supplier(key), asked_on=clock.today(), how="email", by=_buyer(exercise)
        )


@act
def invite(story: Story, details: Details) -> None:
    """Ask them."""
    exercise = _exercise(story)
    door.carry_out(exercise, "invite", by=_buyer(exercise))


@act
def quote(story: Story, details: Details) -> None:
    """Record what one of them answered."""
    without, including = details.get("amounts", (None, None))
    exercise = _exercise(story)
    prices.record_quote(
        exercise,
        supplier=story.supplier(details["supplier"]),
        received_on=clock.today(),
        by=_buyer(exercise),
        amount_ex_vat=None if without is None else Decimal(without),
        amount_inc_vat=None if including is None else Decimal(including),
        declined=details.get("declined", False),
        note=details.get("note", ""),
    )


@act
def decide(story: Story, details: Details) -> None:
    """Choose a price, write why, and record the decision."""
    exercise = _exercise(story)
    starts_on = story.stage.days.day(details["starts"])
    chosen = Quote.objects.get(
        exercise=exercise, supplier=story.supplier(details["supplier"]), replaced_at__isnull=True
    )
    prices.write_decision(
        exercise,
        version=exercise.version,
        by=_buyer(exercise),
        chosen=chosen,
        starts_on=starts_on,
        ends_on=story.stage.days.months_after(starts_on, details["months"]),
        contract_manager=story.person(details.get("manager", "manager")),
        **story.stage.words["decision"],
    )
    door.carry_out(_exercise(story), "decide", by=_buyer(exercise))


@act
def confirm_choice(story: Story, details: Details) -> None:
    """The commissioner agrees with what CCPS recommends."""
    door.carry_out(_exercise(story), "confirm", by=story.holder)


@act
def award(story: Story, details: Details) -> None:
    """Award it."""
    door.carry_out(_exercise(story), "award", by=story.by(details))


@act
def sign(story: Story, details: Details) -> None:
    """Both sides sign: the supplier by post, then the council."""
    contract, signer = _contract(story), story.person(details["council"])
    door.carry_out(
        contract,
        "sign_for_supplier",
        by=story.holder,
        signed_by=details["supplier"],
        role=details["role"],
        signed_on=clock.today(),
        how="electronic",
    )
    door.carry_out(
        contract,
        "sign_for_council",
        by=signer,
        person=signer,
        role=signer.job_title,
        signed_on=clock.today(),
        how="electronic",
    )


@act
def mobilise(story: Story, details: Details) -> None:
    """Finish the council's tasks, or only those that are named."""
    rows = MobilisationTask.objects.filter(
        case_file=_contract(story).case_file, side=Side.COUNCIL, done_at__isnull=True
    ).exclude(key=mobilisation.REGISTER_ENTRY)
    for task in rows.select_related("case_file").order_by("pk"):
        if task.key in details.get("only", [task.key]):
            mobilisation.finish_task(task, by=story.holder, output="Agreed in the start meeting")


@act
def enter(story: Story, details: Details) -> None:
    """Enter the contract in the register."""
    review_on = story.stage.days.day(details["review"])
    door.carry_out(_contract(story), "enter_in_register", by=story.by(details), review_on=review_on)


@act
def go_live(story: Story, details: Details) -> None:
    """The service starts."""
    door.carry_out(_contract(story), "go_live", by=story.by(details))


def _exercise(story: Story) -> Exercise:
    rows = Exercise.objects.exclude(state=ExerciseState.ABANDONED).select_related("case_file__holder")
    return rows.get(commission=story.commission_id)


def _buyer(exercise: Exercise) -> Person:
    """Who runs it: the commissioner, or the CCPS officer who leads."""
    holder = exercise.case_file.holder
    if holder is None:
        raise ValueError("An exercise of the demonstration is held by somebody")
    return holder


def _contract(story: Story) -> Contract:
    rows = Contract.objects.exclude(state=ContractState.TERMINATED).select_related("case_file")
    return rows.get(commission=story.commission_id)
