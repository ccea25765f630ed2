"""A route without competition is confirmed only with a statement of how it is fair, transparent and competitive."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework.models import AuditEvent
from casework.refusals import Blocked
from organisation import clock
from procurement.models import CandidateRoute, Exercise, RouteChoice, RouteToMarket
from procurement.services import exercises
from tests.factories import sourcing as make
from tests.procurement.filling import fill, words_of

pytestmark = pytest.mark.django_db
WORDS = "Only one firm holds the licence; the notice is published and anyone may object."


def route(where: Any, key: str) -> RouteToMarket:
    return RouteToMarket.objects.get(framework=where.organisation.framework, key=key)


@pytest.mark.requirement("N-059")
@pytest.mark.parametrize("key", ["direct_award", "urgent_award"])
def test_direct_or_expedited_award_shows_how_fairness_transparency_and_competition_were_considered(
    where: Any, ccps: SimpleNamespace, client: Client, key: str
) -> None:
    commission = make.accepted_commission(where, ccps.lewis)
    client.force_login(ccps.lewis)
    url, alone = f"/commissions/{commission.pk}/exercises/new/", route(where, key)

    silent = fill(client, url, title="The only firm", route=alone)

    assert f"{alone.name}: write how fairness, transparency and competition were considered" in words_of(silent)
    assert "The only firm" in words_of(silent), "nothing that was typed is lost"
    with pytest.raises(Blocked, match="how fairness, transparency and competition were considered is not written"):
        exercises.open_exercise(commission, route=alone, by=ccps.lewis, run_by="ccps", openness=" ")
    assert not Exercise.objects.exists()

    fill(client, url, title="The only firm", route=alone, openness=WORDS)

    exercise = Exercise.objects.get()
    page = words_of(client.get(exercise.get_absolute_url()))
    assert "Fairness, transparency and competition" in page
    assert WORDS in page
    assert AuditEvent.objects.get(verb="exercise.open", is_refusal=False).reason == WORDS


def test_route_with_competition_asks_for_no_statement(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    commission = make.accepted_commission(where, ccps.lewis)
    client.force_login(ccps.lewis)

    fill(client, f"/commissions/{commission.pk}/exercises/new/", title="Screens", route=route(where, "quotation"))

    page = words_of(client.get(Exercise.objects.get().get_absolute_url()))
    assert "Fairness, transparency and competition" not in page


@pytest.mark.requirement("N-059")
def test_agreed_direct_award_says_it_in_plan_and_the_exercise_begins_with_those_words(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    commission = make.accepted_commission(where, ccps.lewis)
    alone = route(where, "direct_award")
    candidate = CandidateRoute.objects.create(commission=commission, route=alone, reasons_for="One firm can do it.")
    client.force_login(where.priya)
    url = f"/commissions/{commission.pk}/sheets/route_choice/add/"
    said: dict[str, Any] = {
        "requirements": "clear",
        "agreed": candidate,
        "agreed_on": clock.today(),
        "participants": "Lewis and Priya",
    }

    silent = fill(client, url, **said)
    assert "Say how fairness, transparency and competition were considered" in words_of(silent)
    assert not RouteChoice.objects.exists()
    fill(client, url, **said, fairness=WORDS)

    assert RouteChoice.objects.get().fairness == WORDS
    client.force_login(ccps.lewis)
    assert WORDS in words_of(client.get(f"/commissions/{commission.pk}/exercises/new/"))
