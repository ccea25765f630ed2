"""Who is asking."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from organisation.models.person import Person


def person_asking(request: HttpRequest) -> Person:
    """Return the signed-in person; nobody else gets as far as the pages that ask this."""
    if not isinstance(request.user, Person):
        raise PermissionDenied("Sign in first.")
    return request.user
