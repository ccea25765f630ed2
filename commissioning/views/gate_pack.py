"""The printed pack of one submission of a gate: everything the people who decide have before them, as one PDF."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from casework.querysets import scope_of
from casework.refusals import Refused
from commissioning import gate_words
from commissioning.models import Gate, GateRound
from commissioning.selectors import dossiers
from commissioning.selectors.gate_comments import with_talk
from commissioning.selectors.gate_pack import pack_of
from documents.models import Paper
from documents.services import renderings
from documents.views.base import PaperPage
from documents.views.revisions import PdfPage


class GatePack(PdfPage):
    """The pack, or the page that says it is being prepared. Whoever sees the commission sees it, as the gate's page."""

    gate: Gate
    page_title = "Gate pack"

    def load(self) -> Paper:
        """The gate's paper, through the commission that this person may see."""
        number = self.kwargs["number"]
        if number not in gate_words.WORDS:
            raise Http404("No gate of this number is kept here")
        related = ("case_file__organisation__framework", "case_file__service_area", "case_file__holder")
        commission = dossiers.seen_with_standing.first(
            pk=self.kwargs["commission"], related=(*related, "rules_version"), **asdict(scope_of(self.person))
        )
        if commission is None:
            raise Http404("No such commission")
        gates = Gate.objects.filter(commission=commission, number=number, paper__isnull=False)
        papers = [f"paper__{name}" for name in PaperPage.related]
        self.gate = get_object_or_404(with_talk(gates).select_related(*papers))
        self.gate.commission = commission
        paper = self.gate.paper
        assert paper is not None, "the query asked for one"
        return paper

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Serve it, make it, or say how far it is."""
        rounds = GateRound.objects.filter(gate=self.gate).select_related("submitted_by")
        made = get_object_or_404(rounds, number=kwargs["round"])
        content = pack_of(self.gate, made, dossiers.load_without_activities(self.gate.commission))
        if content is None:
            raise Http404("What was submitted is not there")
        try:
            rendering = renderings.pdf_of_content(self.subject, content)
        except Refused as refusal:
            return self._sorry(refusal)
        name = f"{self.subject.case_file.reference} gate {self.gate.number} pack {made.number}.pdf"
        return self.serve(rendering, name)

    def _sorry(self, refusal: Refused) -> HttpResponse:
        return self.say(refusal=refusal)
