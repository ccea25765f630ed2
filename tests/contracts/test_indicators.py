"""What a contract is measured by: periods, ratings, the page of a period, and what is still wanted."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import door
from casework.deadlines import deadline_kinds
from casework.models import AuditEvent, Deadline
from casework.refusals import NotPermitted, Refused, Stale
from commissioning.models import PlannedIndicator
from contracts.models import Contract, Indicator, IndicatorReading
from contracts.periods import latest_ended, period, period_words, periods_begun
from contracts.ratings import quantity, rating_of
from contracts.services import indicators, readings
from contracts.services.readings import Entry
from contracts.states import Interval
from organisation import clock
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.procurement.filling import fill, opened, said, words_of

ONE_DAY = timedelta(days=1)
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))


# --- Pure rules -------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    value=st.integers(-300, 300),
    target=st.integers(-200, 200),
    tolerance=st.integers(0, 60),
    direction=st.sampled_from(["higher", "lower"]),
)
def test_rating_follows_the_distance_from_the_target(value, target, tolerance, direction) -> None:
    good = range(target, 1000) if direction == "higher" else range(-1000, target + 1)
    near = range(target - tolerance, 1000) if direction == "higher" else range(-1000, target + tolerance + 1)
    expected = "green" if value in good else "amber" if value in near else "red"

    found = rating_of(Decimal(value), target=Decimal(target), tolerance=Decimal(tolerance), direction=direction)

    assert found == expected


@settings(max_examples=60, deadline=None)
@given(first=DAYS, interval=st.sampled_from(Interval.values), days=st.integers(0, 1500), ahead=st.integers(0, 900))
def test_periods_cover_every_day_once(first, interval, days, ahead) -> None:
    last, today = first + timedelta(days=days), first + timedelta(days=ahead)

    begun = periods_begun(first, last, interval, today)

    covered = [
        one.starts_on + timedelta(days=n) for one in begun for n in range((one.ends_on - one.starts_on).days + 1)
    ]
    assert covered == [first + timedelta(days=n) for n in range(len(covered))]
    assert covered[-1] >= min(today, last)
    assert begun[-1].starts_on <= min(today, last)
    assert covered[-1] <= last
    assert begun == [period(first, interval, number, last) for number in range(1, len(begun) + 1)]
    ended = [one for one in begun if one.ends_on < today]
    assert latest_ended(begun, today) == (ended[-1] if ended else None)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2027, 4, 1), date(2027, 4, 30), "April 2027"),
        (date(2027, 4, 1), date(2027, 6, 30), "April to June 2027"),
        (date(2027, 12, 1), date(2028, 2, 29), "December 2027 to February 2028"),
        (date(2027, 1, 31), date(2027, 2, 27), "31 January 2027 to 27 February 2027"),
    ],
)
def test_period_in_words(starts_on, ends_on, words) -> None:
    assert period_words(starts_on, ends_on) == words


def test_start_on_the_31st_does_not_creep() -> None:
    begun = periods_begun(date(2027, 1, 31), date(2027, 6, 30), "monthly", date(2027, 12, 1))

    assert [one.starts_on.day for one in begun] == [31, 28, 31, 30, 31, 30]
    assert begun[-1].ends_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [("84.0000", "%", "84%"), ("97.5000", "%", "97.5%"), ("1204", "people", "1,204 people"), ("-3", "£", "−£3")],
)
def test_quantity_in_words(value, unit, words) -> None:
    assert quantity(Decimal(value), unit) == words.replace("−", "\N{MINUS SIGN}")


# --- From the plan to the contract ------------------------------------------------------------------------------------


@pytest.mark.requirement("N-217", "W-060")
def test_planned_indicators_appear_unchanged_in_the_contract(where) -> None:
    commission = buying.commission(where)
    facts = {
        "name": "Visits on time",
        "outcome": "People are cared for when they expect it",
        "unit": "%",
        "baseline": Decimal(82),
        "target": Decimal(95),
        "tolerance": Decimal("2.5"),
        "direction": "higher",
        "interval": "monthly",
        "source_of_data": "Electronic call monitoring",
    }
    planned = PlannedIndicator.objects.create(commission=commission, **facts)
    PlannedIndicator.objects.create(commission=commission, **facts | {"name": "Dropped"}, removed_at=clock.now())

    make.drafted(where, commission)

    copied = Indicator.objects.get()
    assert {name: getattr(copied, name) for name in facts} == facts
    assert copied.planned == planned


def test_signed_contract_keeps_what_it_is_measured_by(where, client) -> None:
    contract = make.awarded(where)
    indicator = make.indicator(contract, name="Visits on time")
    client.force_login(where.sam)
    assert "Indicator changed." in said(fill(client, f"/indicators/{indicator.pk}/", **asked(indicator, target="92")))
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)

    with pytest.raises(Refused, match="changes only by a variation"):
        indicators.change(indicator, version=2, target=Decimal(50), by=where.sam)

    assert Indicator.objects.get().target == 92


def test_two_people_who_change_an_indicator_are_both_heard(where) -> None:
    indicator = make.indicator(make.awarded(where))
    indicators.change(indicator, version=1, target=Decimal(92), by=where.sam)

    with pytest.raises(Stale) as refused:
        indicators.change(indicator, version=1, target=Decimal(80), by=where.priya)

    assert refused.value.theirs == {"Target": "92% or more"}


def test_indicator_is_added_by_the_page(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)
    url = f"/contracts/{contract.pk}/indicators/add/"
    sent = {"name": "Complaints", "unit": "", "target": "3", "tolerance": "-1", "direction": "lower"}
    wrong = client.post(url, opened(client, url) | sent)
    assert set(wrong.context["form"].errors) == {"tolerance", "interval"}

    done = client.post(url, opened(client, url) | sent | {"tolerance": "1", "interval": "quarterly"})

    assert said(done)[-1] == "Indicator added: Complaints."
    assert "3 or less" in words_of(client.get(f"/contracts/{contract.pk}/indicators/"))


def asked(indicator: Indicator, **changes: Any) -> dict[str, Any]:
    names = ("name", "unit", "target", "tolerance", "direction", "interval")
    return {name: getattr(indicator, name) for name in names} | changes


# --- The page of a period ---------------------------------------------------------------------------------------------


@pytest.fixture
def contract(where) -> Contract:
    """A contract that started on 1 April 2026, seen on 5 August: April to July have ended, July is wanted."""
    clock.move_to(date(2026, 4, 1))
    made = make.awarded(where)
    Contract.objects.filter(pk=made.pk).update(starts_on=date(2026, 4, 1), ends_on=date(2028, 3, 31))
    made = Contract.objects.get(pk=made.pk)
    make.indicator(made, name="Visits on time")
    make.sign_for_council(made, where)
    make.sign_for_supplier(made, where)
    door.carry_out(made, "enter_in_register", by=where.sam, review_on=date(2026, 10, 1))
    make.finish_tasks(made, where)
    live: Contract = door.carry_out(made, "go_live", by=where.sam).subject
    clock.move_to(date(2026, 8, 5))
    return live


def sheet(contract: Contract, number: int) -> str:
    return f"/contracts/{contract.pk}/indicators/monthly/{number}/"


def give(contract: Contract, number: int, by: Any, value: int | None, **more: str) -> None:
    indicator = contract.indicators.get()
    begun = periods_begun(date(2026, 4, 1), date(2028, 3, 31), "monthly", clock.today())
    known = readings.readings_of([indicator], begun[number - 1])
    entry = Entry(value=None if value is None else Decimal(value), **more)
    version = readings.sheet_version(known.values())
    readings.record_results(contract, "monthly", number, {indicator.pk: entry}, version=version, by=by)


@pytest.mark.requirement("N-218")
def test_results_are_rated_as_they_are_saved(where, client, contract) -> None:
    key = contract.indicators.get().pk
    client.force_login(where.sam)
    red = fill(client, sheet(contract, 4), **{f"value_{key}": "84%"})
    assert red.context["form"].errors == {f"comment_{key}": ["Write a comment on Visits on time: it is red"]}
    assert 'value="84%"' in words_of(red)

    done = fill(client, sheet(contract, 4), **{f"value_{key}": "84%", f"comment_{key}": "Transport was lost"})

    reading = IndicatorReading.objects.get()
    assert said(done)[-1] == "Results saved."
    assert (reading.value, reading.rating, reading.starts_on, reading.recorded_by) == (
        Decimal(84),
        "red",
        date(2026, 7, 1),
        where.sam,
    )
    event = AuditEvent.objects.get(verb="indicator.readings")
    assert event.changes == {"period": "July 2026", "Visits on time": "84%, red"}
    page = words_of(client.get(contract.get_absolute_url()))
    assert 'gh-tag--rating-red">Red' in page
    assert "recorded results for July 2026 (Visits on time: 84%, red)" in page


def test_rating_is_overridden_only_with_a_reason(where, client, contract) -> None:
    key = contract.indicators.get().pk
    client.force_login(where.sam)
    answers = {f"value_{key}": "88", f"rating_{key}": "green"}
    bare = fill(client, sheet(contract, 4), **answers)
    assert list(bare.context["form"].errors) == [f"why_{key}"]
    assert "Say why Visits on time is green, when its result makes it amber" in words_of(bare)

    fill(client, sheet(contract, 4), **answers, **{f"why_{key}": "One outage of the monitor"})

    reading = IndicatorReading.objects.get()
    assert (reading.computed, reading.rating, reading.rating_reason) == ("amber", "green", "One outage of the monitor")


def test_part_is_saved_and_the_rest_follows(where, client, contract) -> None:
    first, second = contract.indicators.get(), make.indicator(contract, name="Complaints answered")
    client.force_login(where.sam)
    fill(client, sheet(contract, 4), **{f"value_{first.pk}": "96"})
    assert "1 of 2 still to record." in words_of(client.get(sheet(contract, 4)))

    fill(client, sheet(contract, 4), **{f"value_{first.pk}": "96", f"value_{second.pk}": "91"})

    assert "All results are recorded." in words_of(client.get(sheet(contract, 4)))


def test_earlier_period_is_read_only_but_what_is_missing_there_can_be_given(where, client, contract) -> None:
    key = contract.indicators.get().pk
    clock.move_to(date(2026, 5, 5))
    give(contract, 1, where.sam, 95)
    clock.move_to(date(2026, 8, 5))
    client.force_login(where.sam)

    assert f"value_{key}" not in words_of(client.get(sheet(contract, 1)))
    with pytest.raises(Refused, match="The results for April 2026 stand"):
        give(contract, 1, where.sam, 10, comment="Worse")
    give(contract, 2, where.sam, 91)

    page = words_of(client.get(sheet(contract, 4)))
    assert "April 2026: 95%" in page
    assert "May 2026: 91%" in page
    assert "June 2026: Not recorded" in page


def test_two_people_who_record_at_once_are_both_heard(where, contract) -> None:
    indicator = contract.indicators.get()
    give(contract, 4, where.sam, 93)

    with pytest.raises(Stale) as refused:
        readings.record_results(
            contract, "monthly", 4, {indicator.pk: Entry(value=Decimal(91))}, version=0, by=where.sam
        )

    assert refused.value.theirs == {"Visits on time": "93%, green"}


def test_only_the_manager_records_and_everyone_reads(where, client, contract) -> None:
    client.force_login(where.tom)
    assert "Save results" not in words_of(client.get(sheet(contract, 4)))
    with pytest.raises(NotPermitted, match="Sam Birtles"):
        give(contract, 4, where.tom, 95)

    client.force_login(people.person(Role.CONTRACT_MANAGER))
    assert client.get(sheet(contract, 4)).status_code == 404


@pytest.mark.parametrize("address", ["monthly/6/", "monthly/0/", "weekly/1/", "yearly/1/"])
def test_period_that_is_not_there(where, client, contract, address) -> None:
    client.force_login(where.sam)

    assert client.get(f"/contracts/{contract.pk}/indicators/{address}").status_code == 404


# --- What is wanted ---------------------------------------------------------------------------------------------------


def wanted() -> list[tuple[str, date]]:
    rows = Deadline.objects.filter(kind="indicator_reading", done_at=None).order_by("due_on")
    return list(rows.values_list("title", "due_on"))


def proved() -> list[tuple[str, date]]:
    source = deadline_kinds()["indicator_reading"].source
    assert source is not None
    return sorted(((due.title, due.due_on) for due in source()), key=lambda one: one[1])


def test_each_period_has_its_deadline_until_its_results_are_there(where, contract) -> None:
    assert wanted() == [("Record the results for April 2026", date(2026, 5, 10))]
    give(contract, 1, where.sam, None, comment="Waiting for the provider")
    assert len(wanted()) == 1
    give(contract, 1, where.sam, 95)

    assert wanted() == []
    assert [title for title, _ in proved()] == [
        f"Record the results for {month} 2026" for month in ("May", "June", "July", "August")
    ]


def test_indicator_added_while_it_runs_asks_for_no_period_that_had_ended(where, client, contract) -> None:
    give(contract, 4, where.sam, 95)

    made = indicators.add(contract, by=where.sam, **asked(contract.indicators.get(), name="Complaints"))

    client.force_login(where.sam)
    assert made.applies_from == date(2026, 8, 5)
    assert "Complaints" not in words_of(client.get(sheet(contract, 4)))
    assert "Complaints" in words_of(client.get(sheet(contract, 5)))


def test_dates_that_bind_are_kept_from_signing_on(where) -> None:
    contract = make.awarded(where)
    assert Deadline.objects.filter(case_file=contract.case_file).count() == 0
    contract.options.create(number=1, months=12, notice_by=date(2027, 3, 1))
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)
    door.carry_out(contract, "enter_in_register", by=where.sam, review_on=contract.ends_on)

    kinds = ("contract_end", "option_notice", "contract_review", "mobilisation_task")
    rows = Deadline.objects.filter(case_file=contract.case_file, done_at=None)
    found = {kind: list(rows.filter(kind=kind).values_list("due_on", "holder__name")) for kind in kinds}
    assert found == {
        "contract_end": [(contract.ends_on, "Sam Birtles")],
        "option_notice": [(date(2027, 3, 1), "Sam Birtles")],
        "contract_review": [(contract.ends_on, "Sam Birtles")],
        "mobilisation_task": [(contract.starts_on, "Sam Birtles")] * 2,
    }
    for kind in kinds:
        source = deadline_kinds()[kind].source
        assert source is not None
        assert sorted(due.key for due in source()) == sorted(rows.filter(kind=kind).values_list("key", flat=True))


@pytest.mark.parametrize("size", [1, 8])
def test_pages_and_saving_cost_the_same_whatever_is_measured(where, client, queries_of, contract, size) -> None:
    for _ in range(size):
        make.indicator(contract)
    client.force_login(where.sam)
    pages = [contract.get_absolute_url(), f"/contracts/{contract.pk}/indicators/", sheet(contract, 4)]
    entries = {indicator.pk: Entry(value=Decimal(95)) for indicator in contract.indicators.all()}
    for page in pages:
        client.get(page)

    found = [len(queries_of(lambda page=page: client.get(page))) for page in pages]
    saving = queries_of(
        lambda: readings.record_results(contract, "monthly", 4, entries, version=0, by=where.sam, act_id=uuid.uuid4())
    )

    assert max(found) <= 8, found
    assert len(saving) <= 13, saving
