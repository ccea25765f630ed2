"""Files on case files and papers: attached, replaced, removed, opened. File and row appear together or not at all."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from casework.audit import audited, record
from casework.door import who_words
from casework.models import CaseFile
from casework.refusals import AlreadyDone, NotPermitted, Refused
from documents import file_checks, scanning, store
from documents.file_checks import FileRefused
from documents.models import Attachment, Paper, Rendering
from documents.purposes import file_purpose
from documents.states import Classification, ScanState
from organisation import clock
from organisation.models import Person
from organisation.permissions import may

log = logging.getLogger(__name__)

_ORPHAN_AFTER_SECONDS = 24 * 60 * 60
_CHUNK = 64 * 1024


class NotAvailable(Refused):
    """A file that may be seen in a list but not opened yet, or not any more."""


def attach(
    case_file: CaseFile,
    upload: UploadedFile,
    *,
    by: Person,
    paper: Paper | None = None,
    question_key: str = "",
    purpose: str = "",
    classification: str = Classification.OFFICIAL,
    supersedes: Attachment | None = None,
    act_id: uuid.UUID | None = None,
) -> Attachment:
    """Check a file inside and out, store it under a random name and keep its row; audits.

    Replacing keeps the old file and its row. Raises ``FileRefused`` (kind, content, size, virus), ``StorageFull``,
    ``NotPermitted``, ``AlreadyDone`` (the paper is submitted, or the file was replaced meanwhile) and ``Replayed``.
    """
    _ask_to_add(case_file, paper, purpose, by)
    name = file_checks.checked_name(upload.name or "")
    opened = _as_binary(upload)
    kind = file_checks.check(name, opened, upload.size or 0, int(settings.MAX_UPLOAD_BYTES))
    state = scanning.scan(opened)
    if state == ScanState.REFUSED:
        _record_refused(case_file, name, by)
        raise FileRefused(f"“{name}” was refused by the virus check. It was not saved. Tell your ICT help desk.")
    if classification not in Classification.values:
        raise Refused("Choose who the file is for from the list.")
    with (
        store.stored_with_its_row(_chunks(opened)) as stored,
        audited(by=by, act_id=act_id, verb="attachment.add", subject=f"{case_file.pk}"),
    ):
        if paper is not None:
            _lock_draft(paper)
        if supersedes is not None:
            _set_aside(supersedes, by)
        attachment = Attachment.objects.create(
            case_file=case_file,
            paper=paper,
            question_key=question_key,
            purpose=purpose,
            filename=name,
            size=stored.size,
            sha256=stored.sha256,
            content_type=kind.content_type,
            stored_as=stored.name,
            classification=classification,
            scan_state=state,
            uploaded_by=by,
            uploaded_at=clock.now(),
            supersedes=supersedes,
        )
        record(
            verb="attachment.replace" if supersedes else "attachment.add",
            subject=attachment,
            changes={"file": [supersedes.filename if supersedes else None, name], "sha256": [None, stored.sha256]},
        )
        return attachment


def replace(
    attachment: Attachment,
    upload: UploadedFile,
    *,
    by: Person,
    classification: str = "",
    act_id: uuid.UUID | None = None,
) -> Attachment:
    """Put a newer file in the place of one. The old one stays readable in the list of earlier files."""
    _ask_to_change(attachment, by)
    return attach(
        attachment.case_file,
        upload,
        by=by,
        paper=attachment.paper,
        question_key=attachment.question_key,
        purpose=attachment.purpose,
        classification=classification or attachment.classification,
        supersedes=attachment,
        act_id=act_id,
    )


def remove(attachment: Attachment, *, by: Person, reason: str, act_id: uuid.UUID | None = None) -> None:
    """Take a file off the list. The file and its row stay: a revision may name it."""
    _ask_to_change(attachment, by)
    with audited(by=by, act_id=act_id, verb="attachment.remove", subject=f"{attachment.pk}"):
        if attachment.paper is not None:
            _lock_draft(attachment.paper)
        row = _lock(attachment)
        row.is_current = False
        row.removed_by, row.removed_at = by, clock.now()
        row.save(update_fields=["is_current", "removed_by", "removed_at"])
        record(verb="attachment.remove", subject=row, reason=reason)


def open_for(person: Person, attachment: Attachment) -> BinaryIO:
    """The bytes of a file for somebody who sees the case. Opening a restricted one is written into the history.

    Raises ``NotPermitted`` and ``NotAvailable``.
    """
    if not may(person, "attachment.read", attachment):
        with audited(by=person):
            record(verb="attachment.refused", subject=attachment)
        raise NotPermitted(who_words("attachment.read", attachment))
    if attachment.scan_state == ScanState.REFUSED:
        raise NotAvailable(f"“{attachment.filename}” was refused by the virus check, so it cannot be opened.")
    if not attachment.is_available:
        raise NotAvailable(f"“{attachment.filename}” is still being checked for viruses. Try again in a few minutes.")
    try:
        opened = store.opened(attachment.stored_as)
    except FileNotFoundError as fault:
        log.exception("The file of attachment %s is missing", attachment.pk)
        raise NotAvailable(
            f"“{attachment.filename}” is missing from the file store. Tell an administrator; nothing else is lost."
        ) from fault
    if attachment.is_restricted:
        with audited(by=person):
            record(verb="attachment.open", subject=attachment)
    return opened


def scan_waiting() -> int:
    """Scan the files that the scanner could not be asked about; says how many are settled now."""
    settled = 0
    if not getattr(settings, "VIRUS_SCANNER", ""):
        return settled
    for attachment in Attachment.objects.filter(scan_state=ScanState.UNSCANNED).order_by("id")[:50]:
        try:
            with store.opened(attachment.stored_as) as file:
                state = scanning.scan(file)
        except FileNotFoundError:
            log.exception("The file of attachment %s is missing", attachment.pk)
            continue
        if state == ScanState.UNSCANNED:
            break  # the scanner is away: no use asking fifty times
        settled += Attachment.objects.filter(pk=attachment.pk, scan_state=ScanState.UNSCANNED).update(scan_state=state)
    return settled


def sweep_orphans() -> int:
    """Delete files without a row that a killed process left behind, a day after they were written."""
    gone = 0
    for name in list(store.names_older_than(_ORPHAN_AFTER_SECONDS, time.time())):
        known = Attachment.objects.filter(stored_as=name).exists() or Rendering.objects.filter(stored_as=name).exists()
        if not known:
            store.remove(name)
            gone += 1
    return gone


# --- steps ----------------------------------------------------------------------------------------------------------


def _ask_to_add(case_file: CaseFile, paper: Paper | None, purpose: str, by: Person) -> None:
    act, subject = "attachment.add", case_file
    if paper is not None:
        act, subject = "paper.write", paper  # type: ignore[assignment]
    elif purpose:
        known = file_purpose(purpose)
        if known is None or not known.has_record(case_file, purpose.partition(":")[2]):
            raise Refused("Files cannot be attached for this.")
        act = known.add_act
    if not may(by, act, subject):
        raise NotPermitted(who_words(act, subject))


def _ask_to_change(attachment: Attachment, by: Person) -> None:
    if not may(by, "attachment.change", attachment):
        raise NotPermitted(who_words("attachment.change", attachment))


def _lock_draft(paper: Paper) -> None:
    row = Paper.objects.select_for_update(of=("self",)).select_related("submitted_by").get(pk=paper.pk)
    if not row.is_draft:
        who = row.submitted_by.label if row.submitted_by else "Gatehouse"
        raise AlreadyDone(f"{who} submitted this paper, so its files cannot be changed. Reopen it first.")


def _lock(attachment: Attachment) -> Attachment:
    row: Attachment = (
        Attachment.objects.select_for_update(of=("self",)).select_related("case_file").get(pk=attachment.pk)
    )
    if not row.is_current:
        raise AlreadyDone(f"“{row.filename}” was already replaced or removed. Nothing was changed.")
    return row


def _set_aside(attachment: Attachment, by: Person) -> None:
    row = _lock(attachment)
    row.is_current = False
    row.save(update_fields=["is_current"])


def _record_refused(case_file: CaseFile, name: str, by: Person) -> None:
    with audited(by=by):
        record(verb="attachment.refuse", subject=case_file, reason=f"The virus check refused “{name}”")


def _as_binary(upload: UploadedFile) -> BinaryIO:
    return upload.file if upload.file is not None else upload  # type: ignore[return-value]


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk
