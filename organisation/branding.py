"""The council's name and colours, as every page wears them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from string import Template

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from organisation.models.organisation import Organisation
from organisation.models.person import Person

# Colours the default style sheet already has: no sheet of its own is needed for a council that keeps them.
DEFAULT_COLOURS = ("#00543c", "#00301f", "#f0f6f3")

_SHEET = Template(
    ":root{--gh-accent:$accent;--gh-accent-dark:$dark;--gh-accent-tint:$tint;"
    "--gh-line-accent:color-mix(in srgb,$accent 50%,#fff);"
    "--govuk-brand-colour:$accent;--govuk-link-colour:$accent;--govuk-link-hover-colour:$dark;"
    "--govuk-surface-background-colour:$tint;--govuk-template-background-colour:$tint}\n"
)


@dataclass(frozen=True)
class Brand:
    """What one council's pages look like."""

    council_name: str
    stylesheet_url: str


def brand_for(person: Person | AnonymousUser) -> Brand:
    """Return the look of a person's own council, or of the installation for somebody who has none or is signed out.

    Asks the database nothing when the person was loaded with their organisation, as the sign-in backend does.
    """
    employer = person.organisation if isinstance(person, Person) else None
    if employer is None:
        return Brand(settings.COUNCIL_NAME, "")
    return Brand(employer.name, "" if _colours(employer) == DEFAULT_COLOURS else stylesheet_url(employer))


def stylesheet_url(organisation: Organisation) -> str:
    """Return the address of an organisation's colours. It changes with them, so browsers may keep it for ever."""
    return f"{reverse('organisation:brand', args=[organisation.pk])}?v={colours_mark(organisation)}"


def colours_mark(organisation: Organisation) -> str:
    """Return a short mark of the colours as they are now."""
    return sha256("".join(_colours(organisation)).encode()).hexdigest()[:12]


def stylesheet(organisation: Organisation) -> str:
    """Return an organisation's colours as custom properties."""
    accent, dark, tint = _colours(organisation)
    return _SHEET.substitute(accent=accent, dark=dark, tint=tint)


def _colours(organisation: Organisation) -> tuple[str, str, str]:
    return (
        organisation.accent_colour.lower(),
        organisation.accent_dark.lower(),
        organisation.accent_tint.lower(),
    )
