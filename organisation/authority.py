"""What somebody is authorised to decide, through the posts they hold and the people they cover for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q

from organisation.models.authority import Cover, PostHolding
from organisation.models.organisation import Organisation
from organisation.models.person import Person
from organisation.querysets import valid_on

# Any amount is within it, so callers compare and need no special case.
NO_LIMIT: Final = Decimal("Infinity")


@dataclass(frozen=True)
class Authority:
    """One authority somebody may use: from which post, whose it is, and how far it reaches."""

    post_title: str
    holder_id: int
    holder_name: str
    amount_up_to: Decimal
    source: str
    by_cover: bool


def authority_of(
    person: Person, act: str, organisation: Organisation | int, on: date, service_area_id: int | None = None
) -> Decimal | None:
    """Return the most somebody may decide of an act on a day: an amount, NO_LIMIT, or None for no authority at all.

    Given a service area, a post that belongs to another one does not count.
    """
    found = authorities_of(person, act, organisation, on, service_area_id)
    return found[0].amount_up_to if found else None


def authorities_of(
    person: Person, act: str, organisation: Organisation | int, on: date, service_area_id: int | None = None
) -> list[Authority]:
    """Return every authority somebody may use for an act on a day, the furthest-reaching first."""
    if not person.is_active:
        return []
    found = _held(person, act, organisation, on, service_area_id)
    # Of two that reach equally far, a person's own comes before one they use by cover.
    return sorted(found, key=lambda authority: (-authority.amount_up_to, authority.by_cover))


def _held(
    person: Person, act: str, organisation: Organisation | int, on: date, service_area_id: int | None
) -> Iterator[Authority]:
    organisation_id = organisation.pk if isinstance(organisation, Organisation) else organisation
    covered = Cover.objects.in_force(on).filter(deputy=person).values("absent_id")
    holdings = PostHolding.objects.in_force(on).filter(
        Q(person=person) | Q(person_id__in=covered), post__organisation_id=organisation_id
    )
    if service_area_id is not None:
        holdings = holdings.filter(Q(post__service_area=None) | Q(post__service_area_id=service_area_id))
    limits = holdings.filter(valid_on(on, "post__authority_limits__"), post__authority_limits__act=act)
    for title, holder_id, name, amount, source in limits.values_list(
        "post__title",
        "person_id",
        "person__name",
        "post__authority_limits__amount_up_to",
        "post__authority_limits__source",
    ):
        yield Authority(title, holder_id, name, NO_LIMIT if amount is None else amount, source, holder_id != person.pk)
