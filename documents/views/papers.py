"""A paper's own page, checking and submitting it, reading the whole of it, and its verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.views.generic import TemplateView

from casework import door, lifecycle
from casework.views.base import ActPage, VerbPage
from documents.forms import CheckForm
from documents.freezing import freeze, statement_of
from documents.models import Paper
from documents.presenting import as_read, remarked
from documents.services import papers
from documents.threads import Thread, threads_of, under_sections
from documents.views.base import PaperPage
from organisation import formatting
from organisation.forms import PageForm


class PaperList(PaperPage, TemplateView):
    """The sections of a paper as tasks, its revisions, and what can be done with it."""

    template_name = "documents/paper.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the sections, the revisions and the verbs."""
        context = super().get_context_data(**kwargs)
        is_draft = self.subject.is_draft
        # A submitted paper is read from its revisions: what is in the draft is not looked up for this page.
        offers = door.offers(self.subject, self.person, dossier=SimpleLazyObject(lambda: self.contents))
        returned = self.subject.returned_with if is_draft else {}
        rows = self.subject.revisions.select_related("submitted_by").order_by("-number").defer("content")
        revisions = list(rows) if self.subject.revision_number else []
        titles = {section.key: section.title for section in self.contents.shape.sections} if returned else {}
        return context | {
            "lines": self.lines() if is_draft else [],
            "progress": self.contents.progress if is_draft else None,
            "purpose": self.subject.template.purpose,
            "revisions": revisions,
            "reopen": next((offer for offer in offers if offer.verb == "reopen"), None),
            "submit": next((offer for offer in offers if offer.verb == "submit"), None),
            "returned": returned,
            "returned_sections": [
                (titles.get(key, key), self.url("section", key), words)
                for key, words in returned.get("sections", {}).items()
            ],
            "asides": self.asides(),
            "threads": self.open_threads(),
            "compared": self.compared,
            "saved_words": formatting.moment(self.subject.saved_at) if self.subject.saved_at else "",
        }

    def open_threads(self) -> list[Thread]:
        """The comments that are not settled, with the section each is about."""
        titles = {section.key: section.title for section in self.shape.sections}
        return [thread for thread in threads_of(self.subject, self.person, titles) if thread.is_open]


class ReadPaper(PaperPage, TemplateView):
    """The whole paper as it stands, to read and to print."""

    template_name = "documents/read.html"
    http_method_names = ["get", "head"]
    page_title = "Read the draft"

    def heading(self) -> str:
        """A submitted paper is no draft."""
        return self.page_title if self.subject.is_draft else "Read the paper"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Write the contents out."""
        return super().get_context_data(**kwargs) | {
            "read": under_sections(as_read(freeze(self.contents)), self.subject, self.person),
            "open_files": self.open_files(),
            "who_writes": "" if self.may_write else door.who_words("paper.write", self.subject),
        }


class CheckAnswers(PaperPage, ActPage):
    """Every answer once more, the statement, and the button that submits."""

    template_name = "documents/check.html"
    form_class = CheckForm
    act = "paper.submit"
    page_title = "Check your answers"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A paper that was submitted in another tab says so."""
        if request.user.is_authenticated and request.method == "GET" and not self.subject.is_draft:
            messages.info(request, door.already_words(self.subject))
            return HttpResponseRedirect(self.subject.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the paper on the button."""
        return super().get_form_kwargs() | {"paper_name": formatting.in_sentence(self.subject.name)}

    def perform(self, form: PageForm) -> str:
        """Submit."""
        papers.submit(self.subject, self.person, form.cleaned_data["act_id"], is_agreed=form.cleaned_data["is_agreed"])
        return ""

    def get_success_url(self) -> str:
        """To the page that says what happens next."""
        return self.url("submitted")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Write the contents out, with what still blocks them."""
        context = super().get_context_data(**kwargs)
        rules = door.rules_of(Paper, "submit")
        blockers = lifecycle.blockers_of(self.subject, rules, self.contents, {}) if self.refusal is None else []
        remarks = self.pages.remarks(self.contents)
        return context | {
            "read": remarked(as_read(freeze(self.contents)), remarks),
            "remarks": [remark for remark in remarks if not remark.question],
            "open_files": self.open_files(),
            "blockers": blockers,
            "statement": statement_of(self.contents),
            "next_number": self.subject.revision_number + 1,
            "lines": self.lines("check"),
            "progress": self.contents.progress,
            "asides": [*self.pages.before_submitting(self.subject), *self.asides()],
        }


class Submitted(PaperPage, TemplateView):
    """What was submitted, and what happens next."""

    template_name = "documents/submitted.html"
    http_method_names = ["get", "head"]
    page_title = "Submitted"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only a submitted paper has this page."""
        if self.subject.is_draft:
            return HttpResponseRedirect(self.subject.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name who decides and by when, as the other room says."""
        case = self.subject.case_file
        return super().get_context_data(**kwargs) | {
            "steps": self.pages.next_steps(self.subject),
            "panel_title": f"{self.subject.name} submitted",
            "panel_text": f"{case.reference}, revision {self.subject.revision_number}",
        }


class PaperVerb(VerbPage):
    """A verb of a paper on a page of its own. Submitting has a page that shows every answer first."""

    model = Paper
    related = PaperPage.related

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead submitting to its page, where the statement is."""
        if request.user.is_authenticated and kwargs["verb"] == "submit" and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(f"{self.subject.get_absolute_url()}check/")
        return super().dispatch(request, *args, **kwargs)
