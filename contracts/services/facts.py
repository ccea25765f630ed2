"""Changing what a contract will say, as long as nobody has signed it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework import door
from casework.audit import audited, record, record_refusal
from casework.refusals import NotPermitted, Refused, Stale
from casework.services.cases import keep_right
from contracts.models import Contract, ExtensionOption
from contracts.states import BEFORE_SIGNING
from organisation.formatting import counted, day
from organisation.models import Person
from organisation.permissions import may

LABELS = {
    "starts_on": "Starts",
    "ends_on": "Ends",
    "manager": "Contract manager",
    "review_on": "First review",
    "execution": "How it is executed",
    "options": "Extension options",
}


@dataclass(frozen=True)
class Option:
    """A right to extend, as typed."""

    months: int
    notice_by: date | None = None

    def __str__(self) -> str:
        notice = f", notice by {day(self.notice_by)}" if self.notice_by else ""
        return f"{counted(self.months, 'month')}{notice}"


def edit(
    contract: Contract,
    *,
    version: int,
    starts_on: date | None,
    ends_on: date | None,
    manager: Person | None,
    review_on: date | None,
    execution: str,
    options: Sequence[Option],
    by: Person,
    act_id: uuid.UUID | None = None,
) -> Contract:
    """Change the term, manager, review date, execution and options of a contract that nobody has signed.

    Raises ``NotPermitted``, ``Refused`` once either side has signed, and ``Stale`` with the other person's values when
    the form was opened on an earlier version.
    """
    verb = "contract.facts"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(contract.pk)):
        row = Contract.objects.select_for_update(of=("self",)).select_related("case_file__holder").get(pk=contract.pk)
        if not may(by, "contract.edit", row):
            words = door.who_words("contract.edit", row)
            record_refusal(verb=verb, subject=row, by=by, words=words)
            raise NotPermitted(words)
        if row.state not in BEFORE_SIGNING or row.signatures.exists():
            words = "This contract is signed. Its value and dates change only by a variation."
            record_refusal(verb=verb, subject=row, by=by, words=words)
            raise Refused(words)
        if starts_on and ends_on and ends_on < starts_on:
            raise Refused(f"The contract cannot end before it starts, on {day(starts_on)}.")
        now = shown(row, list(row.options.order_by("number")))
        typed: dict[str, Any] = {
            "starts_on": starts_on,
            "ends_on": ends_on,
            "manager": manager,
            "review_on": review_on,
            "execution": Contract.Execution(execution).label,
            "options": list(options),
        }
        typed = {name: words_of(value) for name, value in typed.items()}
        changes = {LABELS[name]: [now[name], words] for name, words in typed.items() if now[name] != words}
        if version != row.version:
            theirs = {label: was for label, (was, _) in changes.items()}
            raise Stale("Someone else changed this contract after you opened it.", theirs)
        if not changes:
            return row
        row.starts_on, row.ends_on, row.review_on, row.execution = starts_on, ends_on, review_on, execution
        row.version += 1
        row.save(update_fields=["starts_on", "ends_on", "review_on", "execution", "version"])
        if LABELS["options"] in changes:
            # Nobody is bound yet, so the drafted options are replaced; what they were stays in the history.
            row.options.all().delete()
            ExtensionOption.objects.bulk_create(
                [
                    ExtensionOption(contract=row, number=number, months=option.months, notice_by=option.notice_by)
                    for number, option in enumerate(options, 1)
                ]
            )
        keep_right(row.case_file, holder=manager)
        record(verb=verb, subject=row, changes=changes)
        return row


def shown(contract: Contract, options: Sequence[ExtensionOption]) -> dict[str, str]:
    """The facts as words, by name."""
    return {
        "starts_on": words_of(contract.starts_on),
        "ends_on": words_of(contract.ends_on),
        "manager": words_of(contract.case_file.holder),
        "review_on": words_of(contract.review_on),
        "execution": contract.get_execution_display(),
        "options": words_of([Option(row.months, row.notice_by) for row in options]),
    }


def words_of(value: Any) -> str:
    """One fact as words."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return "; ".join(str(part) for part in value) or "None"
    return "" if value is None else str(value)
