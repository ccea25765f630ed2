"""What follows when an account is opened, changed or closed."""

from allauth.account.models import EmailAddress
from django.db import transaction

from organisation.models.person import Person
from organisation.services.sessions import end_all_sessions


@transaction.atomic
def account_changed(person: Person, was_active: bool, old_email: str) -> None:
    """Bring what hangs on an account into line with it, in the transaction that changed it.

    A disabled person is signed out everywhere. After a new email address the old one can no longer be used to sign
    in or to reset the password, and every session opened under it ends.
    """
    moved = person.email != old_email
    if moved:
        EmailAddress.objects.filter(user_id=person.pk).delete()
    if moved or (was_active and not person.is_active):
        end_all_sessions(person)


def set_shortcuts(person: Person, is_on: bool) -> None:
    """Turn the keyboard shortcuts of queue pages on or off for one person. A preference, so no trail is kept of it."""
    Person.objects.filter(pk=person.pk).update(shortcuts_on=is_on)
