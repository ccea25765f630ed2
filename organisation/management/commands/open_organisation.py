from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisation.models import CommissioningFramework
from organisation.services.organisations import open_organisation


class Command(BaseCommand):
    """Open an organisation, with the administrator who sets it up from there."""

    help = "Open an organisation in this installation, with its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what an organisation cannot do without."""
        parser.add_argument("key", help="A short name without spaces, such as alder.")
        parser.add_argument("name", help="The organisation's name in full.")
        parser.add_argument("--framework", required=True, help="The key of the commissioning framework it follows.")
        parser.add_argument("--administrator", required=True, help="The administrator's name.")
        parser.add_argument("--email", required=True, help="The administrator's email address.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say what is wrong."""
        framework = CommissioningFramework.objects.filter(key=options["framework"]).first()
        if framework is None:
            keys = ", ".join(CommissioningFramework.objects.order_by("key").values_list("key", flat=True))
            raise CommandError(f"There is no commissioning framework {options['framework']}. Loaded: {keys or 'none'}.")
        try:
            person = open_organisation(
                key=options["key"],
                name=options["name"],
                framework=framework,
                administrator_name=options["administrator"],
                administrator_email=options["email"],
            )
        except ValidationError as refusal:
            faults = [f"{field}: {' '.join(words)}" for field, words in refusal.message_dict.items()]
            raise CommandError("; ".join(faults)) from None
        self.stdout.write(
            f"{options['name']} is open. {person.name} ({person.email}) sets a password by 'Forgotten your password?' "
            "on the sign-in page."
        )
