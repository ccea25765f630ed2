"""Plain factory functions for the commissioning room. Every commission is made by the real services and the door."""

from decimal import Decimal
from itertools import count
from typing import Any

from casework import framework_loading
from casework.audit import audited
from casework.door import carry_out
from commissioning.models import (
    Category,
    Commission,
    DeliveryModel,
    DesignFeedback,
    Engagement,
    GovernanceRoute,
    KeyQuestion,
    Objective,
    RiskCriterion,
    VoluntarySkills,
)
from commissioning.selectors import dossiers
from commissioning.services import activities, commissions, decisions, questions, risk, sheets, upholding
from commissioning.services.activities import Choice
from commissioning.services.questions import Given
from commissioning.services.risk import Ticked
from commissioning.sheets import sheet_of
from commissioning.states import STAGES
from organisation import clock
from organisation.actors import System
from organisation.models import CommissioningFramework, Organisation, Person, ServiceArea
from organisation.roles import Role
from tests.factories import organisation as people
from tests.factories.casework import framework_content

_numbers = count(1)


def default_framework() -> CommissioningFramework:
    """Load the framework the product ships with, every room's part of it; once in a test database."""
    content = framework_content()
    if not CommissioningFramework.objects.filter(key=content["key"]).exists():
        with audited(by=System(because="A test loads the framework")):
            framework_loading.load(content)
    return CommissioningFramework.objects.get(key=content["key"])


def council(**fields: Any) -> Organisation:
    """Make an organisation that follows the whole default framework."""
    return people.organisation(**{"framework": default_framework()} | fields)


def commissioner(at: Organisation | None = None, area: ServiceArea | None = None, **fields: Any) -> Person:
    """Make somebody who commissions for one service area."""
    at = at or (area.organisation if area else None) or council()
    return people.person(Role.COMMISSIONER, at=at, area=area or people.service_area(at), **fields)


def area_of(person: Person) -> ServiceArea:
    """The service area a commissioner works for; a new one when the role is held everywhere."""
    held = person.memberships.filter(role=Role.COMMISSIONER).select_related("service_area").first()
    assert held is not None, "only a commissioner registers commissions"
    return held.service_area or people.service_area(held.organisation)


def registered_commission(by: Person | None = None, *, complete: bool = True, **fields: Any) -> Commission:
    """Register a commission: a draft with a value. ``complete`` gives it all that its form can hold.

    ``value`` is the amount without VAT (a fifth is added with); the rest is what ``commissions.register`` takes.
    """
    n = next(_numbers)
    by = by or commissioner()
    area = fields.pop("service_area", None) or area_of(by)
    framework = area.organisation.framework
    value = fields.pop("value", Decimal(18000))
    given: dict[str, Any] = {
        # No word is shared with another title, or the two would be likely duplicates.
        "title": f"Title{n} item{n}",
        "service_area": area,
    }
    if value is not None:
        given |= {"amount_ex_vat": Decimal(value), "amount_inc_vat": Decimal(value) * Decimal("1.2")}
    if complete:
        given |= {
            "purpose": "Staff need it.",
            "category": Category.objects.filter(framework=framework).order_by("order").first(),
            "objectives": [Objective.objects.filter(framework=framework).order_by("order").first()],
            "governance_route": GovernanceRoute.objects.filter(framework=framework).order_by("order").first(),
        }
    return commissions.register(by=by, **given | fields)


def answered_risk(commission: Commission, *ticked: str, by: Person | None = None) -> Commission:
    """Answer every high-risk criterion; those named apply."""
    keys = RiskCriterion.objects.filter(framework=commission.case_file.organisation.framework)
    answers = {
        key: Ticked(key in ticked, "It does, because a test says so" if key in ticked else "")
        for key in keys.values_list("key", flat=True)
    }
    risk.answer(commission, answers, by=by or _holder(commission))
    return Commission.objects.get(pk=commission.pk)


def with_authority(commission: Commission, *, by: Person | None = None, **fields: Any) -> Commission:
    """Record a delegated decision that allows everything."""
    given: dict[str, Any] = {
        "kind": "delegated_decision",
        "may_commission": True,
        "may_procure": True,
        "may_award": True,
        "decided_by": "Team manager",
        "decided_on": clock.today(),
        "decision_reference": f"DD-{next(_numbers)}",
    }
    decisions.record_authority(commission, by=by or _holder(commission), **given | fields)
    return commission


def started_commission(by: Person | None = None, *, ticked: tuple[str, ...] = (), **fields: Any) -> Commission:
    """Register a commission, answer its risk form, record authority, and start it."""
    commission = registered_commission(by, **fields)
    answered_risk(commission, *ticked)
    with_authority(commission)
    return started(commission)


def started(commission: Commission) -> Commission:
    """Start a commission that has everything."""
    return carry_out(Commission.objects.get(pk=commission.pk), "start", by=_holder(commission)).subject


def planned_as_suggested(commission: Commission) -> Commission:
    """Agree the activity plan as the catalogue proposes it."""
    choices = {row.pk: Choice(row.is_suggested) for row in commission.activities.all()}
    holder = _holder(commission)
    activities.agree(commission, choices, participants=[holder], agreed_on=clock.today(), by=holder)
    return commission


def done_activities(commission: Commission, stage: str) -> Commission:
    """Write an output for each relevant activity of a stage, and complete it; where it is asked for, engage as well."""
    holder = _holder(commission)
    asks_everything = dossiers.load(Commission.objects.get(pk=commission.pk)).need(1) == "required"
    if asks_everything and not commission.engagement_rows.filter(stage=stage).exists():
        engaged(commission, stage=stage)
    rows = commission.activities.filter(activity__stage=stage, state__in=["relevant", "in_progress"])
    for row in rows.order_by("activity__order"):
        row = activities.write_output(row, output="It is written down.", output_link="", version=row.version, by=holder)
        if row.activity.key == "service_design" and not commission.designfeedback_rows.exists():
            DesignFeedback.objects.create(commission=commission, why_none="Only staff use it.", recorded_by=holder)
        carry_out(row, "complete", by=holder)
    return commission


def answered_questions(commission: Commission, stage: str) -> Commission:
    """Answer every key question of a stage."""
    framework = commission.case_file.organisation.framework
    asked = KeyQuestion.objects.filter(framework=framework, stage=stage)
    questions.answer(commission, {row.pk: Given("Yes, as the record shows.") for row in asked}, by=_holder(commission))
    return commission


def decided_delivery(commission: Commission, key: str = "buy") -> Commission:
    """Decide how to deliver, in Plan."""
    model = DeliveryModel.objects.get(framework=commission.case_file.organisation.framework, key=key)
    decisions.decide_delivery(commission, model=model, reasons="It costs least.", by=_holder(commission))
    if not commission.voluntaryskills_rows.exists():
        VoluntarySkills.objects.create(commission=commission, skills="Befrienders know who lives alone")
    upholding.consider_joint(
        commission, outcome="alone", with_whom="The health board", benefit="Quicker alone.", by=_holder(commission)
    )
    return commission


def _holder(commission: Commission) -> Person:
    holder = commission.case_file.holder
    assert holder is not None
    return Person.objects.get(pk=holder.pk)


def engaged(commission: Commission, *, by: Person | None = None, **fields: Any) -> Engagement:
    """Write an entry in the engagement log: a survey of residents held today, in the stage the commission is in."""
    stage = commission.state if commission.state in STAGES else "analyse"
    given: dict[str, Any] = {
        "stage": stage,
        "title": "Survey of residents",
        "group": "users",
        "kind": "resident_survey",
        "method": "written",
        "takes_place_on": clock.today(),
        "standing_is": "held",
        "purpose": "Hear what people want",
        "told": "What the money allows",
        "asked": "What would help?",
        "heard": "Evenings are missing",
        "changed": "Evenings were added",
    }
    sheet = sheet_of("engagement")
    assert sheet is not None
    row = sheets.save_row(commission, sheet, given | fields, by=by or _holder(commission))
    return Engagement.objects.get(pk=row.pk)
