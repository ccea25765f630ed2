"""Forms of a procurement request: opening it, its budget, help with it, and CCPS's three answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crispy_forms_gds.layout import Fieldset
from django import forms

from casework.lead_times import lead_time, lead_warning
from casework.models import WorkItem
from casework.rules import people_of_queue
from casework.verb_forms import VerbForm, verb_form
from commissioning.models import SourcingPlan
from organisation import clock
from organisation.formatting import day, listed, money
from organisation.forms import DayField, LineField, NumberField, PageForm, PersonField, TextField
from organisation.models import Person
from procurement.models import ProcurementRequest, RouteToMarket
from procurement.selectors.dossiers import LEGAL_KIND, load_request
from procurement.states import DeclineGround, Path, RequestState

MOST_DAYS = 2000


class OpenRequestForm(PageForm):
    """Nothing to type: everything is asked on the form itself."""

    submit_label = "Open a procurement request"


class AskBudgetForm(PageForm):
    """Which budget holder is asked."""

    submit_label = "Ask for the budget"

    holder = PersonField(Person.objects.none(), label="Which budget holder do you ask?", called="a budget holder")

    def __init__(self, *args: Any, holders: list[Person], **kwargs: Any) -> None:
        """Offer those who could approve it."""
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(pk__in=[person.pk for person in holders]).order_by("name", "pk")
        self.fields["holder"].queryset = people  # type: ignore[attr-defined]
        if len(holders) == 1:
            self.fields["holder"].initial = holders[0].pk


class AskHelpForm(PageForm):
    """What CCPS is asked while the request is still a draft."""

    submit_label = "Ask CCPS for help"

    question = TextField(
        label="What do you want help with?",
        help_text="CCPS answers in its own time. The week for the request itself starts only when you submit it.",
        called="what you want help with",
        max_length=4000,
    )


class RequestForm(VerbForm):
    """A form of a verb of a request."""

    subject: ProcurementRequest


@verb_form(ProcurementRequest, "submit")
class SubmitForm(RequestForm):
    """The first time nothing to type; after a question, the answer to it."""

    text = TextField(
        label="Your answer to CCPS",
        help_text="Say what you changed in the form.",
        called="your answer",
        max_length=4000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for an answer only where CCPS asked."""
        super().__init__(*args, **kwargs)
        if self.subject.state == RequestState.MORE_INFORMATION:
            self.submit_label = "Send the request back to CCPS"
        else:
            del self.fields["text"]

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """By when CCPS answers."""
        due = WorkItem.objects.filter(pk=subject.item_id).values_list("due_on", flat=True).first()
        return f"{subject.case_file.reference} submitted. CCPS answers by {day(due)}."


class LeadForm(RequestForm):
    """Who leads, by which path, with how much effort and by when; and Legal's time where Legal joins."""

    lead = PersonField(Person.objects.none(), label="Who leads it for CCPS?", called="a lead officer")
    path = forms.ChoiceField(
        label="Which path does it take?",
        choices=Path.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the path"},
    )
    effort_days = NumberField(
        label="How many days of CCPS’s time will it take?",
        called="the effort in days",
        min_value=1,
        max_value=MOST_DAYS,
        suffix="days",
    )
    target_on = DayField(label="When do you aim to award it?", called="the target date")
    legal_needed_by = DayField(
        label="When do you need Legal’s draft contract?", called="date for Legal", required=False
    )
    urgent_reason = TextField(
        label="Why is it urgent for Legal?",
        help_text="Only if you give Legal less time than it needs.",
        max_length=500,
        rows=2,
        required=False,
        called="the reason why it is urgent",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer CCPS's people, and say why Legal joins if it does."""
        super().__init__(*args, **kwargs)
        request = self.subject
        lead, item = self.fields["lead"], request.item
        if item is not None and item.queue is not None:
            lead.queryset = people_of_queue(item.queue, item.organisation_id)  # type: ignore[attr-defined]
            planned = SourcingPlan.objects.filter(commission=request.commission_id).values_list("lead", flat=True)
            asked = item.assignee_id or (self.user.pk if self.user else None)
            lead.initial = request.lead_id or planned.first() or asked
        self.fields["target_on"].earliest = clock.today()  # type: ignore[attr-defined]
        self.fields["legal_needed_by"].earliest = clock.today()  # type: ignore[attr-defined]
        routes, rules = load_request(request).legal_routes()
        why = [found.because for found in routes if found.queue == "legal"]
        least, clean = (int(rules.amount(key)) for key in ("legal_lead_minimum", "legal_lead_clean"))
        when = f"Legal needs {least} days at least, {clean} to be comfortable: {day(clock.today() + timedelta(clean))}."
        joins = (
            f"Legal joins this, because {listed(why)}. " if why else "Needed only if the route you choose is unusual. "
        )
        self.fields["legal_needed_by"].help_text = joins + when
        if why:
            self.fields["legal_needed_by"].required = True

    def legal_layout(self) -> Fieldset:
        """Legal's date and, under it, the way out of too short a one."""
        names = ("legal_needed_by", "urgent_reason")
        return Fieldset(*(self.laid_out(name) for name in names), legend="Legal", legend_size="m")


@verb_form(ProcurementRequest, "accept")
class AcceptForm(LeadForm):
    """CCPS takes it on."""

    route = forms.ModelChoiceField(
        RouteToMarket.objects.none(),
        label="Which route to market?",
        help_text="Leave it open if you will choose when you write the sourcing strategy.",
        empty_label="Not chosen yet",
        required=False,
        error_messages={"invalid_choice": "Choose a route from the list"},
    )
    next_steps = TextField(label="What happens next?", called="the next steps", max_length=4000, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the framework's routes; begin with what was suggested and what the queue asks."""
        super().__init__(*args, **kwargs)
        request = self.subject
        routes = RouteToMarket.objects.in_force().filter(framework_id=request.case_file.organisation.framework_id)
        self.fields["route"].queryset = routes.order_by("order", "pk")  # type: ignore[attr-defined]
        self.fields["route"].initial = request.route_id
        asks = request.item.asks if request.item else ""
        self.fields["path"].initial = Path.QUOTATION if asks == "quote" else Path.SOURCING

    def build_layout(self) -> list[Any]:
        """What CCPS gives, then Legal, then what the requester reads."""
        names = ("lead", "path", "route", "effort_days", "target_on")
        return [*(self.laid_out(name) for name in names), self.legal_layout(), self.laid_out("next_steps")]

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Who leads, and that Legal has little time if so."""
        said = (
            f"{subject.case_file.reference} accepted: {subject.get_path_display().lower()}, led by {subject.lead.name}."
        )
        return said + legal_words(subject)


@verb_form(ProcurementRequest, "change_path")
class ChangePathForm(LeadForm):
    """Another path, or another lead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with what was accepted."""
        super().__init__(*args, **kwargs)
        for name in ("path", "effort_days", "target_on", "legal_needed_by"):
            self.fields[name].initial = getattr(self.subject, name)

    def build_layout(self) -> list[Any]:
        """What changes, then Legal, then why."""
        names = ("lead", "path", "effort_days", "target_on")
        return [*(self.laid_out(name) for name in names), self.legal_layout(), self.laid_out("note")]

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """What stands now."""
        return f"{subject.get_path_display()}, led by {subject.lead.name}." + legal_words(subject)


@verb_form(ProcurementRequest, "ask")
class AskForm(RequestForm):
    """A question to the requester."""

    text = TextField(label="What do you need to know?", called="your question", max_length=4000)
    next_steps = TextField(
        label="What happens next?",
        help_text="The requester reads this with your question.",
        called="the next steps",
        initial="Answer on this request and send it back. CCPS then has a week to answer.",
        max_length=4000,
        rows=3,
    )

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Who has it now."""
        holder = subject.case_file.holder
        return (
            f"Question sent to {holder.name if holder else 'the requester'}. The clock stands still until they answer."
        )


@verb_form(ProcurementRequest, "link_duplicate")
class LinkDuplicateForm(RequestForm):
    """Which other request asks for the same."""

    note_label = "Why is it the same?"
    note_hint = "Everyone who sees either request reads this."

    same_as = LineField(
        label="What is the reference of the other request?",
        help_text="For example PRF-2026-0004.",
        called="the reference of the other request",
        max_length=40,
    )

    def clean_same_as(self) -> ProcurementRequest:
        """The request of that reference in the same council, if the person sees it."""
        said = str(self.cleaned_data["same_as"]).strip()
        rows = ProcurementRequest.objects.visible_to(self.user) if self.user else ProcurementRequest.objects.none()
        organisation_id = self.subject.case_file.organisation_id
        found = rows.filter(case_file__organisation=organisation_id, case_file__reference__iexact=said)
        other = found.select_related("case_file").first()
        if other is None:
            raise forms.ValidationError(f"There is no request {said}. Check the reference on the request's page")
        return other

    def build_layout(self) -> list[Any]:
        """The other one, then why."""
        return [self.laid_out(name) for name in ("same_as", "note")]

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """What both show now."""
        return f"{subject.case_file.reference} and {subject.same_as.case_file.reference} show that they are the same."


@verb_form(ProcurementRequest, "decline")
class DeclineForm(RequestForm):
    """Why not, and what can be done instead."""

    note_label = "Reason"
    note_hint = "The requester reads this word for word."

    ground = forms.ChoiceField(
        label="Why does CCPS decline it?",
        choices=DeclineGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why"},
    )
    next_steps = TextField(
        label="Next steps",
        help_text="What the requester can do now: revise it, deliver another way, or stop.",
        called="the next steps",
        max_length=4000,
        rows=4,
    )

    def build_layout(self) -> list[Any]:
        """The ground, the reason, the next steps."""
        return [self.laid_out(name) for name in ("ground", "note", "next_steps")]

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Where that leaves the commission."""
        return f"{subject.case_file.reference} declined. The commission stays in Plan, with your reason and next steps."


@verb_form(ProcurementRequest, "approve_budget", "approve_higher_budget")
class BudgetForm(RequestForm):
    """Nothing to type."""

    @classmethod
    def success_words(cls, subject: Any) -> str:
        """Up to what."""
        return f"Budget approved up to {money(subject.budget_ex_vat)} excluding VAT."


def legal_words(request: ProcurementRequest) -> str:
    """The sentence for CCPS where Legal was asked; with the warning where it has little time."""
    item = WorkItem.objects.filter(
        case_file_id=request.commission.case_file_id, kind=LEGAL_KIND, key__endswith=f":{request.ask_key}"
    ).first()
    if item is None:
        return ""
    rules = load_request(request).standing.rules
    warning = lead_warning(lead_time("legal", item.needed_by, clock.today(), rules))
    asked = f" Legal is asked to join by {day(item.needed_by)}"
    return f"{asked}, {warning}." if warning else f"{asked}."
