"""The tender section can only be read until gate 3 is approved or waived."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.refusals import Blocked
from commissioning.models import Gate
from organisation import clock
from procurement.models import Exercise
from procurement.services import tenders
from tests.factories import procurement as buying
from tests.factories import sourcing as make
from tests.procurement.filling import fill, words_of

pytestmark = pytest.mark.django_db
WAITS = "Waiting for gate 3. Gate 3, outline business case: expected, not approved: approved in Plan, or waived with a"


@pytest.fixture
def planned(where: Any, ccps: SimpleNamespace) -> Exercise:
    """A tender that is being written, whose gate 3 is no longer settled."""
    exercise = make.tender(where, ccps.lewis)
    Gate.objects.filter(commission=exercise.commission, number=3).delete()
    return exercise


@pytest.mark.requirement("N-140")
@pytest.mark.parametrize("state", ["approved", "waived"])
def test_tender_is_read_only_while_it_waits_and_opens_once_gate_3_is_settled(
    where: Any, ccps: SimpleNamespace, client: Client, planned: Exercise, state: str
) -> None:
    client.force_login(ccps.lewis)
    gate = f"/commissions/{planned.commission_id}/gates/3/"

    page = words_of(client.get(planned.get_absolute_url()))
    assert WAITS in page
    assert "Until then the tender can only be read." in page
    assert "Timetable" in page, "it is shown all the same"
    for section in ("tender", "criteria"):
        assert f"/exercises/{planned.pk}/{section}/" not in page
        shown = words_of(client.get(f"/exercises/{planned.pk}/{section}/"))
        assert WAITS in shown
        assert gate in shown
        assert "<form method" not in shown.split("<main")[1].split("</main>")[0]
    sent = client.post(f"/exercises/{planned.pk}/tender/", {"lots": "Two", "version": planned.version})
    assert sent.status_code in (200, 409)
    with pytest.raises(Blocked, match="Waiting for gate 3"):
        tenders.write_tender(planned, version=planned.version, by=ccps.lewis, lots="Two")
    with pytest.raises(Blocked, match="Waiting for gate 3"):
        tenders.write_criteria(planned, [("Price", Decimal(100))], by=ccps.lewis)
    with pytest.raises(Blocked, match="Gate 3"):
        door.carry_out(planned, "publish", by=ccps.lewis, notice_reference="2026/S 000-020000")
    planned.refresh_from_db()
    assert (planned.lots, planned.state, planned.criteria.count()) == ("Four, by area", "planned", 2)

    Gate.objects.create(commission=planned.commission, number=3, state=state, settled_at=clock.now())

    page = words_of(client.get(planned.get_absolute_url()))
    assert "Until then the tender can only be read." not in page
    assert f"/exercises/{planned.pk}/tender/" in page
    fill(client, f"/exercises/{planned.pk}/criteria/", criteria="Price, 100")
    assert tenders.write_tender(planned, version=planned.version, by=ccps.lewis, lots="Two").lots == "Two"


@pytest.mark.requirement("N-140")
def test_commission_says_that_its_tender_waits_and_one_that_is_opened_can_only_be_read(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    commission = make.accepted_commission(where, ccps.lewis, amount="640000", path="sourcing")
    make.settled_gate(commission, 1)
    client.force_login(ccps.lewis)

    page = words_of(client.get(commission.get_absolute_url()))
    assert "Tender: waiting for gate 3." in page
    exercise = make.opened(where, ccps.lewis, commission, "open_tender")
    assert "Until then the tender can only be read." in words_of(client.get(exercise.get_absolute_url()))
    assert WAITS in words_of(client.get(f"/exercises/{exercise.pk}/tender/"))

    make.settled_gate(commission, 3)
    assert "waiting for gate 3" not in words_of(client.get(commission.get_absolute_url()))
    assert "Until then" not in words_of(client.get(exercise.get_absolute_url()))


def test_small_purchase_waits_for_no_gate_3(where: Any, client: Client) -> None:
    commission = buying.commission(where)
    client.force_login(where.priya)

    assert "waiting for gate 3" not in words_of(client.get(commission.get_absolute_url()))
