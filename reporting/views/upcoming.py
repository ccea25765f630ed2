"""Upcoming opportunities: a list for staff, and a public page of a council that publishes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View

from casework.exports import csv_answer
from casework.views.base import SignedIn
from commissioning.models import PublicPipeline
from organisation import clock
from organisation.models import Organisation
from organisation.standing import standing_of
from reporting.selectors import upcoming


class Upcoming(SignedIn, TemplateView):
    """What the council expects to ask suppliers for, whoever may see each line."""

    template_name = "reporting/upcoming.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every line, and where the public page is."""
        mine = Organisation.objects.filter(pk__in=standing_of(self.person).organisations).order_by("pk")
        council = mine.select_related("framework", "public_pipeline").first()
        pipeline = getattr(council, "public_pipeline", None) if council else None
        return super().get_context_data(**kwargs) | {
            "crumbs": [("Commissions", reverse("reporting:workplan")), ("Upcoming opportunities", "")],
            "lines": upcoming.for_staff(self.person, council),
            "notice": upcoming.notice_words(),
            "public_url": reverse("reporting:pipeline", args=[council.key])
            if council and pipeline and pipeline.is_published
            else "",
        }


class PublicList(ContextMixin, View):
    """The lines of one council that are marked for the public. 404 while the council publishes none."""

    http_method_names = ["get", "head"]

    @cached_property
    def pipeline(self) -> PublicPipeline:
        """What the council publishes."""
        rows = PublicPipeline.objects.filter(is_published=True, organisation__is_active=True)
        found: PublicPipeline = get_object_or_404(
            rows.select_related("organisation__framework"), organisation__key=self.kwargs["council"]
        )
        return found


@method_decorator(login_not_required, name="dispatch")
class Pipeline(PublicList, TemplateView):
    """The page. No sign-in, and no name of any person."""

    template_name = "reporting/pipeline.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines, the mailbox, and what the law asks besides."""
        pipeline = self.pipeline
        return super().get_context_data(**kwargs) | {
            "pipeline": pipeline,
            "council": pipeline.organisation,
            "lines": upcoming.for_public(pipeline.organisation),
            "notice": upcoming.notice_words(),
            "as_at": clock.today(),
        }


@method_decorator(login_not_required, name="dispatch")
class PipelineCsv(PublicList):
    """The same lines as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send them."""
        lines = upcoming.for_public(self.pipeline.organisation)
        name = f"pipeline-{self.pipeline.organisation.key}-{clock.today().isoformat()}.csv"

        def rows() -> Iterator[list[str]]:
            for line in lines:
                yield [
                    *(line[key] for key in ("title", "category", "kind", "band", "asked", "needed")),
                    self.pipeline.mailbox,
                ]

        return csv_answer(name, [*upcoming.COLUMNS, "Contact"], rows())
