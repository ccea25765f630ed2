"""The sheets of the risk log, of conflicts between principles, and of commissioning with others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse

from casework.deadlines import Due, due, register_deadline_kind
from casework.services.deadlines import finish_deadline, set_deadline
from commissioning.forms.collaboration import LinkForm, PartnerForm, PaymentForm, TeamForm
from commissioning.forms.upholding import ConflictForm, RiskLogForm
from commissioning.models import (
    Commission,
    MemberTeam,
    Partner,
    PartnerPayment,
    PartnershipLink,
    PrincipleConflict,
    RiskLogEntry,
)
from commissioning.selectors.collaboration import shares_of
from commissioning.sheets import Column, Sheet, Sum, register_sheet
from commissioning.states import ENDED
from organisation import clock
from organisation.formatting import day, money

RISK_REVIEW = "risk_review"


def _due_of(row: RiskLogEntry) -> Due:
    return due(
        row.commission.case_file,
        RISK_REVIEW,
        str(row.pk),
        due_on=row.review_on,
        title=f"Look at a risk again: {row.risk}",
        path=reverse("commissioning:sheet", args=[row.commission_id, RISKS.key]),
        holder=row.owner,
    )


def _risk_saved(row: Any) -> None:
    """Its review falls due from its owner; a closed risk reminds nobody."""
    if row.is_closed:
        _risk_removed(row)
        return
    wanted = _due_of(row)
    set_deadline(
        row.commission.case_file,
        RISK_REVIEW,
        str(row.pk),
        due_on=row.review_on,
        holder=row.owner,
        title=wanted.title,
        path=wanted.path,
    )


def _risk_removed(row: Any) -> None:
    finish_deadline(row.commission.case_file, RISK_REVIEW, str(row.pk))


def risks_due() -> Iterator[Due]:
    """Every review of an open risk, for the nightly proof."""
    rows = RiskLogEntry.objects.filter(removed_at=None, is_closed=False).exclude(commission__state__in=ENDED)
    for row in rows.select_related("commission__case_file", "owner").order_by("pk").iterator(chunk_size=500):
        yield _due_of(row)


def _review(row: RiskLogEntry) -> str:
    if row.is_closed:
        return "Closed"
    late = row.review_on < clock.today()
    return f"{day(row.review_on)}, overdue" if late else day(row.review_on)


def _confirmed(row: Partner) -> str:
    return f"{row.confirmed_by}, {day(row.confirmed_on)}" if row.confirmed_on else "Not confirmed yet"


def partner_sums(rows: Sequence[Partner]) -> Sequence[Sum]:
    """What is paid by others, and apart from it what is only managed for them."""
    shared = sum((row.share_ex_vat or Decimal(0) for row in rows if row.role != Partner.Role.ON_BEHALF), Decimal(0))
    managed = sum((row.share_ex_vat or Decimal(0) for row in rows if row.role == Partner.Role.ON_BEHALF), Decimal(0))
    found = [Sum("Partners' shares", money(shared))]
    if managed:
        found.append(Sum("Managed on behalf of others, never our budget", money(managed)))
    return found


def _payment_sums(rows: Sequence[PartnerPayment]) -> Sequence[Sum]:
    by_partner: dict[str, list[Decimal]] = {}
    for row in rows:
        received, waiting = by_partner.setdefault(row.partner.name, [Decimal(0), Decimal(0)])
        by_partner[row.partner.name] = (
            [received + row.amount_ex_vat, waiting] if row.received_on else [received, waiting + row.amount_ex_vat]
        )
    return [
        Sum(f"{name}: received, and still to come", f"{money(received)}, {money(waiting)}")
        for name, (received, waiting) in by_partner.items()
    ]


def _shares_changed(row: Any) -> None:
    """The commission itself knows what of its value is not our own, so that every total can say so."""
    shares = shares_of(row.commission)
    Commission.objects.filter(pk=row.commission_id).update(
        partners_ex_vat=shares.partners, managed_ex_vat=shares.managed
    )


def _teams_changed(row: Any) -> None:
    """The commission itself knows who may contribute, so that asking for permission costs no statement."""
    areas = MemberTeam.objects.filter(commission_id=row.commission_id, removed_at=None)
    Commission.objects.filter(pk=row.commission_id).update(
        member_areas=sorted(areas.values_list("service_area_id", flat=True))
    )


RISKS = Sheet(
    key="risks",
    title="Risk log",
    one="a risk",
    model=RiskLogEntry,
    form=RiskLogForm,
    permission="commission.review",
    also_in=("business_case",),
    intro="Kept from Plan to the end of Review. The business case begins with what stands open here. "
    "Its owner is reminded when a risk is to be looked at again.",
    empty="No risk is in the log yet.",
    rank=("is_closed", "review_on", "pk"),
    related=("owner",),
    on_saved=_risk_saved,
    on_removed=_risk_removed,
    columns=(
        Column("Risk", lambda row: row.risk),
        Column("Likelihood", lambda row: str(row.get_likelihood_display())),
        Column("Impact", lambda row: str(row.get_impact_display())),
        Column("Owner", lambda row: row.owner.name),
        Column("Mitigation", lambda row: row.mitigation),
        Column("Review", _review),
    ),
)
CONFLICTS = Sheet(
    key="conflicts",
    title="Conflicts between principles",
    one="a conflict",
    model=PrincipleConflict,
    form=ConflictForm,
    intro="No principle ranks above another. Where two pull apart, say what was chosen, why, and who decided.",
    empty="No conflict is recorded.",
    related=("first", "second", "decided_by"),
    beside=("Commissioning principles", "commissioning:principles"),
    columns=(
        Column("Principles", str),
        Column("Choice", lambda row: row.choice),
        Column("Reason", lambda row: row.reason),
        Column("Decided", lambda row: f"{row.decided_by.name}, {day(row.decided_on)}"),
    ),
)
_BESIDE = ("Working with others", "commissioning:partners")
PARTNERS = Sheet(
    key="partners",
    title="Partners",
    one="a partner",
    model=Partner,
    form=PartnerForm,
    intro="Who commissions with us, and for whom we commission. Each confirms the commissioning principles.",
    empty="No partner is named.",
    related=("organisation",),
    sums=partner_sums,
    on_saved=_shares_changed,
    on_removed=_shares_changed,
    beside=_BESIDE,
    columns=(
        Column("Partner", lambda row: row.name),
        Column("Role", lambda row: str(row.get_role_display())),
        Column("Share, excluding VAT", lambda row: money(row.share_ex_vat), is_number=True),
        Column("Conditions", lambda row: row.conditions),
        Column("Agreement and whom it covers", lambda row: ", ".join(filter(None, (row.agreement, row.client_group)))),
        Column("Principles", _confirmed),
    ),
)
PAYMENTS = Sheet(
    key="partner_payments",
    title="Partners' payments",
    one="a payment",
    model=PartnerPayment,
    form=PaymentForm,
    empty="No payment is recorded.",
    rank=("due_on", "pk"),
    related=("partner",),
    sums=_payment_sums,
    beside=_BESIDE,
    columns=(
        Column("Partner", lambda row: row.partner.name),
        Column("Amount, excluding VAT", lambda row: money(row.amount_ex_vat), is_number=True),
        Column("Due", lambda row: day(row.due_on)),
        Column("Received", lambda row: day(row.received_on) if row.received_on else "Not yet"),
        Column("Note", lambda row: row.note),
    ),
)
TEAMS = Sheet(
    key="teams",
    title="Teams that work on it",
    one="a team",
    model=MemberTeam,
    form=TeamForm,
    intro="Commissioners and contract managers of these service areas write in its activities too.",
    empty="Only the service area that owns the need works on it.",
    related=("service_area",),
    on_saved=_teams_changed,
    on_removed=_teams_changed,
    beside=_BESIDE,
    columns=(
        Column("Service area", lambda row: str(row.service_area)),
        Column("Brings", lambda row: row.brings),
    ),
)
LINKS = Sheet(
    key="partnerships",
    title="Partnerships it works through",
    one="a partnership",
    model=PartnershipLink,
    form=LinkForm,
    empty="None is linked.",
    related=("partnership",),
    beside=_BESIDE,
    columns=(
        Column("Partnership", lambda row: row.partnership.name),
        Column("What it does here", lambda row: row.note),
    ),
)
WITH_OTHERS = (PARTNERS, PAYMENTS, TEAMS, LINKS)


def register_own() -> None:
    """Register these sheets, and the reviews that fall due."""
    for sheet in (RISKS, CONFLICTS, *WITH_OTHERS):
        register_sheet(sheet)
    register_deadline_kind(RISK_REVIEW, "Risks to look at again", source=risks_due)
