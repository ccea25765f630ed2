"""The ticks of the clock. Each loads, calls one service, and is safe to run twice."""

from celery import shared_task

from organisation.models import Organisation
from reporting.services import rollups


@shared_task(acks_late=True, time_limit=300)
def fold_rollups() -> int:
    """Fold what changed into the dashboard's roll-ups."""
    return rollups.fold_all()


@shared_task(acks_late=True, time_limit=3600)
def check_rollups() -> int:
    """Prove the roll-ups against the records, and mend what differs."""
    return sum(rollups.check(organisation) for organisation in Organisation.objects.order_by("pk"))
