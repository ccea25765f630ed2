"""The ticks of the clock. Each loads, calls one service, and is safe to run twice."""

from celery import shared_task

from casework.audit.heads import sign_heads
from casework.services import outbox


@shared_task(acks_late=True, time_limit=300)
def send_outbox() -> int:
    """Send the mail that waits."""
    return outbox.send_waiting()


@shared_task(acks_late=True, time_limit=300)
def sign_audit_heads() -> str:
    """Write today's signed file of chain heads."""
    return sign_heads().name
