"""Starting a commission: what it needs, in exact words, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework import door
from casework.models import AuditEvent, WorkItem
from casework.refusals import Blocked
from commissioning.models import Commission, LikelyDuplicate
from commissioning.services import decisions, duplicates, risk
from commissioning.services.risk import Ticked
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

ALL_MISSING = [
    "Purpose: not written",
    "Category: not chosen",
    "Strategic objective: none chosen",
    "Estimated value: not recorded",
    "Risk form: 12 questions not answered",
    "Governance route: not chosen",
    "Authority to commission: not recorded",
]


def complete(alder: Alder, **fields: Any) -> Commission:
    """A draft that could start."""
    commission = make.registered_commission(alder.priya, service_area=alder.area, **fields)
    make.answered_risk(commission)
    make.with_authority(commission)
    return steps.read(commission)


def likely(alder: Alder, commission: Commission) -> LikelyDuplicate:
    other = make.registered_commission(alder.priya, service_area=alder.area)
    return LikelyDuplicate.objects.create(commission=commission, other=other.case_file, because="similar title")


@pytest.mark.requirement("N-011")
def test_everything_that_is_missing_is_said_at_once(alder: Alder) -> None:
    bare = make.registered_commission(alder.priya, service_area=alder.area, complete=False, value=None)
    likely(alder, bare)
    likely(alder, bare)

    assert steps.refused(bare, "start", alder.priya) == [*ALL_MISSING, "2 likely duplicates not settled"]


def without_service_area(commission: Commission) -> None:
    # No form leaves it out; an imported record might.
    commission.case_file.service_area = None
    commission.case_file.save()


def without_authority(commission: Commission) -> None:
    for record in commission.authority_records.all():
        decisions.withdraw_authority(record, because="Withdrawn", by=commission.case_file.holder)


def with_authority_for_something_else(commission: Commission) -> None:
    without_authority(commission)
    make.with_authority(commission, may_commission=False)


EACH: dict[str, tuple[Callable[[Commission], Any], str]] = {
    "purpose": (
        lambda row: Commission.objects.filter(pk=row.pk).update(purpose=" \n "),
        "Purpose: not written",
    ),
    "category": (
        lambda row: Commission.objects.filter(pk=row.pk).update(category=None),
        "Category: not chosen",
    ),
    "objectives": (lambda row: row.objectives.clear(), "Strategic objective: none chosen"),
    "governance": (
        lambda row: Commission.objects.filter(pk=row.pk).update(governance_route=None),
        "Governance route: not chosen",
    ),
    "one risk answer": (
        lambda row: row.risk_answers.get(criterion__key="outage").delete(),
        "Risk form: 1 question not answered",
    ),
    "no authority": (without_authority, "Authority to commission: not recorded"),
    "authority for other acts": (with_authority_for_something_else, "Authority to commission: not recorded"),
}


@pytest.mark.requirement("N-285")
@pytest.mark.parametrize("what", list(EACH))
def test_each_thing_missing_blocks_by_itself(alder: Alder, what: str) -> None:
    commission = complete(alder)
    take_away, words = EACH[what]
    take_away(commission)

    assert steps.refused(commission, "start", alder.priya) == [words]


def test_missing_value_blocks_by_itself(alder: Alder) -> None:
    commission = complete(alder, value=None)

    assert steps.refused(commission, "start", alder.priya) == ["Estimated value: not recorded"]


def test_missing_service_area_blocks_by_itself(alder: Alder) -> None:
    commission = complete(alder)
    alder.priya = people.person("commissioner", at=alder.council)
    without_service_area(commission)

    assert steps.refused(commission, "start", alder.priya) == ["Service area: not chosen"]


def test_unsettled_duplicate_blocks_until_it_is_settled(alder: Alder) -> None:
    commission = complete(alder)
    found = likely(alder, commission)

    assert steps.refused(commission, "start", alder.priya) == ["1 likely duplicate not settled"]

    duplicates.settle(found, finding="not_duplicate", reason="Another group of people.", by=alder.priya)
    assert steps.go(commission, "start", alder.priya).state == "analyse"


def test_authority_of_a_cabinet_decision_is_enough(alder: Alder) -> None:
    commission = complete(alder)
    without_authority(commission)
    make.with_authority(commission, kind="cabinet_decision", may_procure=False, may_award=False)

    assert steps.go(commission, "start", alder.priya).state == "analyse"


def test_every_blocker_but_those_of_no_page_links_to_what_mends_it(alder: Alder) -> None:
    bare = make.registered_commission(alder.priya, service_area=alder.area, complete=False, value=None)
    likely(alder, bare)

    with pytest.raises(Blocked) as refusal:
        door.carry_out(bare, "start", by=alder.priya)

    assert {blocker.key: blocker.url.replace(f"/commissions/{bare.pk}", "") for blocker in refusal.value.blockers} == {
        "purpose": "/details/#id_purpose",
        "category": "/details/#id_category",
        "objectives": "/details/",
        "value": "/value/",
        "risk": "/risk/form/",
        "governance": "/details/#id_governance_route",
        "authority": "/authority/record/",
        "duplicates": "/duplicates/",
    }


# --- What follows -----------------------------------------------------------------------------------------------------

SHORT = {
    "resource_analysis", "needs_assessment", "legislation_policy", "gap_analysis", "specification", "mobilisation",
    "outcomes_assessment", "lessons",
}  # fmt: skip


@pytest.mark.requirement("N-029", "N-031")
def test_small_purchase_starts_with_the_short_set_and_tells_nobody(alder: Alder) -> None:
    commission = steps.go(complete(alder, needed_by=date(2027, 3, 1)), "start", alder.priya)

    assert (commission.state, commission.band_key, commission.rules_version.number) == ("analyse", "service_buys", 1)
    assert commission.case_file.state == "analyse"
    assert commission.started_at == commission.stage_since
    lines = {row.activity.key: row for row in commission.activities.select_related("activity", "lead")}
    assert len(lines) == 35
    assert {row.state for row in lines.values()} == {"proposed"}
    assert {key for key, row in lines.items() if row.is_suggested} == SHORT
    assert lines["needs_assessment"].lead == alder.priya, "commissioning activities are led by the service area"
    assert lines["market_analysis"].lead == alder.maria, (
        "procurement activities are led by CCPS: its manager's at first"
    )
    assert WorkItem.objects.count() == 0


@pytest.mark.requirement("N-029")
@pytest.mark.parametrize(
    ("value", "ticked", "count"),
    [
        (Decimal("24999.99"), (), 8),
        (Decimal("25000"), (), 21),
        (Decimal("100000"), (), 21),
        (Decimal("100000.01"), (), 35),
        (Decimal("5000"), ("reputation",), 35),
    ],
)
def test_proportion_follows_value_and_risk(alder: Alder, value: Decimal, ticked: tuple[str, ...], count: int) -> None:
    commission = steps.in_analyse(alder, value=value, ticked=ticked)

    assert commission.activities.filter(is_suggested=True).count() == count


@pytest.mark.requirement("N-007")
def test_value_over_the_sourcing_threshold_tells_ccps_at_the_start(alder: Alder) -> None:
    commission = steps.in_analyse(alder, value=Decimal("100000.01"))

    item = WorkItem.objects.get()
    assert (item.queue.key, item.kind, item.asks, item.case_file) == (
        "ccps",
        "early_notice",
        "acknowledge",
        commission.case_file,
    )
    assert item.because == "£100,000.01 is over £100,000"
    assert not item.is_late_ask
    assert item.due_on == date(2026, 9, 14), "five working days from Monday 7 September"
    assert item.path == commission.get_absolute_url()


@pytest.mark.requirement("N-041")
def test_any_criterion_tells_ccps_at_the_start_at_any_value(alder: Alder) -> None:
    commission = steps.in_analyse(alder, value=Decimal(5000), ticked=("challenge",))

    item = WorkItem.objects.get()
    assert (item.queue.key, item.because) == ("ccps", "1 high-risk criterion: Legal challenge")
    assert commission.case_file.is_high_risk
    assert (commission.band_key, item.rule_name, item.rules_number) == ("service_buys", "Early notice at start", 1)


def test_start_is_written_down_with_the_rules_it_fixed(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    event = AuditEvent.objects.get(verb="commission.start")
    assert (event.actor_id, event.role, event.from_state, event.to_state) == (
        alder.priya.pk,
        "commissioner",
        "draft",
        "analyse",
    )
    assert (event.rules_version, event.case_id) == (1, commission.case_file_id)


def test_start_fixes_the_tier_of_the_day_it_is_made(alder: Alder) -> None:
    """A draft's tier was worked out when it was last edited; the rules may have changed since."""
    commission = complete(alder, value=Decimal(18_000))
    Commission.objects.filter(pk=commission.pk).update(band_key="sourcing")

    assert steps.go(commission, "start", alder.priya).band_key == "service_buys"


def test_unticked_answers_count_as_answers(alder: Alder) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)
    make.with_authority(commission)
    risk.answer(commission, {"outage": Ticked(False)}, by=alder.priya)

    assert steps.refused(commission, "start", alder.priya) == ["Risk form: 11 questions not answered"]
