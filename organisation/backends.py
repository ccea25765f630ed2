"""Who is signing in, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models.expressions import Combinable

from organisation.models.person import Person

_read_along: dict[str, Callable[[], Combinable]] = {}


def read_with_person(name: str, expression: Callable[[], Combinable]) -> None:
    """Have something small read in the statement that loads the person of each request, so that it costs none more.

    ``expression`` may refer to the person's row by ``OuterRef``; the value is an attribute of the person.
    """
    _read_along[name] = expression


class PersonBackend(AuthenticationBackend):
    """Knows people by the one address on their account, and loads them with their employer for the header."""

    def get_user(self, user_id: int) -> Person | None:
        """Load the person of a session; nobody when the account was closed."""
        along = {name: expression() for name, expression in _read_along.items()}
        person: Person | None = (
            Person.objects.select_related("organisation").annotate(**along).filter(pk=user_id).first()
        )
        return person if person is not None and self.user_can_authenticate(person) else None

    def _authenticate_by_email(self, email: str, password: str) -> Person | None:
        """Compare with the account's own address only.

        The package would also take any address its own table ever held, so an old address would still open the account.
        """
        person = Person.objects.filter(email=email.strip().lower()).first()
        found: Person | None = self._check_password(person, password)
        return found

    @classmethod
    def _stash_user(cls, user: Any) -> Any:  # noqa: ARG003  the package's signature
        """Tell nobody that a closed account's password was right: it is refused in the same words as a wrong one."""
        return None
