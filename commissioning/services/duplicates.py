"""Finding records that may be the same need, and settling each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from casework.audit import audited, record
from commissioning.models import Commission, LikelyDuplicate
from commissioning.selectors.alike import Alike, alike
from commissioning.services.values import locked_open
from organisation import clock
from organisation.models import Person


@dataclass(frozen=True)
class Settled:
    """What somebody who registers a need says of the records that look like it.

    ``linked`` is the case file it belongs with; None says that none of ``found`` is the same need, and ``reason`` why.
    """

    found: Sequence[Alike]
    linked: int | None
    reason: str


def likely_duplicates(commission: Commission, person: Person, *, with_category: bool = False) -> list[Alike]:
    """Open commissions and contracts with a like title, or of the same category: only what the person may see."""
    case = commission.case_file
    itself = Q(pk=case.pk) | Q(root_id=case.pk)
    if commission.follows_id is not None:
        # It is the same need on purpose, and so are the contracts that it made.
        itself |= Q(commission=commission.follows_id) | Q(root__commission=commission.follows_id)
    return alike(
        person,
        case.title,
        organisations=[case.organisation_id],
        category=commission.category_id if with_category else None,
        area=case.service_area_id,
        leave_out=itself,
        reads_misspelt=False,
    )


def note_likely(commission: Commission, person: Person, *, with_category: bool = False) -> int:
    """Write down what may be a duplicate and is not written down yet; says how many were new."""
    found = likely_duplicates(commission, person, with_category=with_category)
    if not found:
        return 0
    known = set(commission.likely_duplicates.values_list("other_id", flat=True))
    fresh = [
        LikelyDuplicate(commission=commission, other_id=other.case_id, because=other.because[:200])
        for other in found
        if other.case_id not in known
    ]
    LikelyDuplicate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def keep_settled(commission: Commission, settled: Settled) -> None:
    """Keep what was said of each record while the need was registered, in the same transaction."""
    finding = LikelyDuplicate.Finding
    for other in settled.found:
        is_linked = other.case_id == settled.linked
        instead = next((one.reference for one in settled.found if one.case_id == settled.linked), "")
        reason = settled.reason if is_linked or not instead else f"Linked with {instead} instead: {settled.reason}"
        row = LikelyDuplicate.objects.create(
            commission=commission,
            other_id=other.case_id,
            because=other.because[:200],
            finding=finding.LINKED if is_linked else finding.NOT_DUPLICATE,
            reason=reason[:500],
            settled_at=clock.now(),
        )
        record(
            verb="commission.duplicate",
            subject=commission,
            reason=row.reason,
            changes={"other": other.reference, "finding": ["", row.finding]},
        )


def settle(likely: LikelyDuplicate, *, finding: str, reason: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Say that two records belong together, or that they are not the same need and why."""
    with audited(by=by, act_id=act_id, verb="commission.duplicate", subject=str(likely.pk)):
        locked_open(
            likely.commission, by=by, act="commission.edit", verb="commission.duplicate", stands="what was found stands"
        )
        likely = (
            LikelyDuplicate.objects.select_for_update(of=("self",))
            .select_related("commission__case_file", "other")
            .get(pk=likely.pk)
        )
        before = likely.finding
        likely.finding, likely.reason, likely.settled_at = finding, reason, clock.now()
        likely.save(update_fields=["finding", "reason", "settled_at"])
        record(
            verb="commission.duplicate",
            subject=likely.commission,
            reason=reason,
            changes={"other": likely.other.reference, "finding": [before, finding]},
        )
