"""Which sessions are whose, and ending them."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from organisation.models.person import Person
from organisation.models.session import PersonSession


def note_session(person: Person, session_key: str) -> None:
    """Remember that a session is this person's, and forget those of theirs that have ended by themselves."""
    ended = ~Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    PersonSession.objects.filter(ended, person=person).exclude(session_key=session_key).delete()
    PersonSession.objects.update_or_create(session_key=session_key, defaults={"person": person})


def forget_session(session_key: str) -> None:
    """Forget a session that has ended."""
    PersonSession.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_all_sessions(person: Person, except_key: str | None = None) -> int:
    """Sign a person out everywhere, and return how many sessions that ended.

    ``except_key`` is the session to keep: the one the person is asking from. It is noted under that key, because a
    password change gives the session a new one.
    """
    others = PersonSession.objects.filter(person=person).exclude(session_key=except_key or "")
    keys = list(others.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    others.delete()
    if except_key:
        note_session(person, except_key)
    return ended
