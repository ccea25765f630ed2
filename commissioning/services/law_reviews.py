"""The day on which a law or policy is looked at again: a deadline kept with the row that names it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from casework.deadlines import Due, due
from casework.services.deadlines import finish_deadline, put
from commissioning.models import LawOrPolicy
from commissioning.states import ENDED

KIND = "law_review"
CHUNK = 500


def due_of(row: LawOrPolicy) -> Due | None:
    """What falls due on a row, held by whoever holds the commission; nothing where no day is named or all is over."""
    commission = row.commission
    if row.review_on is None or row.removed_at is not None or commission.state in ENDED:
        return None
    return due(
        commission.case_file,
        KIND,
        str(row.pk),
        due_on=row.review_on,
        title=f"Look again: {row.name}",
        path=reverse("commissioning:sheet_row", args=[commission.pk, "laws", row.pk]),
        holder=commission.case_file.holder,
    )


def keep(row: LawOrPolicy) -> None:
    """Make the deadline say what the row says, in the transaction that saved the row."""
    wanted = due_of(row)
    if wanted is not None:
        put(wanted)
    else:
        drop(row)


def drop(row: LawOrPolicy) -> None:
    """Stop the reminders of a row that was taken away or names no day any more."""
    finish_deadline(row.commission.case_file, KIND, str(row.pk))


def all_due() -> Iterator[Due]:
    """Every law or policy that will be looked at again, for the nightly proof."""
    rows = LawOrPolicy.objects.filter(removed_at__isnull=True, review_on__isnull=False)
    for row in rows.select_related("commission__case_file__holder").iterator(CHUNK):
        wanted = due_of(row)
        if wanted is not None:
            yield wanted
