"""The queues: which ones a person works, and what stands in one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from django.views.generic.base import View

from casework.audit import audited, record
from casework.exports import csv_answer
from casework.forms.work_items import BulkAssignForm
from casework.handled import handled
from casework.keyset import NoSuchPage
from casework.lead_times import least_notice
from casework.models import WorkItem
from casework.presenters.queue_rows import EXPORT_COLUMNS, export_row, heads_of, rows_of, total_words, usual_verbs
from casework.rules import people_of_queue
from casework.selectors.queue_filters import DUE, FLAGS, VIEWS, QueueFilter
from casework.selectors.queues import QueueList, WorkedQueue, queue_exists_for, queues_for
from casework.services.work_items import assign_each
from casework.views.base import SignedIn
from organisation import clock
from organisation.formatting import counted
from organisation.models import Organisation
from organisation.standing import standing_of

MOST_EXPORTED = 10_000

_MOVE = [("J K", "next, previous"), ("Enter", "open"), ("A", "assign"), ("M", "assign to me")]
_REST = [("X", "select"), ("?", "all keys")]
KEYS = [*_MOVE, ("1", "answer"), ("2", "ask"), *_REST]
# A queue whose items another room answers in three ways has a key for each.
KEYS_OF_TRIAGE = [*_MOVE, ("1", "accept"), ("2", "ask"), ("3", "decline"), *_REST]

# A longer number is no id: no database holds it.
LONGEST_ID = 19


class Queues(SignedIn, TemplateView):
    """The queues a person works, with what waits in each."""

    template_name = "casework/queues.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One statement for the queues and one for each of them: nobody works more than a few."""
        cards = []
        for queue in queues_for(self.person):
            listed = QueueList(queue, self.person, QueueFilter())
            counts = listed.counts()
            here = reverse("casework:queue", args=[queue.key])
            cards.append(
                {
                    "queue": queue,
                    "url": here,
                    "views": [
                        (label, counts.words(view), f"{here}?view={view}", counts.by_view[view])
                        for view, label in VIEWS.items()
                        if view != "settled"
                    ],
                    "late": counts.by_view["overdue"],
                }
            )
        return super().get_context_data(**kwargs) | {"cards": cards}


class QueueView(SignedIn, View):
    """Finds the queue in the address: 404 outside the person's organisations, 403 for whoever does not work it."""

    queue: WorkedQueue
    listed: QueueList

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load the queue before anything else."""
        if request.user.is_authenticated:
            key = kwargs["key"]
            found = next((queue for queue in queues_for(self.person) if queue.key == key), None)
            if found is None:
                self._refuse(key)
            else:
                self.queue = found
                self.listed = QueueList(found, self.person, QueueFilter.read(request.GET))
        return super().dispatch(request, *args, **kwargs)

    def _refuse(self, key: str) -> None:
        row = queue_exists_for(self.person, key)
        if row is None:
            raise Http404("No such queue")
        organisations = standing_of(self.person).organisations
        place = Organisation.objects.filter(pk__in=organisations, framework=row.framework_id).first()
        people = list(people_of_queue(row, place.pk)[:3]) if place else []
        ask = f" Ask {' or '.join(person.label for person in people)}." if people else ""
        raise PermissionDenied(f"You cannot open the {row.name} queue: it is for the people who work it.{ask}")

    def address(self, query: str) -> str:
        """The page of this queue with another query."""
        here = reverse("casework:queue", args=[self.queue.key])
        return f"{here}?{query}" if query else here


class QueuePage(QueueView, TemplateView):
    """What stands in one queue; and giving several items to somebody at once."""

    template_name = "casework/queue.html"
    http_method_names = ["get", "head", "post"]

    form: BulkAssignForm | None = None

    @cached_property
    def colleagues(self) -> list[tuple[int, str]]:
        """Whoever works this queue, to give items to and to filter by: read once for both."""
        return [(person.pk, person.label) for person in self.listed.colleagues()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give what was ticked to somebody."""
        if not self.queue.is_worked:
            raise PermissionDenied(f"You can read the {self.queue.name} queue but not work it.")
        chosen = [
            int(number)
            for number in request.POST.getlist("item")
            if number.isascii() and number.isdecimal() and len(number) < LONGEST_ID
        ]
        rows = self.listed.items().filter(organisation_id__in=self.queue.works_in, pk__in=chosen[:100])
        items = list(rows.select_related("case_file"))
        self.form = BulkAssignForm(
            request.POST, user=self.person, items=[item.pk for item in items], colleagues=self.listed.colleagues()
        )
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=400)
        self._assign(items, self.form.cleaned_data)
        return HttpResponseRedirect(self.address(self.listed.asked.query()))

    def _assign(self, items: list[WorkItem], asked: dict[str, Any]) -> None:
        given, refused = assign_each(items, asked["assignee"], by=self.person, act_id=asked["act_id"])
        who = "you" if asked["assignee"] == self.person else asked["assignee"].name
        if given:
            messages.success(self.request, f"{counted(given, 'request')} assigned to {who}.")
        for words in refused:
            messages.warning(self.request, words)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, the counted views, and every link that changes the list."""
        listed, asked = self.listed, self.listed.asked
        try:
            page = listed.page(self.request.GET)
        except NoSuchPage as fault:
            raise Http404("There is no such page of this list") from fault
        counts = listed.counts()
        works = self.queue.is_worked
        least = least_notice(self.queue.key, self.queue.rules)
        query = asked.query(queue=self.queue.key)
        rows = rows_of(page.rows, self.person, query, with_verbs=works, least=least)
        can_assign = works and asked.view != "settled"
        is_triaged = any(room.verbs for room in map(handled, self.queue.kinds()) if room)
        keys = KEYS_OF_TRIAGE if is_triaged else KEYS
        return super().get_context_data(**kwargs) | {
            "queue": self.queue,
            "crumbs": [("Requests", reverse("casework:queues")), (f"{self.queue.name} queue", "")],
            "nav_current": "Requests",
            "rows": rows,
            "verbs": usual_verbs(rows),
            "views": [
                (
                    label,
                    counts.words(view),
                    self.address(asked.query(view=view)),
                    view == asked.view,
                    "red" if view == "overdue" and counts.by_view[view] else "",
                )
                for view, label in VIEWS.items()
            ],
            "view_label": VIEWS[asked.view],
            "is_settled": asked.view == "settled",
            "asked": asked,
            "filters": self._filters(),
            "is_filtered": bool(asked.narrowing),
            "clear_url": self.address(f"view={asked.view}"),
            "words": total_words(page.first, page.last, counts.words(asked.view), counts.value) if rows else "",
            "next_url": self.address(asked.query(**page.next)) if page.next else "",
            "previous_url": self.address(asked.query(**page.previous)) if page.previous else "",
            "export_url": self._export_url(),
            "form": self.form or (self._blank_form() if can_assign and rows else None),
            "ticked": {int(number) for number in (self.form["item"].value() or [])} if self.form else set(),
            "can_assign": can_assign,
            "heads": heads_of(asked, self.address, is_triaged=is_triaged),
            "is_triaged": is_triaged,
            "sorted_words": self._sorted_words(),
            "keys": keys if works and self.person.shortcuts_on else [],
        }

    def _sorted_words(self) -> str:
        asked = self.listed.asked
        if not asked.sort:
            settled = "Sorted by the day they were settled, latest first"
            return settled if asked.view == "settled" else "Sorted by clock, least time left first"
        way = "last to first" if asked.sort.startswith("-") else "first to last"
        return f"Sorted by {asked.sort.removeprefix('-').replace('_', ' ')}, {way}"

    def _blank_form(self) -> BulkAssignForm:
        form = BulkAssignForm(user=self.person, items=[], colleagues=self.listed.colleagues())
        field: Any = form.fields["assignee"]
        field.choices = [("", field.empty_label), *self.colleagues]
        return form

    def _export_url(self) -> str:
        query = self.listed.asked.query()
        return reverse("casework:queue_export", args=[self.queue.key]) + (f"?{query}" if query else "")

    def _filters(self) -> list[dict[str, Any]]:
        """The selects of the filter row: name, label, and (value, words, is chosen)."""
        asked = self.listed.asked
        kinds = self.queue.kinds()
        directorates, areas = self.listed.places()
        told: list[tuple[str, str, str, dict[str, str], str]] = [
            (
                "directorate",
                "Directorate",
                "All directorates",
                {str(number): name for number, name in directorates.items()},
                str(asked.directorate or ""),
            ),
            (
                "area",
                "Service area",
                "All areas",
                {str(number): name for number, name in areas.items()},
                str(asked.area or ""),
            ),
            (
                "officer",
                "With",
                "Anybody",
                {str(pk): label for pk, label in self.colleagues},
                str(asked.officer or ""),
            ),
            ("due", "Due", "Any day", DUE, asked.due),
            ("kind", "Asked for", "Anything", kinds, asked.kind),
            ("value", "Value", "Any value", self.listed.bands(), asked.value),
            ("flag", "Flag", "Any flag", FLAGS, asked.flag),
        ]
        return [
            {
                "name": name,
                "label": label,
                "options": [("", blank, not chosen), *((key, words, key == chosen) for key, words in choices.items())],
            }
            for name, label, blank, choices, chosen in told
        ]


class QueueExport(QueueView):
    """What a queue's page shows, as a file. That somebody took it is in the trail."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the rows, write down who took them, and send the file."""
        rows = list(self.listed.rows_for_export(MOST_EXPORTED))
        place = Organisation.objects.get(pk=min(self.queue.reads_in))
        with audited(by=self.person):
            record(
                verb="export",
                subject=place,
                changes={"list": f"the {self.queue.name} queue", "rows": len(rows)},
            )
        name = f"{self.queue.key}-{clock.today().isoformat()}.csv"
        return csv_answer(name, EXPORT_COLUMNS, map(export_row, rows))
