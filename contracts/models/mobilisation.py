"""What must be in place before the start."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from casework.models import CaseFile, WorkItem
from casework.querysets import CaseRecordQuerySet
from casework.states import OUTSTANDING
from contracts.states import Side
from organisation import clock
from organisation.models import Person


class MobilisationTask(models.Model):
    """One thing that one side does between award and start. Not a lifecycle: it is done or not.

    It hangs on the contract's file, or on the commission's where nothing is bought. ``key`` marks the tasks that every
    mobilisation has. ``asked`` is the item of a queue whose answer finishes the task.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="mobilisation_tasks")
    key = models.SlugField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    side = models.CharField(max_length=10, choices=Side.choices)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    output = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "key"], condition=~models.Q(key=""), name="one_mobilisation_task_per_key"
            ),
        ]
        indexes = [models.Index(fields=["case_file", "side", "done_at"], name="mobilisation_of_case")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The list the task stands in."""
        return reverse("contracts:mobilisation", args=[self.case_file_id])

    @property
    def waits_for_queue(self) -> bool:
        """Whether a queue has been asked for this and has not answered yet."""
        return self.done_at is None and self.asked is not None and self.asked.state in OUTSTANDING

    @property
    def queue_name(self) -> str:
        """The queue that was asked for this, while it has not answered."""
        queue = self.asked.queue if self.waits_for_queue and self.asked else None
        return queue.name if queue else ""
