"""Publishing rules: dated versions that never change, and what may not be published."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.models import AuditEvent, Band, RoutingRule, RulesVersion, Threshold
from casework.refusals import Refused, Replayed
from casework.routing import Facts, requirements, route
from casework.services.rules import (
    Changes,
    UnsafeRules,
    publish,
    rehearse,
    rules_of,
    version_in_force,
    with_amount,
)
from organisation import clock
from organisation.actors import System
from organisation.models import CommissioningFramework, Person
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db

START = date(2026, 11, 16)


@pytest.fixture
def framework(db: None) -> CommissioningFramework:
    clock.move_to(START)
    return make.default_framework()


@pytest.fixture
def admin(framework: CommissioningFramework) -> Person:
    council = people.organisation(framework=framework)
    return people.person("administrator", at=council, name="Ada Admin")


def raise_figure(
    framework: CommissioningFramework, by: Person, key: str, amount: int, on: date = START, **more: Any
) -> RulesVersion:
    change = Changes(thresholds=[with_amount(framework, key, Decimal(amount))])
    return publish(framework, change, by=by, valid_from=on, reason="The council decided so", **more)


def early_notice(version: RulesVersion, value: str) -> bool:
    return any(way.item_kind == "early_notice" for way in route("start", Facts(Decimal(value)), rules_of(version)))


# --- Loading ----------------------------------------------------------------------------------------------------------


def test_default_framework_loads_as_version_one(framework: CommissioningFramework) -> None:
    version = framework.rules_versions.get()
    content = make.framework_content()

    assert (version.number, version.valid_from) == (1, date.fromisoformat(content["valid_from"]))
    assert Threshold.objects.filter(framework=framework).count() == len(content["figures"])
    assert [row.key for row in Band.objects.in_version(version).order_by("order")] == [
        row["key"] for row in content["bands"]
    ]
    assert RoutingRule.objects.in_version(version).count() == len(content["routing_rules"])
    assert framework.queues.count() == len(content["queues"])


def test_loading_again_leaves_alone_what_administrators_changed() -> None:
    call_command("load_framework", make.DEFAULT_FRAMEWORK, stdout=StringIO())
    framework = CommissioningFramework.objects.get(key=make.framework_content()["key"])
    admin = people.person("administrator", at=people.organisation(framework=framework))
    raise_figure(framework, admin, "legal", 600_000, on=clock.today())
    framework.queues.filter(key="ccps").update(name="Procurement team")

    call_command("load_framework", make.DEFAULT_FRAMEWORK, stdout=StringIO())

    assert framework.rules_versions.count() == 2
    assert rules_of(version_in_force(framework)).amount("legal") == 600_000
    assert framework.queues.get(key="ccps").name == "Procurement team"


# --- Versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-336")
def test_new_figure_decides_new_cases_from_its_day_and_leaves_earlier_ones_alone(
    framework: CommissioningFramework, admin: Person
) -> None:
    first = version_in_force(framework)
    on = START + timedelta(days=10)

    second = raise_figure(framework, admin, "sourcing", 120_000, on=on)

    assert version_in_force(framework) == first
    assert version_in_force(framework, on - timedelta(days=1)) == first
    assert version_in_force(framework, on) == second
    assert (early_notice(first, "110000"), early_notice(second, "110000")) == (True, False)
    clock.move_to(on)
    assert version_in_force(framework) == second
    # A case that started before stays under its own version, whenever it is asked again.
    assert early_notice(first, "110000")
    assert requirements(Facts(Decimal(110_000)), rules_of(first)).band.key == "sourcing"
    assert requirements(Facts(Decimal(110_000)), rules_of(second)).band.key == "quotation"


def test_published_rows_are_ended_and_never_changed(framework: CommissioningFramework, admin: Person) -> None:
    before = Threshold.objects.filter(framework=framework, key="legal").values().get()

    version = raise_figure(framework, admin, "legal", 600_000)

    old, new = Threshold.objects.filter(framework=framework, key="legal").order_by("id").values()
    assert old == before | {"until_id": version.pk}
    assert (new["amount"], new["since_id"], new["until_id"]) == (600_000, version.pk, None)
    assert not Threshold.objects.exclude(key="legal").filter(until__isnull=False).exists()
    assert not Band.objects.filter(until__isnull=False).exists()
    assert (version.published_by, version.reason) == (admin, "The council decided so")


def test_every_version_can_be_read_whole_for_ever(framework: CommissioningFramework, admin: Person) -> None:
    first = version_in_force(framework)
    whole = rules_of(first)
    for amount in (600_000, 700_000, 800_000):
        raise_figure(framework, admin, "legal", amount)
    rules_of.__globals__["_load"].cache_clear()

    assert rules_of(first) == whole
    assert [rules_of(version).amount("legal") for version in framework.rules_versions.order_by("number")] == [
        500_000,
        600_000,
        700_000,
        800_000,
    ]


def test_publishing_is_in_the_trail_with_what_changed(framework: CommissioningFramework, admin: Person) -> None:
    raise_figure(framework, admin, "legal", 600_000)

    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.verb, event.actor_id, event.reason) == (
        "rulesversion.publish",
        admin.pk,
        "The council decided so",
    )
    assert event.changes == {"threshold legal": ["£500,000", "£600,000"]}
    assert event.rules_version == 2


def test_same_form_publishes_once(framework: CommissioningFramework, admin: Person) -> None:
    number = uuid.uuid4()
    raise_figure(framework, admin, "legal", 600_000, act_id=number)

    with pytest.raises(Replayed):
        raise_figure(framework, admin, "legal", 600_000, act_id=number)

    assert framework.rules_versions.count() == 2


def test_rehearsal_writes_nothing(
    framework: CommissioningFramework, queries_of: Callable[[Callable[[], Any]], list[str]]
) -> None:
    change = Changes(thresholds=[with_amount(framework, "legal", Decimal(1))])

    statements = queries_of(lambda: rehearse(framework, change))

    assert all(statement.startswith("SELECT") for statement in statements)
    assert rules_of(version_in_force(framework)).amount("legal") == 500_000


def test_rule_can_be_added_and_ended(framework: CommissioningFramework, admin: Person) -> None:
    new = RoutingRule(
        key="grant_notice",
        name="Grant-funded at start",
        trigger="start",
        needed_flag="grant_funded",
        queue_key="finance",
        item_kind="information",
        asks="be_informed",
        title="For information: a grant pays for this",
        reason="a grant pays for some of it",
    )
    second = publish(framework, Changes(routes=[new]), by=admin, valid_from=START, reason="Grants rise")
    third = publish(framework, Changes(removed_routes=["grant_notice"]), by=admin, valid_from=START, reason="No more")

    case = Facts(Decimal(1), flags=frozenset({"grant_funded"}))
    assert [way.because for way in route("start", case, rules_of(second))] == ["a grant pays for some of it"]
    assert route("start", case, rules_of(third)) == []


# --- What is refused --------------------------------------------------------------------------------------------------


def refuse(framework: CommissioningFramework, admin: Person, change: Changes, on: date = START) -> str:
    before = {
        model: list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for model in (Threshold, Band, RoutingRule, RulesVersion)
    }
    with pytest.raises(Refused) as refused:
        publish(framework, change, by=admin, valid_from=on, reason="Wrong")
    after = {model: list(model.objects.order_by("pk").values()) for model in before}  # type: ignore[attr-defined]
    assert after == before
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.is_refusal, event.verb, event.reason) == (True, "rulesversion.publish", refused.value.words)
    return refused.value.words


def test_figures_out_of_order_would_leave_values_in_two_bands(framework: CommissioningFramework, admin: Person) -> None:
    words = refuse(framework, admin, Changes(thresholds=[with_amount(framework, "sourcing", Decimal(20_000))]))

    assert words.startswith("These rules cannot be published. £20,000.01 is in 2 bands of rules version 2.")


def test_gap_between_bands(framework: CommissioningFramework, admin: Person) -> None:
    band = Band.objects.get(framework=framework, key="quotation")
    band.from_inclusive = False

    words = refuse(framework, admin, Changes(bands=[band]))

    assert words == (
        "These rules cannot be published. £25,000 is in 0 bands of rules version 2. "
        "Every value must be in exactly one band."
    )


def test_band_taken_away(framework: CommissioningFramework, admin: Person) -> None:
    words = refuse(framework, admin, Changes(removed_bands=["sourcing_legal"]))

    assert "£500,000.01 is in 0 bands" in words


def test_function_taken_away_as_the_value_rises(framework: CommissioningFramework, admin: Person) -> None:
    words = refuse(framework, admin, Changes(removed_routes=["request_sourcing"]))

    assert (
        "The ccps queue would be taken away when the value rises from £100,000 to £100,000.01 "
        "(trigger: request submitted)" in words
    )


def test_function_taken_away_as_risk_rises(framework: CommissioningFramework, admin: Person) -> None:
    words = refuse(framework, admin, Changes(removed_routes=["request_high_risk"]))

    assert "The ccps queue would be taken away when a £0 case becomes high risk (trigger: request submitted)" in words


def test_gate_asked_for_less_firmly(framework: CommissioningFramework, admin: Person) -> None:
    band = Band.objects.get(framework=framework, key="sourcing_legal")
    band.gate_3 = "optional"

    words = refuse(framework, admin, Changes(bands=[band]))

    assert words == (
        "These rules cannot be published. "
        "Gate 3 would be asked for less firmly when the value rises from £500,000 to £500,000.01."
    )


def test_queue_that_does_not_exist(framework: CommissioningFramework, admin: Person) -> None:
    rule = RoutingRule.objects.get(framework=framework, key="early_notice")
    rule.queue_key = "catering"

    words = refuse(framework, admin, Changes(routes=[rule]))

    assert "The rule Early notice at start sends work to the queue catering, which does not exist" in words


def test_figure_that_does_not_exist(framework: CommissioningFramework, admin: Person) -> None:
    rule = RoutingRule.objects.get(framework=framework, key="early_notice")
    rule.within_key = "someday"

    words = refuse(framework, admin, Changes(routes=[rule]))

    assert words == (
        "These rules cannot be published. "
        "The rule Early notice at start names the figure someday, which does not exist."
    )


def test_day_in_the_past(framework: CommissioningFramework, admin: Person) -> None:
    change = Changes(thresholds=[with_amount(framework, "legal", Decimal(600_000))])

    words = refuse(framework, admin, change, on=START - timedelta(days=1))

    assert words == "Rules cannot change in the past. Choose today or a later day."


def test_day_before_the_version_it_follows(framework: CommissioningFramework, admin: Person) -> None:
    raise_figure(framework, admin, "legal", 600_000, on=date(2027, 4, 1))
    change = Changes(thresholds=[with_amount(framework, "legal", Decimal(700_000))])

    words = refuse(framework, admin, change, on=date(2027, 3, 31))

    assert words == (
        "Version 2 is in force from 1 April 2027. "
        "A later version cannot start before it; choose that day or a later one."
    )


def test_change_of_rules_that_somebody_else_has_changed(framework: CommissioningFramework, admin: Person) -> None:
    raise_figure(framework, admin, "legal", 600_000, after=1)

    with pytest.raises(Refused, match="Somebody else published version 2 while you were on this page"):
        raise_figure(framework, admin, "sourcing", 90_000, after=1)

    assert framework.rules_versions.count() == 2


# --- Any value, criteria, flags and date ------------------------------------------------------------------------------


def test_on_any_date_every_case_is_in_exactly_one_band(framework: CommissioningFramework, admin: Person) -> None:
    """Three versions: each date has one, and under it each case has one band, and more of it takes nothing away."""
    raise_figure(framework, admin, "quotation", 30_000, on=date(2027, 4, 1))
    raise_figure(framework, admin, "sourcing", 150_000, on=date(2028, 4, 1))
    versions = list(framework.rules_versions.order_by("number"))
    lines = {1: (25_000, 100_000), 2: (30_000, 100_000), 3: (30_000, 150_000)}
    criteria = {row["key"]: row["name"] for row in make.framework_content()["risk_criteria"]}
    flags = [row["key"] for row in make.framework_content()["flags"]]

    @settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.dates(date(2026, 1, 1), date(2030, 12, 31)),
        st.one_of(
            st.decimals(0, Decimal("999999999999.99"), places=2),
            st.sampled_from([Decimal(line) + penny for pair in lines.values() for line in pair for penny in PENNIES]),
        ),
        st.sets(st.sampled_from(sorted(criteria))),
        st.frozensets(st.sampled_from(flags)),
    )
    def holds(on: date, value: Decimal, ticked: set[str], raised: frozenset[str]) -> None:
        version = version_in_force(framework, on)
        expected = 1 + (on >= date(2027, 4, 1)) + (on >= date(2028, 4, 1))
        assert (version.number, version) == (expected, versions[expected - 1])

        case = Facts(value, {key: criteria[key] for key in ticked}, raised)
        quotation, sourcing = lines[version.number]
        band = (
            "service_buys"
            if value < quotation
            else "quotation"
            if value <= sourcing
            else "sourcing"
            if value <= 500_000
            else "sourcing_legal"
        )
        assert requirements(case, rules_of(version)).band.key == band

    holds()


PENNIES = (Decimal("-0.01"), Decimal(0), Decimal("0.01"))


def test_no_rules_before_the_first_day(framework: CommissioningFramework) -> None:
    with pytest.raises(RulesVersion.DoesNotExist, match="no rules in force on 30 June 2024"):
        version_in_force(framework, date(2024, 6, 30))


def test_system_may_publish_what_a_file_says(framework: CommissioningFramework) -> None:
    change = Changes(thresholds=[with_amount(framework, "legal", Decimal(600_000))])

    version = publish(framework, change, by=System(because="A file"), valid_from=START, reason="Loaded")

    assert version.published_by is None
    with pytest.raises(UnsafeRules):
        publish(
            framework, Changes(removed_bands=["quotation"]), by=System(because="A file"), valid_from=START, reason=""
        )
