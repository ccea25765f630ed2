"""The append-only trail. Nothing in the code changes or deletes these rows; on PostgreSQL the database refuses to."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what, when, to what, why, and under which rules.

    People and records are plain ids without foreign keys: the trail outlives them, and a person's name can be erased
    from their own row without breaking the chain. ``hash`` covers every other field and ``previous_hash``.
    """

    chain = models.CharField(max_length=30)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_words = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=40, blank=True)
    covering_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=300)
    case_id = models.BigIntegerField(null=True)
    root_case_id = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    rules_version = models.PositiveIntegerField(null=True)
    is_refusal = models.BooleanField(default=False)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_event_per_place_in_chain")]
        indexes = [
            models.Index(fields=["root_case_id", "-at", "-id"], name="audit_by_root"),
            models.Index(fields=["subject_kind", "subject_id", "-number"], name="audit_by_subject"),
            models.Index(fields=["chain", "-at"], name="audit_by_chain_and_time"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}: {self.verb} {self.subject_label}"


class ChainHead(models.Model):
    """The last place of one chain. Locked last in every transaction, so that nothing waits behind it."""

    chain = models.CharField(max_length=30, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain} at {self.number}"
