"""The daily tick of this room. It loads nothing by itself, calls one service, and is safe to run twice."""

from celery import shared_task

from contracts.services import endings
from organisation import clock


@shared_task(acks_late=True, time_limit=1800)
def raise_endings() -> int:
    """Ask what follows the contracts that end before long."""
    return endings.raise_endings(clock.today())
