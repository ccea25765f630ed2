"""The panel of files that any room's page can hold: what is attached for a purpose, and the way to add more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from casework.models import CaseFile
from documents.models import Attachment
from documents.presenting import size_words
from documents.purposes import file_purpose
from documents.selectors import attachments_of
from organisation import formatting
from organisation.models import Person
from organisation.permissions import may


@dataclass(frozen=True)
class FileLine:
    """One file as a list shows it; ``url`` is empty when this person may not open it."""

    attachment: Attachment
    url: str
    may_change: bool

    @property
    def note(self) -> str:
        """Word document, 18 KB. Priya Shah, 22 July 2026."""
        it = self.attachment
        kind = it.filename.rpartition(".")[2].upper()
        return f"{kind}, {size_words(it.size)}. {it.uploaded_by.label}, {formatting.day(it.uploaded_at)}"

    @property
    def fate(self) -> str:
        """What became of an earlier file."""
        it = self.attachment
        return f"Removed by {it.removed_by.label}, {formatting.day(it.removed_at)}" if it.removed_by else "Replaced"

    @property
    def state_words(self) -> str:
        """Why it can't be opened, if it can't."""
        if not self.url:
            return "Restricted"
        return "" if self.attachment.is_available else "Being checked for viruses"


@dataclass(frozen=True)
class FilePanel:
    """The files of one purpose on one case file. ``add_url`` is empty for someone who may not add."""

    words: str
    files: Sequence[FileLine]
    earlier: Sequence[FileLine]
    add_url: str


def lines_for(person: Person, files: Sequence[Attachment]) -> list[FileLine]:
    """Files as lines, for what this person may do with each. No statement of its own."""
    return [
        FileLine(
            file,
            file.get_absolute_url() if may(person, "attachment.read", file) else "",
            may(person, "attachment.change", file),
        )
        for file in files
    ]


def file_panel(case_file: CaseFile, purpose: str, person: Person, back: str = "") -> FilePanel:
    """The panel for a purpose: one statement. ``back`` is the page to return to after attaching."""
    return file_panels(case_file, [purpose], person, back)[purpose]


def file_panels(case_file: CaseFile, purposes: Sequence[str], person: Person, back: str = "") -> dict[str, FilePanel]:
    """The panels for several purposes, by purpose, in one statement."""
    files: dict[str, list[Attachment]] = {purpose: [] for purpose in purposes}
    for file in attachments_of(case_file, purposes, with_earlier=True):
        file.case_file = case_file
        files[file.purpose].append(file)
    return {purpose: _panel(case_file, purpose, files[purpose], person, back) for purpose in purposes}


def _panel(case_file: CaseFile, purpose: str, files: Sequence[Attachment], person: Person, back: str) -> FilePanel:
    known = file_purpose(purpose)
    url = reverse("documents:attach", args=[case_file.pk, purpose])
    return FilePanel(
        words=known.words if known else "Files",
        files=lines_for(person, [file for file in files if file.is_current]),
        earlier=lines_for(person, [file for file in files if not file.is_current]),
        add_url=f"{url}?{urlencode({'next': back})}" if known and may(person, known.add_act, case_file) else "",
    )
