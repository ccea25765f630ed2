"""What a change of value, risk or other facts does, at once: worked example 22.2 and the ground under it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.models import AuditEvent, RulesVersion, WorkItem
from casework.refusals import Replayed, Stale
from casework.routing import Facts, requirements, route
from casework.services.rules import Changes, publish, rules_of, with_amount
from casework.states import OUTSTANDING
from commissioning.models import Category, Commission, RiskCriterion
from commissioning.selectors import dossiers
from commissioning.services import commissions, risk, values
from commissioning.services.risk import Ticked
from commissioning.shifts import Shift
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]

DATA = "statutory_or_data"
DATA_NAME = "Statutory service or sensitive data"


def planned(alder: Alder, **fields: object) -> Commission:
    """Started, and its activity plan agreed."""
    commission = steps.in_analyse(alder, **fields)
    make.planned_as_suggested(commission)
    return commission


def worth(commission: Commission, amount: str, by: Person) -> Shift:
    excluding = Decimal(amount)
    return values.record_value(
        commission, amount_ex_vat=excluding, amount_inc_vat=excluding * Decimal("1.2"), reason="A quote came.", by=by
    )


def tick(commission: Commission, key: str, by: Person, applies: bool = True) -> Shift:
    return risk.answer(commission, {key: Ticked(applies, "Health records." if applies else "")}, by=by)


# --- £18,000 becomes £26,000 ------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-030")
def test_value_edited_over_the_quotation_threshold(alder: Alder) -> None:
    commission = planned(alder)
    assert commission.band_key == "service_buys"

    shift = worth(commission, "26000", alder.priya)

    assert shift.added == [
        "tier Quotation (who buys: CCPS obtains the quotes)",
        "Gate 2, procurement request: required",
    ]
    assert shift.dropped == ["tier Service buys"]
    assert shift.told == []
    assert shift.words == (
        "Added: tier Quotation (who buys: CCPS obtains the quotes); Gate 2, procurement request: required. "
        "No longer asked: tier Service buys."
    )
    commission = steps.read(commission)
    assert (commission.band_key, commission.case_file.value_ex_vat) == ("quotation", 26_000)
    assert WorkItem.objects.count() == 0, "at this value CCPS is told through the procurement request"
    assert commission.facts_changed_at is not None
    agreement = commission.plan_agreements.get()
    assert agreement.reopened_because == "Value changed from £18,000 to £26,000"
    suggested = commission.activities.filter(is_suggested=True)
    assert suggested.count() == 21, "the standard set is proposed now"
    assert commission.activities.exclude(state__in=["relevant", "not_relevant"]).count() == 0, "nothing agreed moved"


@pytest.mark.requirement("N-030")
def test_change_of_tier_is_written_to_the_history(alder: Alder) -> None:
    commission = planned(alder)

    worth(commission, "26000", alder.priya)

    told = AuditEvent.objects.filter(verb__in=["commission.value", "commission.reassessed"]).order_by("pk")
    value, reassessed = list(told)[-2:]
    assert (value.verb, value.actor_id, value.reason) == ("commission.value", alder.priya.pk, "A quote came.")
    assert value.changes == {
        "value_ex_vat": ["18000.00", "26000"],
        "value_inc_vat": ["21600.00", "31200.0"],
        "basis": "estimate",
    }
    assert (reassessed.verb, reassessed.actor_id) == ("commission.reassessed", None)
    assert reassessed.actor_words == reassessed.reason == "Value changed from £18,000 to £26,000"
    assert reassessed.changes["added"] == [
        "tier Quotation (who buys: CCPS obtains the quotes)",
        "Gate 2, procurement request: required",
    ]
    assert reassessed.changes["dropped"] == ["tier Service buys"]
    assert reassessed.rules_version == 1


def test_page_lists_what_was_added_and_what_was_dropped(alder: Alder, sign_in: SignIn) -> None:
    commission = planned(alder)
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/value/"
    sent = {
        "amount_ex_vat": "26,000",
        "amount_inc_vat": "31,200",
        "basis": "quotes",
        "reason": "A quote came.",
        "act_id": str(uuid.uuid4()),
    }

    page = client.post(address, sent, follow=True)

    banner = (
        "Value saved. Added: tier Quotation (who buys: CCPS obtains the quotes); "
        "Gate 2, procurement request: required. No longer asked: tier Service buys."
    )
    assert banner in page.content.decode()
    page = client.get(f"/commissions/{commission.pk}/")
    for words in (
        "Value changed from £18,000 to £26,000.",
        "Added: tier Quotation (who buys: CCPS obtains the quotes); Gate 2, procurement request: required.",
        "No longer asked: tier Service buys.",
    ):
        assert words in page.content.decode()
    plan = client.get(f"/commissions/{commission.pk}/plan/").content.decode()
    assert "Opened again." in plan
    assert "Value changed from £18,000 to £26,000" in plan
    assert "Proposed: the standard set." in plan


def test_value_within_the_tier_moves_nothing_but_the_plan(alder: Alder) -> None:
    commission = planned(alder)

    shift = worth(commission, "18500", alder.priya)

    assert not shift
    assert shift.words == ""
    commission = steps.read(commission)
    assert (commission.last_shift, commission.facts_changed_at) == ({}, None)
    assert commission.plan_agreements.get().reopened_at is not None


def test_same_value_again_moves_nothing_at_all(alder: Alder) -> None:
    commission = planned(alder)

    worth(commission, "18000", alder.priya)

    assert steps.read(commission).plan_agreements.get().reopened_at is None
    assert commission.values.count() == 2, "the row is kept all the same"


def test_values_are_added_and_never_changed(alder: Alder) -> None:
    commission = planned(alder)
    worth(commission, "26000", alder.priya)
    worth(commission, "24000", alder.priya)

    assert list(commission.values.order_by("pk").values_list("amount_ex_vat", flat=True)) == [18_000, 26_000, 24_000]


# --- A data risk ticked late ------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-041", "N-008")
def test_data_risk_ticked_late_tells_ccps_at_once(alder: Alder) -> None:
    commission = planned(alder)
    clock.move_to(TODAY + timedelta(days=10))

    shift = tick(commission, DATA, alder.priya)

    assert shift.added == [
        f"high risk: {DATA_NAME}",
        "Gate 1, initiation document: required",
        "Gate 2, procurement request: required",
        "Gate 3, outline business case: expected",
        "Gate 4, full business case: expected",
        f"Early notice at start (1 high-risk criterion: {DATA_NAME})",
        f"{DATA_NAME} (criterion ticked)",
    ]
    assert shift.dropped == []
    assert sorted(shift.told) == ["CCPS", "Information Governance"]
    commission = steps.read(commission)
    assert commission.case_file.is_high_risk
    assert commission.band_key == "service_buys", "high risk overlays the tier, it does not take its place"
    notice = WorkItem.objects.get(queue__key="ccps")
    assert (notice.kind, notice.because) == ("early_notice", f"1 high-risk criterion: {DATA_NAME}")
    assert notice.is_late_ask
    assert notice.requested_by == alder.priya
    assert notice.due_on == date(2026, 9, 24), "five working days from Thursday 17 September"
    assert commission.activities.filter(is_suggested=False).count() == 0, "the full set is proposed now"
    agreement = commission.plan_agreements.get()
    assert agreement.reopened_because == f"Risk form answered again: {DATA_NAME}"
    assert "Gate 1, initiation document: required, not approved" in steps.refused(commission, "to_plan", alder.priya)


@pytest.mark.requirement("N-045")
def test_data_risk_asks_information_governance(alder: Alder) -> None:
    commission = planned(alder)

    tick(commission, DATA, alder.priya)

    asked = WorkItem.objects.get(queue__key="information_governance")
    assert (asked.asks, asked.because) == ("advise", f"criterion ticked: {DATA_NAME}")
    assert asked.is_late_ask


@pytest.mark.requirement("N-049")
def test_government_it_asks_ict(alder: Alder) -> None:
    commission = planned(alder)

    tick(commission, "government_it", alder.priya)

    assert WorkItem.objects.get(queue__key="ict").because == "criterion ticked: Government IT"


def test_page_says_that_the_notice_is_late_and_why(alder: Alder, sign_in: SignIn) -> None:
    commission = planned(alder)
    tick(commission, DATA, alder.priya)

    page = sign_in(alder.maria).get(f"/commissions/{commission.pk}/").content.decode()

    assert "Late: it became true after the start" in page
    assert f"1 high-risk criterion: {DATA_NAME}" in page
    assert f"Risk form answered again: {DATA_NAME}." in page
    assert "Gate 1, initiation document: required" in page


@pytest.mark.requirement("N-008")
def test_value_over_the_sourcing_threshold_tells_ccps_late(alder: Alder) -> None:
    commission = planned(alder)

    shift = worth(commission, "100000.01", alder.priya)

    item = WorkItem.objects.get()
    assert (item.queue.key, item.is_late_ask, item.because) == ("ccps", True, "£100,000.01 is over £100,000")
    assert shift.told == [item.queue.name]


# --- And back again ---------------------------------------------------------------------------------------------------


def test_nothing_asked_is_taken_away_when_value_falls_again(alder: Alder) -> None:
    commission = planned(alder)
    worth(commission, "150000", alder.priya)
    asked = WorkItem.objects.get()

    shift = worth(commission, "18000", alder.priya)

    asked.refresh_from_db()
    assert asked.state == "open"
    assert shift.dropped == [
        "tier Sourcing",
        "Gate 1, initiation document: not required",
        "Gate 2, procurement request: not required",
        "Gate 3, outline business case: optional",
        "Gate 4, full business case: optional",
        "Early notice at start",
    ]
    assert steps.read(commission).last_shift["dropped"] == shift.dropped
    assert commission.activities.filter(is_suggested=True).count() == 8


def test_nothing_asked_is_taken_away_when_a_risk_is_gone(alder: Alder) -> None:
    commission = planned(alder)
    tick(commission, DATA, alder.priya)

    shift = tick(commission, DATA, alder.priya, applies=False)

    assert shift.dropped[0] == "high risk"
    assert set(WorkItem.objects.values_list("state", flat=True)) == {"open"}
    assert not steps.read(commission).case_file.is_high_risk


def test_what_was_asked_once_is_not_asked_again(alder: Alder) -> None:
    commission = planned(alder)
    for amount in ("150000", "18000", "160000"):
        worth(commission, amount, alder.priya)

    assert WorkItem.objects.count() == 1


def test_draft_tells_nobody_until_it_starts(alder: Alder) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)

    worth(commission, "640000", alder.priya)
    tick(commission, DATA, alder.priya)

    commission = steps.read(commission)
    assert WorkItem.objects.count() == 0
    assert (commission.band_key, commission.case_file.is_high_risk) == ("sourcing_legal", True)
    assert commission.last_shift == {}


def test_held_commission_is_reassessed_but_a_held_draft_tells_nobody(alder: Alder) -> None:
    held = steps.put_in(planned(alder), "on_hold", held_from="analyse")
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    steps.go(draft, "hold", alder.maria, note="Wait.", resume_needs="A date.")

    worth(held, "150000", alder.priya)
    worth(draft, "150000", alder.priya)

    assert WorkItem.objects.get().case_file_id == held.case_file_id


# --- Rules ------------------------------------------------------------------------------------------------------------


def publish_threshold(alder: Alder, key: str, amount: int) -> RulesVersion:
    framework = alder.council.framework
    changes = Changes(thresholds=[with_amount(framework, key, Decimal(amount))])
    ada = alder.by_role[Role.ADMINISTRATOR]
    return publish(framework, changes, by=ada, valid_from=clock.today(), reason="The constitution changed.")


@pytest.mark.requirement("N-336")
def test_new_rules_leave_a_started_commission_where_it_is(alder: Alder) -> None:
    live = planned(alder)
    draft = make.registered_commission(alder.priya, service_area=alder.area)

    publish_threshold(alder, "quotation", 15_000)

    assert dossiers.load(live).needs.band.key == "service_buys"  # type: ignore[union-attr]
    worth(live, "18500", alder.priya)
    assert steps.read(live).band_key == "service_buys", "an edit is weighed against the rules of its start"
    worth(live, "26000", alder.priya)
    assert steps.read(live).band_key == "quotation"

    assert dossiers.load(draft).needs.band.key == "quotation", "a draft follows today's rules"  # type: ignore[union-attr]
    make.answered_risk(draft)
    make.with_authority(draft)
    started = make.started(draft)
    assert (started.rules_version.number, steps.read(started).band_key) == (2, "quotation")

    following = make.registered_commission(alder.priya, service_area=alder.area)
    assert following.case_file.value_ex_vat == 18_000
    assert steps.read(following).band_key == "quotation"


def test_rules_may_test_the_value_including_vat(alder: Alder) -> None:
    # A version never changes, so it is read once for its token: another token makes it another version.
    RulesVersion.objects.update(vat_is_excluded=False, token=uuid4())

    commission = make.registered_commission(alder.priya, service_area=alder.area, value=Decimal("21000"))

    assert commission.case_file.value_inc_vat == 25_200
    assert steps.read(commission).band_key == "quotation"


def test_criterion_that_is_ended_or_added_leaves_a_started_commission_where_it_is(alder: Alder) -> None:
    live = planned(alder, ticked=("outage",))
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    tick(draft, "outage", alder.priya)
    clock.move_to(TODAY + timedelta(days=2))
    framework = alder.council.framework
    RiskCriterion.objects.filter(framework=framework, key="outage").update(valid_to=TODAY)
    RiskCriterion.objects.create(
        framework=framework, key="brand_new", name="Brand new", question="Is it?", valid_from=clock.today()
    )

    def keys(commission: Commission) -> set[str]:
        return {line.key for line in dossiers.criteria_of(steps.read(commission))}

    assert "outage" in keys(live)
    assert "brand_new" not in keys(live)
    worth(live, "19000", alder.priya)
    assert steps.read(live).case_file.is_high_risk
    assert "outage" not in keys(draft)
    assert "brand_new" in keys(draft)
    worth(draft, "19000", alder.priya)
    assert not steps.read(draft).case_file.is_high_risk


@pytest.mark.requirement("N-054")
def test_answer_keeps_the_words_it_was_given_to(alder: Alder) -> None:
    live = planned(alder, ticked=("outage",))
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    framework = alder.council.framework
    RiskCriterion.objects.filter(framework=framework, key="outage").update(name="Down for a day", question="A day?")

    def name_in(commission: Commission) -> str:
        lines = {line.key: line for line in dossiers.criteria_of(steps.read(commission))}
        return lines["outage"].name

    assert name_in(live) == "Loss of critical functions"
    assert name_in(draft) == "Down for a day"

    risk.answer(live, {"outage": Ticked(True, "It does, because a test says so")}, by=alder.priya)
    assert name_in(live) == "Down for a day", "answering the new words is an answer to them"


# --- Two people at once -----------------------------------------------------------------------------------------------


def test_facts_changed_by_somebody_else_are_shown_and_not_overwritten(alder: Alder) -> None:
    commission = planned(alder)
    other = Category.objects.filter(framework=alder.council.framework).order_by("order")[3]
    opened = commission.version
    commissions.edit_facts(
        commission, version=opened, by=alder.priya, title="Their title", category=other, purpose=commission.purpose
    )

    with pytest.raises(Stale) as refusal:
        commissions.edit_facts(
            commission, version=opened, by=alder.priya, title="My title", category=other, purpose="My purpose"
        )

    assert refusal.value.theirs == {"Title": "Their title", "Purpose": "Staff need it."}
    assert steps.read(commission).case_file.title == "Their title"


def test_stale_page_shows_both_values_and_the_next_attempt_goes_through(alder: Alder, sign_in: SignIn) -> None:
    commission = planned(alder)
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/details/"
    form = client.get(address).context["form"]
    sent = {
        "title": "My title",
        "service_area": alder.area.pk,
        "purpose": "Staff need it.",
        "category": commission.category_id,
        "objectives": [row.pk for row in commission.objectives.all()],
        "governance_route": commission.governance_route_id,
        "version": form["version"].value(),
        "act_id": str(uuid.uuid4()),
    }
    commissions.edit_facts(commission, version=commission.version, by=alder.priya, title="Their title")

    page = client.post(address, sent)

    assert page.status_code == 409
    content = page.content.decode()
    assert "Someone else saved this after you opened it. Their version:" in content
    assert "<dd>Their title</dd>" in content
    assert page.context["form"]["title"].value() == "My title"
    again = sent | {"version": page.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 302
    assert steps.read(commission).case_file.title == "My title"


def test_risk_answered_by_somebody_else_is_shown_and_not_overwritten(alder: Alder) -> None:
    commission = planned(alder)
    version = steps.read(commission).version
    tick(commission, DATA, alder.priya)

    with pytest.raises(Stale) as refusal:
        risk.answer(commission, {DATA: Ticked(False), "outage": Ticked(False)}, by=alder.priya, version=version)

    assert refusal.value.theirs == {DATA_NAME: "applies. Health records."}
    assert steps.read(commission).case_file.is_high_risk


def test_same_form_twice_counts_once(alder: Alder) -> None:
    commission = planned(alder)
    act_id = uuid.uuid4()
    given = {"amount_ex_vat": Decimal(26_000), "amount_inc_vat": Decimal(31_200), "reason": "A quote", "act_id": act_id}
    values.record_value(commission, by=alder.priya, **given)

    with pytest.raises(Replayed):
        values.record_value(commission, by=alder.priya, **given)

    assert commission.values.count() == 2


# --- Other facts ------------------------------------------------------------------------------------------------------


def test_needed_by_date_opens_the_plan_again(alder: Alder) -> None:
    commission = planned(alder)

    commissions.edit_facts(commission, version=commission.version, by=alder.priya, needed_by=date(2027, 1, 4))

    agreement = commission.plan_agreements.get()
    assert agreement.reopened_because == "The needed-by date changed"
    assert steps.refused(steps.read(commission), "to_plan", alder.priya)[0] == "Activity plan: not agreed"


@pytest.mark.parametrize("fact", ["title", "purpose"])
def test_words_alone_leave_the_plan_agreed(alder: Alder, fact: str) -> None:
    commission = planned(alder)

    commissions.edit_facts(commission, version=commission.version, by=alder.priya, **{fact: "Other words"})

    assert commission.plan_agreements.get().reopened_at is None


def test_edit_that_changes_nothing_writes_nothing(alder: Alder) -> None:
    commission = planned(alder)
    before = AuditEvent.objects.count()

    commissions.edit_facts(commission, version=commission.version, by=alder.priya, title=commission.case_file.title)

    assert AuditEvent.objects.count() == before
    assert steps.read(commission).version == commission.version


def test_edit_is_told_field_by_field(alder: Alder) -> None:
    commission = planned(alder)

    commissions.edit_facts(
        commission,
        version=commission.version,
        by=alder.priya,
        needed_by=date(2027, 1, 4),
        has_special_terms=True,
        service_area=alder.other_area,
    )

    event = AuditEvent.objects.get(verb="commission.facts")
    assert event.changes == {
        "Needed by": ["", "4 January 2027"],
        "Special terms and conditions": ["no", "yes"],
        "Service area": ["Learning and Skills", "Home and Community Care"],
    }
    assert steps.read(commission).case_file.service_area == alder.other_area


# --- Any sequence of edits --------------------------------------------------------------------------------------------

AMOUNTS = st.sampled_from(
    ["0", "0.01", "24999.99", "25000", "25000.01", "99999.99", "100000", "100000.01", "500000", "500000.01", "2000000"]
)
KEYS = ["outage", "reputation", "statutory_or_data", "government_it"]
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("value"), AMOUNTS),
        st.tuples(st.sampled_from(KEYS), st.booleans()),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, starts=st.booleans())
def test_kept_tier_is_always_the_computed_one_and_nothing_asked_disappears(
    alder: Alder, edits: list[tuple[str, object]], starts: bool
) -> None:
    commission = steps.in_analyse(alder) if starts else make.registered_commission(alder.priya, service_area=alder.area)
    rules = rules_of(alder.council.framework.rules_versions.get())
    names = dict(RiskCriterion.objects.filter(framework=alder.council.framework).values_list("key", "name"))
    value, ticked = Decimal(18_000), set[str]()
    outstanding = set[int]()
    for what, given_ in edits:
        if what == "value":
            value = Decimal(str(given_))
            worth(commission, str(given_), alder.priya)
        else:
            (ticked.add if given_ else ticked.discard)(what)
            tick(commission, what, alder.priya, applies=bool(given_))

        now = steps.read(commission)
        facts = Facts(value, {key: names[key] for key in ticked})
        assert now.band_key == requirements(facts, rules).band.key
        assert now.case_file.is_high_risk == bool(ticked)
        mine = WorkItem.objects.filter(case_file=now.case_file)
        open_now = set(mine.filter(state__in=OUTSTANDING).values_list("pk", flat=True))
        assert outstanding <= open_now
        outstanding = open_now
        asked = set(mine.values_list("rule_key", flat=True))
        if starts:
            assert {found.rule_key for found in route("start", facts, rules)} <= asked
        else:
            assert asked == set()
