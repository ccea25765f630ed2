"""The managers' dashboard, each panel as a file, and the list of what was asked that its figures open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View

from casework import door
from casework.exports import csv_answer
from casework.keyset import NoSuchPage
from casework.selectors.audit import home_of
from casework.views.base import SignedIn
from organisation import clock
from organisation.formatting import moment, short_day
from organisation.permissions import ANYWHERE, may
from reporting.counting import PERSON
from reporting.forms.dashboard import DashboardForm
from reporting.orders import address
from reporting.periods import period_of
from reporting.presenters.board import Board
from reporting.presenters.headlines import headlines
from reporting.presenters.panels import PANELS, panels
from reporting.selectors import asked
from reporting.selectors.asked import AskedFilter
from reporting.selectors.figures import Narrowed, figures_for
from reporting.selectors.places import names_for, places_for
from reporting.services.exports import note_export


class ForReaders(SignedIn, ContextMixin, View):
    """For those who may read the dashboard of some organisation; everybody else is told who does."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not."""
        if request.user.is_authenticated and not may(self.person, "dashboard.read", ANYWHERE):
            home = home_of(self.person)
            raise PermissionDenied(door.who_words("dashboard.read", home) if home else "")
        return super().dispatch(request, *args, **kwargs)


class FiguresView(ForReaders):
    """What the address asks for, read once for the page and for the files."""

    @cached_property
    def form(self) -> DashboardForm:
        """The filters as they were sent."""
        query = self.request.GET.dict()
        return DashboardForm({"period": "year"} | query, places=self.places)

    @cached_property
    def places(self) -> Any:
        """The areas and categories to choose from."""
        return places_for(self.person)

    @cached_property
    def board(self) -> Board:
        """Figures, names and addresses."""
        chosen, today = self.form.chosen, clock.today()
        period = period_of(chosen.get("period", ""), today)
        directorate = int(chosen["directorate"]) if "directorate" in chosen else None
        branch = self.places.branches.get(chosen.get("category", ""))
        narrowed = Narrowed(self.places.areas_of(directorate), branch, period.first, period.last)
        figures = figures_for(self.person, narrowed)
        holders = {key.split(":")[0] for key, *_ in figures.of(PERSON)}
        return Board(figures, self.places, names_for(self.person, holders), chosen, period, today)


class Dashboard(FiguresView, TemplateView):
    """How the council's commissioning goes: headlines and panels, every figure a link to its rows."""

    template_name = "reporting/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on the page."""
        board, here = self.board, reverse("reporting:dashboard")
        as_table = self.request.GET.get("table", "")
        shown = [
            {
                "panel": panel,
                "is_table": panel.key == as_table,
                "table_url": address(here, board.chosen, {"table": panel.key}) + f"#panel-{panel.key}",
                "chart_url": address(here, board.chosen) + f"#panel-{panel.key}",
                "csv_url": address(reverse("reporting:dashboard_csv", args=[panel.key]), board.chosen),
            }
            for panel in panels(board)
        ]
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "clear_url": here,
            "is_filtered": bool(board.chosen),
            "as_at": moment(clock.now()),
            "headlines": headlines(board),
            "panels": shown,
        }


class DashboardCsv(FiguresView):
    """One panel's table as a file; the trail keeps who took it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        make = PANELS.get(self.kwargs["key"])
        if make is None:
            raise Http404("The dashboard has no such panel")
        panel = make(self.board)
        lines = list(panel.lines())
        note_export(self.person, f"the dashboard: {panel.title}", rows=len(lines), filters=self.form.chosen)
        return csv_answer(f"dashboard-{panel.key}-{clock.today().isoformat()}.csv", panel.header(), lines)


class Asked(ForReaders, TemplateView):
    """What queues and people were asked: the rows behind the dashboard's figures."""

    template_name = "reporting/asked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of rows, and each filter in words."""
        query = self.request.GET.dict()
        given = AskedFilter.read(query)
        rows = asked.items_for(self.person, given)
        try:
            page = asked.page_for(rows, query)
        except NoSuchPage as fault:
            raise Http404("There is no such page of this list") from fault
        here = reverse("reporting:asked")
        kept = {name: value for name, value in query.items() if name not in ("after", "before", "from")}
        count = asked.count_of(rows)
        return super().get_context_data(**kwargs) | {
            "rows": page.rows,
            "count": count,
            "words": asked.count_words(page, count) if page.rows else "",
            "chips": [
                (words, address(here, kept, dict.fromkeys(names, ""))) for names, words in self.filter_words(given)
            ],
            "clear_url": here,
            "next_url": address(here, kept, page.next) if page.next else "",
            "previous_url": address(here, kept, page.previous) if page.previous else "",
            "crumbs": [("Dashboard", reverse("reporting:dashboard")), ("What was asked", "")],
            "nav_current": "Dashboard",
        }

    def filter_words(self, given: AskedFilter) -> list[tuple[tuple[str, ...], str]]:
        """Each filter in force: the names it has in the address, and what it says."""
        places = places_for(self.person)
        names = names_for(self.person, {str(given.person)} if given.person else ())
        days = ""
        if given.asked_from or given.asked_to:
            first = f" from {short_day(given.asked_from)}" if given.asked_from else ""
            last = f" to {short_day(given.asked_to)}" if given.asked_to else ""
            days = f"Asked{first}{last}"
        areas = {area.pk: area.name for area in places.areas}
        person = names.people.get(str(given.person), "Somebody else")
        directorate = dict(places.directorates).get(str(given.directorate), "Another directorate")
        told = [
            (("standing",), asked.STANDINGS.get(given.standing, "")),
            (("queue",), f"Queue: {names.queues.get(given.queue, given.queue)}" if given.queue else ""),
            (("in_queue",), "In a queue" if given.in_queue else ""),
            (("person",), f"With: {person}" if given.person else ""),
            (("age",), asked.AGE_WORDS.get(given.age, "")),
            (("requests",), "Procurement requests" if given.requests else ""),
            (("late_ask",), "Asked late" if given.late_ask else ""),
            (("area",), f"Service area: {areas.get(given.area, 'Another area')}" if given.area else ""),
            (("answered",), asked.ANSWERED.get(given.answered, "")),
            (("lead",), asked.LEAD_WORDS.get(given.lead, "")),
            (("asked_from", "asked_to"), days),
            (("directorate",), f"Directorate: {directorate}" if given.directorate else ""),
            (
                ("category",),
                f"Category: {dict(places.categories).get(given.category, given.category)}" if given.category else "",
            ),
        ]
        return [(keys, words) for keys, words in told if words]
