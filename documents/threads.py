"""The comments on a paper as its pages show them: each with its answers, and what this person may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from documents.commenting import takes_comments
from documents.models import Paper, SectionComment
from organisation.models import Person
from organisation.permissions import may

FIELDS = (
    *("pk", "answers_id", "section_key", "about", "words", "revision_number", "on_draft", "made_by_id", "made_by_name"),
    *("made_as", "made_at", "settled_by_name", "settled_at", "settled_because"),
)


@dataclass(frozen=True)
class Said:
    """One answer in a thread."""

    who: str
    at: datetime
    words: str


@dataclass(frozen=True)
class Thread:
    """One comment with its answers. ``answer_url`` and ``settle_url`` are empty for whoever may not."""

    pk: int
    section_key: str
    section: str
    about: str
    words: str
    who: str
    made_as: str
    at: datetime
    made_on: str
    revision_number: int
    answers: Sequence[Said]
    status: str
    tone: str
    is_open: bool
    settled_by: str
    settled_at: datetime | None
    settled_because: str
    answer_url: str = ""
    settle_url: str = ""


def comment_rows(**which: Any) -> Any:
    """The comments and answers on a paper, for ``values(*FIELDS)``, or to be folded into another statement."""
    rows = SectionComment.objects.filter(**which).annotate(
        made_by_name=F("made_by__name"), settled_by_name=F("settled_by__name")
    )
    return rows.order_by("pk")


def threads_of(
    paper: Paper, person: Person | None = None, titles: Mapping[str, str] | None = None, *, upto: int | None = None
) -> list[Thread]:
    """Every comment on a paper, open ones first, then in the order they were made: one statement.

    A kind of paper that takes no comments costs none. ``person`` is who looks, none for a print; ``titles`` are those
    of the sections by key; ``upto`` leaves out what was said on later revisions than that one.
    """
    if not takes_comments(paper.template_key):
        return []
    which = {"paper": paper} | ({} if upto is None else {"revision_number__lte": upto})
    return threads_in(comment_rows(**which).values(*FIELDS), paper, person, titles)


def threads_in(
    rows: Iterable[Mapping[str, Any]], paper: Paper, person: Person | None, titles: Mapping[str, str] | None = None
) -> list[Thread]:
    """The same from rows that were read already."""
    comments: list[Mapping[str, Any]] = []
    answers: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["answers_id"] is None:
            comments.append(row)
        else:
            answers.setdefault(row["answers_id"], []).append(row)
    found = [_thread(row, answers.get(row["pk"], []), paper, person, titles or {}) for row in comments]
    return sorted(found, key=lambda thread: not thread.is_open)


def under_sections(read: dict[str, Any], paper: Paper, person: Person) -> dict[str, Any]:
    """A paper made ready to be read (``documents.presenting.as_read``), with the comments under each section."""
    titles = {section["key"]: section["title"] for section in read["sections"]}
    found = threads_of(paper, person, titles)
    may_comment = takes_comments(paper.template_key) and may(person, "paper.comment", paper)
    for section in read["sections"]:
        section["threads"] = [thread for thread in found if thread.section_key == section["key"]]
        section["comment_url"] = reverse("documents:comment", args=[paper.pk, section["key"]]) if may_comment else ""
    return read


def _thread(
    row: Mapping[str, Any],
    answers: Sequence[Mapping[str, Any]],
    paper: Paper,
    person: Person | None,
    titles: Mapping[str, str],
) -> Thread:
    is_open = row["settled_at"] is None
    made = SectionComment(
        pk=row["pk"],
        paper=paper,
        made_by_id=row["made_by_id"],
        revision_number=row["revision_number"],
        on_draft=bool(row["on_draft"]),
    )
    speaks = is_open and person is not None and may(person, "paper.answer_comment", made)
    # Open until the author has the last word.
    is_answered = bool(answers) and answers[-1]["made_by_id"] != row["made_by_id"]
    status, tone = ("Answered", "blue") if is_answered else ("Open", "amber")
    return Thread(
        pk=row["pk"],
        section_key=row["section_key"],
        section=titles.get(row["section_key"], row["section_key"]),
        about=row["about"],
        words=row["words"],
        who=row["made_by_name"],
        made_as=row["made_as"],
        at=_moment(row["made_at"]),
        made_on=made.made_on,
        revision_number=row["revision_number"],
        answers=[Said(each["made_by_name"], _moment(each["made_at"]), each["words"]) for each in answers],
        status=status if is_open else "Settled",
        tone=tone if is_open else "grey",
        is_open=is_open,
        settled_by=row["settled_by_name"] or "",
        settled_at=None if is_open else _moment(row["settled_at"]),
        settled_because=row["settled_because"],
        answer_url=reverse("documents:answer_comment", args=[paper.pk, row["pk"]]) if speaks else "",
        settle_url=reverse("documents:settle_comment", args=[paper.pk, row["pk"]]) if speaks else "",
    )


def _moment(value: Any) -> datetime:
    """A moment as it is, or as a folded row has it: text, and on SQLite without its zone, which is UTC."""
    found = value if isinstance(value, datetime) else parse_datetime(str(value))
    assert found is not None, "the database gives its own moments"
    return found if found.tzinfo else found.replace(tzinfo=UTC)
