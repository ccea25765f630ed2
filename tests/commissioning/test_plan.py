"""Agreeing the activity plan, and working one activity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import AuditEvent
from casework.refusals import Blocked, Refused, Stale
from commissioning.models import Commission, CommissionActivity
from commissioning.services import activities, values
from commissioning.services.activities import NOT_SUGGESTED, Choice
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make
from tests.factories import documents as files

SignIn = Callable[[Person], Client]


def row_of(commission: Commission, key: str) -> CommissionActivity:
    return commission.activities.select_related("activity", "commission__case_file").get(activity__key=key)


def suggested(commission: Commission, **other: Choice) -> dict[int, Choice]:
    """What the catalogue proposes, but for the activities named."""
    rows = commission.activities.select_related("activity")
    return {row.pk: other.get(row.activity.key, Choice(row.is_suggested)) for row in rows}


def agree(commission: Commission, alder: Alder, **other: Choice) -> Any:
    people = [alder.priya, alder.tom]
    return activities.agree(
        commission, suggested(commission, **other), participants=people, agreed_on=TODAY, by=alder.priya
    )


@pytest.mark.requirement("N-027")
def test_each_activity_is_set_relevant_or_not(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    agree(
        commission,
        alder,
        needs_assessment=Choice(False, "The same course was assessed last year."),
        market_analysis=Choice(True, "Two providers closed."),
    )

    states = dict(commission.activities.values_list("activity__key", "state"))
    reasons = dict(commission.activities.values_list("activity__key", "reason"))
    assert set(states.values()) == {"relevant", "not_relevant"}
    assert (states["needs_assessment"], reasons["needs_assessment"]) == (
        "not_relevant",
        "The same course was assessed last year.",
    )
    assert (states["market_analysis"], reasons["market_analysis"]) == ("relevant", "Two providers closed.")
    assert (states["gap_analysis"], reasons["gap_analysis"]) == ("relevant", "")
    assert (states["make_or_buy"], reasons["make_or_buy"]) == ("not_relevant", NOT_SUGGESTED)


@pytest.mark.requirement("N-028")
def test_who_took_part_and_when_are_kept(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    made = activities.agree(
        commission,
        suggested(commission),
        participants=[alder.priya, alder.tom],
        others="Joel Hart of Safe Hands",
        agreed_on=date(2026, 9, 4),
        by=alder.priya,
    )

    assert (made.agreed_on, made.recorded_by, set(made.participants.all())) == (
        date(2026, 9, 4),
        alder.priya,
        {alder.priya, alder.tom},
    )
    event = AuditEvent.objects.get(verb="commission.plan_agreed")
    assert event.changes == {
        "participants": "Priya Shah, Tom Hesketh and Joel Hart of Safe Hands",
        "agreed_on": "2026-09-04",
        "relevant": "8",
    }


@pytest.mark.requirement("N-027")
def test_what_differs_from_the_proposal_needs_a_reason(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    with pytest.raises(Blocked) as refusal:
        agree(commission, alder, needs_assessment=Choice(False, " "), market_analysis=Choice(True))

    assert steps.words_of(refusal.value) == [
        "Needs / asset assessment: give a reason",
        "Market analysis: give a reason",
    ]
    assert set(commission.activities.values_list("state", flat=True)) == {"proposed"}
    assert not commission.plan_agreements.exists()
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.is_refusal, event.reason) == ("commission.plan", True, refusal.value.words)


def test_somebody_must_have_taken_part(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    with pytest.raises(Blocked) as refusal:
        activities.agree(commission, suggested(commission), participants=[], agreed_on=TODAY, by=alder.priya)

    assert steps.words_of(refusal.value) == ["Participants: nobody named"]


def test_every_activity_must_be_decided(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    choices = suggested(commission)
    del choices[row_of(commission, "lessons").pk]

    with pytest.raises(Blocked) as refusal:
        activities.agree(commission, choices, participants=[alder.tom], agreed_on=TODAY, by=alder.priya)

    assert steps.words_of(refusal.value) == ["Lessons learnt: say whether it is relevant"]


def test_draft_has_no_plan_to_agree(alder: Alder) -> None:
    draft = make.registered_commission(alder.priya, service_area=alder.area)

    with pytest.raises(Refused, match="A draft has no activity plan: start it first"):
        activities.agree(draft, {}, participants=[alder.tom], agreed_on=TODAY, by=alder.priya)

    assert not draft.plan_agreements.exists()


def test_agreeing_anew_keeps_the_earlier_agreement(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    first = agree(commission, alder)

    second = agree(commission, alder)

    first.refresh_from_db()
    assert (first.reopened_because, second.reopened_at) == ("Agreed anew", None)


def test_agreeing_anew_leaves_what_is_under_way_alone(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    agree(commission, alder, market_analysis=Choice(True, "Two providers closed."))
    make.done_activities(commission, "analyse")
    begun = row_of(commission, "gap_analysis")
    activities.write_output(begun, output="A start.", output_link="", version=1, by=alder.priya)

    agree(commission, alder, market_analysis=Choice(True), gap_analysis=Choice(True))

    assert row_of(commission, "needs_assessment").state == "done"
    assert row_of(commission, "gap_analysis").state == "in_progress"
    market = row_of(commission, "market_analysis")
    assert (market.state, market.reason) == ("done", "Two providers closed."), "what is done needs no reason again"


def test_another_reason_takes_the_place_of_the_first(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    agree(commission, alder, needs_assessment=Choice(False, "First."), market_analysis=Choice(True, "First."))

    agree(commission, alder, needs_assessment=Choice(False, "Second."), market_analysis=Choice(True, "Second."))

    assert row_of(commission, "needs_assessment").reason == "Second."
    assert row_of(commission, "market_analysis").reason == "Second."


def test_plan_opened_by_a_higher_value_proposes_more(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    agree(commission, alder, past_review=Choice(True, "It went wrong."), lessons=Choice(False, "A one-off."))

    values.record_value(
        commission, amount_ex_vat=Decimal(150_000), amount_inc_vat=Decimal(180_000), reason="More.", by=alder.priya
    )
    form = sign_in(alder.priya).get(f"/commissions/{commission.pk}/plan/").context["form"]

    def ticked(key: str) -> bool:
        return bool(form[f"wanted_{row_of(commission, key).pk}"].value())

    assert ticked("benchmarking"), "nobody had decided against it"
    assert form[f"reason_{row_of(commission, 'benchmarking').pk}"].value() == ""
    assert ticked("past_review")
    assert not ticked("lessons"), "somebody decided against it, and said why"
    assert form[f"reason_{row_of(commission, 'lessons').pk}"].value() == "A one-off."


def test_plan_can_be_agreed_page_by_page_as_it_is_shown(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/plan/"
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if name.startswith("reason_")}
    sent |= {name: "on" for name in form.fields if name.startswith("wanted_") and form[name].value()}
    sent |= {
        "agreed_on_0": "7",
        "agreed_on_1": "9",
        "agreed_on_2": "2026",
        "others": "",
        "act_id": form["act_id"].value(),
    }
    lessons = row_of(commission, "lessons")
    sent.pop(f"wanted_{lessons.pk}")

    refused = client.post(address, sent | {"participants": [alder.tom.pk]})
    assert refused.status_code == 200
    faults = refused.context["form"].errors
    assert faults == {f"reason_{lessons.pk}": ["Lessons learnt was proposed: say why it is not needed"]}

    said = {f"reason_{lessons.pk}": "A one-off.", "participants": [alder.tom.pk]}
    page = client.post(address, sent | said, follow=True)
    assert "Activity plan agreed. Work through the activities of this stage next." in page.content.decode()
    assert row_of(commission, "lessons").state == "not_relevant"
    page = sign_in(alder.by_role[Role.FINANCE]).get(address)
    assert page.status_code == 200
    assert "Agreed on 7 September 2026 by Tom Hesketh." in page.content.decode()
    assert "A one-off." in page.content.decode()
    assert 'type="checkbox"' not in page.content.decode(), "who may not change it reads it"


def test_only_people_of_the_council_can_be_named(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    client = sign_in(alder.priya)

    page = client.post(f"/commissions/{commission.pk}/plan/", {"participants": [alder.olive.pk]})

    assert page.context["form"].errors["participants"] == ["Choose people from the list"]


def test_cost_of_agreeing_does_not_grow_with_the_plan(alder: Alder, queries_of: Callable[..., list[str]]) -> None:
    small, large = steps.in_analyse(alder), steps.in_analyse(alder)
    small.activities.exclude(activity__key__in=["lessons", "benchmarking"]).delete()
    counts = [queries_of(lambda row=row: agree(row, alder)) for row in (small, large)]

    assert len(counts[0]) == len(counts[1]), counts
    assert len(counts[1]) <= 12, counts[1]


# --- One activity -----------------------------------------------------------------------------------------------------


def begun(alder: Alder, key: str = "needs_assessment") -> CommissionActivity:
    commission = steps.in_analyse(alder)
    agree(commission, alder)
    return row_of(commission, key)


def test_first_words_begin_an_activity(alder: Alder) -> None:
    row = begun(alder)

    saved = activities.write_output(
        row,
        output="Forty carers need it.",
        output_link="",
        version=1,
        lead=alder.tom,
        due_on=date(2026, 10, 1),
        by=alder.priya,
    )

    assert (saved.state, saved.output, saved.version, saved.lead) == (
        "in_progress",
        "Forty carers need it.",
        2,
        alder.tom,
    )
    written = AuditEvent.objects.get(verb="activity.output")
    assert written.changes == {
        "words": ["0", "4"],
        "link": "",
        "lead_id": [str(alder.priya.pk), str(alder.tom.pk)],
        "due_on": ["2026-09-11", "2026-10-01"],
    }
    began = AuditEvent.objects.get(verb="commissionactivity.begin")
    assert (began.actor_id, began.actor_words) == (None, "The first words were saved")


def test_saving_nothing_does_not_begin_it(alder: Alder) -> None:
    saved = activities.write_output(begun(alder), output="", output_link="", version=1, by=alder.priya)

    assert saved.state == "relevant"


def test_activity_is_done_when_it_has_an_output(alder: Alder) -> None:
    row = begun(alder)

    assert steps.refused(row, "complete", alder.priya) == ["Output: nothing written, attached or linked"]

    activities.write_output(row, output=" \n", output_link="", version=1, by=alder.priya)
    assert steps.refused(row, "complete", alder.priya) == ["Output: nothing written, attached or linked"]


@pytest.mark.parametrize("how", ["text", "link", "file"])
def test_text_a_link_or_a_file_is_an_output(alder: Alder, how: str) -> None:
    row = begun(alder)
    if how == "file":
        files.attachment(alder.priya, row.case_file, purpose=f"activity:{row.pk}")
    else:
        given = {"output": "Forty carers.", "output_link": ""} if how == "text" else {}
        given = given or {"output": "", "output_link": "https://intranet.example/needs"}
        activities.write_output(row, version=1, by=alder.priya, **given)

    done = door.carry_out(row, "complete", by=alder.priya).subject

    assert (done.state, done.done_at is not None) == ("done", True)


def test_file_of_another_activity_is_no_output(alder: Alder) -> None:
    row = begun(alder)
    other = row_of(row.commission, "lessons")
    files.attachment(alder.priya, row.case_file, purpose=f"activity:{other.pk}")

    assert steps.refused(row, "complete", alder.priya) == ["Output: nothing written, attached or linked"]


def test_what_somebody_else_saved_is_not_overwritten(alder: Alder) -> None:
    row = begun(alder)
    activities.write_output(row, output="Theirs.", output_link="", version=1, by=alder.priya)

    with pytest.raises(Stale) as refusal:
        activities.write_output(row, output="Mine.", output_link="", version=1, by=alder.sam)

    assert refusal.value.theirs == {"What came of it": "Theirs."}
    assert row_of(row.commission, "needs_assessment").output == "Theirs."


def test_done_activity_is_opened_again_before_it_is_changed(alder: Alder) -> None:
    row = begun(alder)
    make.done_activities(row.commission, "analyse")
    row.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        activities.write_output(row, output="More.", output_link="", version=row.version, by=alder.priya)
    assert refusal.value.words == "This activity is marked “Completed”, so nothing was saved."

    again = door.carry_out(row, "reopen", by=alder.priya, note="More is known.").subject
    assert (again.state, again.done_at) == ("in_progress", None)


@pytest.mark.requirement("N-019")
def test_several_activities_run_at_the_same_time(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    agree(commission, alder)

    for key in ("needs_assessment", "resource_analysis", "legislation_policy"):
        activities.write_output(row_of(commission, key), output="A start.", output_link="", version=1, by=alder.priya)

    assert commission.activities.filter(state="in_progress").count() == 3


def test_one_activity_cannot_be_taken_in_or_left_out_past_the_agreement(alder: Alder, sign_in: SignIn) -> None:
    row = begun(alder)
    client = sign_in(alder.priya)

    for verb in ("take_in", "leave_out", "begin", "no_such_verb"):
        assert client.get(f"/activities/{row.pk}/do/{verb}/").status_code == 404
        assert client.post(f"/activities/{row.pk}/do/{verb}/", {"note": "Quietly."}).status_code == 404
    row.refresh_from_db()
    assert row.state == "relevant"


def test_words_typed_into_an_activity_somebody_completed_meanwhile_are_not_lost(alder: Alder, sign_in: SignIn) -> None:
    row = begun(alder)
    client = sign_in(alder.priya)
    form = client.get(row.get_absolute_url()).context["form"]
    CommissionActivity.objects.filter(pk=row.pk).update(state="done")

    page = client.post(
        row.get_absolute_url(), {"output": "An hour of typing.", "version": form["version"].value(), "due_on_0": ""}
    )

    assert page.status_code == 409
    assert "This activity is marked “Completed”, so nothing was saved." in page.content.decode()
    assert "An hour of typing." in page.content.decode()


def test_lead_who_left_stays_on_offer(alder: Alder, sign_in: SignIn) -> None:
    row = begun(alder)
    gone = make.commissioner(alder.council, alder.area, name="Gone Gale")
    activities.write_output(row, output="A start.", output_link="", version=1, lead=gone, by=alder.priya)
    gone.memberships.update(ends_on=clock.today() - timedelta(days=1))

    form = sign_in(alder.priya).get(row.get_absolute_url()).context["form"]

    assert gone in form.fields["lead"].queryset
    assert alder.olive not in form.fields["lead"].queryset
