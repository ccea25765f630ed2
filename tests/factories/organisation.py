"""Plain factory functions for the organisation room. Each gives sensible values to what a test does not name."""

from datetime import date
from itertools import count
from typing import Any

from organisation.models import (
    AuthorityLimit,
    BankHoliday,
    CommissioningFramework,
    Cover,
    Directorate,
    Membership,
    Organisation,
    Person,
    Post,
    PostHolding,
    ServiceArea,
    Supplier,
    WorkingCalendar,
)
from organisation.roles import Function, Role
from organisation.services.reference_data import load_calendars, load_statutory_figures
from organisation.standing import forget_standing

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "correct-horse-battery-staple"


def framework(**fields: Any) -> CommissioningFramework:
    """Make a commissioning framework."""
    n = next(_numbers)
    return CommissioningFramework.objects.create(**{"key": f"framework-{n}", "name": f"Framework {n}"} | fields)


def organisation(**fields: Any) -> Organisation:
    """Make an organisation, following a framework of its own unless one is given."""
    n = next(_numbers)
    fields.setdefault("framework", fields.get("framework") or framework())
    return Organisation.objects.create(**{"key": f"council-{n}", "name": f"Council {n}"} | fields)


def directorate(organisation_: Organisation | None = None, **fields: Any) -> Directorate:
    """Make a directorate."""
    name = f"Directorate {next(_numbers)}"
    return Directorate.objects.create(**{"organisation": organisation_ or organisation(), "name": name} | fields)


def service_area(organisation_: Organisation | None = None, **fields: Any) -> ServiceArea:
    """Make a service area in a directorate of the organisation."""
    parent = fields.pop("directorate", None) or directorate(organisation_)
    name = f"Service area {next(_numbers)}"
    return ServiceArea.objects.create(
        **{"directorate": parent, "organisation": parent.organisation, "name": name} | fields
    )


def person(
    *roles: Role | str,
    at: Organisation | None = None,
    area: ServiceArea | None = None,
    password: str | None = None,
    **fields: Any,
) -> Person:
    """Make a person employed at an organisation, holding the roles there (in one service area, if given)."""
    n = next(_numbers)
    at = at or (area.organisation if area else None) or (organisation() if roles else None)
    made: Person = Person.objects.create_user(
        **{"email": f"person{n}@example.org", "password": password, "name": f"Person {n}", "organisation": at} | fields
    )
    for role in roles:
        whole = role in (Role.ADMINISTRATOR, Role.AUDITOR)
        membership(made, role, at, None if whole else area)
    return made


def membership(
    person_: Person,
    role: Role | str = Role.COMMISSIONER,
    at: Organisation | None = None,
    area: ServiceArea | None = None,
    **fields: Any,
) -> Membership:
    """Give a person a role, long held and without end unless dates are given."""
    at = at or (area.organisation if area else None) or person_.organisation or organisation()
    if role == Role.OTHER_FUNCTION:
        fields.setdefault("function", Function.ICT)
    forget_standing(person_)
    return Membership.objects.create(
        **{"person": person_, "organisation": at, "service_area": area, "role": role, "starts_on": LONG_AGO} | fields
    )


def post(organisation_: Organisation | None = None, **fields: Any) -> Post:
    """Make a post."""
    title = f"Post {next(_numbers)}"
    return Post.objects.create(**{"organisation": organisation_ or organisation(), "title": title} | fields)


def holding(post_: Post, person_: Person, **fields: Any) -> PostHolding:
    """Put a person into a post."""
    return PostHolding.objects.create(**{"post": post_, "person": person_, "starts_on": LONG_AGO} | fields)


def limit(post_: Post, act: str, amount_up_to: Any = None, **fields: Any) -> AuthorityLimit:
    """Give a post authority for an act, without limit unless an amount is given."""
    given = {"post": post_, "act": act, "amount_up_to": amount_up_to, "valid_from": LONG_AGO, "source": "Scheme 1.1"}
    return AuthorityLimit.objects.create(**given | fields)


def authorised(
    act: str, amount_up_to: Any = None, at: Organisation | None = None, person_: Person | None = None
) -> Person:
    """Make (or take) a person and seat them in a new post that may do an act."""
    at = at or (person_.organisation if person_ else None) or organisation()
    person_ = person_ or person(at=at)
    seat = post(at)
    limit(seat, act, amount_up_to)
    holding(seat, person_)
    return person_


def cover(absent: Person, deputy: Person, **fields: Any) -> Cover:
    """Let one person stand in for another, from long ago and for a long time unless dates are given."""
    given = {"absent": absent, "deputy": deputy, "starts_on": LONG_AGO, "ends_on": date(2099, 12, 31)}
    forget_standing(deputy)
    return Cover.objects.create(**given | fields)


def supplier(organisation_: Organisation | None = None, **fields: Any) -> Supplier:
    """Make a supplier known to an organisation."""
    name = f"Supplier {next(_numbers)}"
    return Supplier.objects.create(**{"organisation": organisation_ or organisation(), "name": name} | fields)


def calendars() -> None:
    """Load the calendars the product ships with."""
    load_calendars()


def statutory_figures() -> None:
    """Load the statutory figures the product ships with."""
    load_statutory_figures()


def working_calendar(**fields: Any) -> WorkingCalendar:
    """Make an empty calendar."""
    n = next(_numbers)
    return WorkingCalendar.objects.create(**{"key": f"calendar-{n}", "name": f"Calendar {n}"} | fields)


def bank_holiday(calendar: WorkingCalendar, day: date, **fields: Any) -> BankHoliday:
    """Put a holiday into a calendar."""
    given = {"calendar": calendar, "day": day, "name": "Holiday", "source": "A test"}
    return BankHoliday.objects.create(**given | fields)
