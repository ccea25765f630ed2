"""The workplan: every commission somebody may see, and the same list as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View

from casework.exports import csv_answer
from casework.keyset import NoSuchPage
from casework.views.base import SignedIn
from organisation import clock
from organisation.formatting import date_range, day
from organisation.permissions import ANYWHERE, may
from organisation.standing import standing_of
from reporting.counting import quarter_days
from reporting.forms.workplan import ORDERING, Asked, WorkplanForm
from reporting.orders import SIZES, address
from reporting.selectors import workplan
from reporting.selectors.saved_views import views_for
from reporting.selectors.workplan import DEFAULT_FALLING, DEFAULT_SORT, SORTS, Filters
from reporting.services.exports import note_export
from reporting.spreadsheets import xlsx_answer

MOST_EXPORTED = 10_000
A_MINUTE = 60
# Boxes that are not shown, kept from one address of the list to the next.
HIDDEN = tuple(name for name, field in WorkplanForm.base_fields.items() if field.widget.is_hidden)


class WorkplanQuery(SignedIn, ContextMixin, View):
    """What the address asks for, read once for the page and for the file."""

    http_method_names = ["get", "head"]

    @cached_property
    def form(self) -> WorkplanForm:
        """The filters as they were sent."""
        return WorkplanForm(self.request.GET, choices=workplan.choices_for(self.person))

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether the address says anything beside the order: then the form has to read it."""
        known = ("more", *(name for name in WorkplanForm.base_fields if name not in ORDERING))
        return any(self.request.GET.get(name) for name in known)

    @cached_property
    def asked(self) -> Asked:
        """What they come to."""
        return self.form.asked(self.person) if self.is_narrowed else Asked.of(Filters(), self.request.GET.dict())

    @property
    def sort(self) -> str:
        """The order in force."""
        return self.asked.sort or DEFAULT_SORT

    @property
    def is_falling(self) -> bool:
        """Whether the largest, latest or last comes first."""
        return self.asked.is_falling if self.asked.sort else DEFAULT_FALLING

    @cached_property
    def query(self) -> dict[str, str]:
        """The address's own words for the list, without the place in it."""
        wrong = self.form.errors if self.is_narrowed else {}
        known = {name: str(self.request.GET.get(name, "")) for name in WorkplanForm.base_fields}
        return {name: value.replace("\x00", "") for name, value in known.items() if value and name not in wrong}


class Workplan(WorkplanQuery, TemplateView):
    """All commissions, narrowed by the address."""

    template_name = "reporting/workplan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, what they add up to, and every link that changes the list."""
        rows = workplan.commissions(self.person, self.asked.filters)
        try:
            page = workplan.page(
                rows, self.sort, is_falling=self.is_falling, size=self.asked.size, query=self.request.GET.dict()
            )
        except NoSuchPage as fault:
            raise Http404("There is no such page of this list") from fault
        total = workplan.total_of(rows)
        sorts = self.columns(here := reverse("reporting:workplan"))
        may_register = may(self.person, "commission.register", ANYWHERE)
        return super().get_context_data(**kwargs) | {
            "filters": self.filters(),
            "form": self.form if self.is_narrowed else None,
            "has_more": self.is_narrowed and self.form.has_more,
            "kept": [(name, self.query[name]) for name in HIDDEN if name in self.query],
            "rows": page.rows,
            "total": total,
            "words": total.words(page.first, page.last),
            "next_url": address(here, self.query, page.next) if page.next else "",
            "previous_url": address(here, self.query, page.previous) if page.previous else "",
            "chips": self.chips(here, page.rows),
            "columns": [sort for sort in sorts if SORTS[sort["name"]].has_column],
            "other_sorts": [sort for sort in sorts if not SORTS[sort["name"]].has_column],
            "sizes": [(n, address(here, self.query, {"show": str(n)}), n == self.asked.size) for n in SIZES],
            "more_url": address(here, self.query, {"more": "1"}),
            "is_filtered": bool(self.asked.filters),
            "clear_url": here,
            "export_url": address(reverse("reporting:workplan_export"), self.query),
            "xlsx_url": address(reverse("reporting:workplan_xlsx"), self.query),
            "saved": views_for(self.person, self.query),
            "save_url": address(reverse("reporting:save_view"), self.query),
            "new_url": reverse("commissioning:new") if may_register else "",
        }

    def filters(self) -> SafeString:
        """The boxes of the filters. Blank ones look the same to everybody of the same organisations for a minute."""

        def render() -> SafeString:
            return render_to_string("reporting/_workplan_filters.html", {"boxes": self.form.visible_fields()})

        if self.is_narrowed:
            return render()
        places = "-".join(map(str, sorted(standing_of(self.person).organisations)))
        return cast(SafeString, caches["quick"].get_or_set(f"workplan_filters:{places}", render, A_MINUTE))

    def chips(self, here: str, rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
        """Each filter in words, with the address of the list without it."""
        found: list[tuple[str, str]] = []
        if not self.is_narrowed:
            return found
        for box in self.form.visible_fields():
            value = self.query.get(box.name, "")
            if not value:
                continue
            choices = dict(getattr(box.field, "choices", []))
            shown = choices.get(value) or (f"“{value}”" if box.name == "q" else self.day_words(box.name, value))
            found.append((f"{box.label}: {shown}", address(here, self.query, {box.name: ""})))
        if self.query.get("person") and self.asked.filters.holder:
            # Every row names whoever it was narrowed to; an empty list has to ask.
            known = rows[0]["commissioner"] if rows else ""
            name = known or workplan.holder_name(self.person, self.asked.filters.holder) or "Somebody else"
            found.append((f"Commissioner: {name}", address(here, self.query, {"person": ""})))
        if started := self.asked.filters.started:
            first, last = quarter_days(started)
            found.append((f"Started {date_range(first, last)}", address(here, self.query, {"started": ""})))
        return found

    def day_words(self, name: str, value: str) -> str:
        """A date of the address as people write it."""
        found = self.form.cleaned_data.get(name)
        return day(found) if found else value

    def columns(self, here: str) -> list[dict[str, str]]:
        """The headings: how each is sorted now, and the address that sorts by it."""
        found = []
        for name, sort in SORTS.items():
            is_current = name == self.sort
            falls = not self.is_falling if is_current else sort.falls_first
            aria = ("descending" if self.is_falling else "ascending") if is_current else ""
            url = address(here, self.query, {"sort": f"-{name}" if falls else name})
            found.append({"name": name, "label": sort.label, "aria": aria, "url": url})
        return found


class Export(WorkplanQuery):
    """The list that the same address shows, as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it; the trail keeps who took what."""
        rows = workplan.commissions(self.person, self.asked.filters)
        note_export(self.person, "the list of commissions", rows=rows[:MOST_EXPORTED].count(), filters=self.query)
        lines = workplan.exported(rows, self.sort, is_falling=self.is_falling, most=MOST_EXPORTED)
        return self.send(f"commissions-{clock.today().isoformat()}", lines)

    def send(self, name: str, lines: Iterator[list[Any]]) -> HttpResponseBase:
        """Line by line."""
        return csv_answer(f"{name}.csv", workplan.EXPORTED, lines)


class ExportXlsx(Export):
    """The same as an Excel workbook."""

    def send(self, name: str, lines: Iterator[list[Any]]) -> HttpResponseBase:
        """One sheet."""
        return xlsx_answer(f"{name}.xlsx", "Commissions", workplan.EXPORTED, lines)
