"""What records count for now, read from the records themselves: one statement for files, one for what was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, cast

from django.db.models import BooleanField, DateField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from casework.models import CaseFile, WorkItem
from casework.querysets import visible_cases
from contracts.selectors.register import is_next_decided
from organisation import clock
from organisation.models import Person
from organisation.working_days import ENGLAND, holidays_of
from reporting import counting
from reporting.counting import Counts
from reporting.selectors.marks import gate_states, is_reactive

KINDS = ("commission", "contract")
ITEM_CATEGORY = Coalesce(F("case_file__commission__category__key"), F("case_file__root__commission__category__key"))
ITEM_NEEDED = Coalesce(
    F("case_file__commission__needed_by"), F("case_file__root__commission__needed_by"), output_field=DateField()
)


def facts_under(roots: Collection[int], *, seen_by: Person | None = None) -> Iterator[Counts]:
    """What the files under some roots count for, and what is asked about them; only what ``seen_by`` may see."""
    cases = CaseFile.objects.filter(Q(pk__in=roots) | Q(root__in=roots), kind__in=KINDS)
    items = WorkItem.objects.all()
    if seen_by is not None:
        cases, items = cases.filter(visible_cases(seen_by, "")), items.filter(visible_cases(seen_by))
    for row in _case_columns(cases):
        yield from counting.of_case(row)
    today, holidays = clock.today(), holidays_of(ENGLAND)
    # Two halves: one condition over both tables would make the database read every item there is.
    under = _item_columns(items.filter(case_file__root__in=roots))
    for row in _item_columns(items.filter(case_file__in=roots)).union(under):
        yield from counting.of_item(row, today, holidays)


def _case_columns(cases: QuerySet[CaseFile]) -> QuerySet[CaseFile, dict[str, Any]]:
    columns: Any = cases.values(
        "pk",
        "kind",
        "root_id",
        "organisation_id",
        "service_area_id",
        "state",
        "is_open",
        "is_high_risk",
        "value_ex_vat",
        partners_ex_vat=F("commission__partners_ex_vat"),
        managed_ex_vat=F("commission__managed_ex_vat"),
        category=F("commission__category__key"),
        contract_category=F("contract__category__key"),
        ends_on=F("contract__ends_on"),
        started_at=F("commission__started_at"),
        is_reactive=ExpressionWrapper(is_reactive(), output_field=BooleanField()),
        is_decided=is_next_decided("contract__commission"),
        **gate_states(),
    )
    return cast(QuerySet[CaseFile, dict[str, Any]], columns)


def _item_columns(items: QuerySet[WorkItem]) -> QuerySet[WorkItem, dict[str, Any]]:
    columns: Any = items.values(
        "pk",
        "kind",
        "organisation_id",
        "state",
        "opened_at",
        "settled_at",
        "due_on",
        "assignee_id",
        "is_late_ask",
        root_id=Coalesce(F("case_file__root_id"), F("case_file_id")),
        service_area_id=F("case_file__service_area_id"),
        category=ITEM_CATEGORY,
        needed=ITEM_NEEDED,
        queue_key=F("queue__key"),
    )
    return cast(QuerySet[WorkItem, dict[str, Any]], columns)
