"""The nightly proof that the deadlines say what the facts say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from casework.deadlines import Due, deadline_kinds, facts_of_row, kind_words
from casework.models import Deadline, ReminderPolicy
from casework.services import deadlines
from organisation import clock
from organisation.formatting import day

_AT_ONCE = 500


@dataclass(frozen=True)
class Difference:
    """One deadline that was wrong: which, and how."""

    kind: str
    case_file_id: int
    key: str
    words: str

    def __str__(self) -> str:
        return f"{kind_words(self.kind)}, case file {self.case_file_id}, {self.key}: {self.words}"


def prove(*, mend: bool, kinds: Iterable[str] = ()) -> list[Difference]:
    """Compare every registered source with the rows of its kind; with ``mend``, make the rows right.

    A deadline that the facts no longer ask for is finished, never deleted. Rows of a kind without a source stay as
    they are. What moves by itself is brought up to date and is no difference, unless it is asked for by name.
    """
    wanted = set(kinds)
    found: list[Difference] = []
    for kind, registered in deadline_kinds().items():
        if registered.source is None or (wanted and kind not in wanted):
            continue
        if registered.moves_by_itself and not wanted:
            if mend:
                _prove_kind(kind, registered.source(), mend=True)
            continue
        found += _prove_kind(kind, registered.source(), mend=mend)
    return found


def kinds_without_steps() -> list[str]:
    """Registered kinds that no step of any framework reminds of: nobody would ever be told."""
    reminded = set(ReminderPolicy.objects.filter(is_on=True).values_list("kind", flat=True).distinct())
    return [registered.label for kind, registered in deadline_kinds().items() if kind not in reminded]


def _prove_kind(kind: str, facts: Iterable[Due], *, mend: bool) -> list[Difference]:
    found: list[Difference] = []
    standing: set[tuple[int, str]] = set()
    for some in _in_parts(facts):
        standing |= {(one.case_file_id, one.key) for one in some}
        found += _compare(some, mend=mend)
    rows = Deadline.objects.filter(kind=kind, done_at=None).order_by("pk")
    ended = [
        (pk, case_file_id, key)
        for pk, case_file_id, key in rows.values_list("pk", "case_file_id", "key").iterator(chunk_size=2000)
        if (case_file_id, key) not in standing
    ]
    if mend and ended:
        deadlines.finish_rows([pk for pk, _, _ in ended], clock.now())
    return found + [Difference(kind, case, key, "it stood although nothing asks for it") for _, case, key in ended]


def _in_parts(facts: Iterable[Due]) -> Iterator[list[Due]]:
    source = iter(facts)
    while some := list(islice(source, _AT_ONCE)):
        yield some


def _compare(some: list[Due], *, mend: bool) -> list[Difference]:
    """Compare a part of the facts with the rows of their cases, in one transaction."""
    with transaction.atomic():
        known = {
            (row.case_file_id, row.kind, row.key): row
            for row in Deadline.objects.filter(
                case_file_id__in={one.case_file_id for one in some}, kind__in={one.kind for one in some}
            )
        }
        found = [
            Difference(one.kind, one.case_file_id, one.key, words)
            for one in some
            if (words := _difference(one, known.get(one.identity)))
        ]
        if mend and found:
            deadlines.put_all(some)
    return found


def _difference(one: Due, row: Deadline | None) -> str:
    if row is None:
        return f"it was missing (due {day(one.due_on)})"
    if row.done_at is not None:
        return "it was finished although it still stands"
    if row.due_on != one.due_on:
        return f"it said {day(row.due_on)}, and the facts say {day(one.due_on)}"
    return "" if facts_of_row(row) == one.facts else "its holder, place or words were out of date"
