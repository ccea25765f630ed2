"""Authority, the delivery decision, the end decision, lessons, and what a submitted screening came to."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from casework.audit import audited, record
from casework.audit.decisions import DOCUMENT, REASONS
from casework.blockers import Blocker
from casework.lifecycle import effect_of
from casework.refusals import AlreadyDone, Blocked, Refused
from commissioning.models import (
    AuthorityRecord,
    Commission,
    DeliveryDecision,
    DeliveryModel,
    EndDecision,
    ImpactScreening,
    Lesson,
)
from commissioning.selectors.dossiers import FLAG_FIELDS
from commissioning.services import buying_steps
from commissioning.services.commissions import register
from commissioning.services.gates import PAPERS
from commissioning.services.values import locked_for, locked_open, refuse
from commissioning.states import CommissionState
from documents.decided_on import document_words
from documents.models import Answer, Paper
from organisation import clock
from organisation.actors import Actor
from organisation.formatting import money
from organisation.models import Person, Supplier

NO_CHANGE = "no_change"
SCREENED = {
    "changes_service": "a service changes",
    "affects_people": "people are affected",
    "affects_inequality": "inequality is affected",
    "affects_carbon": "carbon is affected",
    "uses_personal_data": "personal data is used",
}


NOTHING_BOUGHT = "Nothing is bought at this level of commissioning. Change the level first, or choose another way."
DECIDED_IN_PLAN = "The delivery decision is made in Plan. Return the commission to Plan to decide again."


def record_authority(
    commission: Commission,
    *,
    kind: str,
    may_commission: bool,
    may_procure: bool,
    may_award: bool,
    decided_by: str,
    decided_on: date,
    decision_reference: str,
    by: Person,
    limit_ex_vat: Decimal | None = None,
    provider: Supplier | None = None,
    note: str = "",
    act_id: uuid.UUID | None = None,
) -> AuthorityRecord:
    """Record the proof that somebody with authority decided (framework 9)."""
    with audited(by=by, act_id=act_id, verb="commission.authority", subject=str(commission.pk)):
        commission = locked_open(
            commission,
            by=by,
            act="commission.authority",
            verb="commission.authority",
            stands="its authority records stand",
        )
        made = AuthorityRecord.objects.create(
            commission=commission,
            kind=kind,
            may_commission=may_commission,
            may_procure=may_procure,
            may_award=may_award,
            decided_by=decided_by,
            decided_on=decided_on,
            decision_reference=decision_reference,
            limit_ex_vat=limit_ex_vat,
            provider=provider,
            note=note,
            recorded_by=by,
        )
        acts = [
            word
            for word, covered in (("commission", may_commission), ("procure", may_procure), ("award", may_award))
            if covered
        ]
        record(
            verb="commission.authority",
            subject=commission,
            reason=note,
            changes={
                "decision": f"{made.get_kind_display()} {decision_reference}, {decided_by}",
                "covers": acts,
                "limit": money(limit_ex_vat) if limit_ex_vat is not None else "no limit named",
                "provider": provider.name if provider else "",
            },
        )
        return made


def withdraw_authority(
    authority: AuthorityRecord, *, because: str, by: Person, act_id: uuid.UUID | None = None
) -> None:
    """Mark a record as no longer standing; the row and its reason stay."""
    verb = "commission.authority_withdrawn"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(authority.pk)):
        commission = locked_open(
            authority.commission, by=by, act="commission.authority", verb=verb, stands="its authority records stand"
        )
        found = AuthorityRecord.objects.filter(pk=authority.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=clock.now(), withdrawn_because=because
        )
        if not found:
            before = AlreadyDone("This authority record was withdrawn before. Nothing was changed.")
            refuse(before, verb=verb, subject=commission, by=by)
        record(
            verb=verb,
            subject=commission,
            reason=because,
            changes={"decision": str(authority)},
        )


def decide_delivery(
    commission: Commission, *, model: DeliveryModel, reasons: str, by: Person, act_id: uuid.UUID | None = None
) -> DeliveryDecision:
    """Decide how the need will be met. An earlier decision is kept and superseded. Only while in Plan.

    Without buying, the steps of buying leave the activity plan; deciding to buy puts them back.
    """
    with audited(by=by, act_id=act_id, verb="commission.delivery", subject=str(commission.pk)):
        commission = locked_for(commission, by=by, act="commission.edit", verb="commission.delivery")
        if commission.state != CommissionState.PLAN:
            refuse(Refused(DECIDED_IN_PLAN), verb="commission.delivery", subject=commission, by=by)
        if model.buys and not commission.may_buy:
            refuse(Refused(NOTHING_BOUGHT), verb="commission.delivery", subject=commission, by=by)
        standing = commission.delivery_decisions.filter(superseded_at__isnull=True).select_related("model").first()
        if standing:
            DeliveryDecision.objects.filter(pk=standing.pk).update(superseded_at=clock.now())
        made = DeliveryDecision.objects.create(commission=commission, model=model, reasons=reasons, decided_by=by)
        buying_steps.follow(commission, model)
        record(
            verb="commission.delivery",
            subject=commission,
            reason=reasons,
            changes={"delivery": [standing.model.name if standing else "", model.name], **_decided_on(commission)},
        )
        return made


def _decided_on(commission: Commission, *papers: str) -> dict[str, str]:
    """The paper that a decision stood on, for the trail; nothing where none was submitted."""
    words = document_words(commission.case_file, *(papers or PAPERS.values()))
    return {DOCUMENT: words} if words else {}


def confirm_delivery(decision: DeliveryDecision, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """The service leader confirms a decision of "no change"; never the person who made it. Only while in Plan."""
    verb = "commission.delivery_confirmed"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(decision.pk)):
        commission = locked_for(decision.commission, by=by, act="commission.confirm_delivery", verb=verb)
        if commission.state != CommissionState.PLAN:
            refuse(Refused(DECIDED_IN_PLAN), verb=verb, subject=commission, by=by)
        if decision.model.key != NO_CHANGE:
            only = Refused("Only a decision of “no change” waits for the service leader's word.")
            refuse(only, verb=verb, subject=commission, by=by)
        if by.pk == decision.decided_by_id:
            own = Refused("You made this decision, so somebody else has to confirm it.")
            refuse(own, verb=verb, subject=commission, by=by)
        found = DeliveryDecision.objects.filter(
            pk=decision.pk, confirmed_by__isnull=True, superseded_at__isnull=True
        ).update(confirmed_by=by, confirmed_at=clock.now())
        if not found:
            before = AlreadyDone("This decision was confirmed or replaced before. Nothing was changed.")
            refuse(before, verb=verb, subject=commission, by=by)
        changes = {"delivery": decision.model.name, REASONS: decision.reasons, **_decided_on(commission)}
        record(verb=verb, subject=commission, changes=changes)


def decide_end(
    commission: Commission, *, choice: str, reasons: str, by: Person, act_id: uuid.UUID | None = None
) -> EndDecision:
    """Decide what happens when the term ends. An earlier decision is kept and superseded. Only in Review."""
    with audited(by=by, act_id=act_id, verb="commission.end", subject=str(commission.pk)):
        commission = locked_for(commission, by=by, act="commission.review", verb="commission.end")
        if commission.state != CommissionState.REVIEW:
            in_review = Refused("The end decision is made in Review.")
            refuse(in_review, verb="commission.end", subject=commission, by=by)
        standing = commission.end_decisions.filter(superseded_at__isnull=True).first()
        if standing:
            EndDecision.objects.filter(pk=standing.pk).update(superseded_at=clock.now())
        made = EndDecision.objects.create(commission=commission, choice=choice, reasons=reasons, decided_by=by)
        record(
            verb="commission.end",
            subject=commission,
            reason=reasons,
            changes={
                "end decision": [standing.get_choice_display() if standing else "", made.get_choice_display()],
                **_decided_on(commission, "outcomes_assessment"),
            },
        )
        return made


def add_lesson(
    commission: Commission,
    *,
    context: str,
    insight: str,
    recommendation: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> Lesson:
    """Write down what was learnt, for other teams to find. Possible at any stage, and after the end."""
    with audited(by=by, act_id=act_id, verb="commission.lesson", subject=str(commission.pk)):
        commission = locked_for(commission, by=by, act="commission.review", verb="commission.lesson")
        made = Lesson.objects.create(
            commission=commission, context=context, insight=insight, recommendation=recommendation, recorded_by=by
        )
        record(verb="commission.lesson", subject=commission, changes={"recommendation": recommendation[:200]})
        return made


def no_lessons(commission: Commission, *, reason: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """State why there is nothing to learn from this one."""
    with audited(by=by, act_id=act_id, verb="commission.no_lessons", subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.review", verb="commission.no_lessons", stands="its reason stands"
        )
        commission.no_lessons_reason = reason
        commission.save(update_fields=["no_lessons_reason"])
        record(verb="commission.no_lessons", subject=commission, reason=reason)


def recommission(commission: Commission, *, by: Person, act_id: uuid.UUID | None = None) -> Commission:
    """Open the next commission in draft with the needs, category and objectives of this one, which runs to its end.

    Raises ``Blocked`` unless the standing end decision says "recommission", and ``AlreadyDone`` when the next one is
    open.
    """
    verb = "commission.recommission"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_for(commission, by=by, act="commission.edit", verb=verb)
        standing = commission.end_decisions.filter(superseded_at__isnull=True).first()
        if commission.state != CommissionState.REVIEW or standing is None or standing.choice != "recommission":
            not_made = Blocker(
                "end", "End decision “recommission”: not made", "commissioning:end_decision", (commission.pk,)
            )
            refuse(Blocked([not_made], "You cannot recommission yet."), verb=verb, subject=commission, by=by)
        already = commission.followed_by.select_related("case_file").first()
        if already:
            words = f"{already.case_file.reference} follows this commission already. Nothing was changed."
            refuse(AlreadyDone(words), verb=verb, subject=commission, by=by)
        case = commission.case_file
        if case.service_area is None:
            homeless = Refused("This commission has no service area, so a next one cannot be opened.")
            refuse(homeless, verb=verb, subject=commission, by=by)
        made = register(
            title=case.title,
            service_area=case.service_area,
            by=by,
            purpose=commission.purpose,
            category=commission.category,
            objectives=list(commission.objectives.all()),
            governance_route=commission.governance_route,
            amount_ex_vat=case.value_ex_vat,
            amount_inc_vat=case.value_inc_vat,
            flags={name: getattr(commission, name) for name in FLAG_FIELDS.values()},
            follows=commission,
        )
        record(verb=verb, subject=commission, changes={"next": made.case_file.reference})
        return made


@effect_of(Paper, "submit")
def _screening_submitted(paper: Paper, *, by: Actor, note: str, **_: Any) -> None:
    """A submitted impact screening says whether a full assessment is needed: yes or not sure to anything means it is.

    "Not sure" counts as yes (framework 11): doubt is settled by assessing, not by assuming.
    """
    if paper.template_key != "impact_screening":
        return
    commission = Commission.objects.filter(case_file_id=paper.case_file_id).first()
    if commission is None:
        return
    answers = dict(
        Answer.objects.filter(paper=paper, question_key__in=SCREENED, is_offered=False).values_list(
            "question_key", "value"
        )
    )
    asked = [words for key, words in SCREENED.items() if key != "changes_service" and answers.get(key) != "no"]
    ImpactScreening.objects.create(
        commission=commission,
        revision_number=paper.revision_number,
        needs_full=bool(asked),
        because="; ".join(asked),
    )
    record(
        verb="commission.screened",
        subject=commission,
        changes={"full assessment": "needed" if asked else "not needed", "because": asked},
    )
