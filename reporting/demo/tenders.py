"""What CCPS does for the larger purchases: the tender, the standstill, a challenge, the handover."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from casework import door
from contracts.models import Handover
from contracts.services import handovers
from organisation import clock
from procurement.models import Challenge, Exercise
from procurement.services import after_award, prices, tenders
from procurement.states import ExerciseState
from reporting.demo.stage import Story, act

Details = dict[str, Any]


@act
def prepare_tender(story: Story, details: Details) -> None:
    """Write the timetable, what bidders are told, and how bids are judged."""
    exercise, days = _exercise(story), story.stage.days
    told = story.stage.words["tender"] | details
    tenders.write_tender(
        exercise,
        version=exercise.version,
        by=story.person("officer"),
        lots=told["lots"],
        publish_on=days.soon(told["publish"]),
        deadline_on=days.soon(told["deadline"]),
        evaluate_by=days.soon(told["evaluate"]),
        award_by=days.soon(told["award"]),
        social_value=told["social_value"],
        had_engagement=told["had_engagement"],
        engagement_notice=told["engagement_notice"],
    )
    criteria = [(name, Decimal(weight)) for name, weight in told["criteria"]]
    tenders.write_criteria(exercise, criteria, by=story.person("officer"))


@act
def publish(story: Story, details: Details) -> None:
    """The market is asked."""
    door.carry_out(_exercise(story), "publish", by=story.person("officer"), notice_reference=details["notice"])


@act
def close_bids(story: Story, details: Details) -> None:
    """Bidding is over."""
    door.carry_out(_exercise(story), "close_bids", by=story.person("officer"), bids=details["bids"])


@act
def winning_price(story: Story, details: Details) -> None:
    """Record who won and at what price."""
    exercise, supplier, by = _exercise(story), story.supplier(details["supplier"]), story.person("officer")
    without, including = details["amounts"]
    prices.ask_supplier(exercise, supplier=supplier, asked_on=clock.today(), how="portal", by=by)
    prices.record_quote(
        exercise,
        supplier=supplier,
        received_on=clock.today(),
        by=by,
        amount_ex_vat=Decimal(without),
        amount_inc_vat=Decimal(including),
    )


@act
def stand_still(story: Story, details: Details) -> None:
    """Say on what basis nothing is signed for some days, counted from today's award notice."""
    after_award.record_standstill(
        _exercise(story),
        basis=details.get("basis", "voluntary"),
        award_notice_on=clock.today(),
        reason=details.get("why", "A light touch contract of this size: bidders have the days to ask."),
        by=story.person("officer"),
    )


@act
def challenge(story: Story, details: Details) -> None:
    """A bidder challenges what was done."""
    after_award.raise_challenge(
        _exercise(story),
        raised_by=story.supplier(details["by"]).name,
        raised_on=clock.today(),
        words=details["words"],
        by=story.person("officer"),
    )


@act
def settle(story: Story, details: Details) -> None:
    """It ended."""
    found = Challenge.objects.get(exercise=_exercise(story), settled_on__isnull=True)
    after_award.settle_challenge(found, outcome=details["outcome"], by=story.person("officer"))


@act
def hand_over(story: Story, details: Details) -> None:
    """CCPS confirms every heading and offers the handover."""
    handover = _handover(story)
    by = story.person("officer")
    for part in handover.parts.filter(confirmed_at__isnull=True).order_by("order"):
        handovers.confirm_part(part, version=part.version, words=story.stage.words["handover"][part.heading], by=by)
    door.carry_out(_handover(story), "offer", by=by)


@act
def send_back_handover(story: Story, details: Details) -> None:
    """The contract manager names the gaps."""
    door.carry_out(_handover(story), "send_back", by=story.person("manager"), gaps=details["gaps"])


@act
def take_over(story: Story, details: Details) -> None:
    """The contract manager has what is needed."""
    door.carry_out(_handover(story), "accept", by=story.person("manager"))


def _exercise(story: Story) -> Exercise:
    rows = Exercise.objects.exclude(state=ExerciseState.ABANDONED).select_related("case_file")
    return rows.get(commission=story.commission_id)


def _handover(story: Story) -> Handover:
    return Handover.objects.select_related("contract__case_file", "lead").get(contract__commission=story.commission_id)
