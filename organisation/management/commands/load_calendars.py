from typing import Any

from django.core.management.base import BaseCommand

from organisation.services.reference_data import load_calendars, load_statutory_figures


class Command(BaseCommand):
    """Load the calendars and statutory figures that the product ships with."""

    help = "Add the working-day calendars and statutory figures that are missing; leave those already there alone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load both files and say what was added."""
        self.stdout.write(f"Bank holidays: {load_calendars()}.")
        self.stdout.write(f"Statutory figures: {load_statutory_figures()}.")
