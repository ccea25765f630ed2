"""Success measures and planned indicators: written, frozen with gate 1, changed afterwards only with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.refusals import Refused, Stale
from commissioning.models import PlannedIndicator, SuccessMeasure
from commissioning.services import measures
from organisation.models import Person
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
WRITTEN = {
    "outcome": "People are safe at home",
    "measure": "Visits on time",
    "unit": "%",
    "baseline": "81",
    "target": "95",
    "by_when_0": 31,
    "by_when_1": 3,
    "by_when_2": 2029,
}


def test_measure_is_written_changed_frozen_and_then_replaced_with_a_reason(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/measures/"
    assert "“Visits on time” saved." in priya.post(address, WRITTEN, follow=True).content.decode()
    row = SuccessMeasure.objects.get()
    priya.post(f"{address}{row.pk}/", WRITTEN | {"target": "90", "version": 1})
    row.refresh_from_db()
    assert (row.target, row.version, row.frozen_at) == ("90", 2, None)
    with pytest.raises(Stale):
        measures.edit_measure(row, version=1, by=alder.priya, target="99")

    walk.approved(commission, 1, alder)

    with pytest.raises(Refused) as refusal:
        measures.edit_measure(row, version=2, by=alder.priya, target="99")
    assert refusal.value.words.startswith("This measure was frozen when gate 1 was approved.")
    with pytest.raises(Refused):
        measures.remove_measure(row, by=alder.priya)
    silent = priya.post(f"{address}{row.pk}/", WRITTEN | {"target": "85", "version": 2})
    assert "Enter the reason" in silent.content.decode()
    priya.post(f"{address}{row.pk}/", WRITTEN | {"target": "85", "version": 2, "reason": "Two villages joined."})
    new = SuccessMeasure.objects.get(replaces=row)
    assert (new.target, new.reason, new.frozen_at is not None) == ("85", "Two villages joined.", True)
    page = priya.get(address).content.decode()
    assert "Two villages joined." in page
    with pytest.raises(Refused):
        measures.replace_measure(row, reason="Again.", by=alder.priya, **{
            name: getattr(row, name) for name in measures.MEASURE_FIELDS
        })  # fmt: skip


def test_initiation_document_shows_the_measures_and_wants_at_least_one(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    walk.measured(commission, alder.priya)
    gate = walk.begun(commission, 1, alder.priya)
    assert gate.paper is not None
    page = sign_in(alder.priya).get(f"/papers/{gate.paper_id}/sections/aims/").content.decode()

    assert "Visits on time: from 81 to 95 %" in page


def test_indicators_are_planned_once_a_name_and_changed(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/indicators/"
    given = {"name": "Missed visits", "unit": "visits", "target": "4", "direction": "lower", "interval": "monthly"}
    priya.post(address, given)
    row = PlannedIndicator.objects.get()
    assert (row.tolerance, row.direction, row.interval) == (0, "lower", "monthly")

    twice = priya.post(address, given | {"name": "missed visits"})
    assert "There is an indicator called “missed visits” already." in twice.content.decode()
    priya.post(f"{address}{row.pk}/", given | {"target": "3", "tolerance": "1", "version": 1})
    row.refresh_from_db()
    assert (row.target, row.tolerance, row.version) == (3, 1, 2)
    assert sign_in(alder.tom).post(address, given | {"name": "Late"}).status_code == 403
    assert sign_in(alder.tom).get(address).status_code == 200
    priya.post(f"{address}{row.pk}/remove/")
    assert "No indicator is planned yet." in priya.get(address).content.decode()
