"""One thing asked of one queue or person about one case file, and what happened to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django_fsm import FSMField

from casework import guards
from casework.lifecycle import Lifecycle, verb
from casework.models.case_file import CaseFile
from casework.models.queue import Queue
from casework.models.rules import Unit
from casework.querysets import CaseRecordQuerySet
from casework.states import OUTSTANDING, Answer, ItemState
from organisation import clock
from organisation.models import Organisation, Person


class WorkItemQuerySet(CaseRecordQuerySet):
    """Questions asked of work items."""

    def outstanding(self) -> WorkItemQuerySet:
        """Items that still need somebody."""
        return self.filter(state__in=OUTSTANDING)

    def overdue(self, today: date) -> WorkItemQuerySet:
        """Items whose clock runs and has run out; a paused clock has no due date."""
        return self.outstanding().filter(due_on__lt=today)


class WorkItem(Lifecycle):
    """A request in a queue, or a task on a person (``queue`` is empty).

    ``because`` is the reason in words that the requester and the queue both read; ``rule_key`` and ``rules_number``
    name the rule that sent it, when one did. ``due_on`` is stored and recomputed from the events at each event;
    ``soon_days`` is how much time is left, in its ``unit``, when its clock turns amber, as the rules said at the start.
    ``key`` keeps the same thing from being asked twice of one case while it is outstanding.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="work_items")
    # The case file's, kept here so that a queue that many organisations share is read by one index.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.SlugField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    asks = models.CharField(max_length=20)
    because = models.CharField(max_length=1000, blank=True)
    question = models.TextField(blank=True)
    rule_key = models.SlugField(max_length=60, blank=True)
    rule_name = models.CharField(max_length=150, blank=True)
    rules_number = models.PositiveIntegerField(null=True, blank=True)
    state = FSMField(default=ItemState.OPEN, choices=ItemState.choices, protected=True)
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    allowance = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20, choices=Unit.choices, blank=True)
    question_effect = models.CharField(max_length=10, default="none")
    needed_by = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    soon_days = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_since = models.DateField(null=True, blank=True)
    left_when_paused = models.SmallIntegerField(null=True, blank=True)
    is_late_ask = models.BooleanField(default=False)
    urgent_reason = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=30, choices=Answer.choices, blank=True)
    answer_text = models.TextField(blank=True)
    is_privileged = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = WorkItemQuerySet.as_manager()

    #: Read with the row by the door, because the guards and the messages need them.
    door_reads = ("queue", "requested_by", "assignee")
    #: What the verb in hand changed, for the audit trail. People are kept as numbers, so that a name can be erased.
    audited_changes: dict[str, Any] | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "key"],
                condition=models.Q(state__in=["open", "assigned", "waiting"]),
                name="nothing_asked_twice_at_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "organisation", "due_on", "id"],
                condition=models.Q(state__in=["open", "assigned", "waiting"]),
                name="queue_outstanding",
            ),
            models.Index(
                fields=["queue", "organisation", "due_on", "id"],
                condition=models.Q(state="waiting"),
                name="queue_waiting",
            ),
            models.Index(
                fields=["queue", "organisation", "-settled_at", "-id"],
                condition=models.Q(state__in=["answered", "closed"]),
                name="queue_settled",
            ),
            # Counts of a queue's views are read from this one alone.
            models.Index(
                fields=["queue", "organisation", "state", "due_on", "assignee"],
                include=["case_file"],
                condition=models.Q(state__in=["open", "assigned", "waiting"]),
                name="queue_counts",
            ),
            models.Index(
                fields=["case_file"],
                condition=models.Q(is_late_ask=True) | ~models.Q(urgent_reason=""),
                name="work_item_late",
            ),
            models.Index(
                fields=["assignee", "due_on", "id"],
                condition=models.Q(state__in=["open", "assigned", "waiting"]),
                name="person_outstanding",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page where the item is read and answered."""
        return reverse("casework:item", args=[self.pk])

    @verb(
        state,
        source=[ItemState.OPEN, ItemState.ASSIGNED],
        target=ItemState.ASSIGNED,
        label="Assign",
        done="assigned this",
        act="work_item.assign",
        guard=guards.assign,
    )
    def assign(self, *, assignee: Person | None = None, **_: Any) -> None:
        """Give the item to one person who works the queue."""
        self.audited_changes = {"assignee_id": [self.assignee_id, assignee.pk if assignee else None]}
        self.assignee = assignee

    @verb(
        state,
        source=[ItemState.OPEN, ItemState.ASSIGNED],
        target=ItemState.WAITING,
        label="Ask the requester a question",
        done="asked the requester a question",
        act="work_item.work",
        guard=guards.ask,
    )
    def ask(self, *, by: Any, **_: Any) -> None:
        """Put a question to the requester; the rule says what that does to the clock."""
        if self.assignee_id is None and isinstance(by, Person):
            self.assignee = by

    @verb(
        state,
        source=ItemState.WAITING,
        target=ItemState.ASSIGNED,
        label="Reply",
        done="replied",
        act="work_item.reply",
        guard=guards.reply,
    )
    def reply(self, **_: Any) -> None:
        """Answer the question; the item goes back to whoever asked."""

    @verb(
        state,
        source=OUTSTANDING,
        target=ItemState.ANSWERED,
        label="Answer",
        done="answered",
        act="work_item.work",
        guard=guards.answer,
    )
    def respond(self, *, by: Any, answer: str = "", text: str = "", privileged: bool = False, **_: Any) -> None:
        """Say what the function says; settles the item. The text stays here: the trail keeps only the word."""
        self.answer, self.answer_text, self.is_privileged = answer, text, privileged
        self.audited_changes = {"answer": [None, answer]}
        self._settle(by)

    @verb(
        state,
        source=OUTSTANDING,
        target=None,
        label="Agree more time",
        done="agreed more time",
        act="work_item.work",
        guard=guards.more_time,
        asks_reason=True,
        explains="The first date stays in the history.",
    )
    def more_time(self, *, new_due: date | None = None, **_: Any) -> None:
        """Agree a later date with whoever asked."""
        self.audited_changes = {"due_on": [self.due_on, new_due]}

    @verb(
        state,
        source=OUTSTANDING,
        target=ItemState.CLOSED,
        label="Withdraw",
        done="closed this as no longer needed",
        act="work_item.withdraw",
        asks_reason=True,
        explains="It leaves the queue. Nothing is deleted: the reason stays in the history.",
    )
    def close(self, *, by: Any, **_: Any) -> None:
        """The case no longer needs it."""
        self._settle(by)

    def _settle(self, by: Any) -> None:
        self.settled_at = clock.now()
        self.settled_by = by if isinstance(by, Person) else None
        self.paused_since, self.left_when_paused = None, None


class WorkItemEvent(models.Model):
    """What happened to a work item, in order; its clock is read from these rows."""

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened", "Opened"
        ASSIGNED = "assigned", "Assigned"
        ASKED = "asked", "Question asked"
        REPLIED = "replied", "Reply given"
        MORE_TIME = "more_time", "More time given"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    new_due = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="item_events")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.item}"


class Look(models.Model):
    """Who last opened an item of a queue, so that two people don't do the same work. Not business state."""

    item = models.OneToOneField(WorkItem, on_delete=models.CASCADE, related_name="last_look")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} looked at {self.item}"
