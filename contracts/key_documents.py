"""The contract among the key documents of Secure Services: its newest file, and who put it there."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from commissioning.models import Commission
from commissioning.selectors.key_documents import Document, register_key_documents
from commissioning.states import CommissionState
from contracts.models import Contract
from contracts.selectors.register import TONES
from contracts.states import ContractState
from documents.models import Attachment
from documents.purposes import FilePurpose, register_file_purpose
from documents.states import Classification
from organisation.models import Person
from organisation.permissions import may

CONTRACT_FILE = "contract"


def contracts_of(commission: Commission, person: Person) -> list[Document]:
    """Every contract of a commission that somebody may see, in one statement; a line for the first while none is."""
    if not commission.may_buy:
        return []
    files = Attachment.objects.filter(case_file=OuterRef("case_file"), purpose=CONTRACT_FILE).order_by()
    newest = files.filter(is_current=True).order_by("-pk")
    count = files.values("case_file").annotate(n=Count("pk")).values("n")
    rows: Any = Contract.objects.visible_to(person).filter(commission=commission).select_related("case_file__holder")
    rows = rows.exclude(state=ContractState.TERMINATED).annotate(
        file_count=Coalesce(Subquery(count), 0),
        file_id=Subquery(newest.values("pk")[:1]),
        file_by=Subquery(newest.annotate(who=F("uploaded_by__name")).values("who")[:1]),
    )
    return [_line(row, person) for row in rows.order_by("pk")] or [Document("Contract")]


def _line(row: Any, person: Person) -> Document:
    case = row.case_file
    has_file = row.file_id is not None
    attach = reverse("documents:attach", args=[case.pk, CONTRACT_FILE])
    return Document(
        name=f"Contract {case.reference}",
        version=f"Version {row.file_count}" if has_file else "",
        author=row.file_by if has_file else (case.holder.name if case.holder else ""),
        status=str(ContractState(row.state).label),
        tone=TONES[ContractState(row.state)],
        url=case.path,
        download=reverse("documents:download", args=[row.file_id]) if has_file else "",
        attach_url=attach if may(person, "attachment.add", row) else "",
    )


def register_own() -> None:
    """Let the signed contract be attached, and show it with the other key documents."""
    register_file_purpose(FilePurpose(CONTRACT_FILE, "The contract", classification=Classification.COMMERCIAL))
    register_key_documents(CommissionState.SECURE, contracts_of)
