"""Making PDFs once and keeping them. Small ones at once, large ones by the worker; a lost message costs one tick."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q

from documents import freezing, pdf, store
from documents.models import Paper, Rendering, Revision
from documents.states import RenderingState
from organisation import clock

log = logging.getLogger(__name__)

# Characters of answers. Above this a PDF takes longer than a page may; about twenty-five pages.
LARGE = 60_000
_LEASE = timedelta(minutes=6)
_MOST_ATTEMPTS = 3
TASK = "documents.tasks.make_waiting_pdfs"


def ask_for_revision(revision: Revision) -> Rendering:
    """Note that a revision wants its PDF, and wake the worker once this is committed."""
    rendering, _ = Rendering.objects.get_or_create(
        revision=revision,
        defaults={"paper": revision.paper, "content_sha256": revision.sha256, "asked_at": clock.now()},
    )
    _wake_worker()
    return rendering


def pdf_of_revision(revision: Revision) -> Rendering:
    """A revision's PDF: from the store, or made now if it is small, or on its way. Raises ``PdfUnavailable``."""
    rendering = Rendering.objects.filter(revision=revision).first() or ask_for_revision(revision)
    if rendering.pdf_state != RenderingState.READY and freezing.size_of(revision.content) <= LARGE:
        make(rendering)
        rendering.refresh_from_db()
    return rendering


def pdf_of_draft(paper: Paper, content: Mapping[str, Any]) -> bytes | Rendering:
    """A draft's PDF: made now if it is small; a large one is made by the worker and kept for this wording."""
    if freezing.size_of(content) <= LARGE:
        return pdf.render(content, printed_at=clock.now())
    rendering, is_new = Rendering.objects.get_or_create(
        paper=paper,
        shape=pdf.PAPER,
        content_sha256=freezing.fingerprint(content),
        revision=None,
        defaults={"content": content, "asked_at": clock.now()},
    )
    if is_new:
        _wake_worker()
    return rendering


def pdf_of_content(paper: Paper, content: Mapping[str, Any]) -> Rendering:
    """The PDF of what another room gathered around a paper, kept for this wording: from the store, made now if it is
    small, or on its way. ``content["shape"]`` names how it is drawn. Raises ``PdfUnavailable``.
    """
    rendering, is_new = Rendering.objects.get_or_create(
        paper=paper,
        shape=str(content["shape"]),
        content_sha256=freezing.fingerprint(content),
        revision=None,
        defaults={"content": content, "asked_at": clock.now()},
    )
    if rendering.pdf_state == RenderingState.READY:
        return rendering
    if len(json.dumps(content, ensure_ascii=False)) <= LARGE:
        make(rendering)
        rendering.refresh_from_db()
    elif is_new:
        _wake_worker()
    return rendering


def make(rendering: Rendering) -> None:
    """Make one PDF and keep it. Safe to run twice and at once: the first to finish wins, the other leaves nothing.

    Raises ``PdfUnavailable`` and ``StorageFull``, after which it may be tried again.
    """
    content = rendering.revision.content if rendering.revision else rendering.content
    made = pdf.render(content or {}, printed_at=clock.now())
    with store.stored_with_its_row([made]) as stored:
        won = (
            Rendering.objects.filter(pk=rendering.pk)
            .exclude(pdf_state=RenderingState.READY)
            .update(
                pdf_state=RenderingState.READY,
                stored_as=stored.name,
                size=stored.size,
                sha256=stored.sha256,
                made_at=clock.now(),
                content=None,
                fault="",
            )
        )
        if not won:
            store.remove(stored.name)
    if rendering.revision_id is None:
        _drop_older_drafts(rendering)


def make_waiting() -> int:
    """Make every PDF that waits, each claimed by one conditional UPDATE; says how many were made."""
    now, made = clock.now(), 0
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - _LEASE)
    waiting = Rendering.objects.filter(free, pdf_state=RenderingState.PREPARING).order_by("asked_at", "id")
    for rendering in waiting.select_related("revision", "paper")[:20]:
        claimed = Rendering.objects.filter(
            free, pk=rendering.pk, pdf_state=RenderingState.PREPARING, attempts=rendering.attempts
        ).update(claimed_at=clock.now(), attempts=F("attempts") + 1)
        if claimed:
            made += _try_to_make(rendering)
    return made


def _try_to_make(rendering: Rendering) -> bool:
    try:
        make(rendering)
    except Exception as fault:
        log.exception("The PDF of rendering %s could not be made", rendering.pk)
        is_last = rendering.attempts + 1 >= _MOST_ATTEMPTS
        Rendering.objects.filter(pk=rendering.pk).exclude(pdf_state=RenderingState.READY).update(
            fault=f"{type(fault).__name__}: {fault}"[:300],
            pdf_state=RenderingState.FAILED if is_last else RenderingState.PREPARING,
            claimed_at=None,
        )
        return False
    return True


def _drop_older_drafts(rendering: Rendering) -> None:
    same = Rendering.objects.filter(paper=rendering.paper, shape=rendering.shape, revision__isnull=True)
    older = same.filter(pdf_state=RenderingState.READY, pk__lt=rendering.pk)
    names = list(older.values_list("stored_as", flat=True))
    older.delete()
    for name in names:
        store.remove(name)


def _wake_worker() -> None:
    # By name: the task imports this module. A broker that is down costs one tick of beat, not the act.
    transaction.on_commit(lambda: current_app.send_task(TASK, ignore_result=True), robust=True)
