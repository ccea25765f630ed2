"""Passing findings on, saying what came of them, and writing down prices for the sourcing team alone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.urls import reverse

from casework.audit import audited, record
from casework.door import who_words
from casework.querysets import people_seeing
from casework.refusals import AlreadyDone, NotPermitted, Stale
from casework.services import outbox
from commissioning.models import Commission, Engagement, PassedFinding, PriceFeedback
from commissioning.services.values import locked, locked_open, refuse
from organisation import clock
from organisation.models import Membership, Person, ServiceArea
from organisation.permissions import may
from organisation.roles import Role

PRICES, PASS_ON, ANSWER = "engagement.prices", "activity.write", "finding.answer"
RECEIVERS = (Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.SERVICE_LEADER)


def write_prices(
    engagement: Engagement, *, words: str, version: int, by: Person, act_id: uuid.UUID | None = None
) -> PriceFeedback:
    """Keep what a talk told of prices. The history says that something was written, and never what.

    Raises ``Stale`` when somebody saved it first.
    """
    verb = "commission.price_feedback"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(engagement.pk)):
        commission = locked_open(engagement.commission, by=by, act=PRICES, verb=verb, stands="what was written stands")
        row, made = PriceFeedback.objects.get_or_create(
            engagement=engagement, defaults={"words": words, "written_by": by}
        )
        if not made:
            if row.version != version:
                raise Stale(
                    "Someone else changed this after you opened it.", {"What was said about prices?": row.words}
                )
            row.words, row.written_by, row.written_at, row.version = words, by, clock.now(), row.version + 1
            row.save()
        record(verb=verb, subject=commission, changes={"entry": str(engagement)[:200]})
        return row


def pass_on(
    engagement: Engagement,
    *,
    words: str,
    by: Person,
    area: ServiceArea | None = None,
    to_commission: Commission | None = None,
    act_id: uuid.UUID | None = None,
) -> PassedFinding:
    """Send what was heard to a service area or another commission, and tell whoever answers for it there."""
    verb = "finding.passed"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(engagement.pk)):
        commission = locked_open(
            engagement.commission, by=by, act=PASS_ON, verb=verb, stands="nothing more is passed on from it"
        )
        case = commission.case_file
        found = PassedFinding.objects.create(
            engagement=engagement,
            organisation_id=case.organisation_id,
            service_area=to_commission.case_file.service_area if to_commission else area,
            to_commission=to_commission,
            words=words,
            sent_by=by,
        )
        to = to_commission.case_file.reference if to_commission else str(area)
        record(verb=verb, subject=commission, changes={"to": to, "finding": words[:200]})
        if to_commission is not None:
            record(verb="finding.received", subject=to_commission, changes={"from": case.reference})
        _tell(found)
        return found


def mark_read(finding: PassedFinding, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Say that the receiver has read it; the second time nothing changes."""
    with audited(by=by, act_id=act_id, verb="finding.read", subject=str(finding.pk)):
        _may_answer(finding, by, "finding.read")
        found = PassedFinding.objects.filter(pk=finding.pk, read_at__isnull=True).update(
            read_at=clock.now(), read_by=by
        )
        if found:
            record(verb="finding.read", subject=finding.engagement.commission, changes={"finding": finding.words[:200]})


def say_used(
    finding: PassedFinding, *, was_used: bool, used_how: str, by: Person, act_id: uuid.UUID | None = None
) -> None:
    """Say whether it was used, and how or why not; whoever passed it on is told."""
    verb = "finding.used"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(finding.pk)):
        commission = _may_answer(finding, by, verb)
        now = clock.now()
        row = PassedFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if row.answered_at is not None:
            refuse(
                AlreadyDone("This finding was answered already. Nothing was changed."),
                verb=verb,
                subject=commission,
                by=by,
            )
        row.was_used, row.used_how, row.answered_at = was_used, used_how, now
        row.read_at, row.read_by = row.read_at or now, row.read_by or by
        row.save()
        said = "used" if was_used else "not used"
        record(verb=verb, subject=commission, reason=used_how, changes={"finding": row.words[:200], "said": said})
        outbox.post(
            finding.sent_by,
            kind="finding_answered",
            subject=f"What you passed on was {said}: {commission.case_file.reference}",
            body=f"{row.words}\n\n{by.name}: {used_how}\n\n{settings.SITE_URL}{_log(commission.pk)}\n",
            case_file=commission.case_file,
            path=_log(commission.pk),
        )


def _may_answer(finding: PassedFinding, by: Person, verb: str) -> Commission:
    commission = locked(finding.engagement.commission)
    if not may(by, ANSWER, finding):
        refuse(NotPermitted(who_words(ANSWER, finding)), verb=verb, subject=commission, by=by)
    return commission


def _tell(finding: PassedFinding) -> None:
    """A message to everyone who answers for the receiver and may see where it comes from."""
    case = finding.engagement.commission.case_file
    here = Membership.objects.in_force().filter(
        organisation_id=finding.organisation_id, service_area_id=finding.service_area_id, role__in=RECEIVERS
    )
    path = reverse("commissioning:finding", args=[finding.pk])
    for person in people_seeing(case).filter(pk__in=here.values("person_id")).exclude(pk=finding.sent_by_id):
        outbox.post(
            person,
            kind="finding_passed",
            subject=f"A finding for you from {case.reference} {case.title}",
            body=(
                f"{finding.sent_by.name} thinks that you should know this:\n\n{finding.words}\n\n"
                f"Say whether you used it: {settings.SITE_URL}{path}\n\nIf you say nothing, it shows as not read.\n"
            ),
            case_file=case,
            path=path,
        )


def _log(pk: int) -> str:
    return reverse("commissioning:engagement", args=[pk])
