"""Success measures and planned indicators: written, frozen with gate 1, changed afterwards only with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.refusals import Refused, Stale
from commissioning.models import MeasureResult, PlannedIndicator, SuccessMeasure
from commissioning.services import measures
from documents.models import Answer, Paper
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

    row = page.split('<th scope="row">Visits on time</th>')[1].split("</tr>")[0]
    assert (">81%<" in row, ">95%<" in row) == (True, True), row


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


@pytest.mark.requirement("N-092")
def test_review_shows_the_measures_as_gate_1_froze_them_beside_what_came_of_each(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/measures/"
    priya.post(address, WRITTEN)
    priya.post(address, WRITTEN | {"measure": "Falls at home", "unit": "a year", "baseline": "40", "target": "25"})
    row, other = SuccessMeasure.objects.order_by("pk")
    walk.approved(commission, 1, alder)
    record = f"/commissions/{commission.pk}/sheets/measure_results/add/?measure={row.pk}"
    given = {
        "measure": row.pk, "result": "93", "reached": "partly", "evidence": "The log of visits, a year of it.",
        "measured_on_0": 1, "measured_on_1": 9, "measured_on_2": 2026,
    }  # fmt: skip
    early = priya.post(record, given).content.decode()
    assert "Results are recorded in Review" in early
    assert "Record the result" not in priya.get(address).content.decode()
    steps.put_in(commission, "review")
    assert "Not recorded yet" in priya.get(address).content.decode()
    assert f'value="{row.pk}" selected' in priya.get(record).content.decode()

    assert priya.post(record, given).status_code == 302

    page = priya.get(address).content.decode()
    first, second = page.split('id="measure-')[1:3]
    for words in (
        "Visits on time",
        "81%",
        "95% by 31 March 2029",
        "Frozen",
        "93%",
        "Partly reached",
        "a year of it.",
    ):
        assert words in first, words
    assert "Falls at home" in second
    assert "Not recorded yet" in second
    assert "As it was frozen, 7 September 2026" in first
    row.refresh_from_db()
    assert (row.target, row.baseline, row.version) == ("95", "81", 1), "the measure itself is as it was"
    twice = priya.post(record, given | {"result": "94"}).content.decode()
    assert "There is a result of that day already" in twice
    assert MeasureResult.objects.count() == 1

    priya.post(f"/commissions/{commission.pk}/papers/outcomes_assessment/", {})
    paper = Paper.objects.get(template_key="outcomes_assessment")
    cells = [line["cells"] for line in Answer.objects.get(paper=paper, question_key="outcomes").value]
    assert (cells[0]["result"], cells[0]["achieved"]) == ("93", "partly")
    assert "result" not in cells[1]
    assert other.measure in cells[1]["measure"]
    section = priya.get(f"/papers/{paper.pk}/sections/outcomes/").content.decode()
    assert "Visits on time" in section
    shown = sign_in(alder.tom).get(address).content.decode()
    assert "93" in shown
    assert "Record the result" not in shown


def test_measures_with_results_ask_the_same_whatever_the_rows(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "review")
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/measures/"

    def measured(count: int) -> None:
        for number in range(count):
            row = walk.measured(commission, alder.priya, measure=f"Measure {count} {number}")
            for day in ("2026-09-01", "2026-09-02"):
                MeasureResult.objects.create(
                    commission=commission, measure=row, result="9", measured_on=day, reached="no", evidence="A log"
                )

    measured(1)
    priya.get("/")
    few = queries_of(lambda: priya.get(address))
    measured(20)
    many = queries_of(lambda: priya.get(address))

    assert len(few) == len(many) <= 8, many


def test_success_measure_is_taken_over_as_an_indicator_instead_of_typed_again(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/indicators/"
    priya.post(f"/commissions/{commission.pk}/measures/", WRITTEN)
    measure = SuccessMeasure.objects.get()

    link = f"?measure={measure.pk}"
    assert f'href="{link}#id_name">Visits on time' in priya.get(address).content.decode()
    begun = priya.get(address + link).context["form"].initial
    assert {name: str(value) for name, value in begun.items() if name != "version"} == {
        "name": "Visits on time",
        "outcome": "People are safe at home",
        "unit": "%",
        "baseline": "81",
        "target": "95",
        "direction": "higher",
    }

    given = {name: str(value) for name, value in begun.items()} | {"interval": "monthly", "version": "0"}
    saved = priya.post(address + link, given, follow=True).content.decode()
    assert "“Visits on time” saved." in saved
    assert link not in saved, "what an indicator stands for is offered no more"


@pytest.mark.parametrize("asked", ["x", "999999", "9" * 40, ""])
def test_indicator_begins_blank_where_a_link_names_no_measure_of_the_commission(
    alder: Alder, sign_in: SignIn, asked: str
) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/indicators/?measure={asked}")

    assert page.status_code == 200
    assert page.context["form"].initial.get("name") is None
