"""Every vector of the regulation pack that is date arithmetic, counted with the data the product ships."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from organisation.statutory_dates import (
    Standstill,
    earliest_key_decision,
    earliest_tender_deadline,
    mandatory_standstill,
    notice_due,
    psr_standstill,
    psr_standstill_after_representations,
)
from organisation.statutory_figures import days_of
from organisation.working_days import holidays_of
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded():
    make.calendars()
    make.statutory_figures()


@pytest.mark.parametrize(
    ("published", "last_day"),
    [
        (date(2026, 7, 13), date(2026, 7, 23)),  # a holiday in Northern Ireland alone
        (date(2026, 7, 29), date(2026, 8, 10)),
        (date(2026, 8, 12), date(2026, 8, 21)),
        (date(2026, 11, 23), date(2026, 12, 3)),
        (date(2026, 11, 28), date(2026, 12, 10)),  # a Saturday
        (date(2026, 12, 17), date(2026, 12, 30)),
        (date(2026, 12, 24), date(2027, 1, 8)),
        (date(2027, 3, 16), date(2027, 3, 30)),
    ],
)
def test_mandatory_standstill_last_day(published: date, last_day: date):
    standstill = mandatory_standstill(published, days_of("standstill.days", published), holidays_of("uk_union"))

    assert standstill.last_day == last_day


def test_mandatory_standstill_says_when_the_contract_may_be_entered():
    standstill = mandatory_standstill(date(2026, 7, 13), 8, holidays_of("uk_union"))

    assert standstill == Standstill(date(2026, 7, 14), date(2026, 7, 23))
    assert standstill.entry_from == date(2026, 7, 24)
    assert standstill.ends_at == datetime(2026, 7, 24, tzinfo=ZoneInfo("Europe/London"))
    assert standstill.covers(date(2026, 7, 13))
    assert standstill.covers(date(2026, 7, 23))
    assert not standstill.covers(date(2026, 7, 24))


def test_mandatory_standstill_of_one_day_ends_the_day_it_starts():
    assert mandatory_standstill(date(2026, 11, 28), 1, holidays_of("uk_union")).last_day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("published", "starts_on", "last_day"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 4)),
        (date(2026, 12, 17), date(2026, 12, 18), date(2027, 1, 4)),
    ],
)
def test_psr_standstill_counts_england_alone(published: date, starts_on: date, last_day: date):
    working_days = days_of("psr.standstill", published)

    standstill = psr_standstill(published, working_days, holidays_of("england"))

    assert standstill == Standstill(starts_on, last_day)


def test_psr_standstill_ends_at_midnight():
    standstill = psr_standstill(date(2026, 11, 23), 8, holidays_of("england"))

    assert standstill.ends_at == datetime(2026, 12, 5, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("last_decision", "last_day"),
    [
        (date(2026, 12, 3), date(2026, 12, 10)),
        (date(2026, 11, 25), date(2026, 12, 4)),  # decided early: the first end still stands
        (date(2026, 12, 22), date(2026, 12, 31)),
    ],
)
def test_psr_standstill_after_representations(last_decision: date, last_day: date):
    england = holidays_of("england")
    first = psr_standstill(date(2026, 11, 23), 8, england)

    prolonged = psr_standstill_after_representations(
        first, last_decision, days_of("psr.after_reps", last_decision), england
    )

    assert prolonged == Standstill(first.starts_on, last_day)


@pytest.mark.parametrize(
    ("figure", "trigger", "due"),
    [
        ("uk7.days", date(2026, 9, 1), date(2026, 9, 30)),
        ("uk7.days.light_touch", date(2026, 9, 1), date(2026, 12, 29)),
        ("copy.days", date(2026, 9, 1), date(2026, 11, 29)),
        ("copy.days.light_touch", date(2026, 9, 1), date(2027, 2, 27)),
        ("uk17.days", date(2026, 9, 30), date(2026, 10, 29)),
        ("uk17.days", date(2026, 3, 31), date(2026, 4, 29)),
        ("payments.days", date(2026, 12, 31), date(2027, 1, 29)),
        ("uk1.days", date(2026, 4, 1), date(2026, 5, 26)),
    ],
)
def test_notice_due_counts_the_trigger_as_day_one(figure: str, trigger: date, due: date):
    assert notice_due(trigger, days_of(figure, trigger)) == due


def test_earliest_tender_deadline_starts_the_day_after():
    days = days_of("tender.days.electronic_all_documents", date(2026, 11, 23))

    assert earliest_tender_deadline(date(2026, 11, 23), days) == date(2026, 12, 18)


def test_earliest_key_decision_counts_clear_days():
    clear_days = days_of("key_decision.notice", date(2026, 11, 23))

    assert earliest_key_decision(date(2026, 11, 23), clear_days) == date(2026, 12, 22)
