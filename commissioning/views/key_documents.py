"""The key documents of a commission, stage by stage, and asking for a review of one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.reviews import ReviewForm
from commissioning.selectors import key_documents, people
from commissioning.services import reviews
from commissioning.views.base import CommissionAct, CommissionPage
from documents.models import Paper
from organisation.forms import PageForm


class KeyDocuments(CommissionPage):
    """What each stage produces, with version, author, status, review and download."""

    template_name = "commissioning/key_documents.html"
    page_title = "Key documents"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The stages."""
        return super().get_context_data(**kwargs) | {
            "stages": key_documents.documents_of(self.subject, self.person),
            "may_ask": self.subject.has_started and self.may_now(reviews.ASK),
        }


class AskReview(CommissionAct):
    """Ask one person to review or approve a document."""

    form_class = ReviewForm
    act = reviews.ASK
    intro = (
        "They find it in their work, with a link to the document. No gate of its stage is submitted until they answer."
    )

    @cached_property
    def paper(self) -> Paper:
        """A key document of this commission or of what hangs under it."""
        case = self.subject.case_file
        rows = Paper.objects.filter(
            Q(case_file=case) | Q(case_file__root=case), template_key__in=key_documents.STAGE_OF
        )
        return get_object_or_404(rows.select_related("template", "case_file"), pk=self.kwargs["paper"])

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the document."""
        return f"Ask for a review: {self.paper.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people who may be asked."""
        return super().get_form_kwargs() | {
            "people": people.choosable(self.subject),
            "cancel_url": self.get_success_url(),
        }

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("commissioning:key_documents", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Ask."""
        item = reviews.ask_review(self.subject, self.paper, by=self.person, **form.cleaned_data)
        return f"{item.assignee} is asked."
