"""Actions of the impact assessment: their deadlines, and their end."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.urls import reverse

from casework.audit import audited, record
from casework.deadlines import Due, due
from casework.door import who_words
from casework.refusals import AlreadyDone, NotPermitted
from casework.services.deadlines import finish_deadline, put
from commissioning.models import ImpactEffect
from commissioning.services.values import locked, refuse
from commissioning.states import ENDED
from organisation import clock
from organisation.models import Person
from organisation.permissions import may

IMPACT_ACTION = "impact_action"
FINISH = "impact.finish_action"


def effect_saved(row: ImpactEffect) -> None:
    """An action falls due from its owner; without one, or once it is done, nobody is reminded."""
    if row.has_action and row.done_on is None:
        put(_due_of(row))
    else:
        effect_removed(row)


def effect_removed(row: ImpactEffect) -> None:
    """Nobody is reminded of what was taken away."""
    finish_deadline(row.commission.case_file, IMPACT_ACTION, str(row.pk))


def actions_due() -> Iterator[Due]:
    """Every open action of a commission that has not ended, for the nightly proof."""
    rows = ImpactEffect.objects.open_actions().exclude(commission__state__in=ENDED)
    for row in rows.select_related("commission__case_file", "owner").order_by("pk").iterator(chunk_size=500):
        yield _due_of(row)


def finish_action(row: ImpactEffect, *, done_how: str, by: Person, act_id: uuid.UUID | None = None) -> ImpactEffect:
    """Say that an action is done, and what came of it. Its deadline ends.

    Raises ``NotPermitted`` for whoever is neither its owner nor a commissioner, ``AlreadyDone`` the second time.
    """
    with audited(by=by, act_id=act_id, verb=FINISH, subject=str(row.pk)):
        commission = locked(row.commission)
        row = ImpactEffect.objects.select_related("owner").get(pk=row.pk)
        row.commission = commission
        if not may(by, FINISH, row):
            refuse(NotPermitted(who_words(FINISH, row)), verb=FINISH, subject=commission, by=by)
        if row.done_on is not None or row.removed_at is not None or not row.has_action:
            refuse(
                AlreadyDone("This action is done already, or no longer asked for. Nothing was changed."),
                verb=FINISH,
                subject=commission,
                by=by,
            )
        row.done_on, row.done_how = clock.today(), done_how
        row.version += 1
        row.save(update_fields=["done_on", "done_how", "version"])
        record(verb=FINISH, subject=commission, reason=done_how, changes={"action": row.action})
        effect_removed(row)
        return row


def _due_of(row: ImpactEffect) -> Due:
    assert row.due_on is not None
    return due(
        row.commission.case_file,
        IMPACT_ACTION,
        str(row.pk),
        due_on=row.due_on,
        title=f"Impact action: {row.action}",
        path=reverse("commissioning:impact", args=[row.commission_id]),
        holder=row.owner,
    )
