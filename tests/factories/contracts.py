"""Plain factory functions for the contracts room. Every contract is made by the real services and the door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from casework import door
from casework.audit import audited
from casework.services.cases import keep_right, open_case
from commissioning.models import Commission
from contracts.models import Contract, Handover, Indicator, MobilisationTask
from contracts.services import handovers, mobilisation
from documents.models import Paper, Template
from organisation import clock
from organisation.actors import System
from organisation.models import Person, Supplier
from organisation.roles import Role
from procurement.models import Exercise, ProcurementRequest
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.factories.procurement import Place

_numbers = count(1)


def drafted(where: Place, commission: Commission | None = None, *, amount: Any = "18000") -> Contract:
    """The draft that a recorded decision makes."""
    return Contract.objects.get(exercise=buying.decided(where, commission, amount=amount))


def awarded(where: Place, commission: Commission | None = None, *, amount: Any = "18000") -> Contract:
    """An awarded contract that nobody has signed."""
    return Contract.objects.get(exercise=buying.awarded(where, commission, amount=amount), state="awarded")


def bought_by_ccps(contract: Contract, where: Place, lead: Person | None = None) -> Person:
    """Make the exercise behind a contract one that CCPS ran on an accepted request; returns the CCPS lead."""
    lead = lead or people.person(Role.CCPS_OFFICER, at=where.organisation, name="Lewis Grant", team="CCPS")
    commission = contract.commission
    assert commission is not None
    template, _ = Template.objects.get_or_create(
        framework=where.organisation.framework,
        key="procurement_request",
        version=1,
        defaults={"name": "Procurement request"},
    )
    with audited(by=System(because="A test makes a request")):
        case = open_case(
            kind="request",
            prefix="PRF",
            organisation=where.organisation,
            service_area=where.area,
            title=contract.case_file.title,
            holder=where.priya,
            state="accepted",
            root=commission.case_file,
        )
    paper = Paper.objects.create(
        case_file=commission.case_file,
        template_key=template.key,
        template=template,
        begun_at=clock.now(),
    )
    request = ProcurementRequest.objects.create(
        case_file=case,
        commission=commission,
        paper=paper,
        state="accepted",
        opened_by=where.priya,
        lead=lead,
        path="quotation",
        effort_days=5,
        target_on=clock.today(),
    )
    Exercise.objects.filter(pk=contract.exercise_id).update(run_by="ccps", request=request)
    return lead


def handed_over_by(where: Place, commission: Commission | None = None, *, lead: Person | None = None) -> Handover:
    """The handover of a contract that CCPS bought and both sides signed, with every heading still to be confirmed."""
    contract = awarded(where, commission)
    bought_by_ccps(contract, where, lead)
    sign_for_council(contract, where)
    sign_for_supplier(contract, where)
    return Handover.objects.select_related("contract__case_file", "lead").get(contract=contract)


def confirmed(handover: Handover) -> Handover:
    """A handover whose headings are all confirmed."""
    assert handover.lead is not None
    for part in handover.parts.filter(confirmed_at__isnull=True):
        handovers.confirm_part(part, version=part.version, words="As agreed.", by=handover.lead)
    return Handover.objects.select_related("contract__case_file", "lead").get(pk=handover.pk)


def indicator(contract: Contract, **fields: Any) -> Indicator:
    """A measure of a contract: 90% or more, five points of tolerance, monthly unless named otherwise."""
    given: dict[str, Any] = {
        "name": f"Measure {next(_numbers)}",
        "unit": "%",
        "target": Decimal(90),
        "tolerance": Decimal(5),
        "interval": "monthly",
    }
    return Indicator.objects.create(contract=contract, case_file=contract.case_file, **given | fields)


def council_inputs(who: Person, **fields: Any) -> dict[str, Any]:
    """What the council's signature asks."""
    return {"person": who, "role": "Service leader", "signed_on": clock.today(), "how": "by_hand"} | fields


def supplier_inputs(**fields: Any) -> dict[str, Any]:
    """What the supplier's signature asks."""
    return {"signed_by": "Rosa Field", "role": "Director", "signed_on": clock.today(), "how": "electronic"} | fields


def sign_for_council(contract: Contract, where: Place, **fields: Any) -> Contract:
    """Record the council's signature."""
    by = fields.pop("by", where.tom)
    found: Contract = door.carry_out(contract, "sign_for_council", by=by, **council_inputs(where.tom, **fields)).subject
    return found


def sign_for_supplier(contract: Contract, where: Place, **fields: Any) -> Contract:
    """Record the supplier's signature."""
    by = fields.pop("by", where.priya)
    found: Contract = door.carry_out(contract, "sign_for_supplier", by=by, **supplier_inputs(**fields)).subject
    return found


def mobilising(where: Place, commission: Commission | None = None) -> Contract:
    """A contract that both sides have signed."""
    contract = awarded(where, commission)
    sign_for_council(contract, where)
    sign_for_supplier(contract, where)
    return Contract.objects.get(pk=contract.pk)


def registered(where: Place, commission: Commission | None = None) -> Contract:
    """A signed contract that stands in the register."""
    contract = mobilising(where, commission)
    review_on = contract.ends_on or clock.today()
    found: Contract = door.carry_out(contract, "enter_in_register", by=where.sam, review_on=review_on).subject
    return found


def finish_tasks(contract: Contract, where: Place) -> None:
    """Finish every task that is open."""
    for task in MobilisationTask.objects.filter(case_file=contract.case_file, done_at__isnull=True):
        mobilisation.finish_task(task, by=where.sam)


def live(where: Place, commission: Commission | None = None) -> Contract:
    """A contract that runs."""
    contract = registered(where, commission)
    finish_tasks(contract, where)
    found: Contract = door.carry_out(contract, "go_live", by=where.sam).subject
    return found


def in_register(
    where: Place,
    *,
    title: str = "",
    supplier: Supplier | None = None,
    state: str = "live",
    amount: Any = "1000",
    ends_on: date | None = date(2027, 3, 31),
    **fields: Any,
) -> Contract:
    """A row of the register, without what led to it (as an imported one would be)."""
    case_fields = {name: fields.pop(name) for name in ("service_area", "holder") if name in fields}
    with audited(by=System(because="A test fills the register")):
        case = open_case(
            **{
                "kind": "contract",
                "prefix": "CON",
                "organisation": where.organisation,
                "service_area": where.area,
                "title": title or f"Contract {next(_numbers)}",
                "holder": where.sam,
                "state": state,
                "value_ex_vat": None if amount is None else Decimal(amount),
            }
            | case_fields
        )
        made = Contract.objects.create(
            case_file=case,
            organisation=where.organisation,
            supplier=supplier or people.supplier(where.organisation),
            state=state,
            starts_on=None if ends_on is None else ends_on.replace(year=ends_on.year - 1),
            ends_on=ends_on,
            **fields,
        )
        keep_right(case, path=made.get_absolute_url())
    return made
