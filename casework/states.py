"""The states of a work item."""

from django.db import models


class ItemState(models.TextChoices):
    """Where one thing asked of a queue or person stands. Overdue is computed, never stored."""

    OPEN = "open", "Unassigned"
    ASSIGNED = "assigned", "Assigned"
    WAITING = "waiting", "Waiting for requester"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "No longer needed"


OUTSTANDING = (ItemState.OPEN, ItemState.ASSIGNED, ItemState.WAITING)
SETTLED = (ItemState.ANSWERED, ItemState.CLOSED)


class Answer(models.TextChoices):
    """What a function says back."""

    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    AGREED = "agreed", "Agreed"
    AGREED_WITH_CONDITIONS = "agreed_with_conditions", "Agreed with conditions"
    CANNOT_AGREE = "cannot_agree", "Cannot agree yet"
    NOT_NEEDED = "not_needed", "Not needed"
    DONE = "done", "Done"


# What each kind of asking can be answered with, in the order of the form.
_ADVICE = (Answer.AGREED, Answer.AGREED_WITH_CONDITIONS, Answer.CANNOT_AGREE, Answer.NOT_NEEDED)
_ANSWERS: dict[str, tuple[Answer, ...]] = {
    "be_informed": (Answer.ACKNOWLEDGED,),
    "acknowledge": (Answer.ACKNOWLEDGED,),
    "advise": _ADVICE,
    "approve": _ADVICE,
    "quote": (Answer.DONE, Answer.NOT_NEEDED),
    "source": (Answer.DONE, Answer.NOT_NEEDED),
}

ASKS_WORDS = {
    "be_informed": "For information",
    "acknowledge": "Acknowledge",
    "advise": "Advise",
    "approve": "Approve",
    "quote": "Get quotes",
    "source": "Run the sourcing",
}


def answers_for(asks: str) -> tuple[Answer, ...]:
    """The words that fit what is asked; anything else is a task, and is done or not."""
    return _ANSWERS.get(asks, (Answer.DONE,))
