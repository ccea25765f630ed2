"""Keeping what is typed into a form until it is sent, so that a closed window costs at most a few seconds of typing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from organisation import clock
from organisation.models import Person, UnsentForm
from organisation.sealing import seal, unseal

KEPT_FOR = timedelta(days=14)
# More forms than anybody has open; the oldest is forgotten first.
MOST_FORMS = 30
# A long paper is some 100,000 characters. More than this is refused rather than carried along.
MOST_CHARACTERS = 512 * 1024

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Unsent:
    """One form as it was last kept."""

    fields: list[tuple[str, str]]
    kept_at: datetime


def may_be_kept(fields: Fields) -> bool:
    """Say whether a form may be put aside: never a password, into whatever page it is typed, nor beyond all measure."""
    if any("password" in name.lower() for name, _ in fields):
        return False
    return sum(len(name) + len(value) for name, value in fields) <= MOST_CHARACTERS


def keep(person: Person, path: str, fields: Fields) -> bool:
    """Keep a form in place of what was kept of it before; say whether it was kept."""
    if not path or len(path) > 500 or not may_be_kept(fields):
        return False
    _, is_new = UnsentForm.objects.update_or_create(
        person=person, path=path, defaults={"sealed": seal(json.dumps(list(fields))), "kept_at": clock.now()}
    )
    if is_new:
        too_many = UnsentForm.objects.filter(person=person).order_by("-kept_at", "-pk").values_list("pk", flat=True)
        UnsentForm.objects.filter(pk__in=list(too_many[MOST_FORMS:])).delete()
    return True


def find(person: Person, path: str) -> Unsent | None:
    """Return what was kept of a form, unless it is too old."""
    row = UnsentForm.objects.filter(person=person, path=path, kept_at__gt=clock.now() - KEPT_FOR).first()
    if row is None:
        return None
    try:
        fields = json.loads(unseal(row.sealed))
    except InvalidToken:  # sealed under a key that is gone for good
        return None
    return Unsent([(name, value) for name, value in fields], row.kept_at)


def forget(person: Person, path: str) -> None:
    """Forget a form: it was sent, or is not wanted."""
    UnsentForm.objects.filter(person=person, path=path).delete()


def forget_old() -> int:
    """Forget what nobody came back for, and return how many forms that were."""
    forgotten, _ = UnsentForm.objects.filter(kept_at__lte=clock.now() - KEPT_FOR).delete()
    return forgotten
