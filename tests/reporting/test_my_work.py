"""My work: what is decided, done and watched, by whom, in which words, and at what cost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.door import carry_out
from casework.models import OutboxMessage
from casework.services import deadlines, outbox
from commissioning.models import Commission, Gate
from commissioning.services import decisions, specifications
from contracts.models import MobilisationTask
from documents.services import papers
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from procurement.states import DeclineGround
from reporting.models import Visit
from tests.commissioning.steps import submit
from tests.factories import casework, commissioning, requests
from tests.factories import organisation as people
from tests.factories import procurement as buying

pytestmark = pytest.mark.django_db
URL = reverse("reporting:my_work")


@pytest.fixture
def work_of(client):
    """What the page shows somebody: ``work_of(person)``."""

    def read(person: Person):
        client.force_login(Person.objects.get(pk=person.pk))
        return client.get(URL).context["work"]

    return read


@pytest.fixture
def hal(council):
    """A lawyer."""
    return casework.lawyer(council, name="Hal Whitby", team="Legal")


@pytest.fixture
def tom(council, area):
    """The service leader of the area."""
    return people.person(Role.SERVICE_LEADER, at=council, area=area, name="Tom Hesketh", team="Adult Services")


@pytest.fixture
def home_care(priya):
    """A high-risk commission in Analyse."""
    return commissioning.started_commission(priya, title="Home care, north", value=640000, ticked=("strategic",))


def asked(case, to, **fields):
    """Ask Legal something and give it to somebody."""
    item = casework.item(case, by=fields.pop("by", case.holder), **fields)
    return carry_out(item, "assign", by=to, assignee=to).subject


def in_plan(priya, **fields):
    """A small commission that has reached Plan."""
    made = commissioning.started_commission(priya, **fields)
    commissioning.planned_as_suggested(made)
    commissioning.done_activities(made, "analyse")
    commissioning.answered_questions(made, "analyse")
    screened(made, priya)
    return carry_out(Commission.objects.get(pk=made.pk), "to_plan", by=priya).subject


def screened(commission, by):
    paper = papers.begin(commission.case_file, "impact_screening", by=by)
    said = dict.fromkeys(
        ["changes_service", "affects_people", "affects_inequality", "affects_carbon", "uses_personal_data"], "no"
    )
    papers.save_answers(paper, "effects", said, by, 99)
    papers.save_answers(paper, "reasons", {"reasons": "Nothing changes for anybody."}, by, 99)
    paper.refresh_from_db()
    papers.submit(paper, by)


# --- Decide -----------------------------------------------------------------------------------------------------------


def test_advice_asked_of_somebody_by_name_is_decided(home_care, hal, work_of):
    item = asked(home_care.case_file, hal, title="May we let in lots?", allowance=1)

    (row,) = work_of(hal).decide

    assert row.title == "Advise: Home care, north"
    assert row.url == reverse("casework:item", args=[item.pk])
    assert row.meta == [
        home_care.case_file.reference,
        "£640,000 excluding VAT",
        "May we let in lots?",
        "From Priya Shah, Commissioning",
    ]
    assert row.tags == [("High risk", "red")]
    assert (row.due_on, row.tone) == (clock.today() + timedelta(days=1), "soon")


@pytest.mark.parametrize(
    ("asks", "where"),
    [("acknowledge", "decide"), ("be_informed", "decide"), ("approve", "decide"), ("quote", "do"), ("source", "do")],
)
def test_what_asks_for_a_word_is_decided_and_what_asks_for_work_is_done(home_care, hal, work_of, asks, where):
    asked(home_care.case_file, hal, asks=asks)

    work = work_of(hal)

    assert [len(work.decide), len(work.do)] == [where == "decide", where == "do"]


def test_what_is_unassigned_or_somebody_elses_is_not_mine(home_care, hal, council, work_of):
    casework.item(home_care.case_file)
    asked(home_care.case_file, casework.lawyer(council))

    assert work_of(hal).decide == []


def test_other_functions_answers_stand_beside_what_is_to_be_weighed(home_care, hal, council, work_of):
    fiona = people.person(Role.FINANCE, at=council)
    theirs = asked(home_care.case_file, fiona, queue_key="finance")
    carry_out(theirs, "respond", by=fiona, answer="agreed_with_conditions", text="If the budget holds")
    asked(home_care.case_file, hal)

    (row,) = work_of(hal).decide

    assert row.advice == [("Finance", "Agreed with conditions", "amber")]


def test_a_specification_waits_for_the_service_leader_of_its_area_only(priya, tom, council, work_of):
    commission = in_plan(priya, title="Training")
    specification = specifications.open_specification(commission, by=priya)
    leader_elsewhere = people.person(Role.SERVICE_LEADER, at=council, area=people.service_area(council))
    assert work_of(tom).decide == []

    send(specification, priya)

    (row,) = work_of(tom).decide
    assert row.title == "Sign off the specification: Training"
    assert row.url == reverse("commissioning:specification", args=[commission.pk])
    assert "From Priya Shah, Commissioning" in row.meta
    assert work_of(leader_elsewhere).decide == []


def send(specification, by):
    """Fill a specification, submit it and send it off."""
    submit(specification.paper, by)
    carry_out(specification, "send_for_sign_off", by=by)


def test_no_change_waits_for_a_leader_who_did_not_decide_it(priya, tom, work_of):
    commission = in_plan(priya, title="Minibus hire")
    commissioning.decided_delivery(commission, "no_change")
    people.membership(priya, Role.SERVICE_LEADER, area=commission.case_file.service_area)

    (row,) = work_of(tom).decide
    assert row.title == "Confirm “no change”: Minibus hire"
    assert row.quote == "It costs least."
    assert work_of(priya).decide == []

    standing = commission.delivery_decisions.select_related("commission__case_file", "model").get()
    decisions.confirm_delivery(standing, by=tom)
    assert work_of(tom).decide == []


# --- Do ---------------------------------------------------------------------------------------------------------------


def test_a_question_waits_for_whoever_asked_and_is_quoted(home_care, hal, priya, work_of):
    item = asked(home_care.case_file, hal)
    carry_out(item, "ask", by=hal, text="Who holds the care plans?")

    (row,) = work_of(priya).do
    assert row.title == "Reply to Legal: Home care, north"
    assert row.quote == "Who holds the care plans?"
    assert row.meta[-1].startswith("Asked by Hal Whitby, ")
    assert work_of(hal).decide == []

    carry_out(item, "reply", by=priya, text="We do")
    assert work_of(priya).do == []


def test_my_drafts_are_to_be_finished_and_say_how_much_is_left(priya, council, work_of):
    bare = commissioning.registered_commission(priya, title="Interpreting", complete=False)
    commissioning.registered_commission(commissioning.commissioner(council), title="Somebody else's")

    (row,) = work_of(priya).do

    assert (row.title, row.url) == ("Finish and start: Interpreting", bare.get_absolute_url())
    # Purpose, category, objective, risk form, governance route, authority.
    assert row.meta[-1] == "6 things left before it can start"
    assert row.tags == [("Draft", "grey")]


def test_a_draft_that_lacks_nothing_is_ready(priya, work_of):
    commission = commissioning.registered_commission(priya)
    commissioning.answered_risk(commission)
    commissioning.with_authority(commission)

    assert work_of(priya).do[0].meta[-1] == "Ready to start"


def test_a_paper_half_written_is_a_draft_and_one_sent_back_is_a_job(home_care, priya, work_of):
    paper = papers.begin(home_care.case_file, "impact_screening", by=priya)
    work = work_of(priya)
    assert [row.title for row in work.drafts] == ["Impact screening, Home care, north"]
    assert work.do == []

    paper.delete()
    screened(home_care, priya)
    papers.reopen(home_care.case_file.papers.get(), priya, note="Say who travels further.")

    work = work_of(priya)
    assert work.drafts == []
    assert work.do[0].title == "Change and send again: Impact screening"
    assert work.do[0].quote == "Say who travels further."


def test_an_activity_somebody_leads_for_another_is_a_job(home_care, priya, council, work_of):
    lewis = people.person(Role.CCPS_OFFICER, at=council, name="Lewis Grant")
    commissioning.planned_as_suggested(home_care)
    row = home_care.activities.get(activity__key="market_analysis")
    row.lead, row.due_on = lewis, clock.today() - timedelta(days=7)
    row.save()

    work = work_of(lewis)

    assert [job.title for job in work.do] == ["Market analysis: Home care, north"]
    assert work.do[0].tone == "late"
    assert "For Priya Shah" in work.do[0].meta


def test_a_mobilisation_task_is_a_job_until_it_is_done(home_care, council, work_of):
    sam = people.person(Role.CONTRACT_MANAGER, at=council)
    task = MobilisationTask.objects.create(
        case_file=home_care.case_file, title="Set up payment", side="council", owner=sam, due_on=clock.today()
    )

    (row,) = work_of(sam).do
    assert (row.title, row.due_words) == ("Set up payment: Home care, north", "Today")

    task.done_at = clock.now()
    task.save()
    assert work_of(sam).do == []


def test_the_most_urgent_comes_first_and_what_has_no_date_last(home_care, hal, work_of):
    for title, days in (("Later", 20), ("Sooner", 2), ("Whenever", None)):
        asked(home_care.case_file, hal, title=title, allowance=days)

    assert [row.meta[2] for row in work_of(hal).decide] == ["Sooner", "Later", "Whenever"]


# --- the headline -----------------------------------------------------------------------------------------------------


def test_headline_counts_what_needs_me_and_what_is_late(home_care, hal, client):
    for days in (1, 2, 60):
        asked(home_care.case_file, hal, allowance=days)
    clock.move_to(clock.today() + timedelta(days=10))
    client.force_login(hal)

    page = client.get(URL)

    assert page.context["work"].headline == "3 things need you."
    assert page.context["work"].overdue == "2 are overdue."
    assert "<strong>2 are overdue.</strong>" in page.content.decode()


def test_headline_of_one_and_of_none(home_care, hal, work_of):
    assert work_of(hal).headline == "Nothing needs you now."

    asked(home_care.case_file, hal)

    assert (work_of(hal).headline, work_of(hal).overdue) == ("1 thing needs you.", "")

    clock.move_to(clock.today() + timedelta(days=40))

    assert (work_of(hal).headline, work_of(hal).overdue) == ("1 thing needs you.", "It is overdue.")


def test_a_deputy_sees_what_waits_for_the_one_who_is_away(home_care, hal, council, work_of):
    hannah = casework.lawyer(council, name="Hannah Voss")
    asked(home_care.case_file, hal)
    assert work_of(hannah).decide == []

    people.cover(hal, hannah)

    work = work_of(hannah)
    assert len(work.decide) == 1
    assert work.headline == "1 thing needs you. You also decide for Hal Whitby."
    assert work_of(hal).away.startswith("You are away from 1 January 2020")
    assert work_of(hal).away_words.startswith("Hannah Voss decides for you")


# --- Watch ------------------------------------------------------------------------------------------------------------


def test_watch_says_the_next_step_and_what_comes_first(home_care, priya, work_of):
    (row,) = work_of(priya).watch

    assert (row.title, row.value, row.what_next) == ("Home care, north", "£640,000", "Move to Plan")
    # Plan, questions, screening, gate 1; no activity is relevant before the plan is agreed.
    assert row.note == "5 things left. First: Activity plan: not agreed"


def test_watch_counts_activities_of_the_stage_in_hand(priya, work_of):
    commission = commissioning.started_commission(priya)
    commissioning.planned_as_suggested(commission)
    commissioning.answered_questions(commission, "analyse")
    screened(commission, priya)

    assert work_of(priya).watch[0].note == "3 things left. First: Resource analysis: not completed"

    commissioning.done_activities(commission, "analyse")
    assert work_of(priya).watch[0].note == "Its own tasks are settled"


def test_watch_leaves_out_what_has_ended(home_care, priya, tom, work_of):
    carry_out(home_care, "stop", by=tom, note="Not needed")

    assert work_of(priya).watch == []


def test_a_service_leader_watches_the_area_but_not_its_drafts(home_care, priya, tom, work_of):
    commissioning.registered_commission(priya)

    work = work_of(tom)

    assert [row.title for row in work.watch] == ["Home care, north"]
    assert work.do == []


def test_what_is_on_hold_says_what_must_be_done(home_care, tom, priya, work_of):
    carry_out(home_care, "hold", by=tom, note="Scrutiny", resume_needs="The report of scrutiny")

    row = work_of(priya).watch[0]
    assert (row.what_next, row.note) == ("On hold", "The report of scrutiny")


# --- scope ------------------------------------------------------------------------------------------------------------


def test_another_council_sees_nothing(home_care, outsider, hal, work_of, client):
    asked(home_care.case_file, hal)

    work = work_of(outsider)

    assert (work.decide, work.do, work.watch, work.changes, work.notices) == ([], [], [], [], [])
    assert "Home care" not in client.get(URL).content.decode()


def test_a_wall_takes_everything_of_the_case_away_at_once(home_care, hal, priya, work_of, client):
    asked(home_care.case_file, hal, by=priya)
    outbox.post(hal, subject="Answer: Home care, north", body=".", kind="item_assigned", case_file=home_care.case_file)
    work = work_of(hal)
    assert (len(work.decide), work.notices[0].title) == (1, "Answer: Home care, north")

    casework.wall(home_care.case_file, hal)

    work = work_of(hal)
    assert (work.decide, work.notices) == ([], [])
    assert work.queues[0].count == 0
    assert "Home care" not in client.get(URL).content.decode()


def test_a_role_that_was_taken_away_takes_the_work_with_it(home_care, hal, work_of):
    asked(home_care.case_file, hal)
    hal.memberships.update(ends_on=clock.today())

    assert work_of(hal).decide == []


# --- news -------------------------------------------------------------------------------------------------------------


def test_queues_somebody_works_are_counted(home_care, hal, priya, work_of):
    casework.item(home_care.case_file, allowance=1)
    casework.item(home_care.case_file, allowance=60)
    clock.move_to(clock.today() + timedelta(days=5))

    (queue,) = work_of(hal).queues

    assert (queue.name, queue.url) == ("Legal", reverse("casework:queue", args=["legal"]))
    assert queue.note == "2 wait, 1 overdue"
    assert work_of(priya).queues == []


def test_news_is_what_others_did_since_the_last_visit(home_care, tom, priya, hal, work_of):
    first = work_of(priya)
    assert (first.since, first.changes) == ("", [])

    clock.move_to(clock.now() + timedelta(hours=20))
    carry_out(home_care, "hold", by=tom, note="Scrutiny", resume_needs="The report")
    clock.move_to(clock.now() + timedelta(hours=4))

    work = work_of(priya)
    assert work.since
    assert [change.title for change in work.changes] == ["Tom Hesketh put this commission on hold"]
    clock.move_to(clock.now() + timedelta(days=1))
    assert work_of(priya).changes == []


def test_a_visit_is_noted_once_while_it_lasts(priya, work_of):
    work_of(priya)
    seen_at = Visit.objects.get(person=priya).seen_at
    work_of(priya)
    assert Visit.objects.get(person=priya).seen_at == seen_at

    clock.move_to(seen_at + timedelta(hours=5))
    work_of(priya)

    assert Visit.objects.get(person=priya).before_at == seen_at


def test_messages_about_accounts_are_no_news(priya, work_of):
    outbox.post(priya, subject="Reset your password", body=".", kind="account")

    assert OutboxMessage.objects.filter(person=priya).exists()
    assert work_of(priya).notices == []


# --- cost -------------------------------------------------------------------------------------------------------------


def test_query_count_is_the_same_for_3_and_60_things(priya, hal, tom, council, client, queries_of):
    """A person with every role at once, so that every statement is asked."""
    for role in (Role.LEGAL, Role.SERVICE_LEADER):
        people.membership(priya, role, at=council)
    cases = [commissioning.started_commission(priya, value=640000) for _ in range(2)]

    def fill(count):
        for number in range(count):
            asked(cases[number % 2].case_file, priya, by=tom)
            item = asked(cases[number % 2].case_file, hal, by=priya)
            carry_out(item, "ask", by=hal, text="Which?")
            commissioning.registered_commission(priya)

    fill(3)
    client.force_login(priya)
    client.get(URL)
    few = queries_of(lambda: client.get(URL))
    fill(17)
    many = queries_of(lambda: client.get(URL))

    assert len(many) == len(few) <= 8


def test_the_first_page_of_a_visit_stays_within_the_budget(priya, home_care, client, queries_of):
    client.force_login(priya)

    assert len(queries_of(lambda: client.get(URL))) <= 8


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reads(priya, client, method):
    client.force_login(priya)

    assert getattr(client, method)(URL).status_code == 405


# --- what the other rooms ask -----------------------------------------------------------------------------------------


def test_a_task_to_decide_says_what_is_decided_and_leads_to_its_page(home_care, tom, work_of):
    task = {
        "kind": "gate_decision",
        "title": "Decide gate 1",
        "asks": "approve",
        "path": "/commissions/7/gates/1/decide/",
    }
    casework.item(home_care.case_file, queue=None, assignee=tom, **task)

    (row,) = work_of(tom).decide

    assert (row.title, row.url) == ("Decide gate 1: Home care, north", task["path"])
    assert row.due_on is not None


def test_dates_to_keep_come_up_four_weeks_ahead_and_go_when_kept(home_care, tom, priya, work_of):
    today = clock.today()
    for key, days in (("late", -3), ("soon", 20), ("far", 40)):
        deadlines.set_deadline(
            home_care.case_file, "indicator_reading", key, due_on=today + timedelta(days=days), holder=tom,
            title=f"Record the {key} results", path=f"/contracts/1/readings/{key}/",
        )  # fmt: skip

    assert [row.title for row in work_of(tom).do] == [
        "Record the late results: Home care, north",
        "Record the soon results: Home care, north",
    ]
    assert work_of(tom).do[0].is_overdue
    assert work_of(tom).do[0].url == "/contracts/1/readings/late/"
    assert not any("results" in row.title for row in work_of(priya).do)

    deadlines.finish_deadline(home_care.case_file, "indicator_reading", "late")
    casework.wall(home_care.case_file, tom)
    assert work_of(tom).do == []


def test_a_declined_request_comes_back_with_the_reason(work_of):
    where = buying.place()
    requests.form_template(where)
    request, lewis = requests.submitted(where), requests.officer(where)
    said = {"ground": DeclineGround.values[0], "next_steps": "Write it again."}
    carry_out(request, "decline", by=lewis, note="The need is not clear.", **said)

    (row,) = [row for row in work_of(where.priya).do if "request" in row.title]

    assert row.title.startswith("Revise or withdraw the request: ")
    assert row.url == request.get_absolute_url()
    assert row.quote == "The need is not clear."
    assert any(words.startswith("Declined by Lewis Grant") for words in row.meta)


def test_what_is_watched_knows_of_its_gates(home_care, priya, work_of):
    (row,) = work_of(priya).watch
    assert "left" in row.note
    missing = int(row.note.split()[0])

    Gate(commission=home_care, number=1, state="approved").save()

    (row,) = work_of(priya).watch
    assert int(row.note.split()[0]) == missing - 1
