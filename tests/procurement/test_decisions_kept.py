"""Routes and awards keep who, when, why and the version decided on, and stand as they were."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from organisation import clock
from procurement.models import CandidateRoute, Exercise, RouteChoice, RouteToMarket
from tests.factories import procurement as buying
from tests.factories import sourcing as make
from tests.procurement.filling import fill, words_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("N-291")
def test_agreed_route_keeps_its_reasons_and_is_not_edited(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    commission = make.accepted_commission(where, ccps.lewis)
    candidates = [
        CandidateRoute.objects.create(
            commission=commission,
            route=RouteToMarket.objects.get(framework=where.organisation.framework, key=key),
            reasons_for="It is known",
        )
        for key in ("quotation", "open_tender")
    ]
    client.force_login(where.priya)
    sheet = f"/commissions/{commission.pk}/sheets/"
    said = {
        "requirements": "clear",
        "agreed_on": clock.today(),
        "participants": "Lewis and Priya",
        "fairness": "All bid.",
    }
    fill(client, f"{sheet}route_choice/add/", **said, agreed=candidates[0])
    row = RouteChoice.objects.get()

    changed = fill(client, f"{sheet}route_choice/{row.pk}/", **said, agreed=candidates[1])
    other = RouteToMarket.objects.get(framework=where.organisation.framework, key="light_touch")
    weighed = fill(
        client,
        f"{sheet}candidate_routes/{candidates[0].pk}/",
        route=other,
        reasons_for="It is known",
        reasons_against="",
    )

    assert "This route was agreed, so the decision stays as it was" in words_of(changed)
    assert "This route was agreed, so what was weighed stays as it was" in words_of(weighed)
    row.refresh_from_db()
    assert (row.agreed, row.agreed.route.key, row.version) == (candidates[0], "quotation", 1)
    page = words_of(client.get(f"/commissions/{commission.pk}/decisions/"))
    for words in ("Agreed the route to market: Quotation", "Priya Shah", "All bid."):
        assert words in page, words


@pytest.mark.requirement("N-291")
def test_award_keeps_the_supplier_the_reasons_and_the_specification_it_stands_on(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.recommended(where, ccps.lewis, "58000", "61000", "64500")
    buying.authority(exercise.commission)
    door.carry_out(exercise, "confirm", by=where.priya)
    door.carry_out(exercise, "award", by=ccps.lewis)
    exercise = Exercise.objects.get()
    client.force_login(where.priya)

    page = words_of(client.get(f"/commissions/{exercise.commission_id}/decisions/"))

    awarded = page[page.index("Awarded the contract") :].split("</section>")[0]
    for words in (
        "Lewis Grant",
        exercise.chosen.supplier.name,
        "£58,000",
        make.LONG,
        "Specification, version 1",
    ):
        assert words in awarded, words
    for words in ("Opened", "by the route Quotation", "Recorded the decision", "Confirmed what CCPS recommends"):
        assert words in page, words
    client.force_login(ccps.lewis)
    late = client.get(f"/exercises/{exercise.pk}/decision/")
    assert "This exercise is awarded. To change what was decided, open the decision again." in words_of(late)
    assert (
        client.post(f"/exercises/{exercise.pk}/decision/", {"value_for_money": "Nicer", "version": "9"}).status_code
        != 302
    )
    exercise.refresh_from_db()
    assert exercise.value_for_money == make.LONG
