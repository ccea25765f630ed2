"""The steps of one save to a draft, under the paper's lock. ``documents.services.answers`` puts them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casework.audit import record
from casework.door import who_words
from casework.refusals import AlreadyDone, NotPermitted, Refused
from documents import facts, selectors
from documents.comparing import plain
from documents.contents import fact_words
from documents.kinds import TABLE, Json, as_typed, digest, kind_of, typed_in
from documents.models import Answer, FactConfirmation, Paper
from documents.shape import QuestionShape, SectionShape
from organisation import clock, formatting
from organisation.models import Person
from organisation.permissions import may

# One line in the history for one sitting at a section, however often it is saved meanwhile.
_ONE_SITTING = timedelta(minutes=30)

# A longer number is no id: no database holds it.
LONGEST_ID = 19


@dataclass
class Draft:
    """A paper locked for one save, and what the save has come to so far."""

    paper: Paper
    section: SectionShape
    by: Person
    now: datetime
    tab: str = ""
    changed: list[QuestionShape] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    new_answers: list[Answer] = field(default_factory=list)
    changed_answers: list[Answer] = field(default_factory=list)

    @property
    def next_version(self) -> int:
        """The paper's version once this save is done."""
        return self.paper.version + 1

    def question(self, key: str) -> QuestionShape:
        """A question of the section; an unknown one is refused."""
        found = self.section.question(key)
        if found is None:
            raise Refused("This section has no such question.")
        return found


def lock(paper: Paper, section_key: str, by: Person) -> Draft:
    """Lock and re-read the paper, and ask whether this person writes it."""
    row = (
        Paper.objects.select_for_update(of=("self",))
        .select_related("case_file__organisation", "template")
        .get(pk=paper.pk)
    )
    if not may(by, "paper.write", row):
        raise NotPermitted(who_words("paper.write", row))
    section = selectors.shape_of(row.template, begun_on=selectors.day_of(row)).section(section_key)
    if section is None:
        raise Refused("This paper has no such section.")
    return Draft(row, section, by, clock.now())


def lock_table(paper: Paper, section_key: str, question_key: str, by: Person) -> tuple[Draft, QuestionShape]:
    """Lock a draft to change one of its tables."""
    draft = lock(paper, section_key, by)
    refuse_if_late(draft)
    question = draft.question(question_key)
    if question.kind != TABLE.key:
        raise Refused("This section has no such table.")
    return draft, question


def refuse_if_late(draft: Draft) -> None:
    """Refuse what can't be kept aside once the paper was submitted."""
    if not draft.paper.is_draft:
        raise AlreadyDone(late_words(draft, is_kept=False))


def late_words(draft: Draft, *, is_kept: bool = True) -> str:
    """Who submitted the paper and when, and what became of this save."""
    who = draft.paper.submitted_by.label if draft.paper.submitted_by else "Gatehouse"
    said = f"{who} submitted this paper on {formatting.moment(draft.paper.submitted_at)}, so your change is not in it."
    kept = " What you typed is kept, and is offered here if the paper is reopened."
    return said + kept if is_kept else said


def held(draft: Draft, keys: Collection[str]) -> dict[str, Answer]:
    """The answers that stand to some questions."""
    rows = Answer.objects.filter(paper=draft.paper, question_key__in=list(keys), is_offered=False)
    return {answer.question_key: answer for answer in rows}


def with_people(draft: Draft, answers: Mapping[str, Json]) -> dict[str, Json]:
    """Look up the people who were chosen. Someone from elsewhere stays as typed, and is refused on the page."""
    settled = dict(answers)
    chosen: dict[str, int] = {}
    for key, value in answers.items():
        question = draft.section.question(key)
        typed = typed_in(value)
        if question is not None and question.kind == "person" and isinstance(typed, str):
            settled[key] = as_typed(typed[:20])
            if typed.isascii() and typed.isdigit() and len(typed) < LONGEST_ID:
                chosen[key] = int(typed)
    if chosen:
        known = selectors.people_of(draft.paper.case_file.organisation_id).in_bulk(list(chosen.values()))
        for key, pk in chosen.items():
            if pk in known:
                settled[key] = {"id": pk, "name": known[pk].label}
    return settled


def settle(
    draft: Draft,
    question: QuestionShape,
    value: Json,
    held: Answer | None,
    version: int,
    was: str | None,
    *,
    is_late: bool,
) -> None:
    """Write one value, leave it alone, or keep it beside the one that another tab saved."""
    standing = held.value if held else None
    if value == standing:
        return
    # What this very page saved a moment ago is no one else's: it may go on from there, and back.
    is_own = held is not None and bool(draft.tab) and (held.tab, held.saved_by_id) == (draft.tab, draft.by.pk)
    if was is not None and not is_own:
        if digest(value) == was:
            return  # this page left it as it was shown; another one changed it
        is_fresh = digest(standing) == was
    else:
        is_fresh = is_own or held is None or held.version <= version
    if is_fresh and not is_late:
        write(draft, question, value, held)
    elif not kind_of(question.kind).is_blank(value):
        offer(draft, question, value)


def write(draft: Draft, question: QuestionShape, value: Json, held: Answer | None) -> None:
    """Let ``value`` stand. It is written with the others when the save is finished."""
    answer = held or Answer(paper=draft.paper, question_key=question.key)
    answer.value, answer.version, answer.came_from = value, draft.next_version, ""
    answer.saved_by, answer.saved_at, answer.tab = draft.by, draft.now, draft.tab
    (draft.changed_answers if answer.pk else draft.new_answers).append(answer)
    draft.changed.append(question)


def offer(draft: Draft, question: QuestionShape, value: Json, row_id: str = "") -> None:
    """Keep a value that lost the race. What the same open page sends later takes its place: an autosave every few
    seconds must not fill the page.
    """
    waiting = Answer.objects.filter(
        paper=draft.paper, question_key=question.key, is_offered=True, row_id=row_id, saved_by=draft.by, tab=draft.tab
    )
    fields: dict[str, Any] = {"value": value, "version": draft.next_version, "saved_at": draft.now}
    if not draft.tab or not waiting.update(**fields):
        Answer.objects.create(
            paper=draft.paper,
            question_key=question.key,
            saved_by=draft.by,
            is_offered=True,
            row_id=row_id,
            tab=draft.tab,
            **fields,
        )
    draft.conflicts.append(question.key)


def in_words(question: QuestionShape, value: Json) -> str:
    """A whole answer, or one row of a table, as the history keeps it."""
    rows = [value] if question.kind == TABLE.key and isinstance(value, dict) else value
    return plain(kind_of(question.kind).show(question, rows))


def confirm(draft: Draft, confirmed: Mapping[str, str]) -> None:
    """Confirm the facts that were ticked and still read as they did."""
    shown_here = {question.fact for question in draft.section.questions if question.kind == "fact"}
    wanted = {key: words for key, words in confirmed.items() if key in shown_here}
    if not wanted:
        return
    values = facts.load_facts([draft.paper.case_file], wanted)[draft.paper.case_file_id]
    confirmations = []
    for key, words in wanted.items():
        fact = values.get(key)
        if fact is None or fact.value is None or digest(fact_words(fact)) != words:
            continue
        confirmations.append(
            FactConfirmation(
                paper=draft.paper,
                fact=key,
                value_shown=fact_words(fact),
                confirmed_by=draft.by,
                confirmed_at=draft.now,
            )
        )
        draft.changed += [question for question in draft.section.questions if question.fact == key]
    FactConfirmation.objects.bulk_create(
        confirmations,
        update_conflicts=True,
        unique_fields=["paper", "fact"],
        update_fields=["value_shown", "confirmed_by", "confirmed_at"],
    )


def finish(draft: Draft, *, is_autosave: bool, is_touched: bool = False) -> None:
    """Write the answers, count the save on the paper, and say it in the history once a sitting."""
    Answer.objects.bulk_create(draft.new_answers)
    Answer.objects.bulk_update(draft.changed_answers, ["value", "version", "saved_by", "saved_at", "came_from", "tab"])
    paper, section = draft.paper, draft.section
    seen = paper.sections_saved.get(section.key, {})
    is_changed = bool(draft.changed or draft.conflicts or is_touched)
    if not is_changed and (is_autosave or seen):
        return
    noted_at = seen.get("noted_at", "")
    is_same_sitting = seen.get("noted_by") == draft.by.pk and noted_at > (draft.now - _ONE_SITTING).isoformat()
    if draft.changed and not is_same_sitting:
        record(
            verb="paper.save",
            subject=paper,
            changes={
                "section": [None, section.title],
                "answers": [None, sorted({question.label for question in draft.changed})],
            },
        )
        noted_at = draft.now.isoformat()
    if is_changed:
        paper.version = draft.next_version
        paper.saved_at = draft.now
    paper.sections_saved = paper.sections_saved | {
        section.key: {"at": draft.now.isoformat(), "noted_at": noted_at, "noted_by": draft.by.pk}
    }
    Paper.objects.filter(pk=paper.pk).update(
        version=paper.version, saved_at=paper.saved_at, sections_saved=paper.sections_saved
    )
