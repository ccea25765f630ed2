"""Importing a forward plan: upload, see what each line makes, say which column is what, create the drafts."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from django.views.generic.base import View

from casework.exports import csv_answer
from casework.lists import list_of
from casework.refusals import NotPermitted, Refused, Replayed
from casework.views.base import SignedIn
from commissioning.forms.commission import areas_for
from commissioning.forms.plan_import import ColumnsForm, UploadPlanForm
from commissioning.models import PlanImport
from commissioning.services import plan_imports
from organisation.formatting import counted

MOST_SHOWN = 20


class Importing(SignedIn):
    """Only who registers commissions imports them, and only in their own areas."""

    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever registers nowhere."""
        if request.user.is_authenticated and not self.areas:
            raise PermissionDenied("You cannot import commissions. Ask a commissioner in your service area.")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    @cached_property
    def areas(self) -> dict[str, int]:
        """The person's service areas by name in small letters."""
        return {name.casefold(): pk for pk, name in areas_for(self.person).values_list("pk", "name")}

    @cached_property
    def found(self) -> PlanImport:
        """The person's own upload."""
        rows = PlanImport.objects.filter(uploaded_by=self.person).select_related("organisation")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here."""
        top = list_of("commission")
        return [*([top] if top else []), ("Import a forward plan", "")]


class Upload(Importing, FormView):
    """Choose a file."""

    template_name = "commissioning/import_upload.html"
    form_class = UploadPlanForm
    http_method_names = ["get", "head", "post"]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the person."""
        top = list_of("commission")
        return super().get_form_kwargs() | {"user": self.person, "cancel_url": top[1] if top else "/"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way here."""
        return super().get_context_data(**kwargs) | {"crumbs": self.crumbs()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Read it, or say why it cannot be read."""
        sent = form.cleaned_data["file"]
        try:
            found = plan_imports.upload(
                name=sent.name, data=sent.read(), default_area=form.cleaned_data["service_area"], by=self.person
            )
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except Refused as refusal:
            form.add_error("file", refusal.words)
            return self.form_invalid(form)
        return redirect("commissioning:import_preview", found.pk)


class PreviewImport(Importing, FormView):
    """What each line makes. The columns can be read otherwise; then the drafts are created."""

    template_name = "commissioning/import_preview.html"
    form_class = ColumnsForm
    http_method_names = ["get", "head", "post"]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The file's columns."""
        return super().get_form_kwargs() | {
            "user": self.person,
            "header": self.found.header,
            "columns": self.found.columns,
            "cancel_url": reverse("commissioning:import_plan"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines in three groups."""
        seen = plan_imports.preview(self.found, self.areas)
        return super().get_context_data(**kwargs) | {
            "crumbs": self.crumbs(),
            "found": self.found,
            "seen": seen,
            "count_words": counted(len(seen.to_make), "commission"),
            "shown": seen.to_make[:MOST_SHOWN],
            "refused": seen.refused[:MOST_SHOWN],
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Read the columns as chosen."""
        plan_imports.remap(self.found, form.columns)
        return HttpResponseRedirect(self.request.path, status=HTTPStatus.FOUND)


class MakeDrafts(Importing, View):
    """Create the drafts."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One transaction for the whole file."""
        try:
            made = plan_imports.make_drafts(self.found, self.areas, by=self.person)
        except Replayed:
            return redirect("commissioning:import_preview", pk)
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except Refused as refusal:
            messages.warning(request, refusal.words)
            return redirect("commissioning:import_preview", pk)
        messages.success(request, f"{counted(made, 'draft')} created from {self.found.file_name}.")
        return redirect("commissioning:import_preview", pk)


class RefusedLines(Importing, View):
    """The lines that were refused, as CSV, with the field and the reason in front."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send them as they stood in the file."""
        seen = plan_imports.preview(self.found, self.areas)

        def rows() -> Iterator[list[Any]]:
            for line in seen.refused:
                yield [line.number, line.field, line.why, *line.cells]

        return csv_answer("refused-lines.csv", ["Line", "Field", "Why", *self.found.header], rows())
