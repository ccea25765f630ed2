"""Frozen revisions: read, compared, downloaded as PDF; and the PDF of a draft."""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from casework.refusals import Refused
from documents import comparing, store
from documents.changes import predecessors_of
from documents.freezing import fingerprint, freeze
from documents.models import Rendering, Revision
from documents.presenting import as_read
from documents.services import renderings
from documents.states import RenderingState
from documents.threads import under_sections
from documents.views.base import PaperPage
from documents.views.serving import as_download
from organisation.permissions import may


class RevisionPage(PaperPage, TemplateView):
    """One revision as it was submitted. Nothing on it follows later changes."""

    template_name = "documents/revision.html"
    http_method_names = ["get", "head"]

    @cached_property
    def revision(self) -> Revision:
        """The revision in the address, or 404."""
        rows = Revision.objects.visible_to(self.person).filter(paper=self.subject).select_related("submitted_by")
        found: Revision = get_object_or_404(rows, number=self.kwargs["number"])
        return found

    def heading(self) -> str:
        """Revision 2."""
        return f"Revision {self.revision.number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Write the frozen content out, and say whether it still matches its fingerprint."""
        content = self.revision.content
        return super().get_context_data(**kwargs) | {
            "revision": self.revision,
            "read": under_sections(as_read(content), self.subject, self.person),
            "open_files": self.open_now(content),
            "is_intact": fingerprint(content) == self.revision.sha256,
            "is_latest": self.revision.number == self.subject.revision_number,
        }

    def open_now(self, content: dict[str, Any]) -> frozenset[int]:
        """The files the revision names that this person may open; also those replaced since."""
        ids = [attachment["id"] for attachment in content["attachments"]]
        files = self.subject.attachments.filter(pk__in=ids)
        return frozenset(
            file.pk
            for file in files.select_related("case_file", "paper__template", "paper__case_file")
            if may(self.person, "attachment.read", file)
        )


class ComparePage(PaperPage, TemplateView):
    """What changed between two revisions, or between the last one and the draft."""

    template_name = "documents/compare.html"
    http_method_names = ["get", "head"]
    page_title = "What changed"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the two, by number; the draft is "draft"."""
        others = self._earlier_papers()
        numbers = list(self.subject.revisions.order_by("number").values_list("number", flat=True))
        own = [*map(str, numbers), *(["draft"] if self.subject.is_draft else [])]
        options = [*others, *own]
        if len(options) < 2:
            raise Http404("There is nothing to compare yet")
        before = self.request.GET.get("from", options[-2])
        after = self.request.GET.get("to", options[-1])
        if before not in options or after not in own:
            raise Http404("No such revision")
        contents = self._contents_of({before, after}) | {key: found[1] for key, found in others.items()}
        changes = comparing.compare(contents[before], contents[after], shared_only=before in others)
        names = {key: name for key, (name, _) in others.items()}
        named = [
            (option, names.get(option) or ("Draft" if option == "draft" else f"Revision {option}"))
            for option in options
        ]
        return super().get_context_data(**kwargs) | {
            "options": named,
            "before": before,
            "after": after,
            "before_name": dict(named)[before],
            "after_name": dict(named)[after],
            "changes": changes,
            "count": sum(len(section.changes) for section in changes),
        }

    def _earlier_papers(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """The papers that this kind grows out of, as they were last submitted: name and content by kind."""
        keys = predecessors_of(self.subject.template_key)
        if not keys:
            return {}
        rows = Revision.objects.filter(
            paper__case_file_id=self.subject.case_file_id, paper__template_key__in=keys, paper__label=""
        )
        found = {
            key: (f"{content['paper']}, revision {number}", content)
            for key, number, content in rows.order_by("number").values_list("paper__template_key", "number", "content")
        }
        return {key: found[key] for key in reversed(keys) if key in found}

    def _contents_of(self, wanted: set[str]) -> dict[str, Any]:
        numbers = [int(option) for option in wanted if option.isdecimal()]
        rows = self.subject.revisions.filter(number__in=numbers).values_list("number", "content")
        found: dict[str, Any] = {str(number): content for number, content in rows}
        return found | ({"draft": freeze(self.contents)} if "draft" in wanted else {})


class PdfPage(PaperPage, TemplateView):
    """A PDF, or a page that says it is being prepared or can't be made."""

    template_name = "documents/pdf_waiting.html"
    http_method_names = ["get", "head"]
    page_title = "PDF"

    def serve(self, rendering: Rendering, name: str) -> HttpResponseBase:
        """The file if it is there, or the page that says how far it is."""
        if rendering.pdf_state == RenderingState.READY:
            try:
                return as_download(store.opened(rendering.stored_as), name, "application/pdf", rendering.size)
            except FileNotFoundError:
                return self.say(missing=True)
        return self.say(rendering=rendering)

    def say(self, **shown: Any) -> HttpResponse:
        """The page in place of the file."""
        failed = shown.get("refusal") or shown.get("missing")
        status = HTTPStatus.SERVICE_UNAVAILABLE if failed else HTTPStatus.ACCEPTED
        return self.render_to_response(self.get_context_data(**shown), status=status)

    def file_name(self, words: str) -> str:
        """COM-2026-0042 Outline business case revision 1.pdf"""
        return f"{self.subject.case_file.reference} {self.subject.name} {words}.pdf"


class RevisionPdf(PdfPage):
    """The PDF of a revision: made once, then served from the store."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Serve it, make it, or say that it is being prepared."""
        rows = Revision.objects.visible_to(self.person).filter(paper=self.subject)
        revision = get_object_or_404(rows, number=kwargs["number"])
        try:
            rendering = renderings.pdf_of_revision(revision)
        except Refused as refusal:
            return self.say(refusal=refusal)
        return self.serve(rendering, self.file_name(f"revision {revision.number}"))


class DraftPdf(PdfPage):
    """The PDF of a draft, marked as one on every page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Make a small one now; a large one is prepared by the worker."""
        try:
            made = renderings.pdf_of_draft(self.subject, freeze(self.contents))
        except Refused as refusal:
            return self.say(refusal=refusal)
        if isinstance(made, Rendering):
            return self.serve(made, self.file_name("draft"))
        return as_download(BytesIO(made), self.file_name("draft"), "application/pdf", len(made))
