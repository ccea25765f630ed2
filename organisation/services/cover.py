"""Setting and ending one's own cover."""

from datetime import date

from django.db import transaction

from organisation import clock
from organisation.change_log import note_change
from organisation.models.authority import Cover
from organisation.models.person import Person


class CoverOverlaps(Exception):
    """Raised when somebody else covers on some of those days already."""

    def __init__(self, other: Cover) -> None:
        super().__init__(f"{other.deputy} covers already")
        self.other = other


@transaction.atomic
def set_cover(*, by: Person, deputy: Person, starts_on: date, ends_on: date, note: str = "") -> Cover:
    """Let a deputy stand in for somebody from a first to a last day, and have it written down.

    Setting the same cover twice is setting it once. Raises CoverOverlaps when some of the days are covered already.
    """
    # Two forms sent at once wait for each other here, so that both cannot find the days free.
    Person.objects.select_for_update().get(pk=by.pk)
    days = Cover.objects.filter(absent=by, starts_on__lte=ends_on, ends_on__gte=starts_on, ended_on=None)
    there = days.select_related("deputy").first()
    if there is not None:
        if (there.deputy_id, there.starts_on, there.ends_on) == (deputy.pk, starts_on, ends_on):
            return there
        raise CoverOverlaps(there)
    cover = Cover.objects.create(absent=by, deputy=deputy, starts_on=starts_on, ends_on=ends_on, note=note)
    told = {"deputy": [None, str(deputy)], "starts_on": [None, str(starts_on)], "ends_on": [None, str(ends_on)]}
    note_change(by, "cover_set", cover, told)
    return cover


@transaction.atomic
def end_cover(*, by: Person, cover: Cover) -> bool:
    """End somebody's own cover from today on, and have it written down; False when it had ended already."""
    today = clock.today()
    ended = Cover.objects.not_over(today).filter(pk=cover.pk, absent=by, ended_on=None).update(ended_on=today)
    if not ended:
        return False
    note_change(by, "cover_ended", cover, {"ended_on": [None, str(today)]})
    return True
