"""The handover from CCPS to contract management."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from casework import door
from casework.views.base import ActPage, RecordPage, VerbPage
from contracts.forms.handovers import PartForm
from contracts.models import Contract, Handover, HandoverPart
from contracts.selectors.dossiers import load_handover
from contracts.selectors.handovers import handover_view, known_lines
from contracts.services import handovers
from contracts.states import Heading
from contracts.views.contracts import pages_of

CONTRACT = (
    "case_file__service_area",
    "case_file__holder",
    "case_file__root",
    "case_file__organisation__framework",
    "commission__rules_version",
    "supplier",
    "exercise",
)


class HandoverPage(RecordPage):
    """What is passed on, how far it is, and who has it."""

    model = Contract
    template_name = "contracts/handover.html"
    page_title = "Handover"
    related = (*CONTRACT, "handover__lead", "handover__offered_by", "handover__settled_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The headings with what is known of each: as it stands now, or as it was offered."""
        contract: Contract = self.subject
        handover: Handover | None = getattr(contract, "handover", None)
        view = None
        if handover is not None:
            handover.case_file, handover.contract = contract.case_file, contract
            dossier = load_handover(handover)
            offers = door.offers(handover, self.person, dossier=dossier, with_closed=True)
            known = known_lines(contract) if handover.state in handovers.WITH_CCPS else {}
            view = handover_view(dossier, offers, known, self.person)
        return super().get_context_data(**kwargs) | {
            "view": view,
            "exercise": contract.exercise,
            "pages": pages_of(contract.pk, contract.case_file_id, "handover"),
        }


class HandoverPartPage(ActPage):
    """Check one heading and confirm it."""

    model = HandoverPart
    act = "handover.prepare"
    form_class = PartForm
    template_name = "contracts/handover_part.html"

    def load(self) -> HandoverPart:
        """Within the scope of the handover."""
        visible = Handover.objects.visible_to(self.person)
        related = [f"handover__contract__{name}" for name in CONTRACT]
        rows = HandoverPart.objects.filter(handover__in=visible).select_related(*related)
        part = get_object_or_404(rows, pk=self.kwargs["pk"])
        part.handover.case_file = part.handover.contract.case_file
        return part

    def crumbs(self) -> list[tuple[str, str]]:
        """By way of the handover."""
        way = super().crumbs()
        return [*way, ("Handover", self.back_url()), (self.subject.get_heading_display(), "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what was added, with the version it was read at."""
        return super().get_form_kwargs() | {
            "initial": {"words": self.subject.words},
            "version": self.subject.version,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is known under this heading, and whether it can still be changed."""
        context = super().get_context_data(**kwargs)
        part: HandoverPart = self.subject
        is_open = part.handover.state in handovers.WITH_CCPS
        context["page_title"] = f"Handover: {part.get_heading_display().lower()}"
        context["known"] = known_lines(part.handover.contract)[Heading(part.heading)] if is_open else part.known
        if not is_open and self.refusal is None:
            state = part.handover.get_state_display().lower()
            context["closed_words"] = f"This handover is {state}, so what it says stands."
        return context

    def perform(self, form: Any) -> str:
        """Confirm it."""
        given = form.cleaned_data
        done = handovers.confirm_part(
            self.subject, version=given["version"], words=given["words"], by=self.person, act_id=given["act_id"]
        )
        return f"Confirmed: {done.get_heading_display().lower()}."


class HandoverVerbPage(VerbPage):
    """Offer, accept or return a handover."""

    model = Handover
    related = (
        "case_file__service_area",
        "case_file__holder",
        "case_file__root",
        "contract__case_file",
        "lead",
        "offered_by",
    )

    def load(self) -> Any:
        """The handover through the viewer's scope; one whose verb nobody declared is not there."""
        if self.kwargs["verb"] not in Handover.verbs():
            raise Http404("No such verb")
        return super().load()
