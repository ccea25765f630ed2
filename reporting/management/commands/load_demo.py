"""``manage.py load_demo``: make the invented councils and their history; safe to run again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organisation.selectors import people_to_try
from reporting.demo import loading


class Command(BaseCommand):
    """Loads the demonstration once, and says who can sign in."""

    help = "Make two invented councils with people, suppliers and commissions in different states (DEMO=1 only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it unless it is there, then tell the sign-ins."""
        if not (settings.DEMO and settings.MOVABLE_CLOCK):
            raise CommandError("The demonstration is loaded only with DEMO=1 and MOVABLE_CLOCK=1.")
        if loading.is_loaded():
            self.stdout.write("The demonstration is loaded.")
        else:
            try:
                count = loading.load()
            except loading.RulesTooYoung as fault:
                raise CommandError(str(fault)) from fault
            self.stdout.write(f"The demonstration is loaded: {count} commissions.")
        self.stdout.write("Sign in with one press on the sign-in page, or by email address and password:")
        for person, roles in people_to_try()[0].people:
            self.stdout.write(f"  {person.email}  {person.name}, {roles}")
        self.stdout.write(f"The password of everybody listed there: {loading.PASSWORD}")
