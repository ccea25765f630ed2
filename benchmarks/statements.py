"""Which statements of a request count against a budget: for the benchmark and for the tests."""

from __future__ import annotations

from collections.abc import Iterable

# A page's budget starts after the session, the person and their memberships are read, once each.
_FREE = ('FROM "django_session"', 'FROM "organisation_person"', 'FROM "organisation_membership"')
_NOT_WORK = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")


class Counted(list[str]):
    """The statements that count against a budget; prints itself readably when an assertion fails."""

    def __repr__(self) -> str:
        """One statement a line."""
        return f"{len(self)} statements:\n" + "\n".join(f"  {number}. {sql}" for number, sql in enumerate(self, 1))


def counted(statements: Iterable[str]) -> Counted:
    """Leave out transaction control and the first read each of session, person and memberships."""
    free = list(_FREE)
    kept = Counted()
    for sql in statements:
        if sql.lstrip().upper().startswith(_NOT_WORK):
            continue
        if allowed := next((table for table in free if sql.startswith("SELECT") and table in sql), None):
            free.remove(allowed)
            continue
        kept.append(sql)
    return kept
