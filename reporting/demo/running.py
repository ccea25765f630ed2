"""Contracts that run: what they are measured by, and the results of each period."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts.models import Contract
from contracts.periods import latest_ended, periods_begun
from contracts.services import indicators, readings
from contracts.services.readings import Entry
from contracts.states import OVER
from organisation import clock
from reporting.demo.stage import Story, act
from reporting.demo.wording import with_decimals

Details = dict[str, Any]


@act
def set_indicators(story: Story, details: Details) -> None:
    """Say what the contract is measured by."""
    for row in details.get("rows") or story.told.get("indicators") or story.stage.words["indicators"]:
        indicators.add(_contract(story), by=story.person("manager"), **with_decimals(row))


@act
def read_results(story: Story, details: Details) -> None:
    """Record the results of the latest period that has ended, one value for each measure in turn."""
    contract, interval = _contract(story), details.get("interval", "monthly")
    if contract.starts_on is None:
        raise ValueError("A contract that runs has a start")
    one = latest_ended(periods_begun(contract.starts_on, contract.ends_on, interval, clock.today()), clock.today())
    if one is None:
        raise LookupError(f"{story.told['key']}: no {interval} period has ended")
    measures = readings.measures_of(contract, interval, one)
    entries = {
        measure.pk: Entry(value=Decimal(str(value)), comment=details.get("comment", ""))
        for measure, value in zip(measures, details["values"], strict=False)
        if value is not None
    }
    readings.record_results(contract, interval, one.number, entries, version=0, by=story.person("manager"))


def _contract(story: Story) -> Contract:
    rows = Contract.objects.exclude(state__in=OVER).select_related("case_file__organisation__framework")
    return rows.get(commission=story.commission_id)
