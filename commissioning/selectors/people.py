"""Who is who on a commission, and its papers and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from commissioning.models import Commission
from documents.models import Attachment, Paper
from documents.states import PaperState
from organisation.formatting import day
from organisation.models import Membership, Person
from organisation.prepared import Prepared
from organisation.roles import Role

SHOWN = (
    Role.SERVICE_LEADER,
    Role.BUDGET_HOLDER,
    Role.CONTRACT_MANAGER,
    Role.CCPS_OFFICER,
    Role.CCPS_MANAGER,
    Role.LEGAL,
    Role.FINANCE,
    Role.LEADERSHIP_APPROVER,
)
ON_OVERVIEW = (Role.SERVICE_LEADER, Role.BUDGET_HOLDER, Role.CONTRACT_MANAGER)
SHOWN_AT_ONCE = 2


@dataclass(frozen=True)
class PersonRow:
    """One line of the people list."""

    role: str
    who: str
    note: str = ""
    warning: str = ""


_HOLDERS = Prepared(
    lambda organisation, area, roles: (
        Membership.objects.in_force()
        .filter(organisation_id=organisation, role__in=roles)
        .filter(Q(service_area__isnull=True) | Q(service_area_id=area))
        .select_related("person")
        .order_by("person__name")[:200]
    )
)


def _holders(commission: Commission, roles: tuple[str, ...]) -> dict[str, list[Person]]:
    case = commission.case_file
    rows = _HOLDERS.rows(organisation=case.organisation_id, area=case.service_area_id, roles=roles)
    found: dict[str, list[Person]] = {}
    for row in rows:
        people = found.setdefault(row.role, [])
        if row.person not in people:
            people.append(row.person)
    return found


def rows_of(commission: Commission) -> list[PersonRow]:
    """The people a commissioner turns to first, in one statement."""
    holder = commission.case_file.holder
    rows = [PersonRow("Commissioner", holder.label if holder else "Nobody yet")]
    holders = _holders(commission, ON_OVERVIEW)
    for role in ON_OVERVIEW:
        people = holders.get(role, [])
        names = ", ".join(person.name for person in people[:SHOWN_AT_ONCE]) or "Nobody yet"
        more = f"and {len(people) - SHOWN_AT_ONCE} more" if len(people) > SHOWN_AT_ONCE else ""
        rows.append(PersonRow(str(role.label), names, more))
    return rows


def everyone_of(commission: Commission) -> list[tuple[str, list[Person]]]:
    """Every role that counts here with everyone who holds it, in one statement."""
    holders = _holders(commission, SHOWN)
    return [(str(Role(role).label), holders.get(role, [])) for role in SHOWN]


def choosable(commission: Commission, *, with_lead: int | None = None) -> Any:
    """The people of the commission's organisation who hold a role that counts for its service area.

    ``with_lead`` is somebody chosen before, who stays on offer after leaving the role.
    """
    case = commission.case_file
    here = Membership.objects.in_force().filter(organisation_id=case.organisation_id)
    areas = [case.service_area_id, *commission.member_areas]
    here = here.filter(Q(service_area__isnull=True) | Q(service_area_id__in=areas))
    here = here.exclude(role__in=[Role.AUDITOR, Role.ADMINISTRATOR])
    offered = Q(is_active=True, pk__in=here.values("person_id"))
    if with_lead is not None:
        offered |= Q(pk=with_lead)
    return Person.objects.filter(offered).order_by("name", "pk")


@dataclass(frozen=True)
class PaperRow:
    """One paper in a list."""

    name: str
    url: str
    note: str
    status: str
    tone: str


def papers_of(commission: Commission) -> list[PaperRow]:
    """The papers of a commission, in one statement."""
    rows = Paper.objects.filter(case_file_id=commission.case_file_id).select_related("template", "submitted_by")
    found = []
    for row in rows.order_by("pk")[:50]:
        submitted = row.state == PaperState.SUBMITTED
        by = row.submitted_by.name if row.submitted_by else ""
        note = f"Revision {row.revision_number}, {by}, {day(row.submitted_at)}" if submitted else "Not submitted yet"
        found.append(
            PaperRow(
                row.name, row.get_absolute_url(), note, str(row.get_state_display()), "green" if submitted else "blue"
            )
        )
    return found


def files_of(commission: Commission) -> list[Attachment]:
    """The files attached to a commission, newest first, in one statement."""
    rows = Attachment.objects.filter(case_file_id=commission.case_file_id, is_current=True)
    return list(rows.select_related("uploaded_by").order_by("-uploaded_at")[:50])


def paper_url(commission: Commission, key: str) -> str:
    """Where a paper of this commission is opened or begun."""
    return reverse("commissioning:open_paper", args=[commission.pk, key])
