"""What falls due on contracts: as facts at hand say it, and for the nightly proof over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse

from casework.deadlines import Due, due
from casework.models import RulesVersion
from casework.routing import Rules
from casework.selectors.rules import rules_of, version_in_force
from contracts.models import Contract, ExtensionOption, Handover, Indicator, IndicatorReading, MobilisationTask
from contracts.periods import Period, periods_begun
from contracts.states import READ_IN, RUNNING, TASKS_MOVE_IN, HandoverState, Interval
from organisation import clock

READING, REVIEW, END, OPTION, TASK = (
    "indicator_reading",
    "contract_review",
    "contract_end",
    "option_notice",
    "mobilisation_task",
)
HANDOVER = "handover"
_HANDOVER_ACTS = {
    HandoverState.PREPARING: "Prepare the handover and offer it",
    HandoverState.OFFERED: "Accept the handover, or return it with the gaps",
    HandoverState.RETURNED: "Close the gaps in the handover and offer it again",
}
READING_DAYS = "indicator_reading_days"
CHUNK = 500


def rules_for(contract: Contract) -> Rules:
    """The rules its commission is pinned to; those in force today where no commission stands behind it."""
    pinned: RulesVersion | None = contract.commission.rules_version if contract.commission else None
    return rules_of(pinned or version_in_force(contract.case_file.organisation.framework))


def reading_days(rules: Rules) -> int:
    """How many calendar days after a period its results are wanted; none where the rules do not say."""
    figure = rules.figures.get(READING_DAYS)
    return int(figure.amount) if figure else 0


# --- from what is at hand --------------------------------------------------------------------------------------------


def of_term(contract: Contract, options: Iterable[ExtensionOption]) -> Iterator[Due]:
    """The review, the last day to use the next option, and the end: while the contract runs."""
    case, path = contract.case_file, contract.get_absolute_url()
    if contract.state not in RUNNING:
        return
    if contract.review_on:
        title = "Review the contract"
        yield due(case, REVIEW, "review", due_on=contract.review_on, title=title, path=path, holder=case.holder)
    coming = next((option for option in options if option.used_at is None), None)
    if coming and coming.notice_by:
        key, title = f"option:{coming.number}", f"Decide whether to use option {coming.number}"
        yield due(case, OPTION, key, due_on=coming.notice_by, title=title, path=path, holder=case.holder)
    if contract.ends_on:
        title = "Decide what follows when the contract ends"
        yield due(case, END, "end", due_on=contract.ends_on, title=title, path=path, holder=case.holder)


def of_tasks(tasks: Iterable[MobilisationTask]) -> Iterator[Due]:
    """Tasks with a date that their owner has to do; what a queue was asked for has a clock of its own."""
    for task in tasks:
        if task.done_at is None and task.due_on and not task.waits_for_queue and task.case_file.state in TASKS_MOVE_IN:
            yield of_task(task, task.due_on)


def of_task(task: MobilisationTask, due_on: date) -> Due:
    """One task's date."""
    path = reverse("contracts:mobilisation", args=[task.case_file_id])
    return due(task.case_file, TASK, task_key(task), due_on=due_on, title=task.title, path=path, holder=task.owner)


def task_key(task: MobilisationTask) -> str:
    """What tells the deadlines of a mobilisation apart: the pre-filled tasks by their key, the others by number."""
    return task.key or str(task.pk)


def of_handover(handover: Handover) -> Iterator[Due]:
    """Whose turn it is: the CCPS lead's to prepare it, the contract manager's to answer; before the start."""
    case, contract = handover.case_file, handover.contract
    if contract.starts_on is None or handover.state not in _HANDOVER_ACTS:
        return
    with_manager = handover.state == HandoverState.OFFERED
    yield due(
        case,
        HANDOVER,
        "handover",
        due_on=contract.starts_on,
        title=_HANDOVER_ACTS[HandoverState(handover.state)],
        path=handover.get_absolute_url(),
        holder=case.holder if with_manager else handover.lead,
    )


def of_readings(
    contract: Contract, indicators: Iterable[Indicator], given: set[tuple[int, date]], days: int, today: date
) -> Iterator[Due]:
    """One for each period that has begun and whose results are not complete, the present period included.

    ``given`` are the indicators and first days for which a result is recorded.
    """
    if contract.state not in READ_IN or contract.starts_on is None:
        return
    case = contract.case_file
    measures = list(indicators)
    for interval in Interval:
        own = [indicator for indicator in measures if indicator.interval == interval]
        if not own:
            continue
        for one in periods_begun(contract.starts_on, contract.ends_on, interval, today):
            wanted = [indicator for indicator in own if is_wanted(indicator, one)]
            if all((indicator.pk, one.starts_on) in given for indicator in wanted):
                continue
            yield due(
                case,
                READING,
                reading_key(interval, one),
                due_on=one.due_on(days),
                title=f"Record the results for {one}",
                path=reverse("contracts:readings", args=[contract.pk, interval.value, one.number]),
                holder=case.holder,
            )


def is_wanted(indicator: Indicator, one: Period) -> bool:
    """Whether an indicator asks for a result of a period: not of those that had ended when it was added."""
    return indicator.applies_from is None or indicator.applies_from <= one.ends_on


def reading_key(interval: str, one: Period) -> str:
    """What tells the deadlines of a contract's periods apart."""
    return f"{interval}:{one.starts_on:%Y-%m-%d}"


# --- for the nightly proof -------------------------------------------------------------------------------------------


def all_readings() -> Iterator[Due]:
    """Every result that is wanted now."""
    rows = Contract.objects.filter(state__in=READ_IN).select_related(
        "case_file__holder", "case_file__organisation__framework", "commission__rules_version"
    )
    today = clock.today()
    for chunk in _chunks(rows):
        numbers = [contract.pk for contract in chunk]
        measures: dict[int, list[Indicator]] = {}
        for indicator in Indicator.objects.filter(contract_id__in=numbers).order_by("pk"):
            measures.setdefault(indicator.contract_id, []).append(indicator)
        given = given_of(Indicator.objects.filter(contract_id__in=numbers))
        for contract in chunk:
            if own := measures.get(contract.pk):
                yield from of_readings(contract, own, given, reading_days(rules_for(contract)), today)


def given_of(indicators: Iterable[Indicator]) -> set[tuple[int, date]]:
    """The results recorded for some indicators, by indicator and first day of the period."""
    rows = IndicatorReading.objects.filter(indicator__in=indicators, value__isnull=False)
    return set(rows.values_list("indicator_id", "starts_on"))


def all_tasks() -> Iterator[Due]:
    """Every mobilisation task with a date that is not done."""
    rows = MobilisationTask.objects.filter(done_at__isnull=True, due_on__isnull=False)
    yield from of_tasks(rows.select_related("case_file", "owner", "asked").iterator(CHUNK))


def all_handovers() -> Iterator[Due]:
    """Every handover that somebody still has to prepare or answer."""
    rows = Handover.objects.exclude(state=HandoverState.ACCEPTED).select_related(
        "case_file__holder", "contract", "lead"
    )
    for handover in rows.iterator(CHUNK):
        yield from of_handover(handover)


def all_of(kind: str) -> Iterator[Due]:
    """Every review, end or option date of the contracts that run."""
    rows = Contract.objects.filter(state__in=RUNNING).select_related("case_file__holder")
    for chunk in _chunks(rows):
        options: dict[int, list[ExtensionOption]] = {}
        if kind == OPTION:
            for option in ExtensionOption.objects.filter(contract__in=chunk).order_by("number"):
                options.setdefault(option.contract_id, []).append(option)
        for contract in chunk:
            yield from (one for one in of_term(contract, options.get(contract.pk, ())) if one.kind == kind)


def _chunks(rows: object) -> Iterator[list[Contract]]:
    """Contracts some hundreds at a time, by number, so that no list grows with the register."""
    after = 0
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:CHUNK]):  # type: ignore[attr-defined]
        yield chunk
        after = chunk[-1].pk
