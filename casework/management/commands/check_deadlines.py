"""manage.py check_deadlines: compare the deadlines with the facts behind them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.deadlines import deadline_kinds
from casework.services import proof


class Command(BaseCommand):
    """Says each difference; mends them unless asked only to look, when any difference is a failure."""

    help = "Compare every deadline with the record it follows, and mend what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Look only, or only at some kinds."""
        parser.add_argument("kinds", nargs="*", help="Kinds to check; all of them if none is named.")
        parser.add_argument("--look", action="store_true", help="Change nothing; fail when anything differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and report."""
        unknown = set(options["kinds"]) - deadline_kinds().keys()
        if unknown:
            raise CommandError(f"No such kind of deadline: {', '.join(sorted(unknown))}")
        found = proof.prove(mend=not options["look"], kinds=options["kinds"])
        for difference in found:
            self.stdout.write(str(difference))
        for label in proof.kinds_without_steps():
            self.stdout.write(f"{label}: no reminder step is in use, so nobody is reminded")
        if found and options["look"]:
            raise CommandError(f"Deadlines that differ: {len(found)}")
        self.stdout.write(f"Deadlines mended: {len(found)}" if found else "Every deadline is right")
