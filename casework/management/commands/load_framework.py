"""``manage.py load_framework FILE``: load a commissioning framework; safe to run again."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from casework import framework_loading
from casework.audit import audited
from organisation.actors import System


class Command(BaseCommand):
    """Adds what is missing and leaves alone what administrators have changed."""

    help = "Load a commissioning framework (thresholds, rules, queues, activities, papers) from a JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file in one transaction and say what was done."""
        content = json.loads(options["file"].read_text())
        with audited(by=System(because=f"load_framework {options['file'].name}")):
            for line in framework_loading.load(content):
                self.stdout.write(line)
