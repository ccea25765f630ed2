"""Plain factory functions for the procurement room. Each gives sensible values to what a test does not name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from casework import door
from casework.audit import audited
from casework.services.cases import keep_right, open_case
from casework.services.rules import version_in_force
from commissioning.loading import load_catalogues
from commissioning.models import (
    AuthorityRecord,
    Category,
    Commission,
    DeliveryDecision,
    DeliveryModel,
    RiskAnswer,
    RiskCriterion,
    Specification,
    ValueEstimate,
)
from documents.models import Paper, Template
from organisation import clock
from organisation.actors import System
from organisation.models import Organisation, Person, ServiceArea, Supplier
from organisation.roles import Role
from procurement.loading import load_routes
from procurement.models import Exercise, Quote, RouteToMarket, SupplierAsked
from procurement.services import exercises, prices
from tests.factories import casework as cases
from tests.factories import organisation as people

_numbers = count(1)
LONG = "Because it was weighed with care."


@dataclass
class Place:
    """A council with the people of framework 22 and a service area to buy for."""

    organisation: Organisation
    area: ServiceArea
    priya: Person
    tom: Person
    ann: Person
    sam: Person


def place() -> Place:
    """Make a council that follows the default framework, with a commissioner, leader, budget holder and manager."""
    council = cases.council()
    content = cases.framework_content()
    load_catalogues(council.framework, content)
    load_routes(council.framework, content)
    area = people.service_area(council)
    return Place(
        organisation=council,
        area=area,
        priya=people.person(Role.COMMISSIONER, area=area, name="Priya Shah", team="Commissioning"),
        tom=people.person(Role.SERVICE_LEADER, area=area, name="Tom Hesketh", job_title="Service leader"),
        ann=people.person(Role.BUDGET_HOLDER, area=area, name="Ann Doyle", job_title="Budget holder"),
        sam=people.person(Role.CONTRACT_MANAGER, area=area, name="Sam Birtles", team="Contracts"),
    )


def commission(
    where: Place,
    *,
    state: str = "secure",
    amount: Any = "18000",
    buys: bool | None = True,
    specification: str | None = "signed_off",
    title: str = "",
    **fields: Any,
) -> Commission:
    """Make a commission in a state, with a value, a delivery decision and a specification."""
    amount = Decimal(amount)
    with audited(by=System(because="A test makes a commission")):
        case = open_case(
            kind="commission",
            prefix="COM",
            organisation=where.organisation,
            service_area=where.area,
            title=title or f"Moving and handling training {next(_numbers)}",
            holder=where.priya,
            state=state,
            value_ex_vat=amount,
            value_inc_vat=amount * Decimal("1.2"),
        )
        made = Commission.objects.create(
            case_file=case,
            state=state,
            category=Category.objects.filter(framework=where.organisation.framework).first(),
            rules_version=version_in_force(where.organisation.framework),
            started_at=clock.now(),
            **fields,
        )
        keep_right(case, path=made.get_absolute_url())
    ValueEstimate.objects.create(
        commission=made, amount_ex_vat=amount, amount_inc_vat=amount * Decimal("1.2"), recorded_by=where.priya
    )
    if buys is not None:
        model = DeliveryModel.objects.filter(framework=where.organisation.framework, buys=buys).first()
        DeliveryDecision.objects.create(commission=made, model=model, reasons=LONG, decided_by=where.priya)
    if specification is not None:
        sign_off(made, state=specification)
    return made


def sign_off(commission_: Commission, *, number: int = 1, state: str = "signed_off") -> Specification:
    """Give a commission a specification in a state."""
    framework = commission_.case_file.organisation.framework
    template, _ = Template.objects.get_or_create(
        framework=framework, key="specification", version=1, defaults={"name": "Specification"}
    )
    paper, _ = Paper.objects.get_or_create(
        case_file=commission_.case_file,
        template_key="specification",
        defaults={"template": template, "begun_at": clock.now()},
    )
    return Specification.objects.create(commission=commission_, paper=paper, number=number, state=state)


def high_risk(commission_: Commission, key: str = "statutory_or_data") -> None:
    """Tick one high-risk criterion, as the risk form does."""
    framework = commission_.case_file.organisation.framework
    criterion = RiskCriterion.objects.get(framework=framework, key=key)
    RiskAnswer.objects.create(commission=commission_, criterion=criterion, applies=True, explanation="Health records.")
    keep_right(commission_.case_file, is_high_risk=True)


def authority(commission_: Commission, **fields: Any) -> AuthorityRecord:
    """Record a delegated decision to award, without limit or named provider unless they are given."""
    given: dict[str, Any] = {
        "commission": commission_,
        "kind": AuthorityRecord.Kind.DELEGATED,
        "may_award": True,
        "decided_by": "Team manager, Learning and Skills",
        "decided_on": date(2026, 1, 12),
        "decision_reference": f"DD-{next(_numbers)}",
        "recorded_by": commission_.case_file.holder,
    }
    return AuthorityRecord.objects.create(**given | fields)


def route(where: Place) -> RouteToMarket:
    """The usual route of a small purchase."""
    return RouteToMarket.objects.get(framework=where.organisation.framework, key="service_purchase")


def exercise(where: Place, commission_: Commission | None = None, **fields: Any) -> Exercise:
    """Open an exercise through its service."""
    commission_ = commission_ or commission(where)
    return exercises.open_exercise(commission_, route=route(where), by=where.priya, **fields)


def asked(
    exercise_: Exercise, supplier: Supplier | None = None, *, by: Person | None = None, **fields: Any
) -> SupplierAsked:
    """Note that a supplier was asked."""
    supplier = supplier or people.supplier(exercise_.case_file.organisation)
    given: dict[str, Any] = {"supplier": supplier, "asked_on": clock.today(), "how": "email"}
    return prices.ask_supplier(exercise_, by=by or exercise_.case_file.holder, **given | fields)


def open_for_prices(where: Place, commission_: Commission | None = None, *, suppliers: int = 1) -> Exercise:
    """An exercise whose suppliers have been asked."""
    made = exercise(where, commission_)
    for _ in range(suppliers):
        asked(made)
    opened: Exercise = door.carry_out(made, "invite", by=where.priya).subject
    return opened


def quote(exercise_: Exercise, amount: Any = "18000", *, supplier: Supplier | None = None, **fields: Any) -> Quote:
    """Record a price from one of the suppliers asked."""
    supplier = supplier or exercise_.asked.order_by("pk")[0].supplier
    given: dict[str, Any] = {
        "supplier": supplier,
        "amount_ex_vat": Decimal(amount),
        "amount_inc_vat": Decimal(amount) * Decimal("1.2"),
        "received_on": clock.today(),
        "by": exercise_.case_file.holder,
    }
    return prices.record_quote(exercise_, **given | fields)


def ready_to_decide(where: Place, commission_: Commission | None = None, *, amount: Any = "18000") -> Exercise:
    """An exercise with a chosen price and everything written."""
    made = open_for_prices(where, commission_)
    chosen = quote(made, amount)
    return write(made, where, chosen=chosen)


def write(exercise_: Exercise, where: Place, **answers: Any) -> Exercise:
    """Write the decision, with sensible answers to what is not named."""
    exercise_ = Exercise.objects.get(pk=exercise_.pk)
    given: dict[str, Any] = {
        "fairness": LONG,
        "value_for_money": LONG,
        "social_value": LONG,
        "starts_on": clock.today(),
        "ends_on": clock.today().replace(year=clock.today().year + 1),
        "contract_manager": where.sam,
    }
    return prices.write_decision(exercise_, version=exercise_.version, by=where.priya, **given | answers)


def decided(where: Place, commission_: Commission | None = None, *, amount: Any = "18000") -> Exercise:
    """An exercise whose decision is recorded."""
    found: Exercise = door.carry_out(
        ready_to_decide(where, commission_, amount=amount), "decide", by=where.priya
    ).subject
    return found


def awarded(where: Place, commission_: Commission | None = None, *, amount: Any = "18000") -> Exercise:
    """An exercise that was awarded under a recorded authority."""
    made = decided(where, commission_, amount=amount)
    if not made.commission.authority_records.filter(may_award=True, withdrawn_at__isnull=True).exists():
        authority(made.commission)
    found: Exercise = door.carry_out(made, "award", by=where.priya).subject
    return found
