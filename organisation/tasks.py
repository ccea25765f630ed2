"""The ticks of the clock for this room. Each looks in the database for what waits, and is safe to run twice."""

from celery import shared_task

from organisation.services import unsent_forms


@shared_task(acks_late=True, time_limit=300)
def forget_old_unsent_forms() -> int:
    """Forget what was typed, not sent, and not come back for."""
    return unsent_forms.forget_old()
