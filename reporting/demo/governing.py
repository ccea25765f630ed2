"""Working with others in the demonstration: partners with their shares, and how the principles are met."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commissioning.governance_sheets import PARTNERS
from commissioning.models import Principle
from commissioning.services import sheets, upholding
from reporting.demo.stage import Story, act

BLANK = {
    "organisation": None,
    "agreement": "",
    "client_group": "",
    "share_ex_vat": None,
    "conditions": "",
    "confirmed_on": None,
    "confirmed_by": "",
}


@act
def share(story: Story, details: dict[str, Any]) -> None:
    """Name a partner, with its share and the conditions of its money."""
    given = BLANK | details
    if given["share_ex_vat"] is not None:
        given["share_ex_vat"] = Decimal(given["share_ex_vat"])
    sheets.save_row(story.commission, PARTNERS, given, by=story.holder)


@act
def uphold(story: Story, details: dict[str, Any]) -> None:
    """Write how the principles are met, by their keys."""
    framework = story.organisation.framework
    known = dict(Principle.objects.filter(framework=framework).values_list("key", "pk"))
    upholding.write_principles(story.commission, {known[key]: how for key, how in details.items()}, by=story.holder)
