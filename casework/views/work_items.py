"""One thing asked of a queue or person: read it, answer it, go on to the next."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from casework import door
from casework.forms.work_items import AnswerForm, ReplyForm
from casework.handled import answer_words, handled
from casework.models import WorkItem, WorkItemEvent
from casework.presenters.clock_face import deadline_of, face_of
from casework.presenters.item_page import facts_of, lead_of, tags_of, thread_of, why_of
from casework.selectors.rules import rules_behind
from casework.services.work_items import note_look
from casework.states import ASKS_WORDS, SETTLED, ItemState
from casework.verb_forms import VerbForm
from casework.views.base import CasePage, RecordPage, VerbPage
from casework.views.in_list import InList
from organisation.forms import PageForm


class ItemMixin(InList, CasePage):
    """A page about one work item, opened perhaps from a queue's filtered list, which its links then keep."""

    model = WorkItem
    related = (
        "case_file__service_area__directorate",
        "case_file__holder",
        "case_file__root",
        "queue",
        "assignee",
        "requested_by",
        "settled_by",
    )

    @property
    def list_item(self) -> WorkItem:
        """The item itself."""
        item: WorkItem = self.subject
        return item

    def verb_address(self, name: str) -> str:
        """The page of one verb, keeping the list."""
        return door.verb_url(self.subject, name) + self.query

    def way_here(self) -> list[tuple[str, str]]:
        """From the queue for those who came from there, from the case for everyone else."""
        return self.queue_crumbs() or CasePage.crumbs(self)


class ItemPage(ItemMixin, RecordPage):
    """What is asked, why, by when, what was said so far, and the answer."""

    template_name = "casework/item.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the item; colleagues see in the queue that somebody has it open.

        An item that another room works leads to that room's page, with the list it was opened from.
        """
        if handled(self.subject.kind) and self.subject.path:
            return HttpResponseRedirect(self.subject.path + self.query)
        if self.is_worker and self.subject.queue_id and self.subject.state not in SETTLED:
            note_look(self.subject, self.person)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the page shows, the answer only to those who may read it."""
        item = self.subject
        face = face_of(item)
        events = list(WorkItemEvent.objects.filter(item=item).select_related("by", "to").order_by("id"))
        questions = [event for event in events if event.kind == WorkItemEvent.Kind.ASKED]
        may_read = self.is_worker or not item.is_privileged
        offers = {offer.verb: offer for offer in door.offers(item, self.person)}
        form = self._form(offers)
        rules = rules_behind(item)
        return (
            super().get_context_data(**kwargs)
            | {
                "item": item,
                "page_title": item.title,
                "nav_current": "Requests" if self.is_worker and item.queue_id else "",
                "asks": ASKS_WORDS.get(item.asks, "To do"),
                "tags": tags_of(item),
                "facts": facts_of(item),
                "deadline": deadline_of(item, face),
                "face": face,
                "is_settled": item.state in SETTLED,
                "answer_word": answer_words(item.kind, item.answer),
                "why": why_of(item, rules),
                "lead_warning": "" if item.state in SETTLED else lead_of(item, rules),
                "may_read_answer": may_read,
                "thread": thread_of(item, events),
                "to_reply_to": questions[-1] if questions and isinstance(form, ReplyForm) else None,
                "form": form,
                "form_title": self._form_title(form),
                "blockers": self._blockers(offers, form),
                "actions": self._actions(offers, form),
                "take_url": self._take_url(offers),
                "take_id": uuid4(),
                "rules_url": self._rules_url(),
                "waits_for": self._waits_for(form),
            }
            | self.links_of_list()
        )

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here; a queue's items are known by their case."""
        return [*self.way_here(), (self.subject.case_file.reference if self.listed else self.subject.title, "")]

    def _form(self, offers: dict[str, door.Offer]) -> VerbForm | None:
        """The one form of the page: the reply of whoever was asked, or the answer of whoever works the queue."""
        kinds: tuple[tuple[str, type[VerbForm]], ...] = (("reply", ReplyForm), ("respond", AnswerForm))
        for name, kind in kinds:
            if name in offers and offers[name].is_open:
                form = kind(user=self.person, subject=self.subject, rules=door.rules_of(WorkItem, name))
                form.helper.form_action = self.verb_address(name)
                return form
        return None

    def _form_title(self, form: VerbForm | None) -> str:
        if isinstance(form, ReplyForm):
            return "Reply to the question"
        return f"Answer for {self.subject.queue.name}" if self.subject.queue_id else "When you have done it"

    def _blockers(self, offers: dict[str, door.Offer], form: VerbForm | None) -> list[Any]:
        blocked = offers.get("respond")
        return blocked.blockers if blocked and form is None else []

    def _actions(self, offers: dict[str, door.Offer], form: VerbForm | None) -> list[dict[str, str]]:
        shown = {"respond", "reply"} if form is not None else set()
        labels = {"assign": "Reassign" if self.subject.assignee_id else "Assign to a colleague"}
        return [
            {"label": labels.get(name, offer.label), "url": self.verb_address(name)}
            for name, offer in offers.items()
            if offer.is_open and name not in shown
        ]

    def _take_url(self, offers: dict[str, door.Offer]) -> str:
        if self.subject.queue_id is None or self.subject.assignee_id == self.person.pk:
            return ""
        return self.verb_address("assign") if "assign" in offers and offers["assign"].is_open else ""

    def _rules_url(self) -> str:
        item = self.subject
        if not item.rule_key or item.rules_number is None:
            return ""
        return reverse("casework:rules", args=[item.organisation_id, item.rules_number]) + f"#rule-{item.rule_key}"

    def _waits_for(self, form: VerbForm | None) -> str:
        """Whose turn it is, for somebody who can only wait."""
        item = self.subject
        if form is not None or item.state in SETTLED:
            return ""
        if item.state == ItemState.WAITING:
            asked = item.requested_by or item.case_file.holder
            return f"waits for a reply from {asked.name}" if asked else "waits for a reply"
        where = item.queue.name if item.queue else ""
        if item.assignee:
            return f"is with {item.assignee.label}"
        return f"is in the {where} queue and nobody has taken it yet"


class ItemVerbPage(ItemMixin, VerbPage):
    """One verb on one work item; afterwards the next one of the list."""

    template_name = "casework/item_verb.html"

    next_url = ""

    def back_url(self) -> str:
        """Back to the item, keeping the list."""
        return self.item_url(self.subject.pk)

    def get_success_url(self) -> str:
        """The next item of the list, or the list when there is none."""
        return self.next_url or self.list_url or self.back_url()

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here through the item, ending in the verb."""
        item = self.subject.case_file.reference if self.listed else self.subject.title
        return [*self.way_here(), (item, self.back_url()), (self.rules.label, "")]

    def perform(self, form: PageForm) -> str:
        """Remember what comes next before this item changes its place in the list."""
        _, after = self.neighbours
        self.next_url = self.item_url(after)
        return super().perform(form)

    def done_words(self, outcome: door.Outcome) -> str:
        """The banner, with a way to look back when another page follows."""
        return self.with_look_back(super().done_words(outcome), self.back_url(), self.subject.case_file.reference)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Read the button that assigns to oneself, which sends no choice."""
        kwargs = super().get_form_kwargs()
        if self.rules.name == "assign" and self.request.POST.get("me"):
            sent = self.request.POST.copy()
            sent["assignee"] = str(self.person.pk)
            kwargs["data"] = sent
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say again what is asked."""
        context = super().get_context_data(**kwargs)
        return context | {"item": self.subject, "face": face_of(self.subject), "nav_current": "Requests"}
