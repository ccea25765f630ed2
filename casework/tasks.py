"""The ticks of the clock. Each loads, calls one service, and is safe to run twice."""

import logging
from time import monotonic

from celery import shared_task

from casework.audit.heads import sign_heads
from casework.services import outbox, proof, reminders

logger = logging.getLogger(__name__)

# A morning's mail for a whole county goes in one tick, which ends well before its time limit.
_SENDING_SECONDS = 180


@shared_task(acks_late=True, time_limit=300)
def send_outbox() -> int:
    """Send the mail that waits."""
    end = monotonic() + _SENDING_SECONDS
    sent = batch = outbox.send_waiting()
    while batch and monotonic() < end:
        batch = outbox.send_waiting()
        sent += batch
    return sent


@shared_task(acks_late=True, time_limit=300)
def sweep_reminders() -> int:
    """Remind people of what falls due; says how many reminders were made."""
    return reminders.sweep_now().reminders


@shared_task(acks_late=True, time_limit=300)
def prove_deadlines() -> int:
    """Compare the deadlines with the facts behind them, and mend what differs; says how many differed."""
    found = proof.prove(mend=True)
    for difference in found:
        logger.warning("Deadline mended: %s", difference)
    return len(found)


@shared_task(acks_late=True, time_limit=300)
def sign_audit_heads() -> str:
    """Write today's signed file of chain heads."""
    return sign_heads().name
