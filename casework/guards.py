"""What still blocks a verb on a work item. Guards read the item and the inputs, and write nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from casework.blockers import Blocker
from casework.handled import handled
from casework.rules import can_be_given
from casework.states import Answer, answers_for
from organisation import clock
from organisation.formatting import day
from organisation.models import Person

# A room may settle what it asked for, whatever the words of its form were.
_ALWAYS = (Answer.DONE, Answer.NOT_NEEDED)
_WANTS_TEXT = (Answer.AGREED_WITH_CONDITIONS, Answer.CANNOT_AGREE)


def assign(item: Any, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """Only somebody who works the queue can be given an item."""
    if "assignee" not in inputs:
        return
    assignee = inputs["assignee"]
    if not isinstance(assignee, Person):
        yield Blocker("assignee", "Colleague: not chosen")
    elif not can_be_given(assignee, item):
        where = item.queue.name if item.queue_id else "this organisation"
        yield Blocker("assignee", f"{assignee.name} does not work for {where}, so cannot be given this")


def ask(item: Any, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """A question needs words, and somebody to put it to."""
    yield from _worked_elsewhere(item, inputs)
    if item.requested_by_id is None and item.case_file.holder_id is None:
        yield Blocker("requester", "Nobody asked for this item, so there is nobody to put a question to")
    yield from _words(inputs, "Question")


def reply(item: Any, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """A reply needs words."""
    yield from _worked_elsewhere(item, inputs)
    yield from _words(inputs, "Reply")


def answer(item: Any, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """An answer is one of the words that fit what was asked; conditions and refusals say why."""
    yield from _worked_elsewhere(item, inputs)
    if "answer" not in inputs:
        return
    given = inputs["answer"]
    if not given:
        yield Blocker("answer", "Answer: not chosen")
    elif given not in (*answers_for(item.asks), *_ALWAYS) and "from_room" not in inputs:
        fitting = ", ".join(Answer(word).label for word in answers_for(item.asks))
        yield Blocker("answer", f"Answer: it must be one of {fitting}")
    if given in _WANTS_TEXT and not str(inputs.get("text", "")).strip():
        yield Blocker("text", "Reason: not given")


def more_time(item: Any, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """A new date is in the future, and later than the one it takes the place of."""
    yield from _worked_elsewhere(item, inputs)
    if item.paused_since is not None:
        yield Blocker("paused", "The clock stands still until the requester replies, so there is no date to move")
        return
    if "new_due" not in inputs:
        return
    new_due = inputs["new_due"]
    if not isinstance(new_due, date):
        yield Blocker("new_due", "New date: not given")
    elif new_due <= clock.today():
        yield Blocker("new_due", "New date: it must be after today")
    elif item.due_on is not None and new_due <= item.due_on:
        yield Blocker("new_due", f"New date: it must be after {day(item.due_on)}, when this is due now")


def _worked_elsewhere(item: Any, inputs: Mapping[str, Any]) -> Iterator[Blocker]:
    """A record that another room moves is answered on its own page, so that both move together."""
    found = handled(item.kind)
    if found is not None and "from_room" not in inputs:
        yield Blocker("elsewhere", found.words, path=item.path)


def _words(inputs: Mapping[str, Any], label: str) -> Iterator[Blocker]:
    if "text" in inputs and not str(inputs["text"]).strip():
        yield Blocker("text", f"{label}: not written")
