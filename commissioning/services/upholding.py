"""Writing how the principles are met, and whether joint commissioning was considered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from casework.audit import audited, record
from casework.refusals import NotPermitted, Refused, Stale
from commissioning.models import Commission, JointConsideration, Partner, Principle, PrincipleMet
from commissioning.services.values import locked, locked_open, refuse
from commissioning.states import ENDED
from organisation import clock
from organisation.models import Person
from organisation.permissions import may


def write_principles(
    commission: Commission, how: Mapping[int, str], *, by: Person, act_id: uuid.UUID | None = None
) -> None:
    """Say how each principle is met, by its id. No order and no weight: they are equal."""
    verb = "commission.principles"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(commission, by=by, act="commission.edit", verb=verb, stands="its principles stand")
        names = dict(
            Principle.objects.filter(framework_id=commission.case_file.organisation.framework_id).values_list(
                "pk", "name"
            )
        )
        before = dict(PrincipleMet.objects.filter(commission=commission).values_list("principle_id", "how"))
        changed = {pk: words for pk, words in how.items() if pk in names and before.get(pk, "") != words}
        PrincipleMet.objects.bulk_create(
            [
                PrincipleMet(commission=commission, principle_id=pk, how=words, written_by=by, written_at=clock.now())
                for pk, words in changed.items()
            ],
            update_conflicts=True,
            unique_fields=["commission", "principle"],
            update_fields=["how", "written_by", "written_at"],
        )
        if changed:
            record(
                verb=verb,
                subject=commission,
                changes={names[pk]: [before.get(pk, ""), words] for pk, words in changed.items()},
            )


def consider_joint(
    commission: Commission,
    *,
    outcome: str,
    with_whom: str,
    benefit: str,
    by: Person,
    version: int = 0,
    act_id: uuid.UUID | None = None,
) -> JointConsideration:
    """Say whether joint commissioning was considered, with whom, and what residents gain (framework 5.2)."""
    verb = "commission.joint"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(commission.pk)):
        commission = locked_open(
            commission, by=by, act="commission.edit", verb=verb, stands="what was considered stands"
        )
        row = JointConsideration.objects.filter(commission=commission).first()
        if row is not None and version and row.version != version:
            theirs = {"What came of it": row.get_outcome_display(), "With whom": row.with_whom, "Benefit": row.benefit}
            raise Stale("Someone else saved this after you opened it.", theirs)
        row = row or JointConsideration(commission=commission, version=0)
        before = row.with_whom
        row.outcome, row.with_whom, row.benefit = outcome, with_whom, benefit
        row.written_by, row.written_at, row.version = by, clock.now(), row.version + 1
        row.save()
        record(
            verb=verb,
            subject=commission,
            reason=benefit[:2000],
            changes={"considered": row.get_outcome_display(), "with": [before, with_whom]},
        )
        return row


def confirm_as_partner(partner: Partner, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """A person of the partner's own organisation confirms the principles for it."""
    verb = "partner.confirmed"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(partner.pk)):
        commission = locked(partner.commission)
        if not may(by, "partner.confirm", partner):
            words = "You cannot confirm for this partner. Ask a commissioner or a leader there."
            refuse(NotPermitted(words), verb=verb, subject=commission, by=by)
        if commission.state in ENDED or partner.removed_at is not None:
            refuse(Refused("This commission is no longer shared."), verb=verb, subject=commission, by=by)
        Partner.objects.filter(pk=partner.pk).update(
            confirmed_on=clock.today(), confirmed_by=f"{by.name}, {partner.organisation}"[:200]
        )
        record(verb=verb, subject=commission, changes={"partner": partner.name})
