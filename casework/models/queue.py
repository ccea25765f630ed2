"""The work lists of CCPS, Legal, Finance and the other functions."""

from __future__ import annotations

from django.db import models

from organisation.models import CommissioningFramework
from organisation.roles import Role


class Queue(models.Model):
    """A function that is asked for things: who works it and who is answerable for it.

    Rows belong to the framework; a work item also names the organisation, through its case file.
    """

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="queues")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=30, choices=Role.choices)
    function = models.SlugField(max_length=40, blank=True)
    manager_role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "key"], name="one_queue_per_key")]

    def __str__(self) -> str:
        return self.name
