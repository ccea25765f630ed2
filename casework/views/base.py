"""The kinds of page every room is made of: a page about one record, a form that does one act, a verb to confirm."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView
from django.views.generic.base import ContextMixin, View

from casework import door
from casework.lists import list_of
from casework.querysets import Scope, scope_of
from casework.refusals import AlreadyDone, NotPermitted, Refused, Replayed, Stale
from casework.verb_forms import VerbForm, verb_form_of
from organisation.forms import PageForm
from organisation.models import Person
from organisation.permissions import may
from organisation.prepared import Prepared

_RECORD: Prepared[Any] = Prepared(
    lambda model, related, pk, person, organisations: (
        model.objects.visible_to(Scope(person, organisations)).select_related(*related).filter(pk=pk)
    )
)

# A choice or a word is soon given again; a text is not.
LONG_ENOUGH_TO_MISS = 20


class SignedIn:
    """For a view whose visitor is always a person: the sign-in middleware saw to it."""

    request: HttpRequest

    @property
    def person(self) -> Person:
        """Who is asking."""
        return cast(Person, self.request.user)


class CasePage(SignedIn, ContextMixin, View):
    """A page about one record, loaded through the viewer's scope: outside it there is nothing, so 404.

    ``act`` is asked before anything is shown (403, naming who may); leave it empty where seeing is enough.
    """

    model: ClassVar[type[Any]]
    act: ClassVar[str] = ""
    related: ClassVar[tuple[str, ...]] = ("case_file__service_area", "case_file__holder", "case_file__root")
    page_title: ClassVar[str] = ""

    subject: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the record before anything else."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.subject = self.load()

    def load(self) -> Any:
        """The record, or 404."""
        return self.or_404(_RECORD.first(model=self.model, related=self.related, **self.asking()))

    def asking(self) -> dict[str, Any]:
        """Which record is wanted and who wants it, as a prepared query is given them."""
        return {"pk": self.kwargs["pk"]} | asdict(scope_of(self.person))

    def or_404(self, record: Any) -> Any:
        """What a query found, or 404."""
        if record is None:
            raise Http404(f"No such {self.model._meta.verbose_name}")
        return record

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not."""
        if request.user.is_authenticated and self.act and not may(self.person, self.act, self.subject):
            raise PermissionDenied(door.who_words(self.act, self.subject))
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here from the top, the page itself last."""
        case = self.subject.case_file
        way = [(case.reference, case.path)]
        if case.root_id and case.root_id != case.pk:
            way.insert(0, (case.root.reference, case.root.path))
        if top := list_of(case.kind):
            way.insert(0, top)
        if self.page_title:
            way.append((self.page_title, ""))
        return way

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the record, its file and the way here."""
        context = super().get_context_data(**kwargs)
        context.setdefault("subject", self.subject)
        context.setdefault("case", self.subject.case_file)
        context.setdefault("crumbs", self.crumbs())
        context.setdefault("page_title", self.page_title)
        return context


class RecordPage(CasePage, TemplateView):
    """A page about one record that only shows."""

    http_method_names = ["get", "head"]


class ActPage(CasePage, FormView):
    """A form that does one act on one record through one service call.

    A subclass gives ``form_class`` and ``perform``; what perform returns is the banner. A refusal comes back on the
    same page with its words and blockers, and everything that was typed is still there.
    """

    template_name = "casework/act_page.html"
    http_method_names = ["get", "head", "post"]
    intro: ClassVar[str] = ""

    refusal: Refused | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the person, and where Cancel leads."""
        kwargs = super().get_form_kwargs()
        kwargs.setdefault("user", self.person)
        kwargs.setdefault("cancel_url", self.back_url())
        return kwargs

    def back_url(self) -> str:
        """Where Cancel and success lead."""
        return str(self.subject.get_absolute_url())

    def get_success_url(self) -> str:
        """After the act, back to the record unless the page says otherwise."""
        return self.back_url()

    def perform(self, form: PageForm) -> str:
        """Call the service; return the words of the banner."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Do the act, or show why it was refused."""
        try:
            said = self.perform(form)
        except Replayed:
            said = "This was already saved."
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except AlreadyDone as refusal:
            return self._too_late(form, refusal)
        except Stale as refusal:
            form.accept_version(self.current_version())
            return self._refused(form, refusal)
        except Refused as refusal:
            return self._refused(form, refusal)
        if said:
            messages.success(self.request, said)
        return HttpResponseRedirect(self.get_success_url())

    def _too_late(self, form: Any, refusal: AlreadyDone) -> HttpResponse:
        """Somebody was here first: say who, and give back a text that was typed, to be kept somewhere else."""
        typed = [
            (str(form.fields[name].label), value)
            for name, value in form.cleaned_data.items()
            if isinstance(value, str) and name in form.fields and not form.fields[name].widget.is_hidden
        ]
        if any(len(value) > LONG_ENOUGH_TO_MISS for _, value in typed):
            return self._refused(form, refusal, typed=typed, is_past=True)
        messages.warning(self.request, refusal.words)
        return HttpResponseRedirect(self.get_success_url())

    def current_version(self) -> int:
        """The version the record has now, for a form that was out of date."""
        return int(type(self.subject)._default_manager.values_list("version", flat=True).get(pk=self.subject.pk))

    def _refused(self, form: Any, refusal: Refused, **more: Any) -> HttpResponse:
        self.refusal = refusal
        return self.render_to_response(
            self.get_context_data(form=form, refusal=refusal, has_errors=True, **more), status=HTTPStatus.CONFLICT
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the words above the form."""
        context = super().get_context_data(**kwargs)
        context.setdefault("intro", self.intro)
        return context


class VerbPage(ActPage):
    """One page for every verb of every lifecycle: what will happen, what is asked, and what blocks it.

    ``/<record>/<pk>/do/<verb>/``. A verb the lifecycle does not declare is 404; one that the person may not carry out
    is 403; one that does not start from the present state says who did it and when.
    """

    template_name = "casework/verb_page.html"

    @cached_property
    def rules(self) -> Any:
        """The declaration of the verb in the address."""
        try:
            found = door.rules_of(type(self.subject), self.kwargs["verb"])
        except door.UnknownVerb as fault:
            raise Http404(str(fault)) from fault
        if found.by_system_only:
            raise Http404("No person carries this out")
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not carry out this verb."""
        if request.user.is_authenticated and not may(self.person, self.rules.act, self.subject):
            if request.method == "POST":
                # The door refuses too, and its refusal is written down.
                try:
                    door.carry_out(self.subject, self.rules.name, by=self.person)
                except Refused as refusal:
                    raise PermissionDenied(refusal.words) from refusal
            raise PermissionDenied(door.who_words(self.rules.act, self.subject))
        show = super().dispatch
        if request.user.is_authenticated and self.rules.asks_password:
            checked: Any = reauthentication_required(lambda request: show(request, *args, **kwargs))
            return cast(HttpResponseBase, checked(request))
        return show(request, *args, **kwargs)

    def get_form_class(self) -> type[VerbForm]:
        """The form of this verb: a reason when one is asked for, and whatever the room adds."""
        return verb_form_of(type(self.subject), self.rules.name)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form what it is about."""
        return super().get_form_kwargs() | {"subject": self.subject, "rules": self.rules}

    def perform(self, form: PageForm) -> str:
        """Go through the door."""
        inputs = dict(form.cleaned_data)
        act_id = inputs.pop("act_id")
        note = inputs.pop("note", "")
        outcome = door.carry_out(self.subject, self.rules.name, by=self.person, act_id=act_id, note=note, **inputs)
        self.subject = outcome.subject
        return self.done_words(outcome)

    def done_words(self, outcome: door.Outcome) -> str:
        """The banner; a room may say more about what happens next."""
        said = verb_form_of(type(self.subject), self.rules.name).success_words(outcome.subject)
        return said or f"You {self.rules.done}."

    def crumbs(self) -> list[tuple[str, str]]:
        """The way here, ending in the verb."""
        return [*super().crumbs(), (self.rules.label, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what blocks the verb before anyone fills anything in."""
        context = super().get_context_data(**kwargs)
        context["rules"] = self.rules
        context["page_title"] = self.rules.label
        if self.refusal is None:
            if not self.subject.can_go(self.rules.name):
                said = door.out_of_turn(self.subject, self.rules)
                if isinstance(said, AlreadyDone):
                    context |= {"refusal": said, "is_past": True}
                else:
                    context["offer"] = said
            else:
                offers = door.offers(self.subject, self.person)
                context["offer"] = next(offer for offer in offers if offer.verb == self.rules.name)
        return context
