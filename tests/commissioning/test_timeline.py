"""The timeline: worked back from the needed-by date, held against today, shown in lanes, and kept as deadlines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import door
from casework.models import Deadline
from casework.services import proof
from commissioning.models import Commission, PlannedStep, StepDuration, TimelineStep
from commissioning.prefill_facts import load_dates
from commissioning.selectors import dossiers
from commissioning.selectors import timeline as selector
from commissioning.selectors.about import warnings_of
from commissioning.services import timeline as service
from commissioning.timeline import Span, Step, back_from, forward_from, in_order, judge, ready_on, without
from organisation import clock
from organisation.formatting import day as formatted
from organisation.models import Person
from organisation.roles import Role
from organisation.working_days import is_working_day, working_days_between
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
Queries = Callable[[Callable[[], Any]], list[str]]
DAY = timedelta(days=1)
HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)})
DAYS = st.dates(date(2026, 6, 1), date(2027, 12, 31))


@st.composite
def nets(draw: st.DrawFn) -> list[Step]:
    """Up to eight steps, each waiting for some of those before it."""
    made: list[Step] = []
    for number in range(draw(st.integers(1, 8))):
        after = draw(st.sets(st.sampled_from([step.key for step in made]), max_size=3)) if made else set()
        made.append(
            Step(
                f"s{number}", f"Step {number}", "plan", "ccps", draw(st.integers(1, 30)),
                is_working=draw(st.booleans()), after=tuple(sorted(after)), order=number,
            )
        )  # fmt: skip
    return draw(st.permutations(made))


def length(span: Span, step: Step) -> int:
    if step.is_working:
        return working_days_between(span.starts_on - DAY, span.ends_on, HOLIDAYS)
    return (span.ends_on - span.starts_on).days + 1


@settings(max_examples=150, deadline=None)
@given(nets(), DAYS)
def test_worked_back_nothing_overlaps_what_waits_for_it_and_all_is_over_in_time(net: list[Step], day: date) -> None:
    spans = back_from(day, net, HOLIDAYS)

    for step in net:
        span = spans[step.key]
        assert span.ends_on < day
        assert length(span, step) == step.days
        if step.is_working:
            assert is_working_day(span.starts_on, HOLIDAYS)
            assert is_working_day(span.ends_on, HOLIDAYS)
        for earlier in step.after:
            assert spans[earlier].ends_on < span.starts_on


@settings(max_examples=150, deadline=None)
@given(nets(), DAYS, st.integers(0, 400))
def test_day_can_be_kept_exactly_when_no_step_had_to_begin_before_today(net: list[Step], today: date, far: int) -> None:
    needed_by = today + timedelta(days=far)

    spans = back_from(needed_by, net, HOLIDAYS)
    verdict = judge(needed_by, net, today, today, HOLIDAYS)

    assert verdict.is_met == (min(span.starts_on for span in spans.values()) >= today)
    assert verdict.is_met or verdict.missed is not None
    again = judge(verdict.earliest, net, today, today, HOLIDAYS)
    assert again.is_met, "the earliest day that is named is possible"
    assert not judge(verdict.earliest - DAY, net, today, today, HOLIDAYS).is_met, "and no day before it is"


@settings(max_examples=100, deadline=None)
@given(nets(), DAYS, st.integers(1, 60))
def test_later_day_makes_no_step_earlier_and_leaving_one_out_makes_none_start_sooner(
    net: list[Step], day: date, more: int
) -> None:
    spans, later = back_from(day, net, HOLIDAYS), back_from(day + timedelta(days=more), net, HOLIDAYS)
    assert all(later[key].starts_on >= span.starts_on for key, span in spans.items())

    fewer = back_from(day, without(net, {net[0].key}), HOLIDAYS)
    assert net[0].key not in fewer
    assert all(span.starts_on >= spans[key].starts_on for key, span in fewer.items())


def test_what_waited_for_a_step_left_out_waits_for_what_that_waited_for() -> None:
    net = [Step("a", "A", "", "", 5), Step("b", "B", "", "", 5, after=("a",)), Step("c", "C", "", "", 5, after=("b",))]

    spans = forward_from(date(2027, 2, 1), without(net, {"b"}), frozenset())

    assert spans["c"].starts_on > spans["a"].ends_on
    assert ready_on(spans, TODAY) == date(2027, 2, 13)


def test_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        in_order([Step("a", "A", "", "", 1, after=("b",)), Step("b", "B", "", "", 1, after=("a",))])


def test_step_begins_after_what_it_waited_for_was_over() -> None:
    net = [Step("legal", "Legal", "plan", "legal", 42, is_working=False)]
    today, plan_began = date(2027, 3, 1), date(2027, 1, 4)
    answered = {"legal": date(2027, 2, 27)}

    without_it = forward_from(plan_began, net, HOLIDAYS, none_over_before=today)
    spans = forward_from(plan_began, net, HOLIDAYS, none_over_before=today, not_before=answered)

    assert without_it["legal"].ends_on == today
    assert spans["legal"] == Span(date(2027, 2, 27), date(2027, 4, 9))


# --- of a commission ----------------------------------------------------------------------------------------------


def of(alder: Alder, needed_by: date | None, value: int = 640_000, **more: Any) -> Commission:
    return make.registered_commission(alder.priya, service_area=alder.area, value=value, needed_by=needed_by, **more)


@pytest.mark.requirement("N-025")
def test_time_for_strategy_market_and_social_value_is_proposed_and_leaving_one_out_asks_why(
    alder: Alder, sign_in: SignIn
) -> None:
    made = of(alder, date(2028, 4, 3))
    rows = {row.key: row for row in made.planned_steps.all()}
    tender = rows["publish"].starts_on
    for key in ("strategy_planning", "market_warming", "social_value"):
        assert rows[key].ends_on < tender
    priya, address = sign_in(alder.priya), f"/commissions/{made.pk}/timeline/"
    page = priya.get(address).content.decode()
    assert "Market warming" in page
    assert priya.get(f"{address}gate_1/out/").status_code == 404, "a gate is not left out"

    refused = priya.post(f"{address}social_value/out/", {"reason": ""})
    assert "reason" in refused.context["form"].errors
    said = priya.post(f"{address}social_value/out/", {"reason": "It is designed in already."}, follow=True)
    assert "Social value designed in is left out." in said.content.decode()
    assert "It is designed in already." in said.content.decode()
    history = priya.get(f"/commissions/{made.pk}/history/").content.decode()
    assert "left a step out of the timeline: Social value designed in" in history
    assert "Plan is short" not in said.content.decode()

    StepDuration.objects.update(full=1)
    TimelineStep.objects.update(figure="", statutory="")
    service.work_out(made, by=alder.priya)
    assert "Plan is short." in priya.get(address).content.decode()
    priya.post(f"{address}social_value/back/", {})
    assert PlannedStep.objects.get(commission=made, key="social_value").left_out_reason == ""


def test_date_that_cannot_be_met_says_which_gate_was_missed_and_the_earliest_that_can(
    alder: Alder, sign_in: SignIn
) -> None:
    made = of(alder, TODAY + timedelta(days=150))

    page = sign_in(alder.by_role[Role.FINANCE]).get(f"/commissions/{made.pk}/timeline/").content.decode()

    gate = PlannedStep.objects.get(commission=made, key="gate_1")
    assert gate.ends_on < TODAY
    assert "5 February 2027 cannot be met" in page.replace("4 February 2027", "5 February 2027")
    assert f"Gate 1 should have been on {gate.ends_on:%-d %B %Y}" in page
    seen = selector.outlook_of(made)
    assert seen is not None
    earliest = selector.earliest_for(alder.council.framework_id, seen)
    assert f"The earliest possible is {earliest:%-d %B %Y}" in page
    assert "Work the dates out again" not in page, "only those who edit do it"


def test_worked_example_22_1_fits_between_its_start_and_its_day(alder: Alder) -> None:
    clock.move_to(date(2026, 3, 2))
    made = of(alder, date(2027, 4, 1))
    make.answered_risk(made, "statutory_or_data", "strategic", "thin_market")
    service.work_out(made, by=alder.priya)
    seen = selector.outlook_of(made)
    assert seen is not None
    verdict = selector.verdict_of(
        made, selector.steps_for(alder.council.framework_id, seen), selector.Progress({}, frozenset())
    )
    assert verdict is not None
    assert verdict.is_met, verdict
    dates = {row.key: row for row in made.planned_steps.all()}
    assert date(2026, 4, 1) < dates["gate_1"].ends_on < date(2026, 7, 31)
    assert date(2026, 8, 1) < dates["publish"].starts_on < date(2026, 11, 1)
    standstill = dates["standstill"]
    assert working_days_between(standstill.starts_on - DAY, standstill.ends_on, frozenset()) >= 8


def test_small_purchase_has_a_short_timeline_without_gates(alder: Alder) -> None:
    made = of(alder, date(2027, 4, 1), value=18_000)
    keys = set(made.planned_steps.values_list("key", flat=True))
    assert "prices" in keys
    assert not keys & {"gate_1", "gate_3", "request", "publish", "standstill", "market_warming"}
    plain = of(alder, date(2027, 4, 1), value=160_000, further={"level": None})
    assert "publish" in set(plain.planned_steps.values_list("key", flat=True))


@pytest.mark.requirement("N-021")
def test_timeline_is_grouped_by_who_does_it(alder: Alder, sign_in: SignIn) -> None:
    made = of(alder, date(2028, 4, 3))
    client = sign_in(alder.priya)
    by_stage = client.get(f"/commissions/{made.pk}/timeline/").context["groups"]
    assert [group.name for group in by_stage] == ["Analyse", "Plan", "Secure Services"]

    lanes = {
        group.name: {bar.row.key for bar in group.bars}
        for group in client.get(f"/commissions/{made.pk}/timeline/?by=lane").context["groups"]
    }

    assert {"CCPS", "Service area", "Finance", "Legal"} <= set(lanes)
    assert "request" in lanes["CCPS"]
    assert "needs" in lanes["Service area"]
    assert {"spend_check", "payment"} <= lanes["Finance"]
    assert "legal_terms" in lanes["Legal"]


@pytest.mark.requirement("N-019")
def test_activities_run_at_the_same_time_and_are_drawn_side_by_side(alder: Alder, sign_in: SignIn) -> None:
    made = steps.in_analyse(alder, value=640_000, needed_by=date(2028, 4, 3))
    make.planned_as_suggested(made)
    rows = list(made.activities.filter(activity__stage="analyse", state="relevant", lead=alder.priya)[:2])
    priya = sign_in(alder.priya)
    for row in rows:
        priya.post(f"/activities/{row.pk}/", {"output": "Begun.", "output_link": "", "version": row.version})
    assert set(made.activities.filter(pk__in=[row.pk for row in rows]).values_list("state", flat=True)) == {
        "in_progress"
    }

    groups = priya.get(f"/commissions/{made.pk}/timeline/").context["groups"]
    bars = {bar.row.key: bar for group in groups for bar in group.bars}
    both = (bars["needs"], bars["market_warming"])
    assert max(bar.left for bar in both) < min(bar.left + bar.width for bar in both), "drawn in parallel"
    page = priya.get(f"/commissions/{made.pk}/timeline/").content.decode()
    for row in rows:
        assert row.activity.name in page


def test_milestones_are_deadlines_that_move_with_the_date(alder: Alder, sign_in: SignIn) -> None:
    made = of(alder, date(2028, 4, 3))
    first = Deadline.objects.get(kind="planned_step", key="gate_1")
    assert (first.holder, first.done_at) == (alder.priya, None)
    assert proof.prove(mend=False, kinds=["planned_step"]) == []

    made = steps.read(made)
    sent = {
        "title": made.case_file.title,
        "service_area": alder.area.pk,
        "version": made.version,
        "needed_by_0": 1,
        "needed_by_1": 9,
        "needed_by_2": 2028,
    }
    assert sign_in(alder.priya).post(f"/commissions/{made.pk}/details/", sent).status_code == 302
    moved = Deadline.objects.get(kind="planned_step", key="gate_1")
    assert moved.due_on > first.due_on
    step = made.planned_steps.get(key="gate_1")
    assert (step.ends_on, step.baseline_on) == (moved.due_on, first.due_on)
    assert proof.prove(mend=False, kinds=["planned_step"]) == []
    assert "First planned to end" in sign_in(alder.priya).get(f"/commissions/{made.pk}/timeline/").content.decode()


def test_changed_facts_are_said_and_the_dates_worked_out_again(alder: Alder, sign_in: SignIn) -> None:
    made = of(alder, date(2028, 4, 3))
    StepDuration.objects.filter(step__key="mobilisation").update(full=20)
    priya, address = sign_in(alder.priya), f"/commissions/{made.pk}/timeline/"
    assert "The facts have changed" in priya.get(address).content.decode()

    said = priya.post(address, {}, follow=True).content.decode()

    assert "Dates worked out for" in said
    assert "The facts have changed" not in said


def statuses(client: Client, made: Commission) -> dict[str, tuple[str, date | None]]:
    groups = client.get(f"/commissions/{made.pk}/timeline/").context["groups"]
    return {bar.row.key: (bar.status, bar.done_on) for group in groups for bar in group.bars}


def test_step_is_done_when_a_record_says_so_and_on_that_day(alder: Alder, sign_in: SignIn) -> None:
    made = steps.in_analyse(alder, value=640_000, ticked=("strategic",), needed_by=date(2028, 4, 3))
    make.planned_as_suggested(made)
    priya = sign_in(alder.priya)
    shown = statuses(priya, made)
    assert shown["strategy_planning"] == ("Done", TODAY), "the plan is agreed"
    assert shown["needs"][0] != "Done"

    make.done_activities(made, "analyse")
    walk.approved(made, 1, alder)
    shown = statuses(priya, made)
    assert shown["gate_1"] == ("Done", TODAY)
    assert shown["needs"] == ("Done", TODAY)
    assert shown["spend_check"] == ("Not recorded", None), "Finance was never asked"
    assert shown["market_warming"] == ("Not recorded", None), "nobody has begun it"

    planned = steps.put_in(made, "plan")
    clock.move_to(TODAY + timedelta(days=3))
    make.decided_delivery(planned, "in_house")
    walk.approved(planned, 3, alder)
    shown = statuses(priya, made)
    assert shown["gate_1"] == ("Done", TODAY)
    assert shown["gate_3"][0] == "Done"
    assert shown["specification"][0] != "Done", "nobody has signed it off"
    specification = steps.signed_off(planned, alder)
    assert statuses(priya, made)["specification"] == ("Done", TODAY + timedelta(days=3))
    door.carry_out(specification, "supersede", by=alder.priya, note="One more lot")
    assert statuses(priya, made)["specification"][0] != "Done", "an edit undoes the sign-off"


def test_activity_that_is_not_needed_needs_no_day(alder: Alder, sign_in: SignIn) -> None:
    made = steps.in_analyse(alder, value=640_000, needed_by=date(2028, 4, 3))
    make.planned_as_suggested(made)
    row = made.activities.get(activity__key="value_for_money")
    type(row).objects.filter(pk=row.pk).update(state="not_relevant")
    assert statuses(sign_in(alder.priya), made)["social_value"] == ("Not needed", None)
    assert statuses(sign_in(alder.priya), made)["options"][0] == "To come"


def test_main_dates_of_a_paper_have_the_day_on_which_a_gate_was_decided(alder: Alder) -> None:
    made = steps.in_analyse(alder, value=640_000, ticked=("strategic",), needed_by=date(2028, 4, 3))
    planned = {row.name: row.ends_on for row in made.planned_steps.all()}
    walk.approved(made, 1, alder)

    found = load_dates([made.case_file])[made.case_file_id].value

    on = {row["milestone"]: row["on"] for row in found}
    assert on["Gate 1 decided"] == TODAY.isoformat()
    assert on["Gate 3 decided"] == planned["Gate 3 decided"].isoformat()


def test_earliest_day_is_the_same_on_registering_and_on_the_timeline(alder: Alder, sign_in: SignIn) -> None:
    made = of(alder, TODAY + timedelta(days=150))
    priya = sign_in(alder.priya)

    def on_the_page(commission: Commission) -> date:
        earliest: date = priya.get(f"/commissions/{commission.pk}/timeline/").context["earliest"]
        return earliest

    said = warnings_of(dossiers.load(made))
    assert any(f"The earliest possible is {formatted(on_the_page(made))}" in words for words in said), said
    hinted = priya.get(
        "/commissions/new/alike/", {"service_area": alder.area.pk, "amount_ex_vat": "640000", "title": "Home care"}
    )
    assert hinted.context["earliest"] == on_the_page(made)

    started = steps.in_analyse(alder, value=640_000, needed_by=TODAY + timedelta(days=150))
    assert on_the_page(started) == on_the_page(made), "starting alone brings nothing nearer"
    make.planned_as_suggested(started)
    before = on_the_page(started)
    clock.move_to(TODAY + timedelta(days=60))
    assert on_the_page(started) >= before, "nor does time in which nothing was done"


def test_page_keeps_to_its_budget(alder: Alder, sign_in: SignIn, queries_of: Queries) -> None:
    made = of(alder, date(2028, 4, 3))
    client = sign_in(alder.priya)
    client.get(f"/commissions/{made.pk}/timeline/")  # calendars and figures are read once by a process
    few = queries_of(lambda: client.get(f"/commissions/{made.pk}/timeline/"))
    PlannedStep.objects.bulk_create(
        PlannedStep(commission=made, key=f"k{n}", name=f"Step {n}", stage="plan", lane="ccps", starts_on=TODAY,
                    ends_on=TODAY, baseline_on=TODAY)
        for n in range(30)
    )  # fmt: skip
    many = queries_of(lambda: client.get(f"/commissions/{made.pk}/timeline/"))
    assert len(few) == len(many)
    assert len(few) <= 8, few


def test_new_length_counts_from_its_date(alder: Alder) -> None:
    made = of(alder, date(2028, 4, 3))
    seen = selector.outlook_of(made)
    assert seen is not None
    step = TimelineStep.objects.get(key="mobilisation")
    StepDuration.objects.create(step=step, valid_from=TODAY + timedelta(days=10), short=1, standard=1, full=99)
    framework = alder.council.framework_id

    now = {found.key: found.days for found in selector.steps_for(framework, seen)}
    later = {found.key: found.days for found in selector.steps_for(framework, seen, TODAY + timedelta(days=10))}

    assert (now["mobilisation"], later["mobilisation"]) == (60, 99)
