"""What the guards of this room read, in a fixed number of statements."""

from __future__ import annotations

from casework.lifecycle import dossier_of
from commissioning.selectors.dossiers import standing_authority
from contracts.dossier import ContractDossier, HandoverDossier
from contracts.models import Contract, Handover, HandoverPart, Indicator, MobilisationTask, Signature
from contracts.states import ContractState
from procurement.models import Challenge
from procurement.selectors.dossiers import standing_of
from procurement.states import RunBy

S = ContractState


@dossier_of(Contract)
def load(contract: Contract) -> ContractDossier:
    """What the guards of the present state read: three statements before signing, one while mobilising."""
    return _read(contract, whole=False)


def load_whole(contract: Contract) -> ContractDossier:
    """What the guards read and what the page shows beside it."""
    return _read(contract, whole=True)


def _read(contract: Contract, *, whole: bool) -> ContractDossier:
    signing = contract.state == S.AWARDED and contract.commission_id is not None
    standing = standing_of(contract.commission_id) if signing and contract.commission_id else None
    return ContractDossier(
        contract=contract,
        standing=standing,
        authority=standing_authority(standing.commission) if standing else (),
        signatures=signatures_of(contract) if whole or contract.state == S.AWARDED else (),
        tasks=tasks_of(contract.case_file_id) if contract.state in (S.MOBILISING, S.LIVE) else (),
        challenges=_open_challenges(contract) if signing else (),
    )


def _open_challenges(contract: Contract) -> tuple[Challenge, ...]:
    """The challenges that still stand in the way; only what CCPS buys is advertised, so only that is challenged."""
    exercise = contract.exercise
    if exercise is None or exercise.run_by != RunBy.CCPS:
        return ()
    return tuple(Challenge.objects.filter(exercise_id=exercise.pk, settled_on__isnull=True).order_by("pk"))


@dossier_of(Handover)
def load_handover(handover: Handover) -> HandoverDossier:
    """What the guards of a handover read, in two statements."""
    handover.contract.case_file = handover.case_file  # the same row, read once
    return HandoverDossier(
        handover=handover,
        parts=parts_of(handover),
        has_indicators=Indicator.objects.filter(contract_id=handover.contract_id).exists(),
    )


def parts_of(handover: Handover) -> tuple[HandoverPart, ...]:
    """The headings in order, each able to tell whose they are."""
    rows = tuple(HandoverPart.objects.filter(handover=handover).select_related("confirmed_by").order_by("order"))
    for row in rows:
        row.handover = handover
    return rows


def signatures_of(contract: Contract) -> tuple[Signature, ...]:
    """Both signatures, the council's first."""
    return tuple(Signature.objects.filter(contract=contract).order_by("party"))


def tasks_of(case_file_id: int) -> tuple[MobilisationTask, ...]:
    """The mobilisation of one case, the council's tasks first."""
    rows = MobilisationTask.objects.filter(case_file_id=case_file_id)
    return tuple(
        rows.select_related("case_file__contract", "owner", "done_by", "asked__queue").order_by("side", "due_on", "pk")
    )
