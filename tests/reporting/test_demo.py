"""The demonstration: loads once, holds what it promises, and its trail holds."""

import io
from datetime import date
from itertools import pairwise
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from casework import framework_loading
from casework.models import AuditEvent, CaseFile, RulesVersion, WorkItem
from commissioning.models import Commission, Gate, GateRound, Lesson, LikelyDuplicate, Specification, UrgentRoute
from contracts.models import Contract, EndingNotice, Indicator, IndicatorReading
from contracts.states import Rating
from documents.selectors import forget_shapes
from organisation import clock
from organisation.accent import WHITE, contrast
from organisation.models import AuthorityLimit, Membership, Organisation, Person, Supplier
from organisation.roles import Role
from procurement.models import Challenge, Exercise, ProcurementRequest
from reporting.demo import loading
from reporting.demo.days import Days
from reporting.demo.phases import UnknownPhase, told_out
from reporting.demo.stage import Story, UnknownAct, furthest, play
from reporting.selectors.my_work import my_work
from tests.factories import organisation as people
from tests.factories.commissioning import default_framework


class Demonstration(TestCase):
    """A class, and not functions: loading takes half a minute and is done once for all of them."""

    @classmethod
    def setUpTestData(cls):
        forget_shapes()
        said = io.StringIO()
        call_command("load_demo", stdout=said)
        cls.said = said.getvalue()

    def test_it_is_told_who_can_sign_in(self):
        assert f"{len(loading.stories())} commissions" in self.said
        assert "@alder.example" in self.said
        assert loading.PASSWORD in self.said

    def test_the_password_is_good_for_everybody(self):
        for email in ("priya.shah@alder.example", "ruth.calloway@westmere.example"):
            assert Person.objects.get(email=email).check_password(loading.PASSWORD)

    def test_the_clock_is_back_at_the_real_time(self):
        assert not clock.is_moved()

    def test_loading_again_changes_nothing(self):
        def counts():
            return [model.objects.count() for model in (AuditEvent, Commission, Person, Supplier)]

        before = counts()
        call_command("load_demo", stdout=io.StringIO())

        assert counts() == before

    def test_its_trail_holds_and_is_in_order_of_time(self):
        call_command("verify_audit", stdout=io.StringIO())

        rows = list(AuditEvent.objects.order_by("chain", "number").values_list("chain", "at"))
        assert len(rows) > 500
        assert [(a, b) for a, b in pairwise(rows) if a[0] == b[0] and a[1] > b[1]] == []
        assert max(at for _, at in rows) <= clock.now()

    def test_two_councils_in_colours_that_can_be_read(self):
        councils = Organisation.objects.filter(key__in=["alder", "westmere"])

        assert len({row.accent_colour for row in councils}) == 2
        assert [row.name for row in councils if contrast(row.accent_colour, WHITE) < 4.5] == []

    def test_every_role_is_held_by_two_people_at_least(self):
        for key in ("alder", "westmere"):
            held = Membership.objects.in_force().filter(organisation__key=key)
            few = [role for role in Role if held.filter(role=role).values("person").distinct().count() < 2]
            assert few == [], key

    def test_posts_carry_authority_and_suppliers_are_known(self):
        assert AuthorityLimit.objects.filter(post__organisation__key="alder").count() > 20
        assert Supplier.objects.filter(organisation__key="alder").count() > 10

    def test_commissions_stand_in_every_state(self):
        states = set(Commission.objects.values_list("state", flat=True))

        assert states == {"draft", "analyse", "plan", "secure", "review", "on_hold", "closed", "stopped"}

    def test_what_was_promised_is_there(self):
        titled = {case.title: case for case in CaseFile.objects.filter(kind="commission").select_related("commission")}

        training = titled["Moving and handling training"]
        assert (training.state, training.commission.band_key) == ("plan", "service_buys")
        assert Specification.objects.filter(commission=training.commission, state="in_review").exists()
        draft = titled["Home care in the rural south"]
        assert (draft.state, draft.is_high_risk) == ("draft", True)
        assert LikelyDuplicate.objects.filter(commission=draft.commission, finding="").exists()
        assert titled["Meeting-room screens"].commission.band_key == "quotation"
        closed = titled["First aid refresher days"]
        assert closed.state == "closed"
        assert Lesson.objects.filter(commission=closed.commission).exists()
        assert Contract.objects.filter(state="live").count() > 5
        assert Contract.objects.filter(state="mobilising").count() == 2

    def test_contracts_are_read_by_period_and_those_near_their_end_are_asked_about(self):
        assert IndicatorReading.objects.count() > 30
        assert {Rating.GREEN, Rating.AMBER, Rating.RED} <= set(
            IndicatorReading.objects.values_list("rating", flat=True)
        )
        assert set(EndingNotice.objects.values_list("contract__case_file__title", flat=True)) >= {
            "Grass and hedges in cemeteries",
            "Interpreters at surgeries",
            "Summer sports for children",
        }
        assert Indicator.objects.filter(contract__state="live").count() > 5

    def test_procurement_requests_stand_in_every_state(self):
        states = set(ProcurementRequest.objects.values_list("state", flat=True))

        assert states >= {"draft", "submitted", "more_information", "accepted", "declined", "withdrawn"}

    def test_gates_stand_in_every_state_and_one_went_round_twice(self):
        states = set(Gate.objects.values_list("state", flat=True))

        assert states >= {"input_asked", "submitted", "approved", "refused", "deferred"}
        assert set(GateRound.objects.values_list("outcome", flat=True)) >= {
            "returned",
            "approved",
            "with_conditions",
            "",
        }
        assert GateRound.objects.filter(number=2, gate__number=1).exists()

    def test_ccps_bought_something_from_the_request_to_the_running_contract(self):
        bought = Contract.objects.filter(exercise__run_by="ccps")

        assert bought.filter(state="live", handover__state="accepted").count() == 2
        assert bought.filter(handover__state="returned").exists()
        assert Exercise.objects.filter(state="open", run_by="ccps", path="sourcing").exists()
        held = Challenge.objects.filter(settled_on=None).values_list("exercise__commission__state", flat=True)
        assert list(held) == ["on_hold"]

    def test_queues_hold_what_is_fresh_paused_and_overdue(self):
        items = WorkItem.objects.filter(queue__key="ccps", kind="procurement_request", settled_at=None)

        assert items.filter(state="waiting").exists()
        assert items.filter(state="open", due_on__gte=clock.today()).exists()
        assert items.filter(state="open", due_on__lt=clock.today()).exists()

    def test_people_find_work_waiting(self):
        def work(name):
            return my_work(Person.objects.get(name=name))

        assert len(work("Tom Hesketh").decide) == 2
        assert "overdue" in work("Lewis Grant").overdue
        assert work("Nadia Iqbal").do[0].title == "Reply to CCPS: Gully cleansing"
        assert work("Priya Shah").drafts
        assert "overdue" in work("Sam Birtles").overdue
        assert {row.what_next for row in work("Beth Arkwright").watch} >= {"Review", "Go live"}

    def test_an_urgent_commission_waits_for_the_advice_of_ccps_and_owes_what_it_put_off(self):
        route = UrgentRoute.objects.get(ended_at=None)

        assert [one.side for one in route.advice.all()] == ["leadership"]
        assert route.owed.filter(done_at=None).count() == 2
        waits = WorkItem.objects.filter(case_file=route.commission.case_file, kind="urgent_advice")
        assert [item.queue.key for item in waits if item.state == "open"] == ["ccps"]

    def test_nothing_had_to_be_refused_to_make_it(self):
        assert not AuditEvent.objects.filter(is_refusal=True).exists()

    def test_it_is_refused_outside_a_demonstration(self):
        with self.settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
            call_command("load_demo")


@pytest.mark.django_db
def test_history_begins_after_the_first_rules_of_the_shipped_framework():
    people.calendars()

    first_day = Days(clock.today()).day(furthest(loading.stories()))

    assert date.fromisoformat(framework_loading.read(loading.FRAMEWORK)["valid_from"]) <= first_day


@pytest.mark.django_db
def test_it_is_refused_where_the_framework_has_no_rules_yet_on_its_first_day(settings):
    settings.DEMO = settings.MOVABLE_CLOCK = True
    RulesVersion.objects.filter(framework=default_framework()).update(valid_from=clock.today(), token=uuid4())

    with pytest.raises(CommandError, match="before any framework"):
        call_command("load_demo")

    assert not loading.is_loaded()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-04-01", 12, "2027-03-31"), ("2026-01-31", 1, "2026-02-27"), ("2026-11-30", 24, "2028-11-29")],
)
def test_a_term_ends_the_day_before_its_anniversary(start, months, end):
    assert Days(date(2026, 11, 21)).months_after(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.django_db
def test_a_timeline_with_an_act_that_nobody_wrote_is_a_mistake():
    told = {"key": "x", "timeline": [[3, "09:00", "conjure"]]}

    with pytest.raises(UnknownAct, match="conjure"):
        play([Story(None, told)], Days(clock.today()))


def test_a_phase_stands_for_its_steps_and_says_what_is_different():
    phases = {"begin": [[0, "09:00", "register"], [1, "10:00", "move", {"verb": "start"}], [2, "11:00", "plan"]]}

    told = told_out([[9, "@begin", {"plan": None, "move": {"by": "tom"}}], [5, "12:00", "screen"]], phases)

    assert told == [
        [9, "09:00", "register", {}],
        [8, "10:00", "move", {"verb": "start", "by": "tom"}],
        [5, "12:00", "screen"],
    ]
    with pytest.raises(UnknownPhase, match="begin has no sing"):
        told_out([[9, "@begin", {"sing": {}}]], phases)
