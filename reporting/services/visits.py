"""Noting that somebody is here. An access record, not business state: a page may write it."""

from __future__ import annotations

from django.db.models import F

from organisation import clock
from organisation.models import Person
from reporting.models import Visit


def note_visit(person: Person) -> None:
    """Begin a new visit: the one before keeps the time it was last seen."""
    now = clock.now()
    if not Visit.objects.filter(person=person).update(before_at=F("seen_at"), seen_at=now):
        Visit.objects.bulk_create([Visit(person=person, seen_at=now)], ignore_conflicts=True)
