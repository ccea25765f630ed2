"""Events of one act that happened to many records alike, told in one line that opens.

Agreeing a plan marks two dozen activities: the history says so once, and keeps each of them inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from casework.audit.sentences import Said, actor_words, newest_of_case, told
from casework.models import AuditEvent, CaseFile
from organisation.models import Person

#: Fewer than this stand by themselves.
FEWEST = 3
#: One act is written in one transaction; its events lie no further apart than this.
ONE_ACT = timedelta(seconds=10)
#: So many more events are read than lines are shown, so that a long act at their top leaves room for the others.
LONGEST_RUN = 60

Words = Callable[[Sequence[AuditEvent]], str]

_words: dict[str, Words] = {}


def register_fold(verbs: Iterable[str], words: Words) -> None:
    """Fold events of these verbs when they follow each other; ``words`` completes "Priya Shah …" for all of them."""
    for verb in verbs:
        _words[verb] = words


def told_folded(events: Iterable[AuditEvent], on_case: CaseFile | None = None) -> list[Said]:
    """Events as sentences, newest first, each run of one act in one line with its events inside."""
    rows = list(events)
    lines = list(zip(rows, told(rows, on_case), strict=True))
    found: list[Said] = []
    for (words, *_), group in groupby(lines, key=lambda line: _run_of(line[0])):
        run = list(group)
        for part in _acts(run) if words else [run]:
            found += [_line(part, words)] if words and len(part) >= FEWEST else [said for _, said in part]
    return found


def history_in_acts(case_file: CaseFile, limit: int = 20, viewer: Person | None = None) -> list[Said]:
    """What happened on a case file and everything under it, newest first, in at most ``limit`` lines.

    One statement, and one more when an event names other people (who was given an item, whose account changed).
    """
    events = newest_of_case(case_file, limit + LONGEST_RUN, viewer)
    return told_folded(events, on_case=case_file)[:limit]


def _run_of(event: AuditEvent) -> tuple[Words | None, int | None]:
    return (None if event.is_refusal else _words.get(event.verb)), event.actor_id


def _acts(run: list[tuple[AuditEvent, Said]]) -> list[list[tuple[AuditEvent, Said]]]:
    """A run cut where more than one act's time lies between two events."""
    acts = [run[:1]]
    for line in run[1:]:
        if acts[-1][-1][0].at - line[0].at > ONE_ACT:
            acts.append([])
        acts[-1].append(line)
    return acts


def _line(part: list[tuple[AuditEvent, Said]], words: Words) -> Said:
    event, said = part[0]
    sentence = f"{actor_words(event)} {words([event for event, _ in part])}."
    return replace(said, sentence=sentence, strong="", detail="", url="", inside=tuple(line for _, line in part))
