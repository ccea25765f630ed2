"""Gate 1 on the strip of a commission: how it stands, and since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from commissioning.models import Commission
from organisation import clock
from organisation.models import Person
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder

SignIn = Callable[[Person], Client]


def note(client: Client, commission: Commission) -> str:
    """What stands under gate 1 in the strip."""
    shown = unescape(client.get(commission.get_absolute_url()).content.decode())
    gate = next(part for part in shown.split("<li>") if "gh-stage__gate" in part and "/gates/1/" in part)
    return gate.split('class="gh-note">')[1].split("<")[0]


def after(days: int) -> date:
    clock.move_to(TODAY + timedelta(days=days))
    return TODAY + timedelta(days=days)


@pytest.mark.requirement("N-096")
@pytest.mark.parametrize(("last", "said"), [("approve", "Approved"), ("refuse", "Refused")])
def test_gate_1_says_on_the_strip_how_it_stands_and_since_when(
    alder: Alder, sign_in: SignIn, last: str, said: str
) -> None:
    client = sign_in(alder.priya)
    assert note(client, steps.in_analyse(alder)) == "Not required"
    commission = steps.in_analyse(alder, value=640_000)
    assert note(client, commission) == "Required"

    after(1)
    walk.begun(commission, 1, alder.priya)
    after(2)
    assert note(client, commission) == "Drafting since 8 September 2026"
    asked = {"functions": ["ccps"], "question": "Fits?", "needed_by_0": 30, "needed_by_1": 9, "needed_by_2": 2026}
    assert client.post(f"/commissions/{commission.pk}/gates/1/inputs/", asked).status_code == 302
    after(3)
    assert note(client, commission) == "Input asked for 9 September 2026"
    gate = walk.submitted(commission, 1, alder.priya)
    after(4)
    assert note(client, commission) == "Submitted 10 September 2026"
    walk.decided(gate, "return_for_changes", alder.tom, note="Say more about demand.")
    after(7)
    assert note(client, commission) == "Returned for changes 11 September 2026"

    if last == "approve":
        walk.approved(commission, 1, alder)
    else:
        walk.decided(walk.submitted(commission, 1, alder.priya), last, alder.tom, note="Not now.")
    after(8)
    assert note(client, commission) == f"{said} 14 September 2026"
