"""Asking in good time what comes when a contract ends. Run daily; running it again adds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef

from casework.audit import audited, record
from casework.models import Threshold
from casework.routing import Facts, Route, route
from casework.services import work_items
from commissioning.services import asking
from contracts.models import Contract, EndingNotice
from contracts.months import months_after, months_words
from contracts.selectors.due import rules_for
from contracts.states import RUNNING
from contracts.steps import STEPS, reached, steps_of
from organisation.actors import System
from organisation.formatting import day

TRIGGER = "contract_ending"
# A step that falls on the 31st comes up to three days early in a shorter month.
SLACK = timedelta(days=3)
CHUNK = 200
RELATED = ("case_file__organisation__framework", "case_file__holder", "supplier", "commission__rules_version")


def raise_endings(on: date) -> int:
    """Put every contract that reached a step before its end into the queues that the rules name; says how many.

    A contract gets the step it is at: one that came into the register late is asked once, not once for each step that
    had passed. Each contract is a transaction of its own, so one that fails holds up no other.
    """
    return sum(_raise(contract_id, on) for contract_id in _candidates(on))


def _candidates(on: date) -> Iterator[int]:
    """The contracts that may have reached a step nobody was asked at, by number: one statement for each figure in use.

    The index on the end date chooses them; the exact day is asked of each contract's own rules under its lock.
    """
    figures = Threshold.objects.filter(key__in=STEPS).values_list("amount", flat=True).distinct()
    running = Contract.objects.filter(state__in=RUNNING, ends_on__gte=on)
    found: set[int] = set()
    for months in sorted({int(amount) for amount in figures}):
        asked = EndingNotice.objects.filter(contract=OuterRef("pk"), ends_on=OuterRef("ends_on"), months=months)
        rows = running.filter(~Exists(asked), ends_on__lte=months_after(on, months) + SLACK)
        found.update(rows.values_list("pk", flat=True).iterator(CHUNK))
    yield from sorted(found)


def _raise(contract_id: int, on: date) -> bool:
    """Ask at the step a contract is at, unless that was done; says whether it was asked now."""
    by = System(because="The contract is nearing its end")
    with audited(by=by):
        contract = Contract.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=contract_id)
        steps = steps_of(rules_for(contract))
        passed = reached(contract.ends_on, steps, on)
        months = min(passed, default=None)
        if months is None or contract.ends_on is None or contract.state not in RUNNING:
            return False
        noted = set(contract.ending_notices.filter(ends_on=contract.ends_on).values_list("months", flat=True))
        if months in noted:
            return False
        EndingNotice.objects.bulk_create(
            [EndingNotice(contract=contract, ends_on=contract.ends_on, months=one) for one in set(passed) - noted]
        )
        work_items.open_routes(
            contract.case_file,
            _routes(contract),
            by=by,
            ask=f"ending:{contract.ends_on:%Y-%m-%d}:{months}",
            needed_by=last_day_to_act(contract, on),
            question=_question(contract, months),
            path=f"{contract.get_absolute_url()}#ending",
        )
        record(verb="contract.ending", subject=contract, changes={"ends": day(contract.ends_on), "months": str(months)})
        return True


def last_day_to_act(contract: Contract, on: date) -> date | None:
    """The last day to use the next option, if that is still ahead; otherwise the end."""
    option = contract.options.filter(used_at__isnull=True, notice_by__gte=on).order_by("number").first()
    return option.notice_by if option else contract.ends_on


def _routes(contract: Contract) -> list[Route]:
    if contract.commission is not None:
        return asking.routes_for(contract.commission, TRIGGER)[0]
    case = contract.case_file
    criteria = {"high_risk": "High risk"} if case.is_high_risk else {}
    return route(TRIGGER, Facts(case.value_ex_vat or Decimal(0), criteria), rules_for(contract))


def _question(contract: Contract, months: int) -> str:
    return (
        f"{contract.supplier}'s contract ends on {day(contract.ends_on)}; this is asked {months_words(months)} ahead. "
        "Extend, recommission, decommission, or let it end?"
    )
