"""Who may do the acts of this room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from casework.capacity import Capacity, register_capacity
from casework.handled import handled
from organisation.models import Cover, Membership, Person
from organisation.permissions import register
from organisation.roles import Role
from organisation.standing import covered_by, standing_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

# What the rules only send where it belongs: somebody asked for it, or gave an answer that asks for it. A check that
# the risk form brings may have the same kind; it was asked on no occasion, and its key names none.
ASKED_BY_PEOPLE = frozenset(
    {
        "activity_request",
        "gate_input",
        "legal_query",
        "request_help",
        "ict_check",
        "staff_transfer",
        "data_check",
        "carbon_check",
    }
)

QUEUE_ROLES = (Role.CCPS_OFFICER, Role.CCPS_MANAGER, Role.LEGAL, Role.FINANCE, Role.OTHER_FUNCTION)


def role_in_queue(person: Person, queue: Any, organisation_id: int) -> str:
    """The role in which somebody works a queue in an organisation, or nothing."""
    standing = standing_of(person)
    if standing.holds(queue.role, organisation_id, None, queue.function):
        return str(queue.role)
    if queue.manager_role and standing.holds(queue.manager_role, organisation_id):
        return str(queue.manager_role)
    return ""


def works_queue(person: Person, item: Any) -> bool:
    """Whether somebody works the queue an item is in, or holds the task themselves or for someone absent."""
    if item.queue_id is None:
        return _is_or_covers(person, item.assignee_id)
    return bool(role_in_queue(person, item.queue, item.case_file.organisation_id))


def can_be_given(person: Person, item: Any) -> bool:
    """Whether an item can be assigned to somebody: a queue's to those who work it, a task to any colleague."""
    if item.queue_id is None:
        return standing_of(person).works_in(item.case_file.organisation_id)
    return works_queue(person, item)


def people_of_queue(queue: Any, organisation_id: int) -> QuerySet[Person]:
    """Those who work a queue in an organisation today, by name."""
    of_queue = Q(role=queue.role)
    if queue.function:
        of_queue &= Q(function=queue.function)
    if queue.manager_role:
        of_queue |= Q(role=queue.manager_role)
    held = Membership.objects.in_force().filter(of_queue, organisation_id=organisation_id)
    return Person.objects.filter(pk__in=held.values("person_id")).order_by("name", "pk")


def _is_or_covers(person: Person, *ids: int | None) -> bool:
    if person.pk in ids:
        return True
    return any(absent.pk in ids for absent in covered_by(person))


def _asked_for_it(person: Person, item: Any) -> bool:
    return _is_or_covers(person, item.requested_by_id, item.case_file.holder_id)


def _may_withdraw(person: Person, item: Any) -> bool:
    """What a person asked for can be taken back by them; what only the rules asked for, or another room, cannot."""
    if handled(item.kind) is not None:
        return False
    on_occasion = item.kind in ASKED_BY_PEOPLE and item.key.startswith(f"rule:{item.rule_key}:")
    return (item.rule_key == "" or on_occasion) and _asked_for_it(person, item)


# --- In which capacity, and who else ----------------------------------------------------------------------------------


def _as_worker(person: Person, item: Any) -> Capacity:
    if item.queue_id is None:
        return _standing_in(person, "task_holder", item.assignee_id)
    return Capacity(role_in_queue(person, item.queue, item.case_file.organisation_id))


def _as_requester(person: Person, item: Any) -> Capacity:
    return _standing_in(person, "requester", item.requested_by_id, item.case_file.holder_id)


def _standing_in(person: Person, role: str, *ids: int | None) -> Capacity:
    if person.pk in ids:
        return Capacity(role)
    absent = next((other.pk for other in covered_by(person) if other.pk in ids), None)
    return Capacity(role, covering_id=absent)


def _workers(item: Any) -> Iterable[Person]:
    if item.queue_id is not None:
        people = list(people_of_queue(item.queue, item.case_file.organisation_id))
        return sorted(people, key=lambda person: person.pk != item.assignee_id)
    return _with_deputies(item.assignee_id)


def _requesters(item: Any) -> Iterable[Person]:
    return _with_deputies(item.requested_by_id, item.case_file.holder_id)


def _with_deputies(*ids: int | None) -> Iterable[Person]:
    deputies = Cover.objects.in_force().filter(absent_id__in=ids).values("deputy_id")
    people = Person.objects.filter(Q(pk__in=ids) | Q(pk__in=deputies), is_active=True).order_by("name", "pk")
    return sorted(people, key=lambda person: person.pk not in ids)


def register_rules() -> None:
    """Register the acts of this room."""
    register("work_item.work", "answer this item", also=works_queue)
    register("work_item.assign", "assign this item", also=works_queue)
    register("work_item.reply", "reply for the requester", also=_asked_for_it)
    register("work_item.withdraw", "withdraw this item", also=_may_withdraw)
    register("audit.read", "read the audit trail", (Role.AUDITOR, Role.ADMINISTRATOR))
    for act in ("work_item.work", "work_item.assign"):
        register_capacity(act, capacity=_as_worker, people=_workers)
    for act in ("work_item.reply", "work_item.withdraw"):
        register_capacity(act, capacity=_as_requester, people=_requesters)
