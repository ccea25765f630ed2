"""The words of a reminder, alone or among others: what, by when, why you, and what happens if you do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse

from casework.models import OutboxMessage
from organisation.formatting import counted, day, in_days, in_sentence, listed

# A subject names the first few cases; the mail names them all.
_MOST_NAMED = 3


def subject_of(message: OutboxMessage, today: date) -> str:
    """The act, its date and the case: "Decide gate 2 by 26 November 2026: COM-2026-0042 Home care"."""
    assert message.reminder is not None
    due = message.reminder.deadline
    when = f"by {day(due.due_on)}" if due.due_on >= today else f"was due {day(due.due_on)}"
    joined = f"{due.title} {when}" if due.due_on >= today else f"{due.title}, {when}"
    return f"{joined}: {due.case_file.reference} {due.case_file.title}"[:250]


def body_of(message: OutboxMessage, today: date) -> str:
    """One reminder by itself."""
    assert message.reminder is not None
    reminder = message.reminder
    due = reminder.deadline
    return (
        f"{reminder.get_why_display()}\n\n{due.title}\n{due.case_file.reference} {due.case_file.title}\n"
        f"{_when(due.due_on, today)}\n\n{settings.SITE_URL}{message.path}\n\n"
        f"{_otherwise(message)}Questions go to {_contact(message)}, quoting {due.case_file.reference}.\n"
    )


def joint_subject(messages: Sequence[OutboxMessage], today: date) -> str:
    """Several at once: how many, the nearest date, and which cases. One alone is called by its own name."""
    if len(messages) == 1:
        return subject_of(messages[0], today) if messages[0].reminder is not None else messages[0].subject
    dates = [message.reminder.deadline.due_on for message in messages if message.reminder is not None]
    coming = [one for one in dates if one >= today]
    when = f", next {day(min(coming))}" if coming else ""
    cases = list(dict.fromkeys(_reference(message) for message in messages if _reference(message)))
    rest = len(cases) - _MOST_NAMED
    named = [*cases[:_MOST_NAMED], counted(rest, "other")] if rest > 0 else cases
    about = f": {listed(named)}" if named else ""
    if len(dates) == len(messages):
        return f"{counted(len(messages), 'thing')} to do or watch{when}{about}"[:250]
    return f"{counted(len(messages), 'message')} from Gatehouse{when}{about}"[:250]


def joint_body(messages: Sequence[OutboxMessage], today: date, *, daily: bool) -> str:
    """Several at once: each in a few lines, and one link to all of them."""
    why = (
        "You asked to have these in one email at 8am."
        if daily
        else "Several dates of yours are near or past, so they come in one email."
    )
    parts = "\n\n".join(_part(message, today) for message in messages)
    return (
        f"{why}\n\n{settings.SITE_URL}{reverse('casework:notifications')}\n\n{parts}\n\n"
        "Questions go to the people named on each page, quoting the reference.\n"
    )


def _part(message: OutboxMessage, today: date) -> str:
    if message.reminder is None:
        return f"* {message.subject}"
    due = message.reminder.deadline
    lines = [f"* {due.title}", f"  {due.case_file.reference} {due.case_file.title}", f"  {_when(due.due_on, today)}"]
    lines += [
        f"  {words}" for words in (message.reminder.get_why_display(), message.reminder.policy.otherwise) if words
    ]
    return "\n".join(lines)


def _when(due_on: date, today: date) -> str:
    return (
        f"Due {day(due_on)}, {in_days(due_on, today)}"
        if due_on >= today
        else (f"Was due {day(due_on)}: {in_days(due_on, today)}")
    )


def _otherwise(message: OutboxMessage) -> str:
    assert message.reminder is not None
    words = message.reminder.policy.otherwise
    return f"If you do nothing: {in_sentence(words)}\n\n" if words else ""


def _contact(message: OutboxMessage) -> str:
    assert message.reminder is not None
    due = message.reminder.deadline
    if due.queue is not None:
        return due.queue.name
    holder = due.case_file.holder
    return holder.label if holder is not None and holder.pk != message.person_id else "the people named on the page"


def _reference(message: OutboxMessage) -> str:
    return message.reminder.deadline.case_file.reference if message.reminder is not None else ""
