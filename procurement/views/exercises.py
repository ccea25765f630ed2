"""The pages of an exercise."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from casework import door
from casework.audit.sentences import history_of
from casework.views.base import ActPage, RecordPage, VerbPage
from commissioning.models import Commission
from documents.panels import FilePanel, file_panel
from organisation.formatting import money
from organisation.permissions import may
from procurement import guards
from procurement.forms.exercises import AskSupplierForm, DecisionForm, FindSupplierForm, OpenExerciseForm, QuoteForm
from procurement.models import Exercise, RouteToMarket
from procurement.selectors import exercises as reads
from procurement.selectors import tender_pages
from procurement.selectors.dossiers import DRAFT_CONTRACT, load_whole, standing_of, with_tender
from procurement.selectors.pages import ExerciseView, exercise_view
from procurement.selectors.requests import accepted_requests, agreed_route
from procurement.services import exercises, prices
from procurement.states import BEFORE_DECISION, BEING_WEIGHED, ExerciseState, Path, RunBy

MOST_EVENTS = 8


class OpenExercisePage(ActPage):
    """Open an exercise for a commission, or read what stands in the way."""

    model = Commission
    page_title = "Open an exercise"
    form_class = OpenExerciseForm
    template_name = "procurement/open_exercise.html"
    related = ("case_file__organisation", "case_file__service_area", "case_file__holder")

    made: Exercise | None = None

    @property
    def run_by(self) -> RunBy:
        """CCPS opens its own exercises, everybody else the service's."""
        return RunBy.CCPS if may(self.person, "exercise.open_for_ccps", self.subject) else RunBy.SERVICE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever opens neither kind."""
        act = exercises.OPENS[self.run_by] if request.user.is_authenticated else ""
        if act and not may(self.person, act, self.subject):
            raise PermissionDenied(door.who_words(act, self.subject))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the framework's routes, and the commission's own title to begin with."""
        framework_id = self.subject.case_file.organisation.framework_id
        by_ccps = self.run_by == RunBy.CCPS
        wanted = accepted_requests(self.subject.pk).values_list("route_id", flat=True).first() if by_ccps else None
        usual = RouteToMarket.objects.in_force().filter(framework_id=framework_id, is_unusual=False)
        first = wanted or usual.values_list("pk", flat=True).first()
        agreed = agreed_route(self.subject)
        initial = {"title": self.subject.case_file.title, "route": first}
        if agreed is not None and agreed.agreed is not None and agreed.agreed.route.is_without_competition:
            initial["openness"] = agreed.fairness
        return super().get_form_kwargs() | {
            "framework_id": framework_id,
            "with_unusual": by_ccps,
            "initial": initial,
        }

    def perform(self, form: Any) -> str:
        """Open it."""
        given = form.cleaned_data
        self.made = exercises.open_exercise(
            self.subject,
            title=given["title"],
            route=given["route"],
            by=self.person,
            run_by=self.run_by,
            openness=given["openness"],
            act_id=given["act_id"],
        )
        if self.made.path == Path.SOURCING:
            return f"{self.made.case_file.reference} opened. Write what the tender is published with."
        return f"{self.made.case_file.reference} opened. Add the suppliers you will ask."

    def get_success_url(self) -> str:
        """To the new exercise; a form sent twice leads to the commission."""
        return self.made.get_absolute_url() if self.made else self.back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what blocks it before anyone fills anything in."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None:
            context["blockers"] = list(guards.open_exercise(standing_of(self.subject.pk), self.run_by))
        context["by_ccps"] = self.run_by == RunBy.CCPS
        return context


class ExercisePage(RecordPage):
    """Who was asked, what they quoted, what was decided, and what comes next."""

    model = Exercise
    template_name = "procurement/exercise.html"
    related = (
        "case_file__service_area",
        "case_file__holder",
        "case_file__root",
        "route",
        "chosen__supplier",
        "contract_manager",
        "confirmed_by",
    )

    def load(self) -> Any:
        """The exercise with what its page shows of a tender, or 404."""
        rows = with_tender(Exercise.objects.visible_to(self.person).select_related(*self.related))
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load once what the guards and the page both read."""
        context = super().get_context_data(**kwargs)
        dossier = load_whole(self.subject)
        offers = door.offers(self.subject, self.person, dossier=dossier, with_closed=True)
        view: ExerciseView = exercise_view(dossier, offers, self.person)
        events = history_of(self.subject.case_file, limit=MOST_EVENTS, viewer=self.person)
        shows_files = dossier.is_sourcing and self.subject.state == ExerciseState.PLANNED
        files = self._files() if shows_files and not tender_pages.waiting(dossier) else None
        return context | {"view": view, "events": events, "files": files}

    def _files(self) -> FilePanel:
        return file_panel(
            self.subject.case_file, DRAFT_CONTRACT, self.person, back=str(self.subject.get_absolute_url())
        )


class ExerciseVerbPage(VerbPage):
    """Confirm one verb of an exercise."""

    model = Exercise
    related = ("case_file__service_area", "case_file__holder", "case_file__root", "chosen__supplier")


class ExerciseActPage(ActPage):
    """A form on an exercise. A state in which it can't be used any more says so instead of showing the form."""

    model = Exercise
    act = "exercise.run"
    related: ClassVar[tuple[str, ...]] = (
        "case_file__service_area",
        "case_file__holder",
        "case_file__root",
        "case_file__organisation",
    )
    template_name = "procurement/exercise_act.html"
    usable_in: tuple[str, ...] = BEFORE_DECISION

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say when it is too late, or too early."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None and self.subject.state not in self.usable_in:
            context["closed_words"] = self.closed_words()
        return context

    def closed_words(self) -> str:
        """Why the form is not shown."""
        return (
            f"This exercise is {self.subject.get_state_display().lower()}. "
            "To change what was decided, open the decision again."
        )


class AskSupplierPage(ExerciseActPage):
    """Find a supplier by name, or record a new one, and note that it is asked."""

    page_title = "Add a supplier to ask"
    form_class = AskSupplierForm
    template_name = "procurement/ask_supplier.html"

    looked_for = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read what is looked for from the address, so that the form that follows knows it too."""
        super().setup(request, *args, **kwargs)
        self.search = FindSupplierForm({"q": request.GET.get("q", "").replace("\x00", "")})
        self.looked_for = self.search.cleaned_data["q"].strip() if self.search.is_valid() else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what was found."""
        found = reads.suppliers_named(self.subject, self.looked_for)
        return super().get_form_kwargs() | {"found": found, "looked_for": self.looked_for}

    def perform(self, form: Any) -> str:
        """Note that the supplier is asked, recording it first if it is new."""
        given = form.cleaned_data
        asked = {"asked_on": given["asked_on"], "how": given["how"], "by": self.person, "act_id": given["act_id"]}
        if form.is_new:
            made = prices.ask_new_supplier(self.subject, details=form.details, **asked)
        else:
            made = prices.ask_supplier(self.subject, supplier=form.chosen, **asked)
        return f"{made.supplier.name} is among the suppliers asked."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the search box, and the form once something was looked for."""
        context = super().get_context_data(**kwargs)
        found = context["form"].found
        return context | {
            "search": self.search,
            "looked_for": self.looked_for,
            "found": len(found),
            "is_cut": len(found) == reads.MOST_FOUND,
        }


class RecordQuotePage(ExerciseActPage):
    """Record what a supplier answered."""

    page_title = "Record an answer"
    form_class = QuoteForm
    usable_in = BEING_WEIGHED

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the suppliers that were asked."""
        return super().get_form_kwargs() | {"suppliers": reads.suppliers_asked(self.subject)}

    def perform(self, form: Any) -> str:
        """Record it."""
        given = form.cleaned_data
        quote = prices.record_quote(
            self.subject,
            supplier=given["supplier"],
            declined=form.declined,
            amount_ex_vat=given["amount_ex_vat"],
            amount_inc_vat=given["amount_inc_vat"],
            received_on=given["received_on"],
            note=given["note"],
            by=self.person,
            act_id=given["act_id"],
        )
        if quote.declined:
            return f"Recorded: {quote.supplier} will not quote."
        return f"Recorded: {quote.supplier}, {money(quote.amount_ex_vat)} excluding VAT."

    def closed_words(self) -> str:
        """It may be too early as well as too late."""
        if self.subject.state == "planned":
            return "No supplier has been asked for a price yet. Ask for prices first."
        return super().closed_words()


class DecisionPage(ExerciseActPage):
    """Write the decision: which price, why, and what the contract will be made with."""

    page_title = "The decision"
    intro = "You can save part of this and come back. Nothing is decided until you record the decision."
    form_class = DecisionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what is written so far, with the version it was read at."""
        subject = self.subject
        names = ("fairness", "value_for_money", "social_value", "starts_on", "ends_on")
        initial = {name: getattr(subject, name) for name in names}
        initial |= {"chosen": subject.chosen_id, "contract_manager": subject.contract_manager_id}
        return super().get_form_kwargs() | {
            "initial": initial,
            "version": subject.version,
            "prices": reads.standing_prices(subject),
            "managers": reads.contract_managers(subject.case_file),
        }

    def perform(self, form: Any) -> str:
        """Keep it."""
        given = form.cleaned_data
        prices.write_decision(
            self.subject, version=given["version"], by=self.person, act_id=given["act_id"], **form.answers
        )
        return "Saved."
