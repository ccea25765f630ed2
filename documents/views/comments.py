"""Commenting on a section of a paper, answering a comment, settling it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from casework import door
from casework.views.base import ActPage
from documents.forms.comments import AnswerCommentForm, CommentForm, SettleCommentForm
from documents.models import SectionComment
from documents.services import comments
from documents.shape import SectionShape
from documents.views.base import PaperPage
from organisation.forms import PageForm
from organisation.permissions import may


class CommentPage(PaperPage, ActPage):
    """A form in a thread, over the section it is about."""

    template_name = "documents/comment.html"

    @cached_property
    def section(self) -> SectionShape:
        """The section it is about."""
        return self.section_named(self.kwargs["section"])

    def back_url(self) -> str:
        """To the section, where this person reads it."""
        if self.subject.is_draft:
            address = self.url("section", self.section.key) if self.may_write else self.url("read")
            return f"{address}#section-{self.section.key}" if not self.may_write else f"{address}#comments"
        return f"{self.url('revision', self.subject.revision_number)}#section-{self.section.key}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the section."""
        return super().get_context_data(**kwargs) | {"section": self.section}


class CommentOnSection(CommentPage):
    """Say something of a section."""

    act = "paper.comment"
    form_class = CommentForm

    def heading(self) -> str:
        """Comment on “Scope”."""
        return f"Comment on “{self.section.title}”"

    def perform(self, form: PageForm) -> str:
        """Comment."""
        given = form.cleaned_data
        comments.comment(self.subject, self.section.key, given["words"], by=self.person, act_id=given["act_id"])
        return "Your comment is sent. The author is told."


class InThread(CommentPage):
    """A form on a comment that was made."""

    write_act = ""

    @cached_property
    def found(self) -> SectionComment:
        """The comment, within this paper."""
        rows = SectionComment.objects.filter(paper=self.subject, answers=None).select_related("made_by", "settled_by")
        row: SectionComment = get_object_or_404(rows, pk=self.kwargs["comment"])
        row.paper = self.subject
        return row

    @cached_property
    def section(self) -> SectionShape:
        """The section the comment is about."""
        return self.section_named(self.found.section_key)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only whoever made it, and the author."""
        if (
            request.user.is_authenticated
            and request.method != "POST"
            and not may(self.person, self.write_act, self.found)
        ):
            raise PermissionDenied(door.who_words(self.write_act, self.found))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote the comment."""
        return super().get_context_data(**kwargs) | {"found": self.found}


class AnswerComment(InThread):
    """Answer it, or ask back."""

    write_act = "paper.answer_comment"
    form_class = AnswerCommentForm
    page_title = "Answer a comment"

    def perform(self, form: PageForm) -> str:
        """Answer."""
        given = form.cleaned_data
        comments.reply(self.found, given["words"], by=self.person, act_id=given["act_id"])
        return "Your answer is sent."


class SettleComment(InThread):
    """Close it."""

    write_act = "paper.settle_comment"
    form_class = SettleCommentForm
    page_title = "Settle a comment"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whoever made it need not say why."""
        return super().get_form_kwargs() | {"is_own": self.found.made_by_id == self.person.pk}

    def perform(self, form: PageForm) -> str:
        """Settle."""
        given = form.cleaned_data
        comments.settle(self.found, because=given["because"], by=self.person, act_id=given["act_id"])
        return "The comment is settled. It stays with the paper."
