"""The urgent route: ground, both sides' advice, what is passed over, and what is owed afterwards (framework 4.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework.models import AuditEvent, Deadline, WorkItem
from casework.refusals import Refused
from commissioning.models import Commission, OwedPaper, UrgencyGround, UrgentRoute
from commissioning.selectors.clearance import binding_blockers
from commissioning.services import urgent
from documents.models import Paper
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates, steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
DUE = date(2026, 10, 5)


def started(alder: Alder, **fields: Any) -> Commission:
    """High risk, in Analyse, its plan agreed."""
    commission = steps.in_analyse(alder, **{"value": Decimal(50400), "ticked": ("strategic",)} | fields)
    return make.planned_as_suggested(commission)


def sent(commission: Commission, alder: Alder, ground: str = "hospital_discharge", **other: Any) -> dict[str, Any]:
    """The form, filled in."""
    skipped = commission.activities.filter(activity__key__in=["market_analysis", "spend_analysis"])
    return {
        "ground": UrgencyGround.objects.get(key=ground).pk,
        "explanation": "The hospital is full and twelve people wait to go home.",
        "unforeseen": "The outbreak began yesterday.",
        "fairness": "Every provider on the list is asked by phone and the prices are published.",
        "accepted_risks": "A higher price for four weeks.",
        "allowed_by": alder.tom.pk,
        "activities": [row.pk for row in skipped],
        "gates": ["1"],
        "owed_initiation_document_0": DUE.day,
        "owed_initiation_document_1": DUE.month,
        "owed_initiation_document_2": DUE.year,
        "task": "Price check against the framework",
        "task_on_0": DUE.day,
        "task_on_1": DUE.month,
        "task_on_2": DUE.year,
    } | other


def taken(alder: Alder, ground: str = "hospital_discharge", **fields: Any) -> Commission:
    """On the urgent route, through the browser."""
    commission = started(alder, **fields)
    client = Client()
    client.force_login(alder.priya)
    answer = client.post(f"/commissions/{commission.pk}/urgent/take/", sent(commission, alder, ground))
    assert answer.status_code == 302, answer.content.decode()
    return steps.read(commission)


@pytest.mark.requirement("N-055")
def test_urgent_commission_shows_what_is_skipped_and_keeps_it_listed(alder: Alder, sign_in: SignIn) -> None:
    commission = taken(alder)

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/urgent/").content.decode()
    for words in ("Hospital discharge under pressure", "The outbreak began yesterday.", "Market analysis", "Gate 1"):
        assert words in page
    states = set(
        commission.activities.filter(activity__key__in=["market_analysis", "spend_analysis"]).values_list("state")
    )
    assert states == {("skipped_urgent",)}
    plan = sign_in(alder.priya).get(f"/commissions/{commission.pk}/tasks/").content.decode()
    assert plan.count("Skipped as urgent") == 2
    agreed = sign_in(alder.priya).get(f"/commissions/{commission.pk}/plan/").content.decode()
    assert agreed.count("Skipped as urgent") == 2, "and the plan keeps them listed"
    assert commission.gates.get(number=1).state == "skipped_urgent", "never shown as approved"
    history = sign_in(alder.tom).get(f"/commissions/{commission.pk}/history/").content.decode()
    assert "put this commission on the urgent route (Hospital discharge under pressure)" in history


@pytest.mark.requirement("N-056", "N-059")
@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("ground", "Choose a ground"),
        ("unforeseen", "Enter why it could not be foreseen"),
        ("fairness", "Enter how fairness, transparency and competition were considered"),
        ("allowed_by", "who allowed it"),
        ("owed_initiation_document_0", "must include a day"),
    ],
)
def test_route_is_not_taken_without_its_grounds_and_dates(
    alder: Alder, sign_in: SignIn, left_out: str, words: str
) -> None:
    commission = started(alder)
    given = {name: value for name, value in sent(commission, alder).items() if name != left_out}
    page = sign_in(alder.priya).post(f"/commissions/{commission.pk}/urgent/take/", given).content.decode()
    assert words in page
    assert "The hospital is full" in page, "nothing that was typed is lost"
    assert not UrgentRoute.objects.exists()


@pytest.mark.requirement("N-056")
def test_every_configured_ground_is_offered_and_counted(alder: Alder, sign_in: SignIn) -> None:
    taken(alder)
    taken(alder)
    commission = taken(alder, "natural_disaster")
    form = sign_in(alder.priya).get(f"/commissions/{started(alder).pk}/urgent/take/").content.decode()
    for ground in UrgencyGround.objects.all():
        assert ground.name in form
    page = sign_in(alder.maria).get("/commissions/urgent/")
    assert {row.key: row.used for row in page.context["grounds"]} == {
        "hospital_discharge": 2, "child_placement": 0, "public_safety": 0, "infrastructure": 0, "natural_disaster": 1,
    }  # fmt: skip
    one = sign_in(alder.maria).get("/commissions/urgent/?ground=natural_disaster").context["routes"]
    assert [row.commission_id for row in one] == [commission.pk]
    assert sign_in(alder.olive).get("/commissions/urgent/").context["routes"] == []


def test_only_a_leader_allows_it_and_only_its_people_take_it(alder: Alder, sign_in: SignIn) -> None:
    commission = started(alder)
    address = f"/commissions/{commission.pk}/urgent/take/"
    assert sign_in(alder.sam).post(address, sent(commission, alder)).status_code == 403
    assert sign_in(alder.olive).post(address, sent(commission, alder)).status_code == 404
    page = sign_in(alder.priya).post(address, sent(commission, alder, allowed_by=alder.sam.pk)).content.decode()
    assert "Choose who allowed it: a leader" in page
    assert not UrgentRoute.objects.exists()
    sign_in(alder.priya).post(address, sent(commission, alder))
    again = sign_in(alder.priya).post(address, sent(commission, alder, activities=[], explanation="Again"))
    assert again.status_code == 409
    assert "on the urgent route already" in again.content.decode()
    assert AuditEvent.objects.filter(verb="commission.urgent", is_refusal=True).exists()


@pytest.mark.requirement("N-057")
def test_award_waits_for_both_sides_advice(alder: Alder, sign_in: SignIn) -> None:
    commission = taken(alder)
    asked = WorkItem.objects.get(kind="urgent_advice")
    assert (asked.queue.key, asked.due_on) == ("ccps", TODAY), "CCPS answers on the same working day"

    def missing() -> list[str]:
        return [blocker.key for blocker in binding_blockers(pk=commission.pk)]

    assert missing() == ["advice_leadership", "advice_ccps"]
    advice = {"course_of_action": "Ask the three nearest providers.", "risk_assessment": "Price: capped at £30."}
    address = f"/commissions/{commission.pk}/urgent/advice"
    assert sign_in(alder.priya).post(f"{address}/leadership/", advice).status_code == 403
    sign_in(alder.tom).post(f"{address}/leadership/", advice)
    assert missing() == ["advice_ccps"]
    assert sign_in(alder.tom).post(f"{address}/ccps/", advice).status_code == 403
    sign_in(alder.maria).post(f"{address}/ccps/", advice)
    assert missing() == []
    asked.refresh_from_db()
    assert asked.state == "answered"
    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/urgent/").content.decode()
    assert page.count("Ask the three nearest providers.") == 2
    assert "Maria Okafor" in page
    assert "Tom Hesketh" in page


@pytest.mark.requirement("N-057")
def test_ccps_may_follow_on_the_next_working_day_of_an_emergency_placement(alder: Alder) -> None:
    clock.move_to(date(2026, 9, 11))  # a Friday
    commission = taken(alder, "child_placement")
    route = UrgentRoute.objects.get()
    urgent.advise(route, "leadership", course_of_action="Place.", risk_assessment="Low.", by=alder.tom)

    assert binding_blockers(pk=commission.pk) == []
    clock.move_to(date(2026, 9, 14))
    assert binding_blockers(pk=commission.pk) == [], "Monday is the next working day"
    clock.move_to(date(2026, 9, 15))
    assert [blocker.words for blocker in binding_blockers(pk=commission.pk)] == ["Urgent route: CCPS has not advised"]
    assert WorkItem.objects.filter(queue__key="legal").exists(), "and Legal looks at the terms"


def test_what_is_owed_has_a_deadline_and_is_done_when_the_paper_is_submitted(alder: Alder, sign_in: SignIn) -> None:
    commission = taken(alder)
    paper_owed, task = OwedPaper.objects.order_by("pk")
    assert Deadline.objects.filter(kind="urgent_paper", due_on=DUE, done_at=None).count() == 2
    client = sign_in(alder.priya)

    client.post(f"/commissions/{commission.pk}/urgent/owed/{paper_owed.pk}/write/", {})
    paper = Paper.objects.get(case_file=commission.case_file, template_key="initiation_document")
    gates.measured(commission, alder.priya)
    steps.submit(paper, alder.priya)
    client.post(f"/commissions/{commission.pk}/urgent/owed/{task.pk}/", {"note": "Within 4% of the framework."})

    assert not OwedPaper.objects.filter(done_at=None).exists()
    assert not Deadline.objects.filter(kind="urgent_paper", done_at=None).exists()
    assert steps.read(commission).gates.get(number=1).state == "skipped_urgent", "nobody decides on it afterwards"
    page = client.get(f"/commissions/{commission.pk}/urgent/").content.decode()
    assert "Within 4% of the framework." in page


def test_overdue_paper_is_flagged(alder: Alder, sign_in: SignIn) -> None:
    commission = taken(alder)
    clock.move_to(DUE + timedelta(days=1))
    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/urgent/").content.decode()
    assert page.count("Overdue") == 2


def test_skipped_gate_does_not_hold_the_next_stage(alder: Alder) -> None:
    commission = taken(alder)
    said = steps.refused(commission, "to_plan", alder.priya)
    assert not [words for words in said if words.startswith("Gate 1")]
    assert "Market analysis: not yet started" not in said


def test_urgent_route_ends_with_a_reason_and_what_is_owed_stays(alder: Alder, sign_in: SignIn) -> None:
    commission = taken(alder)
    client = sign_in(alder.by_role[Role.LEADERSHIP_APPROVER])
    client.post(f"/commissions/{commission.pk}/urgent/end/", {"because": "The ward is open again."})
    assert binding_blockers(pk=commission.pk) == []
    assert OwedPaper.objects.filter(done_at=None).count() == 2
    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/urgent/").content.decode()
    assert "The ward is open again." in page


def test_pages_cost_a_fixed_number_of_statements(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission = taken(alder)
    client = sign_in(alder.priya)
    pages = (f"/commissions/{commission.pk}/urgent/", "/commissions/urgent/")
    few = [queries_of(lambda at=at: client.get(at)) for at in pages]
    route = UrgentRoute.objects.get()
    OwedPaper.objects.bulk_create(
        [OwedPaper(route=route, title=f"Task {n}", due_on=DUE, holder=alder.priya) for n in range(30)]
    )
    for _ in range(3):
        taken(alder)
    many = [queries_of(lambda at=at: client.get(at)) for at in pages]
    assert [len(one) for one in many] == [len(one) for one in few], many
    assert max(len(one) for one in many) <= 8, many


def test_draft_and_ended_commissions_are_refused(alder: Alder) -> None:
    ground = UrgencyGround.objects.first()
    given: dict[str, Any] = {
        "ground": ground, "explanation": "x", "unforeseen": "x", "fairness": "x", "accepted_risks": "x",
        "allowed_by": alder.tom,
    }  # fmt: skip
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    with pytest.raises(Refused, match="not started"):
        urgent.mark(draft, by=alder.priya, **given)
    stopped = steps.put_in(started(alder), "stopped")
    with pytest.raises(Refused, match="stopped"):
        urgent.mark(stopped, by=alder.priya, **given)
