"""Everything with one person's name on it, from every room below, in one statement.

Each function gives rows of one kind in the same columns; the statement is their union. A new kind of thing is one
more function here. Rows come through the same scope as every page: what somebody may not see is not theirs to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least

from casework.models import Deadline, WorkItem, WorkItemEvent
from casework.querysets import Scope, scope_of, visible_cases
from casework.states import ItemState
from commissioning.models import CommissionActivity, DeliveryDecision, Specification
from commissioning.states import ACTIVITY_OUTSTANDING, CommissionState, SpecificationState
from contracts.models import Contract, MobilisationTask
from contracts.selectors import due
from contracts.states import OVER, ContractState
from documents.models import Paper
from documents.states import PaperState
from organisation import clock
from organisation.models import Cover, Person
from organisation.prepared import Prepared
from organisation.roles import Role
from organisation.standing import standing_of
from procurement.models import ProcurementRequest
from procurement.states import RequestState
from reporting.counting import REQUEST_KIND
from reporting.models import Visit
from reporting.selectors.thing_columns import ABOUT_ME, TO_WATCH, Asking, Thing, name_at, row_of

MOST_THINGS = 60
COVER_SHOWN_AHEAD = timedelta(days=14)
DATES_SHOWN_AHEAD = timedelta(days=28)
# Dates to keep that no task or item stands for.
DATES_SHOWN = (due.READING, due.HANDOVER)

ITEM, QUESTION, SIGN_OFF, CONFIRM = "item", "question", "sign_off", "confirm"
PAPER, ACTIVITY, TASK = "paper", "activity", "task"
DATE, DECLINED = "date", "declined"
CONTRACT, COVER, VISIT = "contract", "cover", "visit"


def things_of(person: Person, covered: Collection[Person]) -> list[Thing]:
    """Every thing of one person, the most urgent first, in one statement that reads sixty rows at most."""
    led = [row for row in standing_of(person).roles_held if row.role == Role.SERVICE_LEADER]
    today = clock.today()
    rows = _ROWS.rows(
        ids=(person.pk, *(absent.pk for absent in covered)),
        areas_led=tuple(sorted({row.service_area_id for row in led if row.service_area_id is not None})),
        all_led=tuple(sorted({row.organisation_id for row in led if row.service_area_id is None})),
        dates_until=today + DATES_SHOWN_AHEAD,
        absence_until=today + COVER_SHOWN_AHEAD,
        **asdict(scope_of(person)),
    )
    return [Thing(*row) for row in rows]


def _rows(person: int, organisations: tuple[int, ...], **asked: Any) -> QuerySet[Any]:
    asking = Asking(Scope(person, organisations), **asked)
    parts = [part for make in KINDS if (part := make(asking)) is not None]
    rows = parts[0].union(*parts[1:], all=True)
    ordered = rows.order_by("x_first", F("x_due").asc(nulls_last=True), "x_kind", "x_pk")
    return ordered[: MOST_THINGS + 1]


_ROWS: Prepared[Any] = Prepared(_rows)


# --- casework ---------------------------------------------------------------------------------------------------------


def items(asking: Asking) -> QuerySet[Any]:
    """What was given to this person in a queue, or asked of them by name."""
    mine = WorkItem.objects.filter(
        visible_cases(asking.scope), state__in=[ItemState.OPEN, ItemState.ASSIGNED], assignee_id__in=asking.ids
    )
    return row_of(
        mine,
        ITEM,
        case="case_file",
        due=F("due_on"),
        title=F("title"),
        at=F("opened_at"),
        who=name_at("requested_by__name"),
        team=name_at("requested_by__team"),
        words=F("because"),
        state=name_at("queue__name"),
        asks=F("asks"),
        # A task names the page where it is done; what stands in a queue is answered on its own.
        path=Case(When(queue=None, then=F("path")), default=Value(""), output_field=CharField()),
    )


def questions(asking: Asking) -> QuerySet[Any]:
    """What a function asked back, and cannot go on without; the last question is quoted."""
    waiting = WorkItem.objects.filter(
        visible_cases(asking.scope), state=ItemState.WAITING, requested_by_id__in=asking.ids
    )
    asked = WorkItemEvent.objects.filter(item=OuterRef("pk"), kind=WorkItemEvent.Kind.ASKED).order_by("-id")
    return row_of(
        waiting,
        QUESTION,
        case="case_file",
        due=F("due_on"),
        title=F("title"),
        at=Subquery(asked.values("at")[:1]),
        who=name_at("assignee__name"),
        team=name_at("assignee__team"),
        words=Coalesce(Subquery(asked.values("text")[:1]), Value(""), output_field=TextField()),
        state=name_at("queue__name"),
        path=Case(When(kind=REQUEST_KIND, then=F("path")), default=Value(""), output_field=CharField()),
    )


def dates(asking: Asking) -> QuerySet[Any]:
    """Dates that this person has to keep and that come soon or have passed: results to record, handovers."""
    theirs = Deadline.objects.running().filter(
        visible_cases(asking.scope),
        holder_id__in=asking.ids,
        kind__in=DATES_SHOWN,
        due_on__lte=asking.dates_until,
    )
    return row_of(theirs, DATE, case="case_file", due=F("due_on"), title=F("title"), path=F("path"))


# --- commissioning ----------------------------------------------------------------------------------------------------


def sign_offs(asking: Asking) -> QuerySet[Any] | None:
    """Specifications that wait for a service leader of their area."""
    led = _led(asking, "commission__case_file__")
    if led is None:
        return None
    waiting = Specification.objects.filter(
        visible_cases(asking.scope, prefix="commission__case_file__"), led, state=SpecificationState.IN_REVIEW
    )
    return row_of(
        waiting,
        SIGN_OFF,
        case="commission__case_file",
        title=Value("specification", CharField()),
        at=F("paper__submitted_at"),
        who=name_at("paper__submitted_by__name"),
        team=name_at("paper__submitted_by__team"),
    )


def confirmations(asking: Asking) -> QuerySet[Any] | None:
    """Decisions to change nothing that wait for a service leader, never for the person who made them."""
    led = _led(asking, "commission__case_file__")
    if led is None:
        return None
    waiting = DeliveryDecision.objects.filter(
        visible_cases(asking.scope, prefix="commission__case_file__"),
        led,
        superseded_at__isnull=True,
        confirmed_by__isnull=True,
        model__key="no_change",
        commission__state=CommissionState.PLAN,
    ).exclude(decided_by=asking.scope.person)
    return row_of(
        waiting,
        CONFIRM,
        case="commission__case_file",
        title=Value("no change", CharField()),
        at=F("decided_at"),
        who=name_at("decided_by__name"),
        team=name_at("decided_by__team"),
        words=F("reasons"),
    )


def activities(asking: Asking) -> QuerySet[Any]:
    """Activities of the stage in hand that this person leads, with a date or for somebody else's commission."""
    led = CommissionActivity.objects.filter(
        Q(due_on__isnull=False) | ~Q(commission__case_file__holder=asking.scope.person),
        visible_cases(asking.scope, prefix="commission__case_file__"),
        lead=asking.scope.person,
        state__in=ACTIVITY_OUTSTANDING,
        activity__stage=F("commission__state"),
    )
    return row_of(
        led,
        ACTIVITY,
        case="commission__case_file",
        due=F("due_on"),
        title=F("activity__name"),
        who=name_at("commission__case_file__holder__name"),
        team=name_at("commission__case_file__holder__team"),
        state=F("state"),
    )


def _led(asking: Asking, prefix: str) -> Q | None:
    """Cases where this person is a service leader; None for somebody who leads nowhere."""
    if not asking.all_led and not asking.areas_led:
        return None
    everywhere = Q(**{f"{prefix}organisation_id__in": asking.all_led})
    return everywhere | Q(**{f"{prefix}service_area_id__in": asking.areas_led})


# --- documents --------------------------------------------------------------------------------------------------------


def papers(asking: Asking) -> QuerySet[Any]:
    """Papers this person began and has not submitted, and those that came back with a reason."""
    drafts = Paper.objects.filter(
        Q(begun_by=asking.scope.person) | Q(submitted_by=asking.scope.person),
        visible_cases(asking.scope),
        state=PaperState.DRAFTING,
        case_file__is_open=True,
    )
    return row_of(
        drafts,
        PAPER,
        case="case_file",
        title=F("template__name"),
        at=Coalesce(F("saved_at"), F("begun_at")),
        who=name_at("label"),
        # The words of a return are kept as JSON: the selector of the page takes them apart.
        words=Cast(F("returned_with"), TextField()),
    )


# --- procurement ------------------------------------------------------------------------------------------------------


def declined(asking: Asking) -> QuerySet[Any]:
    """Requests that CCPS declined, while the commission still plans; the reason is quoted."""
    theirs = ProcurementRequest.objects.filter(
        visible_cases(asking.scope),
        state=RequestState.DECLINED,
        commission__case_file__holder_id__in=asking.ids,
        commission__state=CommissionState.PLAN,
    )
    return row_of(
        theirs,
        DECLINED,
        case="case_file",
        at=F("decided_at"),
        who=name_at("decided_by__name"),
        team=name_at("decided_by__team"),
        words=F("decline_reason"),
    )


# --- contracts --------------------------------------------------------------------------------------------------------


def tasks(asking: Asking) -> QuerySet[Any]:
    """Mobilisation tasks this person owns."""
    owned = MobilisationTask.objects.filter(
        visible_cases(asking.scope), owner_id__in=asking.ids, done_at__isnull=True, case_file__is_open=True
    )
    return row_of(owned, TASK, case="case_file", due=F("due_on"), title=F("title"))


def contracts(asking: Asking) -> QuerySet[Any]:
    """Contracts this person manages, by the next date that matters."""
    managed = Contract.objects.filter(visible_cases(asking.scope), case_file__holder=asking.scope.person).exclude(
        state__in=OVER
    )
    running = Least(Coalesce(F("review_on"), F("ends_on")), F("ends_on"))
    next_date = Case(When(state__in=[ContractState.LIVE, ContractState.ENDING], then=running), default=F("starts_on"))
    return row_of(
        managed,
        CONTRACT,
        case="case_file",
        first=Value(TO_WATCH, IntegerField()),
        due=next_date,
        title=F("case_file__title"),
        who=F("supplier__name"),
        other_day=F("review_on"),
        state=F("state"),
    )


# --- about the person -------------------------------------------------------------------------------------------------


def cover(asking: Asking) -> QuerySet[Any]:
    """Their own absence, now or soon, and who stands in."""
    away = Cover.objects.not_over().filter(absent=asking.scope.person, starts_on__lte=asking.absence_until)
    return row_of(
        away,
        COVER,
        first=Value(ABOUT_ME, IntegerField()),
        due=F("ends_on"),
        who=name_at("deputy__name"),
        other_day=F("starts_on"),
    )


def visit(asking: Asking) -> QuerySet[Any]:
    """When they were last here."""
    return row_of(
        Visit.objects.filter(person=asking.scope.person),
        VISIT,
        first=Value(ABOUT_ME, IntegerField()),
        at=F("seen_at"),
        before=F("before_at"),
    )


KINDS: tuple[Callable[[Asking], QuerySet[Any] | None], ...] = (
    items,
    questions,
    dates,
    sign_offs,
    confirmations,
    activities,
    papers,
    declined,
    tasks,
    contracts,
    cover,
    visit,
)
