"""``manage.py verify_audit``: prove that the audit trail is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.audit.heads import all_breaks
from casework.models import AuditEvent, ChainHead


class Command(BaseCommand):
    """Walks every chain and says which event is wrong; exits 1 if any is."""

    help = "Verify the audit trail: finds edited events, gaps, and an end that was cut off."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each break, or how much was proved."""
        found = list(all_breaks())
        for broken in found:
            self.stderr.write(f"{broken.chain}: {broken.words}")
        if found:
            raise CommandError(f"The audit trail does not hold: {len(found)} breaks found.")
        self.stdout.write(
            f"The audit trail holds: {AuditEvent.objects.count()} events in {ChainHead.objects.count()} chains."
        )
