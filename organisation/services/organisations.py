"""Opening an organisation in this installation."""

from django.core.exceptions import ValidationError
from django.db import transaction

from organisation.actors import System
from organisation.change_log import note_change
from organisation.models import CommissioningFramework, Membership, Organisation, Person
from organisation.roles import Role


@transaction.atomic
def open_organisation(
    *, key: str, name: str, framework: CommissioningFramework, administrator_name: str, administrator_email: str
) -> Person:
    """Make an organisation and its first administrator, who sets a password through 'forgotten password'.

    Returns the administrator. Raises ValidationError when the key or the email address is taken or makes no sense.
    """
    organisation = Organisation(key=key, name=name, framework=framework)
    organisation.full_clean()
    organisation.save()
    email = administrator_email.strip().lower()
    if Person.objects.filter(email=email).exists():
        raise ValidationError({"administrator_email": "Somebody already has this email address"})
    person = Person(email=email, name=administrator_name, organisation=organisation)
    person.set_unusable_password()
    person.full_clean()
    person.save()
    membership = Membership.objects.create(person=person, organisation=organisation, role=Role.ADMINISTRATOR)
    system = System(because="an organisation was opened from the command line")
    note_change(system, "added", organisation, {"key": [None, key], "name": [None, name]})
    note_change(system, "added", person, {"name": [None, administrator_name], "email": [None, email]})
    note_change(system, "added", membership, {"person": [None, str(person)], "role": [None, Role.ADMINISTRATOR]})
    return person
