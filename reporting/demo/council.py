"""The invented councils: organisations, people and roles, posts and limits, cover, suppliers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from commissioning.models import PublicPipeline
from organisation.actors import System
from organisation.change_log import note_change
from organisation.models import (
    AuthorityLimit,
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
)
from reporting.demo.days import Days

Row = TypeVar("Row", bound=Model)

LOADER = System(because="The demonstration was loaded")
# Long before the first story, so that everybody has always held what they hold.
SINCE = date(2024, 4, 1)


@dataclass
class Cast:
    """Who and what the stories name by key."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    areas: dict[str, ServiceArea] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    known_as: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each service area, who is meant by "leader", "manager", "officer" and so on."""


def make_councils(
    content: list[dict[str, Any]], framework: CommissioningFramework, days: Days, *, password: str
) -> Cast:
    """Make every council of the file. Each row is noted in the trail as an administrator's change would be."""
    cast = Cast()
    # One hash for all: they share the password, and hashing is slow on purpose.
    hashed = make_password(password)
    for row in content:
        _council(row, framework, cast, hashed)
    for row in content:
        organisation = cast.organisations[row["key"]]
        for guest in row.get("guests", []):
            _roles(cast.people[guest["key"]], guest["roles"], organisation, cast)
        for cover in row.get("cover", []):
            _made(
                Cover.objects.create(
                    absent=cast.people[cover["absent"]],
                    deputy=cast.people[cover["deputy"]],
                    starts_on=days.day(-cover["from"]),
                    ends_on=days.day(-cover["to"]),
                    note=cover["note"],
                )
            )
    return cast


def _council(row: dict[str, Any], framework: CommissioningFramework, cast: Cast, hashed: str) -> None:
    organisation = Organisation(
        key=row["key"],
        name=row["name"],
        framework=framework,
        accent_colour=row["accent_colour"],
        accent_dark=row["accent_dark"],
        accent_tint=row["accent_tint"],
    )
    organisation.full_clean()
    organisation.save()
    cast.organisations[row["key"]] = _made(organisation)
    _made(PublicPipeline.objects.create(organisation=organisation, is_published=True, mailbox=f"tenders@{row['mail']}"))
    for part in row["directorates"]:
        directorate = _made(Directorate.objects.create(organisation=organisation, name=part["name"]))
        for area in part["service_areas"]:
            cast.areas[area["key"]] = _made(
                ServiceArea.objects.create(
                    directorate=directorate,
                    organisation=organisation,
                    name=area["name"],
                    cost_centre=area["cost_centre"],
                )
            )
            cast.known_as[area["key"]] = row["known_as"] | area.get("known_as", {})
    for known in row["people"]:
        cast.people[known["key"]] = _person(known, organisation, row["mail"], cast, hashed)
    for post in row["posts"]:
        _post(post, organisation, cast)
    for supplier in row["suppliers"]:
        facts = {name: value for name, value in supplier.items() if name != "key"}
        cast.suppliers[supplier["key"]] = _made(Supplier.objects.create(organisation=organisation, **facts))


def _person(row: dict[str, Any], organisation: Organisation, mail: str, cast: Cast, hashed: str) -> Person:
    plain = row["name"].lower().replace("â", "a").replace(" ", ".")
    person = Person(
        email=f"{plain}@{mail}",
        name=row["name"],
        job_title=row["job_title"],
        team=row["team"],
        organisation=organisation,
        password=hashed,
    )
    person.full_clean()
    person.save()
    _roles(_made(person), row["roles"], organisation, cast)
    return person


def _roles(person: Person, roles: list[list[str]], organisation: Organisation, cast: Cast) -> None:
    for role, *more in roles:
        area = cast.areas[more[0]] if more and more[0] else None
        _made(
            Membership.objects.create(
                person=person,
                organisation=organisation,
                service_area=area,
                role=role,
                function=more[1] if len(more) > 1 else "",
                starts_on=SINCE,
            )
        )


def _post(row: dict[str, Any], organisation: Organisation, cast: Cast) -> None:
    area = cast.areas[row["area"]] if row.get("area") else None
    post = _made(Post.objects.create(organisation=organisation, title=row["title"], service_area=area))
    for holder in row["holders"]:
        _made(PostHolding.objects.create(post=post, person=cast.people[holder], starts_on=SINCE))
    for act, amount in row["limits"].items():
        limit = None if amount is None else Decimal(amount)
        _made(
            AuthorityLimit.objects.create(
                post=post, act=act, amount_up_to=limit, valid_from=SINCE, source=row["source"]
            )
        )


def _made(row: Row) -> Row:
    """Note in the trail that a row was added."""
    note_change(LOADER, "added", row, {"demonstration": [None, str(row)]})
    return row
