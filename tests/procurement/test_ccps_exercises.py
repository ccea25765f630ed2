"""Exercises that CCPS runs: quotes as in framework 22.3, a tender as in 22.1, and each refusal of theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import Deadline, WorkItem
from casework.refusals import Blocked, NotPermitted, Refused
from commissioning.models import Commission, PlannedIndicator, Specification
from documents.facts import load_facts
from organisation import clock
from organisation.roles import Role
from procurement.models import Challenge, Exercise, RouteToMarket
from procurement.services import after_award, exercises, sourcing_advice, tenders
from tests.factories import casework as cases
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.factories import requests
from tests.factories import sourcing as make
from tests.procurement.filling import fill, words_of

Queries = Callable[[Callable[[], Any]], list[str]]

pytestmark = pytest.mark.django_db


def refused(subject: Any, verb: str, by: Any, **inputs: Any) -> list[str]:
    with pytest.raises(Blocked) as refusal:
        door.carry_out(subject, verb, by=by, **inputs)
    return [blocker.words for blocker in refusal.value.blockers]


# --- No officer before acceptance ------------------------------------------------------------------------------------


@pytest.mark.requirement("N-126")
def test_ccps_opens_nothing_before_it_has_accepted(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    commission = buying.commission(where, amount="60000")
    route = RouteToMarket.objects.get(framework=where.organisation.framework, key="quotation")

    with pytest.raises(Blocked) as refusal:
        exercises.open_exercise(commission, route=route, by=ccps.lewis, run_by="ccps")
    with pytest.raises(NotPermitted):
        exercises.open_exercise(commission, route=route, by=where.priya, run_by="ccps")

    assert [blocker.words for blocker in refusal.value.blockers] == ["Procurement request: not accepted by CCPS"]
    client.force_login(ccps.lewis)
    page = words_of(client.get(f"/commissions/{commission.pk}/exercises/new/"))
    assert "Procurement request: not accepted by CCPS" in page


def test_the_lead_opens_the_exercise_from_the_commission(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    commission = make.accepted_commission(where, ccps.lewis)
    client.force_login(ccps.lewis)
    route = RouteToMarket.objects.get(framework=where.organisation.framework, key="quotation")

    fill(client, f"/commissions/{commission.pk}/exercises/new/", title="Screens", route=route)

    exercise = Exercise.objects.get()
    assert (exercise.run_by, exercise.path, exercise.case_file.holder) == ("ccps", "quotation", ccps.lewis)
    assert exercise.request.commission == commission
    with pytest.raises(NotPermitted):
        door.carry_out(exercise, "invite", by=where.priya)


# --- Quotes (22.3) ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-032")
def test_ccps_recommends_the_commissioner_confirms_then_it_is_awarded(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.recommended(where, ccps.lewis, "58000", "61000", "64500")
    buying.authority(exercise.commission)
    assert refused(exercise, "award", ccps.lewis) == ["CCPS’s recommendation: not confirmed by the commissioner"]
    with pytest.raises(NotPermitted):
        door.carry_out(exercise, "confirm", by=ccps.lewis)

    client.force_login(where.priya)
    assert "Confirm the recommendation" in words_of(client.get(f"/exercises/{exercise.pk}/"))
    fill(client, f"/exercises/{exercise.pk}/do/confirm/")
    client.force_login(ccps.lewis)
    fill(client, f"/exercises/{exercise.pk}/do/award/")

    found = Exercise.objects.get()
    assert (found.state, found.confirmed_by, found.chosen.amount_ex_vat) == ("awarded", where.priya, 58_000)
    case = found.commission.case_file
    facts = load_facts([case], {"winner", "winning_price", "request_outcome"})[case.pk]
    assert facts["winner"].shown == found.chosen.supplier.name
    assert facts["winning_price"].shown == "£58,000"
    assert facts["request_outcome"].shown.startswith("Accepted, quotation, led by Lewis Grant")


def test_quotes_above_the_band_are_set_aside_and_the_commission_is_sourced(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.quoted(where, ccps.lewis, "120000", "131000", "140000")
    make.written(exercise, where, ccps.lewis)
    assert refused(exercise, "decide", ccps.lewis) == [
        "£120,000 is over the £100,000 that quotes may reach: set the quotes aside"
    ]
    client.force_login(ccps.lewis)

    fill(client, f"/exercises/{exercise.pk}/do/set_aside/", note="All three are over £100,000.")

    commission = Commission.objects.get(pk=exercise.commission_id)
    assert Exercise.objects.get().state == "abandoned"
    assert commission.band_key == "sourcing"
    assert commission.values.latest("pk").basis == "quotes"
    assert commission.case_file.value_ex_vat == 120_000
    notice = WorkItem.objects.get(kind="early_notice")
    assert notice.is_late_ask
    with pytest.raises(Blocked) as refusal:
        make.opened(where, ccps.lewis, commission)
    said = [blocker.words for blocker in refusal.value.blockers]
    assert "Gate 1, initiation document: required, not approved" in said
    assert any("so CCPS changes the path to sourcing" in words for words in said)


def test_quotes_within_the_band_are_not_set_aside(where: Any, ccps: SimpleNamespace) -> None:
    exercise = make.quoted(where, ccps.lewis, "58000", "120000")

    assert refused(exercise, "set_aside", ccps.lewis, note="Too dear") == [
        "A price of £58,000 is within the £100,000 that quotes may reach"
    ]


def test_after_the_quotes_ccps_changes_the_path_and_plans_a_tender(where: Any, ccps: SimpleNamespace) -> None:
    exercise = make.quoted(where, ccps.lewis, "120000")
    door.carry_out(exercise, "set_aside", by=ccps.lewis, note="Over the band")
    request = requests.read(exercise.request)
    make.settled_gate(exercise.commission, 1)

    given = {
        "lead": ccps.lewis,
        "path": "sourcing",
        "effort_days": 20,
        "target_on": clock.today() + timedelta(days=90),
    }
    door.carry_out(request, "change_path", by=ccps.maria, note="Quotes came in over the band", **given)

    planned = make.opened(where, ccps.lewis, Commission.objects.get(pk=exercise.commission_id), "open_tender")
    assert (planned.path, planned.state) == ("sourcing", "planned")


# --- A tender (22.1) -------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-150")
def test_a_tender_waits_for_everything_bidders_are_told(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    commission = make.accepted_commission(where, ccps.lewis, amount="640000", path="sourcing")
    make.settled_gate(commission, 1)
    exercise = make.opened(where, ccps.lewis, commission, "open_tender")

    assert refused(exercise, "publish", ccps.lewis) == [
        "Draft contract: Legal has not answered",
        "Award criteria: none recorded",
        "Deadline for bids: not set",
        "Social value: not written",
        "Market engagement: say whether any took place",
        "Key question not answered: Have you checked the regulations that apply?",
        "Key question not answered: Have you considered whether staff transfer under TUPE?",
        "Performance indicator: none planned, and one is needed above £100,000",
        "Gate 3, outline business case: expected, not approved",
    ]
    client.force_login(ccps.lewis)
    assert "9 things stand in the way." in words_of(client.get(f"/exercises/{exercise.pk}/"))
    client.force_login(where.priya)
    asked = words_of(client.get(f"/commissions/{commission.pk}/questions/secure/"))
    assert "Have you checked the regulations that apply?" in asked
    assert "Name the regime, who checked it and when. You need this before a tender is published." in asked


def test_a_whole_tender_is_published_and_locks_its_criteria(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    exercise = make.tender(where, ccps.lewis)
    client.force_login(ccps.lewis)

    fill(client, f"/exercises/{exercise.pk}/do/publish/", notice_reference="2026/S 000-020000")

    assert Exercise.objects.get().state == "open"
    page = words_of(client.get(f"/exercises/{exercise.pk}/"))
    assert "No direct contact." in page
    assert "Quality: 60%" in page
    with pytest.raises(Refused, match="What was published stands"):
        tenders.write_criteria(exercise, [("Price", Decimal(100))], by=ccps.lewis)


def test_a_tender_waits_for_legals_word_on_special_terms(where: Any, ccps: SimpleNamespace) -> None:
    exercise = make.tender(where, ccps.lewis)
    (item,) = sourcing_advice.ask_about_terms(
        exercise.commission, "Liability without a limit", by=ccps.lewis, path=exercise.get_absolute_url()
    )

    words = "Advise on special terms and conditions: Legal has not answered"
    assert refused(exercise, "publish", ccps.lewis, notice_reference="2026/S 000-020000") == [words]

    hal = people.person(Role.LEGAL, at=where.organisation, name="Hal Whitby")
    door.carry_out(item, "respond", by=hal, answer="agreed_with_conditions", text="Cap it at the price.")
    door.carry_out(Exercise.objects.get(), "publish", by=ccps.lewis, notice_reference="2026/S 000-020000")
    assert Exercise.objects.get().state == "open"


@pytest.mark.requirement("N-219")
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("legal", "Draft contract: Legal says “cannot agree yet”"),
        ("specification", "Specification: not signed off"),
        ("event", "Market engagement took place without a notice: write the explanation that the tender publishes"),
        ("weights", "Award criteria: their weights come to 90%, not 100%"),
        ("indicator", "Performance indicator: none planned, and one is needed above £100,000"),
    ],
)
def test_publication_is_refused_when(where: Any, ccps: SimpleNamespace, what: str, words: str) -> None:
    exercise = make.tender(where, ccps.lewis)
    if what == "legal":
        WorkItem.objects.filter(kind="tender_involvement").update(answer="cannot_agree")
    elif what == "specification":
        Specification.objects.update(state="drafting")
    elif what == "event":
        Exercise.objects.update(engagement_notice="")
    elif what == "weights":
        tenders.write_criteria(exercise, [("Quality", Decimal(50)), ("Price", Decimal(40))], by=ccps.lewis)
    else:
        PlannedIndicator.objects.all().delete()

    assert refused(exercise, "publish", ccps.lewis, notice_reference="2026/S 1") == [words]


def test_an_explanation_for_publication_lets_the_tender_out(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    exercise = make.tender(where, ccps.lewis)
    Exercise.objects.update(engagement_notice="")
    client.force_login(ccps.lewis)
    tenders.write_tender(
        exercise,
        version=exercise.version,
        by=ccps.lewis,
        engagement_explanation="One provider asked to meet before the notice system was open.",
    )

    door.carry_out(exercise, "publish", by=ccps.lewis, notice_reference="2026/S 1")

    assert Exercise.objects.get().state == "open"


def test_a_tender_nobody_bids_for_goes_back_to_the_route_to_market(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.tender(where, ccps.lewis)
    door.carry_out(exercise, "publish", by=ccps.lewis, notice_reference="2026/S 1")
    assert refused(exercise, "close_bids", ccps.lewis, bids=0)[-1] == "Nobody bid: abandon this exercise"
    client.force_login(ccps.lewis)

    reply = fill(client, f"/exercises/{exercise.pk}/do/end_without_award/", bids="0", note="No provider in the north.")

    assert "Go back to the route to market" in words_of(client.get(reply.url))
    assert Exercise.objects.get().state == "abandoned"
    task = WorkItem.objects.get(kind="check_again")
    assert (task.assignee, task.title) == (where.priya, "Check value, risk and the route to market again")


def test_a_tender_is_decided_with_its_bids_and_awarded_after_gate_4(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.won(where, ccps.lewis, make.tender(where, ccps.lewis))
    buying.authority(exercise.commission)
    assert (exercise.bids, exercise.chosen.amount_ex_vat) == (5, 630_000)
    assert refused(exercise, "award", ccps.lewis) == ["Gate 4, full business case: expected, not approved"]
    make.settled_gate(exercise.commission, 4)

    door.carry_out(exercise, "award", by=ccps.lewis)

    client.force_login(ccps.lewis)
    page = words_of(client.get(f"/exercises/{exercise.pk}/"))
    assert "5 bids" in page
    assert "Record the standstill" in page


# --- Standstill and challenge -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notice", "last"),
    [
        (date(2026, 7, 13), date(2026, 7, 23)),
        (date(2026, 11, 28), date(2026, 12, 10)),
        (date(2026, 12, 3), date(2026, 12, 14)),
    ],
)
def test_the_last_day_of_a_standstill(db: None, notice: date, last: date) -> None:
    people.calendars()
    people.statutory_figures()

    assert after_award.standstill_end(notice) == last


def test_a_voluntary_standstill_says_why_and_is_reminded_of(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    people.statutory_figures()
    clock.move_to(date(2026, 10, 20))
    exercise = make.awarded(where, ccps.lewis, make.tender(where, ccps.lewis))
    client.force_login(ccps.lewis)
    url = f"/exercises/{exercise.pk}/standstill/"
    assert "Enter the reason" in words_of(fill(client, url, basis="voluntary", award_notice_on=date(2026, 12, 3)))

    fill(client, url, basis="voluntary", award_notice_on=date(2026, 12, 3), reason="It limits later claims.")

    found = Exercise.objects.get()
    assert (found.standstill_basis, found.standstill_ends_on) == ("voluntary", date(2026, 12, 14))
    deadline = Deadline.objects.get(kind="standstill_end")
    assert (deadline.due_on, deadline.holder) == (date(2026, 12, 14), ccps.lewis)
    assert "£756,000, which the Act’s thresholds are compared to" in words_of(client.get(f"/exercises/{exercise.pk}/"))


def test_a_challenge_asks_legal_and_holds_the_commission_until_it_is_settled(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.awarded(where, ccps.lewis, make.tender(where, ccps.lewis))
    client.force_login(ccps.lewis)

    fill(
        client,
        f"/exercises/{exercise.pk}/challenges/add/",
        raised_by="Northern Care Ltd",
        raised_on=clock.today(),
        words="The scores do not add up.",
    )

    item = WorkItem.objects.get(kind="challenge")
    assert (item.queue.key, item.question) == ("legal", "Northern Care Ltd: The scores do not add up.")
    assert Commission.objects.get(pk=exercise.commission_id).state == "on_hold"
    challenge = Challenge.objects.get()
    page = words_of(client.get(f"/exercises/{exercise.pk}/"))
    assert "Settle this challenge" in page

    fill(client, f"/exercises/{exercise.pk}/challenges/{challenge.pk}/", outcome="Withdrawn by the bidder.")

    assert not Challenge.objects.get().is_open


# --- Walls and budgets ------------------------------------------------------------------------------------------------


def test_a_wall_on_an_exercise_does_not_leak_through_the_commission(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.quoted(where, ccps.lewis)
    cases.wall(exercise.case_file, where.priya)
    client.force_login(where.priya)

    page = words_of(client.get(f"/commissions/{exercise.commission_id}/"))

    assert exercise.case_file.reference not in page
    assert client.get(f"/exercises/{exercise.pk}/").status_code == 404
    client.force_login(where.tom)
    assert exercise.case_file.reference in words_of(client.get(f"/commissions/{exercise.commission_id}/"))


def test_pages_and_award_keep_to_their_budgets(
    where: Any, ccps: SimpleNamespace, client: Client, queries_of: Queries
) -> None:
    planned = make.tender(where, ccps.lewis)
    client.force_login(ccps.lewis)
    url = f"/exercises/{planned.pk}/"
    client.get(url)
    assert len(queries_of(lambda: client.get(url))) <= 8
    exercise = make.won(where, ccps.lewis, planned)
    make.settled_gate(exercise.commission, 4)
    buying.authority(exercise.commission)

    assert len(queries_of(lambda: door.carry_out(exercise, "award", by=ccps.lewis))) <= 20
