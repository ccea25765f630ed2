"""Chainable questions about the rows of this room."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from organisation import clock

if TYPE_CHECKING:
    from organisation.models import (
        AuthorityLimit,
        BankHoliday,
        Cover,
        Membership,
        Person,
        PostHolding,
        StatutoryFigure,
        Supplier,
    )
else:
    # The names are needed only to parametrise the classes for the type checker.
    AuthorityLimit = BankHoliday = Cover = Membership = Any
    Person = PostHolding = StatutoryFigure = Supplier = Any


def held_on(day: date, prefix: str = "") -> Q:
    """Select what has started and is not yet given up: the end day itself no longer counts."""
    started = Q(**{f"{prefix}starts_on__lte": day})
    return started & (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day}))


def valid_on(day: date, prefix: str = "") -> Q:
    """Select what is valid on a day: both the first and the last day count."""
    begun = Q(**{f"{prefix}valid_from__lte": day})
    return begun & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day}))


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about people."""

    def active(self) -> Self:
        """Keep people whose account is open."""
        return self.filter(is_active=True)

    def of_organisations(self, organisations: Collection[int]) -> Self:
        """Keep the people employed by, or holding a role today in, any of these organisations."""
        from organisation.models.membership import Membership  # models import this module

        holders = Membership.objects.in_force().filter(organisation_id__in=organisations).values("person_id")
        return self.filter(Q(organisation_id__in=organisations) | Q(pk__in=holders))

    def choosable_by(self, person: "Person") -> Self:
        """Keep the active people somebody may pick in a form: those of the organisations they work in."""
        from organisation.standing import standing_of  # standing asks models, which import this module

        return self.active().of_organisations(standing_of(person).organisations)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about roles held."""

    def in_force(self, on: date | None = None) -> Self:
        """Keep the roles held on a day, by people and in organisations that are active."""
        return self.filter(held_on(on or clock.today()), person__is_active=True, organisation__is_active=True)


class PostHoldingQuerySet(models.QuerySet["PostHolding"]):
    """Questions about who sits in which post."""

    def in_force(self, on: date | None = None) -> Self:
        """Keep the holdings that count on a day."""
        return self.filter(held_on(on or clock.today()), person__is_active=True)


class AuthorityLimitQuerySet(models.QuerySet["AuthorityLimit"]):
    """Questions about what a post may decide."""

    def in_force(self, on: date | None = None) -> Self:
        """Keep the limits that are valid on a day."""
        return self.filter(valid_on(on or clock.today()))


class CoverQuerySet(models.QuerySet["Cover"]):
    """Questions about who stands in for whom."""

    def in_force(self, on: date | None = None) -> Self:
        """Keep the cover that counts on a day: its last day does, the day it was ended early on does not."""
        return self.not_over(on).filter(starts_on__lte=on or clock.today())

    def not_over(self, on: date | None = None) -> Self:
        """Keep cover that counts on a day or is still to come."""
        day = on or clock.today()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), ends_on__gte=day)


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Questions about suppliers."""

    def visible_to(self, person: "Person") -> Self:
        """Keep the suppliers of the organisations somebody works in."""
        from organisation.standing import standing_of  # standing asks models, which import this module

        return self.filter(organisation_id__in=standing_of(person).organisations)


class BankHolidayQuerySet(models.QuerySet["BankHoliday"]):
    """Questions about holidays."""

    def counted_in(self, calendar_key: str) -> Self:
        """Keep the holidays of a calendar and of the one it includes, without those withdrawn."""
        return self.filter(
            Q(calendar__key=calendar_key) | Q(calendar__included_by__key=calendar_key), withdrawn=False
        ).distinct()


class StatutoryFigureQuerySet(models.QuerySet["StatutoryFigure"]):
    """Questions about figures set by law."""

    def in_force(self, on: date | None = None) -> Self:
        """Keep the figures that are valid on a day."""
        return self.filter(valid_on(on or clock.today()))
