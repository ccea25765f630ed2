"""What must be in place before the start: laying tasks out, changing them, finishing them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F

from casework import door
from casework.audit import audited, record, record_refusal
from casework.lifecycle import effect_of
from casework.models import CaseFile, WorkItem
from casework.refusals import AlreadyDone, NotPermitted, Refused, Stale
from casework.services import deadlines
from casework.states import ItemState
from commissioning.models import Commission, DeliveryDecision
from contracts.models import MobilisationTask
from contracts.selectors.due import TASK, of_task, of_tasks, task_key
from contracts.states import TASKS_MOVE_IN, TASKS_REOPEN_IN, Side
from organisation import clock
from organisation.actors import Actor
from organisation.formatting import day, moment
from organisation.models import Person
from organisation.permissions import may

# Framework 12: what the council always has to see to. The register entry is finished by the entry itself.
REGISTER_ENTRY = "register_entry"
FOR_CONTRACT = (
    ("governance", "Agree the governance structure"),
    (REGISTER_ENTRY, "Enter the contract in the register"),
    ("payment_set_up", "Set up payment"),
)
FOR_COMMISSION = (("governance", "Agree the governance structure"),)

LABELS = {"title": "Task", "side": "Who does it", "owner": "Owner", "due_on": "Due"}


def lay_out(
    case_file: CaseFile,
    tasks: tuple[tuple[str, str], ...],
    *,
    due_on: date | None,
    asked: Mapping[str, WorkItem] | None = None,
) -> list[MobilisationTask]:
    """Add the council's tasks that are not there yet, with the holder of the file as their owner.

    ``asked`` are the items by which a queue has been asked for a task: nobody owns it then, and one that was answered
    already is done. Returns the tasks for their deadlines, which the caller keeps.
    """
    made = [_laid_out(case_file, key, title, due_on, (asked or {}).get(key)) for key, title in tasks]
    MobilisationTask.objects.bulk_create(made, ignore_conflicts=True)
    return made


def _laid_out(
    case_file: CaseFile, key: str, title: str, due_on: date | None, item: WorkItem | None
) -> MobilisationTask:
    task = MobilisationTask(
        case_file=case_file, key=key, title=title, side=Side.COUNCIL, due_on=due_on, asked=item, owner=case_file.holder
    )
    if item is not None:
        task.owner = None
        if item.state == ItemState.ANSWERED:
            task.done_at, task.done_by = item.settled_at, item.settled_by
    return task


@effect_of(Commission, "to_secure")
def _secured(commission: Commission, *, by: Actor, note: str, **_: Any) -> None:
    """Where nothing is bought, the commission itself is mobilised (framework 3.1)."""
    buys = DeliveryDecision.objects.filter(commission=commission, superseded_at__isnull=True, model__buys=True)
    if not buys.exists():
        deadlines.add(of_tasks(lay_out(commission.case_file, FOR_COMMISSION, due_on=commission.needed_by)))


def add_task(
    case_file: CaseFile,
    *,
    title: str,
    side: str,
    by: Person,
    owner: Person | None = None,
    due_on: date | None = None,
    act_id: uuid.UUID | None = None,
) -> MobilisationTask:
    """Add something that must be in place before the start."""
    verb = "mobilisation.add"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(case_file.pk)):
        _ask(by, "mobilisation.plan", verb, case_file)
        _is_moving(case_file)
        made = MobilisationTask.objects.create(case_file=case_file, title=title, side=side, owner=owner, due_on=due_on)
        deadlines.add(of_tasks([made]))
        record(verb=verb, subject=made, changes={LABELS[name]: ["", _words(getattr(made, name))] for name in LABELS})
        return made


def change_task(
    task: MobilisationTask, *, version: int, by: Person, act_id: uuid.UUID | None = None, **facts: Any
) -> MobilisationTask:
    """Change what a task says, who owns it or when it is due.

    Raises ``Stale`` with the other person's values when the form was opened on an earlier version, and ``Refused``
    once the task is done.
    """
    verb = "mobilisation.change"
    unknown = set(facts) - set(LABELS)
    if unknown:
        raise TypeError(f"Not part of a task: {sorted(unknown)}")
    with audited(by=by, act_id=act_id, verb=verb, subject=str(task.pk)):
        row = _locked(task)
        _ask(by, "mobilisation.plan", verb, row)
        if row.done_at is not None:
            raise Refused(f"This task was done on {day(row.done_at)}, so it stands.")
        now = {name: _words(getattr(row, name)) for name in LABELS}
        if version != row.version:
            theirs = {LABELS[name]: now[name] for name in facts if now[name] != _words(facts[name])}
            raise Stale("Someone else changed this task after you opened it.", theirs)
        changes = {
            LABELS[name]: [now[name], _words(value)] for name, value in facts.items() if now[name] != _words(value)
        }
        if not changes:
            return row
        for name, value in facts.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*facts, "version"])
        _keep_date(row)
        record(verb=verb, subject=row, changes=changes)
        return row


def finish_task(
    task: MobilisationTask, *, by: Person, output: str = "", act_id: uuid.UUID | None = None
) -> MobilisationTask:
    """Say that a task is done, and what came of it. The row is locked before anything is asked of it.

    Raises ``AlreadyDone`` naming who did, and ``Refused`` for the register entry, which the entry itself finishes, and
    for what a queue was asked for, which its answer finishes.
    """
    verb = "mobilisation.finish"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(task.pk)):
        row = _locked(task)
        _ask(by, "mobilisation.finish", verb, row)
        if row.done_at is not None:
            who = row.done_by.name if row.done_by else "Somebody"
            raise AlreadyDone(f"Already done: {who} finished this on {moment(row.done_at)}. Nothing was changed.")
        if row.key == REGISTER_ENTRY:
            raise Refused("This task is done by entering the contract in the register.")
        if row.waits_for_queue:
            raise Refused(f"{row.queue_name} was asked for this: their answer finishes the task.")
        _is_moving(row.case_file)
        row.done_at, row.done_by, row.output = clock.now(), by, output
        row.version += 1
        row.save(update_fields=["done_at", "done_by", "output", "version"])
        deadlines.finish_deadline(row.case_file, TASK, task_key(row))
        record(verb=verb, subject=row, reason=output, changes={"Task": [row.title, "done"]})
        return row


def reopen_task(
    task: MobilisationTask, *, reason: str, by: Person, act_id: uuid.UUID | None = None
) -> MobilisationTask:
    """Take back that a task is done, with the reason."""
    verb = "mobilisation.reopen"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(task.pk)):
        row = _locked(task)
        _ask(by, "mobilisation.plan", verb, row)
        if row.key == REGISTER_ENTRY:
            raise Refused("The contract stands in the register, so this task stays done.")
        if row.case_file.state not in TASKS_REOPEN_IN:
            raise Refused("The start has passed, so what was done before it stands.")
        if row.done_at is None:
            raise AlreadyDone("This task is open already. Nothing was changed.")
        row.done_at, row.done_by = None, None
        row.version += 1
        row.save(update_fields=["done_at", "done_by", "version"])
        _keep_date(row)
        record(verb=verb, subject=row, reason=reason, changes={"Task": [row.title, "open again"]})
        return row


def finish_by_key(case_file: CaseFile, key: str, by: Actor) -> None:
    """Finish one of the pre-filled tasks as part of the act that does it."""
    MobilisationTask.objects.filter(case_file=case_file, key=key, done_at__isnull=True).update(
        done_at=clock.now(), done_by=by if isinstance(by, Person) else None, version=F("version") + 1
    )
    deadlines.finish_deadline(case_file, TASK, key)


def _keep_date(task: MobilisationTask) -> None:
    """The deadline follows what the task says now; without a date there is none."""
    if task.due_on is None or task.waits_for_queue:
        deadlines.finish_deadline(task.case_file, TASK, task_key(task))
    else:
        deadlines.put(of_task(task, task.due_on))


def _is_moving(case_file: CaseFile) -> None:
    if case_file.state not in TASKS_MOVE_IN:
        raise Refused("Nothing is mobilised at this stage: it begins with the award, or with Secure Services.")


def _locked(task: MobilisationTask) -> MobilisationTask:
    rows = MobilisationTask.objects.select_for_update(of=("self",)).select_related(
        "case_file", "owner", "done_by", "asked__queue"
    )
    return rows.get(pk=task.pk)


def _ask(by: Person, act: str, verb: str, subject: Any) -> None:
    if may(by, act, subject):
        return
    words = door.who_words(act, subject)
    record_refusal(verb=verb, subject=subject, by=by, words=words)
    raise NotPermitted(words)


def _words(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return "" if value is None else str(value)
