"""Exercises that CCPS runs, brought to a state through the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from casework import door
from casework.models import WorkItem
from commissioning.models import Commission, Gate, KeyQuestion, PlannedIndicator
from commissioning.services import questions
from commissioning.services.questions import Given
from commissioning.states import GateState
from organisation import clock
from organisation.models import Person
from procurement.models import Exercise, RouteToMarket
from procurement.services import exercises, prices, tenders
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.factories import requests

LONG = "Because it was weighed with care."


def accepted_commission(where: buying.Place, lewis: Person, *, amount: Any = "60000", path: str = "quotation") -> Any:
    """A commission in Secure Services whose request CCPS has accepted."""
    commission = buying.commission(where, state="plan", amount=amount)
    given: dict[str, Any] = {"path": path}
    if Decimal(amount) > 500_000:
        given["legal_needed_by"] = clock.today() + timedelta(days=40)
    requests.accepted(where, lewis, commission=commission, **given)
    Commission.objects.filter(pk=commission.pk).update(state="secure")
    type(commission.case_file).objects.filter(pk=commission.case_file_id).update(state="secure")
    return Commission.objects.get(pk=commission.pk)


def settled_gate(commission: Commission, number: int) -> Gate:
    """A gate that stands in nobody's way."""
    return Gate.objects.create(commission=commission, number=number, state=GateState.APPROVED, settled_at=clock.now())


def opened(where: buying.Place, lewis: Person, commission: Commission, route: str = "quotation") -> Exercise:
    """An exercise that CCPS runs, of the path it accepted."""
    found = RouteToMarket.objects.get(framework=where.organisation.framework, key=route)
    return exercises.open_exercise(commission, route=found, by=lewis, run_by="ccps")


def quoted(where: buying.Place, lewis: Person, *amounts: Any, asked: int = 4) -> Exercise:
    """Four suppliers asked, and as many quotes as there are amounts."""
    exercise = opened(where, lewis, accepted_commission(where, lewis))
    for _ in range(asked):
        buying.asked(exercise, by=lewis)
    exercise = door.carry_out(exercise, "invite", by=lewis).subject
    for row, amount in zip(exercise.asked.order_by("pk"), amounts, strict=False):
        buying.quote(exercise, amount, supplier=row.supplier, by=lewis)
    return exercise


def recommended(where: buying.Place, lewis: Person, *amounts: Any) -> Exercise:
    """The lowest quote recommended, with everything written."""
    exercise = quoted(where, lewis, *amounts)
    written(exercise, where, lewis)
    decided: Exercise = door.carry_out(exercise, "decide", by=lewis).subject
    return decided


def written(exercise: Exercise, where: buying.Place, lewis: Person) -> Exercise:
    """The lowest price chosen, and the reasons written."""
    chosen = exercise.quotes.filter(declined=False).order_by("amount_ex_vat").first()
    row = Exercise.objects.get(pk=exercise.pk)
    given = {
        "chosen": chosen,
        "fairness": LONG,
        "value_for_money": LONG,
        "social_value": LONG,
        "starts_on": clock.today() + timedelta(days=60),
        "ends_on": clock.today() + timedelta(days=800),
        "contract_manager": where.sam,
    }
    return prices.write_decision(row, version=row.version, by=lewis, **given)


def tender(where: buying.Place, lewis: Person) -> Exercise:
    """A tender of £640,000 that nothing stands in the way of, but that is not published yet."""
    commission = accepted_commission(where, lewis, amount="640000", path="sourcing")
    settled_gate(commission, 1)
    settled_gate(commission, 3)
    item = WorkItem.objects.get(kind="tender_involvement", case_file=commission.case_file)
    hal = people.person("legal", at=where.organisation)
    door.carry_out(item, "respond", by=hal, answer="agreed", text="The draft is agreed.")
    asked = KeyQuestion.objects.filter(framework=where.organisation.framework, stage="secure", number__in=(2, 3))
    questions.answer(commission, {row.pk: Given("Yes, on record.") for row in asked}, by=where.priya)
    PlannedIndicator.objects.create(commission=commission, name="Visits on time", unit="%", target=95)
    exercise = opened(where, lewis, commission, "open_tender")
    today = clock.today()
    exercise = tenders.write_tender(
        exercise,
        version=exercise.version,
        by=lewis,
        publish_on=today,
        deadline_on=today + timedelta(days=35),
        lots="Four, by area",
        social_value=LONG,
        had_engagement=True,
        engagement_notice="2026/S 000-012345",
    )
    tenders.write_criteria(exercise, [("Quality", Decimal(60)), ("Price", Decimal(40))], by=lewis)
    return exercise


def won(where: buying.Place, lewis: Person, exercise: Exercise, amount: Any = "630000") -> Exercise:
    """A published tender with five bids and a winner, decided."""
    door.carry_out(exercise, "publish", by=lewis, notice_reference="2026/S 000-020000")
    clock.move_to(clock.today() + timedelta(days=35))
    door.carry_out(exercise, "close_bids", by=lewis, bids=5)
    exercise = Exercise.objects.get(pk=exercise.pk)
    row = buying.asked(exercise, by=lewis, how="portal")
    buying.quote(exercise, amount, supplier=row.supplier, by=lewis)
    written(exercise, where, lewis)
    decided: Exercise = door.carry_out(exercise, "decide", by=lewis).subject
    return decided


def awarded(where: buying.Place, lewis: Person, exercise: Exercise) -> Exercise:
    """The same, awarded under gate 4 and an authority."""
    decided = won(where, lewis, exercise)
    settled_gate(decided.commission, 4)
    buying.authority(decided.commission)
    done: Exercise = door.carry_out(decided, "award", by=lewis).subject
    return done
