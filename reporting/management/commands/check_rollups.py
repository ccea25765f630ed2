"""``manage.py check_rollups``: prove the dashboard's figures against the records, and mend them."""

from typing import Any

from django.core.management.base import BaseCommand

from organisation.models import Organisation
from reporting.services import rollups


class Command(BaseCommand):
    """Counts every organisation's records anew. Also makes the roll-ups of records that came in beside the trail."""

    help = "Compare the dashboard's roll-ups with a live count, and mend what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found, by organisation."""
        for organisation in Organisation.objects.order_by("name", "pk"):
            wrong = rollups.check(organisation)
            said = f"{wrong} figures differed and were mended." if wrong else "every figure holds."
            self.stdout.write(f"{organisation}: {said}")
