"""``manage.py load_framework FOLDER``: load a commissioning framework; safe to run again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from casework import framework_loading
from casework.audit import audited
from organisation.actors import System


class Command(BaseCommand):
    """Adds what is missing and leaves alone what administrators have changed."""

    help = (
        "Load a commissioning framework (thresholds, rules, queues, activities, papers) from its folder of JSON files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the folder in one transaction and say what was done."""
        content = framework_loading.read(options["folder"])
        with audited(by=System(because=f"load_framework {options['folder'].name}")):
            for line in framework_loading.load(content):
                self.stdout.write(line)
