"""Writing standing partnerships and their meetings."""

from __future__ import annotations

import uuid
from datetime import date

from casework.audit import audited, record
from casework.door import who_words
from casework.refusals import NotPermitted, Refused, Stale
from commissioning.models import Partnership, PartnershipMeeting
from commissioning.services.values import refuse
from organisation.models import Organisation, Person
from organisation.permissions import may
from organisation.standing import standing_of

ACT = "partnership.keep"


def keeps_for(person: Person) -> list[Organisation]:
    """The organisations for which somebody keeps partnerships."""
    rows = Organisation.objects.filter(pk__in=standing_of(person).organisations).order_by("name")
    return [row for row in rows if may(person, ACT, _Place(row.pk))]


class _Place:
    """An organisation as a place: permission is asked of it before any row exists."""

    def __init__(self, organisation_id: int) -> None:
        self.organisation_id = organisation_id


def save(
    organisation: Organisation,
    *,
    name: str,
    purpose: str,
    partners: str,
    contributions: str,
    is_open: bool,
    by: Person,
    row: Partnership | None = None,
    version: int = 0,
    act_id: uuid.UUID | None = None,
) -> Partnership:
    """Add a partnership, or change one. A name is used once in an organisation."""
    verb = "partnership.saved"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{organisation.pk}:{name[:60]}"):
        _ask(by, Partnership(organisation=organisation, name=name) if row is None else row, verb)
        if row is not None:
            row = Partnership.objects.select_for_update(of=("self",)).get(pk=row.pk)
            if row.version != version:
                raise Stale("Someone else changed this partnership after you opened it.", {"Name": row.name})
        twins = Partnership.objects.filter(organisation=organisation, name=name)
        if twins.exclude(pk=row.pk if row else 0).exists():
            refuse(Refused("There is a partnership of this name already."), verb=verb, subject=twins[0], by=by)
        found = row or Partnership(organisation=organisation, recorded_by=by, version=0)
        before = found.name
        found.name, found.purpose, found.partners = name, purpose, partners
        found.contributions, found.is_open = contributions, is_open
        found.version += 1
        found.save()
        record(verb=verb, subject=found, changes={"name": [before, name]})
        return found


def add_meeting(
    row: Partnership, *, held_on: date, words: str, by: Person, act_id: uuid.UUID | None = None
) -> PartnershipMeeting:
    """Record a meeting and what it came to."""
    verb = "partnership.met"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        _ask(by, row, verb)
        made = PartnershipMeeting.objects.create(partnership=row, held_on=held_on, words=words, recorded_by=by)
        record(verb=verb, subject=row, reason=words[:2000], changes={"held_on": held_on})
        return made


def _ask(by: Person, row: Partnership, verb: str) -> None:
    if not may(by, ACT, row):
        refuse(NotPermitted(who_words(ACT, row)), verb=verb, subject=row, by=by)
