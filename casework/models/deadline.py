"""What falls due: one row for each date that somebody has to keep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casework.models.case_file import CaseFile
from casework.models.queue import Queue
from casework.querysets import CaseRecordQuerySet
from organisation.models import Organisation, Person


class DeadlineQuerySet(CaseRecordQuerySet):
    """Questions asked of deadlines."""

    def running(self) -> DeadlineQuerySet:
        """Deadlines that are neither done nor standing still."""
        return self.filter(done_at__isnull=True, is_paused=False)


class Deadline(models.Model):
    """One date to keep, written by the service that makes the fact and proved each night against the facts.

    ``key`` names it among those of its kind on its case file. ``since`` is the day from which somebody has been
    waiting, ``set_on`` the day on which ``due_on`` got its present value: nobody is reminded of a step that lies
    before it. ``holder`` owes it; without one, ``queue`` says whose managers are told, or the case file's service
    leaders are. A paused deadline stands still and reminds nobody.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="deadlines")
    # The case file's, kept here so that a sweep and a list need not join to find the place.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.SlugField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    since = models.DateField()
    set_on = models.DateField()
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_paused = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_file", "kind", "key"], name="one_deadline_per_case_kind_and_key"),
        ]
        indexes = [
            # The sweep looks up one kind by the dates from which its steps count.
            models.Index(
                fields=["kind", "due_on", "organisation"],
                condition=Q(done_at__isnull=True, is_paused=False),
                name="deadline_running_due",
            ),
            models.Index(
                fields=["kind", "since", "organisation"],
                condition=Q(done_at__isnull=True, is_paused=False),
                name="deadline_running_since",
            ),
            models.Index(
                fields=["holder", "due_on", "id"], condition=Q(done_at__isnull=True), name="deadline_of_holder"
            ),
            models.Index(
                fields=["organisation", "due_on", "id"], condition=Q(done_at__isnull=True), name="deadline_late"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it can be done; the record's own page when no place was named."""
        return self.path or self.case_file.path
