"""One row of a table: added, changed or removed on a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property

from casework.refusals import NotPermitted, Refused
from casework.views.base import ActPage
from documents.forms import RowForm
from documents.kinds import TABLE
from documents.selectors import standing_value
from documents.services import papers
from documents.shape import QuestionShape, SectionShape
from documents.views.base import PaperPage
from organisation.forms import PageForm


class RowPage(PaperPage, ActPage):
    """One row of a table: added, changed or removed on a page of its own."""

    template_name = "documents/row.html"
    form_class = RowForm
    act = "paper.write"

    @cached_property
    def section(self) -> SectionShape:
        """The section in the address, or 404."""
        return self.section_named(self.kwargs["section"])

    @cached_property
    def question(self) -> QuestionShape:
        """The table in the address, or 404."""
        question = self.section.question(self.kwargs["question"])
        if question is None or question.kind != TABLE.key:
            raise Http404("This section has no such table")
        return question

    @cached_property
    def row(self) -> dict[str, Any] | None:
        """The row in the address; None for a new one."""
        if self.kwargs["row"] == "new":
            return None
        rows = standing_value(self.subject, self.question.key) or []
        found = next((row for row in rows if row["id"] == self.kwargs["row"]), None)
        if found is None:
            raise Http404("This table has no such row")
        return dict(found)

    def heading(self) -> str:
        """The row's name."""
        return TABLE.name_of(self.question, self.row, 1) if self.row else f"Add {self.question.row_words}"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A submitted paper has no row to change."""
        if request.user.is_authenticated and not self.subject.is_draft:
            messages.info(request, "This paper was submitted, so its answers cannot be changed.")
            return HttpResponseRedirect(self.subject.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form its columns and the row as it stands."""
        return super().get_form_kwargs() | {
            "question": self.question,
            "cells": self.row["cells"] if self.row else None,
        }

    def back_url(self) -> str:
        """Back to the table."""
        return f"{self.url('section', self.section.key)}#question-{self.question.key}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the row, or take it out."""
        if "remove" in request.POST and self.row is not None:
            return self._remove()
        return super().post(request, *args, **kwargs)

    def perform(self, form: PageForm) -> str:
        """Save the row."""
        saved = papers.save_row(
            self.subject,
            self.section.key,
            self.question.key,
            self.row["id"] if self.row else "",
            form.cells(),  # type: ignore[attr-defined]
            self.person,
            was=str(form.cleaned_data["was"]),
            act_id=form.cleaned_data["act_id"],
        )
        if saved.conflicts:
            return "Someone else changed this row while you were typing. Both are kept: choose one below."
        return "Row saved." if self.row else "Row added."

    def _remove(self) -> HttpResponse:
        try:
            papers.remove_row(
                self.subject, self.section.key, self.question.key, str((self.row or {})["id"]), self.person
            )
            messages.success(self.request, "Row removed. What it said is in the history.")
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except Refused as refusal:
            messages.info(self.request, refusal.words)
        return HttpResponseRedirect(self.back_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the table and the section."""
        context = super().get_context_data(**kwargs)
        return context | {"section": self.section, "question": self.question, "is_new": self.row is None}
