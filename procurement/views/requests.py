"""The pages of a procurement request. CCPS triages it on the same page that the commissioner follows it on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework import door
from casework.audit.sentences import history_of
from casework.models import WorkItem
from casework.presenters.clock_face import deadline_of, face_of
from casework.services.work_items import note_look
from casework.states import SETTLED
from casework.views.base import ActPage, CasePage, RecordPage, VerbPage
from casework.views.in_list import InList
from commissioning.models import Commission
from documents.models import Answer, Revision
from documents.presenting import as_read
from organisation.forms import PageForm
from organisation.permissions import may
from procurement import request_guards
from procurement.forms.requests import AskBudgetForm, AskHelpForm, OpenRequestForm
from procurement.models import ProcurementRequest
from procurement.selectors import request_page as words
from procurement.selectors.dossiers import load_request, standing_of
from procurement.selectors.requests import live_requests
from procurement.services import requests
from procurement.states import Path, RequestState

MOST_EVENTS = 8
EARLY_NOTICE = "early_notice"
#: The question of the form that suggests a route.
ROUTE_SAID = "route_suggested"
#: What the budget holder carries out.
BUDGET_VERBS = ("approve_budget", "approve_higher_budget", "refuse_budget")
KEYS = [
    ("1", "accept"),
    ("2", "ask"),
    ("3", "decline"),
    ("A", "assign"),
    ("M", "assign to me"),
    ("J K", "next, previous"),
]


class OpenRequestPage(ActPage):
    """Open a procurement request for a commission, or go to the one there is."""

    model = Commission
    act = "request.open"
    page_title = "Open a procurement request"
    form_class = OpenRequestForm
    template_name = "procurement/open_request.html"
    related = ("case_file__organisation", "case_file__service_area", "case_file__holder", "case_file__root")

    made: ProcurementRequest | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the request that is live already."""
        live = live_requests(self.subject.pk).first()
        return HttpResponseRedirect(live.get_absolute_url()) if live else super().get(request, *args, **kwargs)

    def perform(self, form: PageForm) -> str:
        """Open it and begin its form."""
        self.made = requests.open_request(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"{self.made.case_file.reference} opened. Write the form, and ask for the budget."

    def get_success_url(self) -> str:
        """To the request; a form sent twice leads there too."""
        found = self.made or live_requests(self.subject.pk).first()
        return found.get_absolute_url() if found else self.back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what blocks it before anyone presses anything."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None:
            context["blockers"] = list(request_guards.open_request(standing_of(self.subject.pk), ""))
        return context


class RequestMixin(InList, CasePage):
    """A page of a request, opened perhaps from CCPS's filtered queue, which its links then keep."""

    model = ProcurementRequest
    related = (
        "case_file__service_area__directorate",
        "case_file__organisation__framework",
        "case_file__holder",
        "case_file__root",
        "paper__template",
        "paper__case_file",
        "route",
        "lead",
        "budget_by",
        "decided_by",
        "item__queue",
        "item__assignee",
        "item__case_file",
        "commission",
    )

    @property
    def list_item(self) -> WorkItem | None:
        """Its item in CCPS's queue."""
        item: WorkItem | None = self.subject.item
        return item

    def crumbs(self) -> list[tuple[str, str]]:
        """From the queue for those who came from there, from the commission for everyone else."""
        way = self.queue_crumbs()
        return [*way, (self.subject.case_file.reference, "")] if way else super().crumbs()


class RequestPage(RequestMixin, RecordPage):
    """Where the request stands, what it waits for, what was asked and answered, and CCPS's buttons."""

    template_name = "procurement/request.html"

    def load(self) -> Any:
        """The request, with the form as CCPS reads it and the day CCPS first heard of it, in one statement."""
        forms = Revision.objects.filter(paper=OuterRef("paper"), number=OuterRef("revision_number"))
        said = Answer.objects.filter(paper=OuterRef("paper"), question_key=ROUTE_SAID, is_offered=False)
        notices = WorkItem.objects.filter(case_file=OuterRef("commission__case_file"), kind=EARLY_NOTICE)
        rows = ProcurementRequest.objects.visible_to(self.person).select_related(*self.related)
        rows = rows.annotate(
            st_form=Subquery(forms.values("content")[:1]),
            st_route_said=Subquery(said.values("value")[:1]),
            st_heard_at=Subquery(notices.order_by("opened_at").values("opened_at")[:1]),
            **words.folded_twins(self.person),
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it; colleagues see in the queue that somebody has it open."""
        item = self.list_item
        if item is not None and item.state not in SETTLED and self.is_worker:
            note_look(item, self.person)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the page shows."""
        subject, item = self.subject, self.list_item
        dossier = load_request(subject)
        offers = door.offers(subject, self.person, dossier=dossier, with_closed=True)
        is_waiting = item is not None and item.state not in SETTLED
        triage = self._triage(offers) if is_waiting else []
        # CCPS's answers stand in a row of their own.
        shown = [offer for offer in offers if not triage or offer.verb not in words.TRIAGE]
        primary, actions = words.buttons(shown, subject.state, self.query)
        face = face_of(item) if item is not None else None
        told = words.thread(item)
        may_write = may(self.person, "request.write", subject)
        # Approving comes before refusing in the lifecycle: the first that is open says what is decided.
        decides = next((offer for offer in offers if offer.is_open and offer.verb in BUDGET_VERBS[:2]), None)
        own = self._own_actions(may_write)
        if primary is None and may_write and subject.budget_ex_vat is None and own:
            primary = own.pop(0)  # the budget is what a draft waits for first
        return (
            super().get_context_data(**kwargs)
            | {
                "nav_current": "Requests" if self.listed else "",
                "tags": words.tags_of(subject),
                "facts": words.facts_of(subject, dossier),
                "deadline": deadline_of(item, face) if item is not None and face is not None and is_waiting else None,
                "primary": primary,
                "actions": actions + own,
                "standing_words": words.state_words(subject, item),
                "decision": words.decision_words(subject, dossier.value, decides.verb) if decides else "",
                "may_write": may_write,
                # Whoever decides the money is not shown the author's tasks.
                "blockers": []
                if decides and not may_write
                else words.blockers_of(offers, subject.state, may_write=may_write),
                "budget": words.budget_rows(subject),
                "outcome": words.outcome_rows(subject),
                "twins": words.twins_of(subject),
                "sourcing_url": self._sourcing_url(),
                "thread": told,
                "question": words.question_of(item, told),
                "read": as_read(subject.st_form) if subject.st_form else None,
                "open_files": frozenset(),
                "early_notice": words.notice_words(subject.st_heard_at),
                "band": dossier.standing.needs.band.name if dossier.standing.needs else "",
                "item": item,
                "face": face,
                "triage": triage,
                "keys": KEYS if self.is_worker and self.person.shortcuts_on else [],
                "take_url": self._take_url() if is_waiting else "",
                "take_id": uuid4(),
                "rules_url": self._rules_url(item),
                "compare_url": self._compare_url(),
                "events": history_of(subject.case_file, limit=MOST_EVENTS, viewer=self.person),
            }
            | self.links_of_list()
        )

    def _own_actions(self, may_write: bool) -> list[dict[str, str]]:
        subject = self.subject
        found = self._hold_action()
        if not may_write or not subject.is_being_written:
            return found
        if subject.budget_ex_vat is None:
            url = reverse("procurement:request_budget", args=[subject.pk])
            found.append({"label": "Ask for the budget", "url": url})
        found.append({"label": "Ask CCPS for help", "url": reverse("procurement:request_help", args=[subject.pk])})
        return found

    def _hold_action(self) -> list[dict[str, str]]:
        """CCPS's manager, or the service's leader, stops the clock of a commission whose steps are missing."""
        subject = self.subject
        commission = subject.commission
        commission.case_file = subject.case_file.root
        if not subject.is_live or not commission.can_go("hold") or not may(self.person, "commission.hold", commission):
            return []
        return [{"label": "Put the commission on hold", "url": door.verb_url(commission, "hold")}]

    def _triage(self, offers: list[door.Offer]) -> list[tuple[str, str, str]]:
        """CCPS's three answers as visible controls, each with its key and the page it opens."""
        keys = dict(zip(words.TRIAGE, ("1", "2", "3"), strict=True))
        shown = [offer for offer in offers if offer.is_open and offer.verb in keys]
        return [(offer.label, offer.url + self.query, keys[offer.verb]) for offer in shown]

    def _take_url(self) -> str:
        item = self.list_item
        if item is None or not self.is_worker or not item.can_go("assign"):
            return ""
        return door.verb_url(item, "assign") + self.query

    def _rules_url(self, item: WorkItem | None) -> str:
        if item is None or not item.rule_key or item.rules_number is None:
            return ""
        return reverse("casework:rules", args=[item.organisation_id, item.rules_number]) + f"#rule-{item.rule_key}"

    def _sourcing_url(self) -> str:
        """Where CCPS writes the strategy and plans the steps of what it sources."""
        is_sourced = self.subject.state == RequestState.ACCEPTED and self.subject.path == Path.SOURCING
        return reverse("commissioning:sourcing", args=[self.subject.commission_id]) if is_sourced else ""

    def _compare_url(self) -> str:
        """What changed since the form CCPS read before, once there are two."""
        number = self.subject.revision_number
        return reverse("documents:compare", args=[self.subject.paper_id]) if number > 1 else ""


class RequestVerbPage(RequestMixin, VerbPage):
    """Confirm one verb of a request; CCPS goes on to the next of its list afterwards."""

    next_url = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the amount that a budget holder decides on."""
        context = super().get_context_data(**kwargs)
        verb = self.rules.name
        if verb not in BUDGET_VERBS:
            return context
        said = words.decision_words(self.subject, load_request(self.subject).value, verb)
        return context | {"rules": replace(self.rules, explains=said)}

    def back_url(self) -> str:
        """Back to the request, keeping the list."""
        return str(self.subject.get_absolute_url()) + self.query

    def get_success_url(self) -> str:
        """The next item of the list, the list when there is none, or the request."""
        return self.next_url or self.list_url or self.back_url()

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here through the request."""
        way = self.queue_crumbs()
        if not way:
            return VerbPage.crumbs(self)
        return [*way, (self.subject.case_file.reference, self.back_url()), (self.rules.label, "")]

    def perform(self, form: PageForm) -> str:
        """Remember what comes next before this one changes its place in the list."""
        _, after = self.neighbours
        self.next_url = self.item_url(after)
        return super().perform(form)

    def done_words(self, outcome: door.Outcome) -> str:
        """The banner, with a way to look back."""
        said = super().done_words(outcome)
        return self.with_look_back(said, self.back_url(), self.subject.case_file.reference)


class RequestActPage(ActPage):
    """A form on a request that is still being written."""

    model = ProcurementRequest
    act = "request.write"
    template_name = "procurement/exercise_act.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say when it is too late."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None and not self.subject.is_being_written:
            context["closed_words"] = f"This request is {self.subject.get_state_display().lower()}."
        return context


class AskBudgetPage(RequestActPage):
    """Ask a budget holder to approve the money."""

    page_title = "Ask for the budget"
    intro = "The budget holder reads the request, and approves the value the commission has now or says why not."
    form_class = AskBudgetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer those who could approve it."""
        return super().get_form_kwargs() | {"holders": words.budget_holders(self.subject)}

    def perform(self, form: PageForm) -> str:
        """Ask."""
        given = form.cleaned_data
        requests.ask_budget(self.subject, holder=given["holder"], by=self.person, act_id=given["act_id"])
        return f"{given['holder'].name} is asked to approve the budget."


class AskHelpPage(RequestActPage):
    """Ask CCPS for help with a draft."""

    page_title = "Ask CCPS for help"
    form_class = AskHelpForm

    def perform(self, form: PageForm) -> str:
        """Ask."""
        given = form.cleaned_data
        requests.ask_help(self.subject, question=given["question"], by=self.person, act_id=given["act_id"])
        return "CCPS is asked for help. The clock of the request has not started."
