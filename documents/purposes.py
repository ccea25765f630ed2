"""What the higher rooms say of papers and files that serve them. They fill this in from ``AppConfig.ready``.

Blockers and effects of submitting go through ``casework.lifecycle`` (``exit_check``, ``effect_of``); this is for words,
and for who may touch the files of another room's records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from casework.models import CaseFile
from documents.states import Classification
from organisation.models import Person

if TYPE_CHECKING:
    from documents.contents import PaperContents
    from documents.models import Attachment, Paper


@dataclass(frozen=True)
class Aside:
    """A block of words in the right-hand column of a paper: "Who will read this"."""

    heading: str
    lines: Sequence[str]
    link: str = ""
    url: str = ""


@dataclass(frozen=True)
class Due:
    """By when a paper is wanted: "Submit gate 3 by", and the day."""

    words: str
    on: date


@dataclass(frozen=True)
class Remark:
    """Something to look at before a paper is submitted, which refuses nothing.

    ``question`` is the key of the question it stands beside; one without stands above the answers. ``url`` is the page
    that mends it, where that is another page than the question's own.
    """

    words: str
    question: str = ""
    url: str = ""


def _nothing(paper: Paper) -> Sequence[Aside]:
    return ()


def _no_steps(paper: Paper) -> Sequence[str]:
    return ()


def _no_remarks(contents: PaperContents) -> Sequence[Remark]:
    return ()


def _not_due(paper: Paper) -> Due | None:
    return None


def _no_words(paper: Paper) -> str:
    return ""


@dataclass(frozen=True)
class PaperPages:
    """What another room adds to the pages of one kind of paper. Each callable costs at most one statement.

    ``key`` is the template's key; one that ends in ``*`` stands for every key that begins so.
    ``stage`` is shown over the paper's name ("Gate 3"); ``why`` says under a section's title why the paper is asked
    for; ``next_steps`` are sentences on the page after submitting: who decides, by when, what happens next.
    ``before_submitting`` are blocks of words beside the check of the answers: who will decide, in what order.
    ``remarks`` are said on the check of the answers, in a fixed number of statements: what is still open elsewhere, and
    figures that do not agree.
    """

    key: str
    stage: Callable[[Paper], str] = _no_words
    why: Callable[[Paper], str] = _no_words
    asides: Callable[[Paper], Sequence[Aside]] = _nothing
    due: Callable[[Paper], Due | None] = _not_due
    next_steps: Callable[[Paper], Sequence[str]] = _no_steps
    before_submitting: Callable[[Paper], Sequence[Aside]] = _nothing
    remarks: Callable[[PaperContents], Sequence[Remark]] = _no_remarks


_paper_pages: dict[str, PaperPages] = {}


def register_paper_pages(pages: PaperPages) -> None:
    """Say what a room adds to the pages of its papers."""
    if pages.key in _paper_pages:
        raise ValueError(f"The pages of {pages.key!r} papers are registered twice")
    _paper_pages[pages.key] = pages


def pages_of(key: str) -> PaperPages:
    """What is added to papers of one template; nothing where no room registered it."""
    wide = (pages for pattern, pages in _paper_pages.items() if pattern.endswith("*") and key.startswith(pattern[:-1]))
    return _paper_pages.get(key) or next(wide, PaperPages(key))


def _anyone_who_may(person: Person, attachment: Attachment) -> bool:
    return True


def _exists(case_file: CaseFile, record: str) -> bool:
    return True


@dataclass(frozen=True)
class FilePurpose:
    """What files are attached for in another room. A purpose is stored as ``key`` or ``key:record id``.

    ``add_act`` is the permission asked on the case file; ``has_record`` says whether the record of a ``key:id`` is of
    that case file; ``may_read`` narrows who opens them, beside the rules on restricted files.
    """

    key: str
    words: str
    add_act: str = "attachment.add"
    has_record: Callable[[CaseFile, str], bool] = _exists
    may_read: Callable[[Person, Attachment], bool] = _anyone_who_may
    classification: Classification = Classification.OFFICIAL


_file_purposes: dict[str, FilePurpose] = {}


def register_file_purpose(purpose: FilePurpose) -> None:
    """Let files be attached for a purpose."""
    if purpose.key in _file_purposes:
        raise ValueError(f"The file purpose {purpose.key!r} is registered twice")
    _file_purposes[purpose.key] = purpose


def file_purpose(stored: str) -> FilePurpose | None:
    """The purpose of a stored ``key`` or ``key:record id``; None where no room registered it."""
    return _file_purposes.get(stored.partition(":")[0])
