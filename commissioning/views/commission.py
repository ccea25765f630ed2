"""The commission's own pages, and registering a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView

from casework import door
from casework.audit.decisions import decisions_of
from casework.audit.folding import history_in_acts
from casework.lists import list_of
from casework.panels import panels_of
from casework.querysets import Scope
from casework.refusals import Replayed
from casework.views.base import SignedIn, VerbPage
from commissioning.dossier import Dossier
from commissioning.forms.commission import FLAGS, FactsForm, NewCommissionForm, ValueForm, areas_for
from commissioning.forms.further import FURTHER, PRIORITY, PriorityForm
from commissioning.models import Commission
from commissioning.risk_ticks import measure_words
from commissioning.selectors import about, activity_lines, dossiers, outputs, overview, people
from commissioning.selectors import aggregation as adding
from commissioning.selectors.analyse_notes import with_law_changes
from commissioning.selectors.collaboration import shares_of
from commissioning.selectors.notice import notice_of
from commissioning.selectors.risk_figures import measured_of
from commissioning.services import commissions, priorities, values
from commissioning.states import STAGES, CommissionState
from commissioning.views.base import CommissionAct, CommissionMixin, CommissionPage
from organisation.forms import PageForm
from organisation.prepared import Prepared

MOST_EVENTS = 8


class NewCommission(SignedIn, FormView):
    """Register a need in one page."""

    template_name = "commissioning/new.html"
    form_class = NewCommissionForm
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only a commissioner of some service area registers a need."""
        if request.user.is_authenticated and not areas_for(self.person).exists():
            raise PermissionDenied(
                "You cannot register a commission. Ask a commissioner in your service area, or an administrator "
                "for the role."
            )
        return super().dispatch(request, *args, **kwargs)

    @property
    def list_url(self) -> str:
        """Where all commissions are listed."""
        top = list_of("commission")
        return top[1] if top else "/"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the person."""
        return super().get_form_kwargs() | {"user": self.person, "cancel_url": self.list_url}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way here."""
        top = list_of("commission")
        return super().get_context_data(**kwargs) | {"crumbs": [*([top] if top else []), ("New commission", "")]}

    def form_valid(self, form: Any) -> HttpResponse:
        """Register it and say at once which tier it is in."""
        given = dict(form.cleaned_data)
        flags = {name: given.pop(name) for name in FLAGS}
        places = given.pop("places")
        further = {name: given.pop(name) for name in (*FURTHER, *PRIORITY) if name != "places"}
        try:
            commission = commissions.register(
                by=self.person, flags=flags, further=further, places=places, settled=form.settled, **given
            )
        except Replayed:
            messages.success(self.request, "This commission was already registered.")
            return HttpResponseRedirect(self._already_made(given["title"]))
        dossier = dossiers.load(commission)
        tier = f" It is in the tier “{dossier.needs.band.name}”." if dossier.needs else ""
        messages.success(
            self.request,
            f"{commission.case_file.reference} registered.{tier} Answer the risk form next: it can change the tier.",
        )
        for words in about.warnings_of(dossier):
            messages.warning(self.request, words)
        return redirect(commission)

    def _already_made(self, title: str) -> str:
        """The commission that the same form made when it first arrived; the list, if it is called otherwise by now."""
        mine = Commission.objects.visible_to(self.person).filter(case_file__holder=self.person, case_file__title=title)
        found = mine.order_by("-pk").first()
        return found.get_absolute_url() if found else self.list_url


def _overview(pk: int, person: int, organisations: tuple[int, ...], related: tuple[str, ...]) -> Any:
    scope = Scope(person, organisations)
    rows = activity_lines.with_activities(dossiers.seen(pk, person, organisations, related))
    rows = with_law_changes(dossiers.with_neighbours(about.with_about(rows), scope))
    return adding.with_sums(rows, pk, scope)


_OVERVIEW: Prepared[Commission] = Prepared(_overview)


class Overview(CommissionPage):
    """What is it, where is it, what stops it, what is left, and why."""

    template_name = "commissioning/overview.html"
    tab = "commission"

    def load(self) -> Commission:
        """The commission with every single fact its guards read, in one statement."""
        related = (*self.related, "sourcing_plan__lead")
        found: Commission = self.or_404(_OVERVIEW.first(related=related, **self.asking()))
        return found

    @cached_property
    def dossier(self) -> Dossier:
        """What the guards read; the page reads the same."""
        return dossiers.load(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on the page."""
        context = super().get_context_data(**kwargs)
        commission, dossier = self.subject, self.dossier
        queue_rows = overview.queue_rows(commission)
        offers = door.offers(commission, self.person, dossier=dossier, with_closed=True)
        step = overview.next_step(dossier, offers)
        state = commission.held_from if commission.state == CommissionState.ON_HOLD else commission.state
        stage = state if state in STAGES else ""
        primary = overview.Link(step["offer"].label, step["offer"].url) if step and step["action"] else None
        if primary is None and self.may_now("commission.edit"):
            primary = overview.gate_step(dossier)
        others = [offer for offer in offers if offer.is_open and (step is None or offer.verb != step["offer"].verb)]
        return context | {
            "dossier": dossier,
            "facts": overview.identity_facts(dossier),
            "deadline": overview.deadline_of(commission),
            "stages": overview.stages_of(dossier, {}),
            "step": step,
            "primary": primary,
            "actions": self.actions(others),
            "task_groups": overview.task_groups(dossier, stage) if stage else [],
            "earlier": outputs.before(stage),
            "found_earlier": outputs.found_before(dossier, stage),
            "stage_name": commission.get_state_display(),
            "meaning": overview.meaning_of(dossier),
            "queue_rows": queue_rows,
            "events": history_in_acts(commission.case_file, limit=MOST_EVENTS, viewer=self.person),
            "people": people.rows_of(commission),
            "panels": panels_of(commission.case_file, self.person),
            "notice": notice_of(commission, queue_rows),
            "about_rows": about.rows_of(commission),
            "adds_up": adding.sums_of(commission, self.person, dossier.facts, dossier.rules),
            "outcomes": about.outcomes_of(commission),
        }

    def actions(self, offers: list[door.Offer]) -> list[overview.Link]:
        """The menu: editing first, then the verbs that are open."""
        pk = self.subject.pk
        links: list[overview.Link] = []
        if self.may_now("commission.edit"):
            links = [
                overview.Link("Change details", reverse("commissioning:facts", args=[pk])),
                overview.Link("Change value", reverse("commissioning:value", args=[pk])),
                overview.Link("Change risk answers", reverse("commissioning:risk_form", args=[pk])),
            ]
        if self.may_now("commission.prioritise"):
            links.append(overview.Link("Change priority", reverse("commissioning:priority", args=[pk])))
        if self.may_now("commission.ask") and self.subject.has_started:
            links.append(overview.Link("Ask Legal", reverse("commissioning:ask_legal", args=[pk])))
        return links + [overview.Link(offer.label, offer.url) for offer in offers]


class Tasks(CommissionPage):
    """All activities of all stages, and the papers."""

    template_name = "commissioning/tasks.html"
    tab = "tasks"
    page_title = "Tasks and documents"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every stage with its groups."""
        context = super().get_context_data(**kwargs)
        dossier = dossiers.load(self.subject)
        return context | {
            "stages": [(stage.label, overview.task_groups(dossier, stage)) for stage in STAGES],
            "papers": people.papers_of(self.subject),
            "files": people.files_of(self.subject),
        }


class People(CommissionPage):
    """Who holds which role here."""

    template_name = "commissioning/people.html"
    tab = "people"
    page_title = "People"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every role held where this commission is."""
        return super().get_context_data(**kwargs) | {"groups": people.everyone_of(self.subject)}


class Money(CommissionPage):
    """Every value ever recorded, newest first."""

    template_name = "commissioning/money.html"
    tab = "money"
    page_title = "Money"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dated rows."""
        rows = self.subject.values.select_related("recorded_by").order_by("-pk")[:50]
        return super().get_context_data(**kwargs) | {"values": rows, "shares": shares_of(self.subject)}


class Risk(CommissionPage):
    """The criteria with their answers, and what each one did."""

    template_name = "commissioning/risk.html"
    tab = "risk"
    page_title = "Risk"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answers, each with what was measured for it."""
        criteria, measured = dossiers.criteria_of(self.subject), measured_of(self.subject)
        return super().get_context_data(**kwargs) | {
            "criteria": [(line, measure_words(line.measure, measured)) for line in criteria],
        }


class History(CommissionPage):
    """Who did what, when and why, newest first."""

    template_name = "commissioning/history.html"
    tab = "history"
    page_title = "History"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The last hundred events; the whole trail has its own page."""
        return super().get_context_data(**kwargs) | {
            "events": history_in_acts(self.subject.case_file, limit=100, viewer=self.person)
        }


class Decisions(CommissionPage):
    """Who decided what, when, why, and on which version of which document."""

    template_name = "commissioning/decisions.html"
    tab = "history"
    page_title = "Decisions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The decisions on this commission and on what is bought for it."""
        return super().get_context_data(**kwargs) | {"decisions": decisions_of(self.subject.case_file, self.person)}


class EditFacts(CommissionAct):
    """Change what is known."""

    form_class = FactsForm
    act = "commission.edit"
    page_title = "Change details"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with what is known, and the version it was read at."""
        commission = self.subject
        return super().get_form_kwargs() | {
            "commission": commission,
            "version": commission.version,
            "initial": {
                "title": commission.case_file.title,
                "service_area": commission.case_file.service_area_id,
                "purpose": commission.purpose,
                "category": commission.category_id,
                "objectives": [row.pk for row in commission.objectives.all()],
                "governance_route": commission.governance_route_id,
                "needed_by": commission.needed_by,
                "is_grant_funded": commission.is_grant_funded,
                "has_digital_part": commission.has_digital_part,
                "has_special_terms": commission.has_special_terms,
                **{name: getattr(commission, name) for name in FURTHER if name not in ("places", "level")},
                "level": commission.level_id,
                "places": [row.pk for row in commission.places.all()],
            },
        }

    def perform(self, form: PageForm) -> str:
        """Change them."""
        given = dict(form.cleaned_data)
        shift = commissions.edit_facts(self.subject, by=self.person, **given)
        return f"Details saved. {shift.words}".strip()


class ChangePriority(CommissionAct):
    """Say how much it matters beside other work."""

    form_class = PriorityForm
    act = "commission.prioritise"
    page_title = "Change priority"
    intro = "Priority says what goes first when there is not time for everything. The one before stays in the history."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from the present priority."""
        return super().get_form_kwargs() | {"initial": {"priority": self.subject.priority}}

    def perform(self, form: PageForm) -> str:
        """Change it."""
        changed = priorities.change_priority(self.subject, by=self.person, **form.cleaned_data)
        return f"Priority saved: {str(changed.get_priority_display()).lower()}."


class ChangeValue(CommissionAct):
    """Record a new value."""

    form_class = ValueForm
    act = "commission.edit"
    page_title = "Change value"
    intro = "The value over the whole term, with every option to extend. Earlier values stay on the record."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from the present value."""
        case = self.subject.case_file
        return super().get_form_kwargs() | {
            "initial": {"amount_ex_vat": case.value_ex_vat, "amount_inc_vat": case.value_inc_vat, "basis": "estimate"}
        }

    def perform(self, form: PageForm) -> str:
        """Record it and say what it moved."""
        shift = values.record_value(self.subject, by=self.person, **form.cleaned_data)
        return f"Value saved. {shift.words}".strip()


class CommissionVerb(CommissionMixin, VerbPage):
    """Every verb of the commission."""
