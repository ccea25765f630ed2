"""Budget beside forecast, and spend of the past: files read, what was left out, and three sides of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from casework import door
from casework.refusals import Refused
from casework.views.base import SignedIn
from commissioning.category_tree import categories_of
from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.spend import SpendFileForm
from commissioning.models import SpendFile
from commissioning.selectors import spend
from commissioning.services import spend as service
from commissioning.views.base import CommissionAct, CommissionPage
from documents.uploads import refused_uploads
from organisation.formatting import counted
from organisation.forms import PageForm
from organisation.permissions import may
from organisation.standing import standing_of

WRITE = "activity.write"


class BudgetGap(CommissionPage):
    """The budget of resource analysis beside the forecast of spend analysis, year by year, with what is missing."""

    template_name = "commissioning/budget_gap.html"
    page_title = "Budget beside forecast"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The years and the total."""
        rows, total = spend.gap_of(self.subject)
        return super().get_context_data(**kwargs) | {"rows": rows, "total": total}


class SpendPage(CommissionPage):
    """Spend of the past by supplier, year and category, and the files it was read from."""

    template_name = "commissioning/spend.html"
    page_title = "Spend of the past"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sides and the files."""
        files = spend.files_of(self.subject)
        return super().get_context_data(**kwargs) | {
            "files": files,
            "found": spend.spend_of(spend.lines_of(self.subject)) if files else None,
            "may_read": self.subject.has_started and self.may_now(WRITE),
        }


class SpendReport(SignedIn, TemplateView):
    """Spend of all commissions somebody may see, whole or of one branch of the categories."""

    template_name = "commissioning/spend_report.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sides; a category that is none of the council's is left out."""
        categories = categories_of(standing_of(self.person).organisations)
        asked = self.request.GET.get("category", "")
        chosen = asked if asked in dict(categories) else ""
        return super().get_context_data(**kwargs) | {
            "categories": categories,
            "category": chosen,
            "category_words": dict(categories).get(chosen, ""),
            "found": spend.spend_of(spend.council_lines(self.person, chosen), with_ours=True),
            "crumbs": [("Spend", "")],
        }


class SpendAct(CommissionAct):
    """An act on the spend of a commission."""

    act = WRITE

    def back_url(self) -> str:
        """The spend."""
        return reverse("commissioning:spend", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, over the spend."""
        way = super().crumbs()
        return [*way[:-1], (SpendPage.page_title, self.back_url()), way[-1]]


class ReadSpend(SpendAct):
    """Read a file. One that is refused is an error of its field, and the choice is kept."""

    form_class = SpendFileForm
    page_title = "Read a file of spend"
    intro = (
        "Invoices, payments or contracts, as the ledger or the register gives them. The same file is read only once."
    )

    def get_success_url(self) -> str:
        """To the report of the file."""
        return reverse("commissioning:spend_file", args=[self.subject.pk, self.made.pk])

    def perform(self, form: PageForm) -> str:
        """Read it and say how much came in."""
        self.made = service.read_file(
            self.subject,
            form.cleaned_data["file"],
            kind=form.cleaned_data["kind"],
            by=self.person,
            act_id=form.cleaned_data["act_id"],
        )
        left = f" {counted(self.made.left_out_count, 'line')} left out." if self.made.left_out_count else ""
        return f"“{self.made}” read: {counted(self.made.line_count, 'line')}.{left}"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Name a file that was too large to be taken, in place of “choose a file”."""
        if names := refused_uploads(self.request.META):
            form.errors.pop("file", None)
            form.add_error("file", f"“{names[0]}” is too large. Split it, by year for example.")
        return super().form_invalid(form)

    def _refused(self, form: Any, refusal: Refused, **more: Any) -> HttpResponse:
        form.add_error("file", refusal.words)
        return self.render_to_response(self.get_context_data(form=form, **more))


class FileMixin:
    """A page about one file of spend, within its commission."""

    subject: Any
    kwargs: dict[str, Any]

    @cached_property
    def file(self) -> SpendFile:
        """The file in the address."""
        rows = SpendFile.objects.filter(commission=self.subject, removed_at__isnull=True)
        found = get_object_or_404(rows.select_related("attachment", "read_by"), pk=self.kwargs["file"])
        found.commission = self.subject
        return found


class SpendFilePage(FileMixin, CommissionPage):
    """What one file gave: the columns it was read by, what came in, and each line left out with the reason."""

    template_name = "commissioning/spend_file.html"

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, over the spend."""
        url = reverse("commissioning:spend", args=[self.subject.pk])
        return [*super().crumbs(), (SpendPage.page_title, url), (str(self.file), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The file."""
        context = super().get_context_data(**kwargs)
        not_listed = self.file.left_out_count - len(self.file.left_out)
        return context | {
            "page_title": str(self.file),
            "file": self.file,
            "not_listed": not_listed,
            "may_read": self.may_now(WRITE),
        }


class RemoveSpend(FileMixin, SpendAct):
    """Leave a file out of every sum."""

    form_class = ConfirmForm
    page_title = "Leave this file out"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Writing is asked for before the file is looked up."""
        if request.user.is_authenticated:
            if not may(self.person, WRITE, self.subject):
                raise PermissionDenied(door.who_words(WRITE, self.subject))
            self.intro = (  # type: ignore[misc]
                f"{counted(self.file.line_count, 'line')} of “{self.file}” no longer count. "
                "The file stays attached, and can be read again."
            )
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form: PageForm) -> str:
        """Leave it out."""
        service.remove_file(self.file, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"“{self.file}” left out."
