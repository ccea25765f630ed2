"""The award: authority, gate 4, and what can move between a decision and an award."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from casework import door
from casework.models import AuditEvent, RulesVersion
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from commissioning.models import Commission, ValueEstimate
from commissioning.services import risk
from commissioning.services.decisions import withdraw_authority
from commissioning.services.values import record_value
from organisation.roles import Role
from procurement.models import Exercise
from tests.factories import organisation as people
from tests.factories import procurement as make
from tests.procurement.filling import fill, opened, said, words_of


def refusal(exercise: Exercise, by: Any) -> Blocked:
    with pytest.raises(Blocked) as refused:
        door.carry_out(exercise, "award", by=by)
    assert Exercise.objects.get(pk=exercise.pk).state == "decided"
    return refused.value


def blocked(exercise: Exercise, by: Any) -> list[str]:
    return [blocker.words for blocker in refusal(exercise, by).blockers]


def test_award_needs_authority(where) -> None:
    exercise = make.decided(where)

    refused = refusal(exercise, where.priya)

    assert refused.words == ("You cannot award the contract yet. 1 thing is missing: Authority to award: not recorded.")
    assert refused.blockers[0].url == f"/commissions/{exercise.commission_id}/authority/"


def test_authority_must_name_this_provider(where) -> None:
    exercise = make.decided(where)
    other = people.supplier(where.organisation, name="Vale Care Ltd")
    make.authority(exercise.commission, provider=other)

    assert blocked(exercise, where.priya) == ["Authority to award names another provider: Vale Care Ltd"]


def test_authority_must_reach_the_amount(where) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission, limit_ex_vat=Decimal(15000))

    assert blocked(exercise, where.priya) == ["Authority to award stops at £15,000; the award is £18,000"]


def test_authority_that_was_withdrawn_counts_no_more(where) -> None:
    exercise = make.decided(where)
    record = make.authority(exercise.commission)
    withdraw_authority(record, because="It named the wrong course.", by=where.priya)

    assert blocked(exercise, where.priya) == ["Authority to award: not recorded"]


def test_award_on_authority_that_names_the_provider(where) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission, provider=exercise.chosen.supplier, limit_ex_vat=Decimal(18000))

    awarded = door.carry_out(exercise, "award", by=where.tom).subject

    assert (awarded.state, awarded.case_file.state, awarded.case_file.is_open) == ("awarded", "awarded", False)
    assert awarded.awarded_at is not None
    event = AuditEvent.objects.get(verb="exercise.award")
    assert (event.actor_id, event.role, event.from_state, event.to_state) == (
        where.tom.pk,
        "service_leader",
        "decided",
        "awarded",
    )


def test_value_edited_to_26000_after_the_decision(where) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission)
    record_value(
        exercise.commission,
        amount_ex_vat=Decimal(26000),
        amount_inc_vat=Decimal(31200),
        reason="More staff",
        by=where.priya,
    )

    assert blocked(exercise, where.priya) == [
        (
            "The value is £26,000, so this is now in the Quotation band: CCPS obtains the quotes, and a procurement "
            "request must be accepted first"
        )
    ]


def test_data_risk_ticked_late(where) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission)
    risk.answer(
        exercise.commission,
        {"statutory_or_data": risk.Ticked(applies=True, explanation="The supplier holds staff health records.")},
        by=where.priya,
    )

    assert blocked(exercise, where.priya) == [
        (
            "This is high risk (Statutory service or sensitive data), so the purchase goes to CCPS, which chooses "
            "between quotes and a full tender, and a procurement request must be accepted first"
        ),
        "Gate 4, full business case: expected, not approved",
    ]


def test_another_value_within_the_band_gives_way_to_what_is_awarded(where) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission)
    record_value(
        exercise.commission, amount_ex_vat=Decimal(19000), amount_inc_vat=Decimal(22800), reason="Guess", by=where.priya
    )

    door.carry_out(exercise, "award", by=where.priya)

    latest = ValueEstimate.objects.order_by("-id")[0]
    assert (latest.basis, latest.amount_ex_vat) == ("award", Decimal(18000))
    assert Commission.objects.get().case_file.value_ex_vat == Decimal(18000)


def test_nothing_is_awarded_on_hold(where) -> None:
    commission = make.commission(where)
    exercise = make.decided(where, commission)
    make.authority(commission)
    people.membership(where.tom, Role.CCPS_MANAGER, where.organisation)
    door.carry_out(commission, "hold", by=where.tom, note="Budget freeze", resume_needs="A decision on the budget")

    assert blocked(exercise, where.priya) == ["The commission is on hold: buying belongs to Secure Services"]


def test_rules_changed_since_the_start_do_not_move_a_live_purchase(where) -> None:
    from casework.services import rules
    from organisation import clock
    from organisation.actors import System

    exercise = make.decided(where)
    make.authority(exercise.commission)
    framework = where.organisation.framework
    lower = rules.Changes(thresholds=[rules.with_amount(framework, "quotation", Decimal(10000))])
    rules.publish(framework, lower, by=System(because="A test"), valid_from=clock.today(), reason="Lower")

    assert door.carry_out(exercise, "award", by=where.priya).subject.state == "awarded"
    assert RulesVersion.objects.filter(framework=framework).count() == 2
    with pytest.raises(Blocked):
        make.exercise(where, make.commission(where))


def test_same_form_twice_awards_once(where) -> None:
    exercise, act = make.decided(where), uuid.uuid4()
    make.authority(exercise.commission)

    first = door.carry_out(exercise, "award", by=where.priya, act_id=act)
    second = door.carry_out(exercise, "award", by=where.priya, act_id=act)

    assert (first.repeated, second.repeated, second.subject.state) == (False, True, "awarded")
    assert AuditEvent.objects.filter(verb="exercise.award").count() == 1


def test_second_award_is_told_who_made_the_first(where) -> None:
    exercise = make.awarded(where)

    with pytest.raises(AlreadyDone, match="Already awarded: Priya Shah did this on"):
        door.carry_out(exercise, "award", by=where.tom)


def test_nobody_else_awards(where) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission)

    for stranger in (where.ann, where.sam, people.person(Role.COMMISSIONER)):
        with pytest.raises(NotPermitted):
            door.carry_out(exercise, "award", by=stranger)

    assert Exercise.objects.get().state == "decided"
    assert AuditEvent.objects.filter(verb="exercise.award", is_refusal=True).count() == 3


def test_abandoning_needs_a_reason_and_frees_the_commission(where) -> None:
    exercise = make.awarded(where)
    with pytest.raises(Blocked, match="Reason: not given"):
        door.carry_out(exercise, "abandon", by=where.priya)

    door.carry_out(exercise, "abandon", by=where.priya, note="The supplier withdrew.")

    assert make.exercise(where, exercise.commission).state == "planned"


def test_stopping_the_commission_abandons_its_exercise(where) -> None:
    commission = make.commission(where)
    exercise = make.open_for_prices(where, commission)

    door.carry_out(commission, "stop", by=where.tom, note="The money went elsewhere.")

    exercise.refresh_from_db()
    assert (exercise.state, exercise.case_file.is_open) == ("abandoned", False)
    event = AuditEvent.objects.get(verb="exercise.abandon")
    assert (event.actor_id, event.reason) == (None, "The commission was stopped: The money went elsewhere.")


def test_award_stays_within_its_budget(where, queries_of) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission)

    assert len(queries_of(lambda: door.carry_out(exercise, "award", by=where.priya, act_id=uuid.uuid4()))) <= 20


@pytest.mark.parametrize("verb", ["invite", "reconsider", "abandon"])
def test_smaller_acts_stay_within_theirs(where, queries_of, verb) -> None:
    if verb == "invite":
        exercise = make.exercise(where)
        make.asked(exercise)
    else:
        exercise = make.decided(where) if verb == "reconsider" else make.open_for_prices(where)

    act = lambda: door.carry_out(exercise, verb, by=where.priya, act_id=uuid.uuid4(), note="Because")  # noqa: E731
    # Opening a decision again also withdraws the contract that was drafted from it.
    assert len(queries_of(act)) <= (16 if verb == "reconsider" else 12)


# --- The pages --------------------------------------------------------------------------------------------------------


def test_page_of_the_verb_awards(where, client) -> None:
    exercise = make.decided(where)
    make.authority(exercise.commission)
    client.force_login(where.tom)
    url = f"/exercises/{exercise.pk}/do/award/"
    sent = opened(client, url)

    first, again = client.post(url, sent), client.post(url, sent)

    assert (first.status_code, first["Location"], again.status_code) == (302, f"/exercises/{exercise.pk}/", 302)
    assert said(first)[0] == f"Contract awarded to {exercise.chosen.supplier}. Both sides can now sign."
    assert AuditEvent.objects.filter(verb="exercise.award").count() == 1


def test_page_of_a_blocked_verb_says_why_and_a_forged_post_changes_nothing(where, client) -> None:
    exercise = make.decided(where)
    client.force_login(where.priya)
    url = f"/exercises/{exercise.pk}/do/award/"

    page, forged = client.get(url), client.post(url, {"act_id": str(uuid.uuid4())})

    assert "Authority to award: not recorded" in words_of(page)
    assert "<form" not in words_of(page).split("<main")[1].split("</main>")[0]
    assert forged.status_code == 409
    assert Exercise.objects.get().state == "decided"


@pytest.mark.parametrize(("verb", "status"), [("decide", 302), ("award", 409), ("win", 404)])
def test_forged_verbs_are_refused(where, client, verb, status) -> None:
    """A verb that has passed says who did it; one that is blocked says why; one that is not declared is not there."""
    exercise = make.decided(where)
    client.force_login(where.priya)

    reply = client.post(f"/exercises/{exercise.pk}/do/{verb}/", {"act_id": str(uuid.uuid4())})

    assert reply.status_code == status
    assert Exercise.objects.get().state == "decided"


def test_colleague_without_the_role_is_told_whom_to_ask(where, client) -> None:
    exercise = make.decided(where)
    client.force_login(where.sam)

    reply = client.post(f"/exercises/{exercise.pk}/do/award/", {"act_id": str(uuid.uuid4())})

    assert reply.status_code == 403
    assert "You cannot award this contract. Ask Priya Shah, Commissioning or Tom Hesketh." in words_of(reply)
    assert AuditEvent.objects.filter(verb="exercise.award", is_refusal=True).count() == 1


def test_abandon_page_asks_for_a_reason(where, client) -> None:
    exercise = make.open_for_prices(where)
    client.force_login(where.priya)
    url = f"/exercises/{exercise.pk}/do/abandon/"

    without = fill(client, url, note=" ")
    too_long = fill(client, url, note="x" * 1_000_000)
    done = fill(client, url, note="Nobody answered.")

    assert without.context["form"].errors["note"] == ["Enter the reason"]
    assert "note" in too_long.context["form"].errors
    assert done.status_code == 302
    assert Exercise.objects.get().state == "abandoned"
