"""The pages of every sheet: its rows, and the forms that add, change and take away one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from casework import door
from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.sheets import SheetForm
from commissioning.models import CommissionActivity
from commissioning.models.sheet_row import SheetRow
from commissioning.return_pages import BACK, activity_in, page_named
from commissioning.selectors.sheets import shown_sheet
from commissioning.services import sheets as service
from commissioning.sheets import Sheet, sheet_of
from commissioning.states import ActivityState
from commissioning.views.base import CommissionAct, CommissionPage
from organisation.forms import PageForm
from organisation.permissions import may

#: An activity in one of these has no page to write on.
CLOSED_STATES = (ActivityState.NOT_RELEVANT, ActivityState.PROPOSED)


class SheetMixin:
    """A page of one sheet of a commission; an address that names no sheet is not found."""

    kwargs: dict[str, Any]
    request: HttpRequest
    subject: Any
    person: Any

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet in the address."""
        found = sheet_of(self.kwargs["sheet"])
        if found is None:
            raise Http404("No such sheet")
        return found

    @property
    def sheet_url(self) -> str:
        """Where the rows are."""
        return reverse("commissioning:sheet", args=[self.subject.pk, self.sheet.key])

    @cached_property
    def came_from(self) -> str:
        """The page of this commission that the link here stood on, or nothing."""
        return page_named(self.request.GET.get(BACK, ""), self.subject)

    @cached_property
    def activity(self) -> CommissionActivity | None:
        """The activity that the rows are for: the one whose page the link stood on, else the sheet's own."""
        if found := activity_in(self.came_from, self.subject):
            return found
        if not self.sheet.activity:
            return None
        rows = CommissionActivity.objects.filter(commission=self.subject, activity__key=self.sheet.activity)
        # What the plan left out has no page to go back to.
        return rows.exclude(state__in=CLOSED_STATES).select_related("activity").first()

    def way_over_activity(self) -> list[tuple[str, str]]:
        """The crumb of the activity, where there is one."""
        found = self.activity
        return [(found.activity.name, found.get_absolute_url())] if found else []


class SheetPage(SheetMixin, CommissionPage):
    """The rows of a sheet."""

    template_name = "commissioning/sheet.html"

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, ending in the sheet."""
        return [*super().crumbs(), *self.way_over_activity(), (self.sheet.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, and whether a button adds one."""
        context = super().get_context_data(**kwargs)
        # A row that is opened here leads back here; this page itself links to the activity.
        shown = shown_sheet(self.sheet, self.subject, may_write=self.may_now(self.sheet.act), here=self.sheet_url)
        return context | {"sheet": shown, "page_title": self.sheet.title, "activity": self.activity}


class RowAct(SheetMixin, CommissionAct):
    """A form about one row of a sheet."""

    row: SheetRow | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Writing is asked for before anything is shown; a row of another commission is not found."""
        if request.user.is_authenticated:
            if not may(self.person, self.sheet.act, self.subject):
                raise PermissionDenied(door.who_words(self.sheet.act, self.subject))
            if "row" in self.kwargs:
                self.row = get_object_or_404(self.sheet.rows(self.subject), pk=self.kwargs["row"])
                self.row.commission = self.subject
        return super().dispatch(request, *args, **kwargs)

    def back_url(self) -> str:
        """The page one came from; without one the page that stands for the list, its activity, or the list."""
        if self.came_from:
            return self.came_from
        if self.sheet.home:
            return self.home_url
        return self.activity.get_absolute_url() if self.activity else self.sheet_url

    @property
    def home_url(self) -> str:
        """The list, or the page that stands for it."""
        return reverse(self.sheet.home, args=[self.subject.pk]) if self.sheet.home else self.sheet_url

    def current_version(self) -> int:
        """The version of the row, not of the commission."""
        if self.row is None:
            return 0
        return int(self.sheet.model.objects.values_list("version", flat=True).get(pk=self.row.pk))

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, over the sheet."""
        way = [*super(CommissionAct, self).crumbs(), *self.way_over_activity()]
        return [*way, (self.sheet.title, self.home_url), (self.title, "")]

    @property
    def title(self) -> str:
        """What the page does."""
        return f"Add {self.sheet.one}" if self.row is None else f"Change {self.sheet.one}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the page after the row's kind."""
        return super().get_context_data(**kwargs) | {"page_title": self.title}


class SaveRow(RowAct):
    """Add a row, or change one. A link may fill in what it knows of a new one."""

    template_name = "commissioning/sheet_row.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What helps to fill it in."""
        return super().get_context_data(**kwargs) | {"notes": self.sheet.notes(self.subject)}

    def get_form_class(self) -> type[SheetForm]:
        """The form of this sheet."""
        return self.sheet.form

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with the row as it stands."""
        kwargs = super().get_form_kwargs() | {"commission": self.subject, "row": self.row}
        # A link may choose for a new row, like the key decision that is still open.
        asked = self.request.GET
        kwargs["initial"] = {name: asked[name].replace("\x00", "") for name in self.sheet.names if name in asked}
        if self.row is not None:
            kwargs["version"] = self.row.version
            kwargs["initial"] = {name: _initial(self.row, name) for name in self.sheet.names}
        else:
            kwargs["initial"] = {name: self.request.GET[name] for name in self.sheet.names if name in self.request.GET}
        return kwargs

    def perform(self, form: Any) -> str:
        """Save it."""
        saved = service.save_row(
            self.subject,
            self.sheet,
            form.given(),
            by=self.person,
            row=self.row,
            version=form.cleaned_data["version"],
            act_id=form.cleaned_data["act_id"],
        )
        return f"“{saved}” saved."


class RemoveRow(RowAct):
    """Take a row away."""

    form_class = ConfirmForm

    @property
    def title(self) -> str:
        """What the page does."""
        return f"Remove {self.sheet.one}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote it."""
        return super().get_context_data(**kwargs) | {"intro": str(self.row)}

    def perform(self, form: PageForm) -> str:
        """Remove it."""
        assert self.row is not None
        service.remove_row(self.sheet, self.row, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"“{self.row}” removed."


def _initial(row: SheetRow, name: str) -> Any:
    value = getattr(row, name)
    return value.pk if hasattr(value, "pk") else value
