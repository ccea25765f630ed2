"""Procurement requests brought to a state through the services, as people would bring them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework import door
from commissioning.models import Commission
from documents.models import Paper
from documents.services import papers
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from procurement.models import ProcurementRequest
from procurement.services import requests
from tests.factories import documents as forms
from tests.factories import organisation as people
from tests.factories import procurement as buying

TERMS = [{"value": value, "label": value.capitalize()} for value in ("standard", "special")]
ROUTES = [{"value": value, "label": value.capitalize()} for value in ("quotation", "open_tender", "direct_award")]


def form_template(where: buying.Place) -> None:
    """Publish a form of three questions, of which one has to be answered."""
    forms.template(
        where.organisation,
        key=requests.TEMPLATE,
        name="Procurement request form",
        sections=[
            forms.section(
                "need",
                forms.question("overview", "text", label="What do you need?", required=True),
                forms.question("route_suggested", "choice", label="Which route?", choices=ROUTES),
                forms.question("contract_terms", "choice", label="Which terms?", choices=TERMS),
            )
        ],
    )


def officer(where: buying.Place, name: str = "Lewis Grant", role: Role = Role.CCPS_OFFICER) -> Person:
    """Somebody who works for CCPS."""
    return people.person(role, at=where.organisation, name=name, team="CCPS")


def draft(where: buying.Place, commission: Commission | None = None, **fields: Any) -> ProcurementRequest:
    """A request in Plan whose form lacks its one answer. £60,000 unless the commission says otherwise."""
    commission = commission or buying.commission(where, state="plan", amount=fields.pop("amount", "60000"))
    return requests.open_request(commission, by=where.priya, **fields)


def answered(request: ProcurementRequest, by: Person, **answers: str) -> ProcurementRequest:
    """Fill in its form."""
    paper = Paper.objects.get(pk=request.paper_id)
    papers.save_answers(paper, "need", {"overview": "Screens for 12 rooms"} | answers, by, 10_000)
    return read(request)


def funded(where: buying.Place, request: ProcurementRequest | None = None, **fields: Any) -> ProcurementRequest:
    """A request with its form filled in and its budget approved."""
    answers = {name: fields.pop(name) for name in ("route_suggested", "contract_terms") if name in fields}
    request = answered(request or draft(where, **fields), where.priya, **answers)
    return door.carry_out(request, "approve_budget", by=where.ann).subject


def submitted(where: buying.Place, request: ProcurementRequest | None = None, **fields: Any) -> ProcurementRequest:
    """A request in CCPS's queue."""
    door.carry_out(request := request or funded(where, **fields), "submit", by=where.priya)
    return read(request)


def accepting(lead: Person, **given: Any) -> dict[str, Any]:
    """What CCPS says when it accepts."""
    return {
        "lead": lead,
        "path": "quotation",
        "effort_days": 6,
        "target_on": clock.today() + timedelta(days=60),
        "next_steps": "I will call you about the specification.",
    } | given


def accepted(where: buying.Place, lewis: Person, request: ProcurementRequest | None = None, **given: Any) -> Any:
    """A request that CCPS has taken on."""
    fields = {name: given.pop(name) for name in ("commission", "amount") if name in given}
    request = request or submitted(where, **fields)
    door.carry_out(request, "accept", by=lewis, **accepting(lewis, **given))
    return read(request)


def read(request: ProcurementRequest) -> ProcurementRequest:
    """The request as it is now."""
    return ProcurementRequest.objects.select_related("commission__case_file", "item", "case_file").get(pk=request.pk)
