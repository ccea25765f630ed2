"""Every way money, dates and counts are written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import engines

from organisation import clock, formatting

NO_HOLIDAYS: frozenset[date] = frozenset()
WEDNESDAY = date(2026, 7, 22)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (640000, "£640,000"),
        (Decimal("640000.00"), "£640,000"),
        (Decimal("1234.5"), "£1,234.50"),
        (Decimal("0.005"), "£0.01"),
        (0, "£0"),
        (Decimal("-500"), "−£500"),
        (Decimal("-0.001"), "£0"),
        (None, "Not recorded"),
    ],
)
def test_money(amount: Decimal | int | None, words: str) -> None:
    assert formatting.money(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1_200_000, "£1.2 million"),
        (72_000_000, "£72 million"),
        (1_250_000, "£1.3 million"),
        (999_999, "£999,999"),
        (-2_000_000, "−£2 million"),
        (None, "Not recorded"),
    ],
)
def test_money_in_prose(amount: int | None, words: str) -> None:
    assert formatting.money_in_prose(amount) == words


def test_day_has_no_leading_zero() -> None:
    assert formatting.day(date(2026, 4, 1)) == "1 April 2026"
    assert formatting.short_day(date(2026, 11, 21)) == "21 Nov 2026"
    assert formatting.day(None) == formatting.short_day(None) == "Not recorded"


def test_day_of_an_instant_is_the_day_in_london() -> None:
    half_past_midnight_in_summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert formatting.day(half_past_midnight_in_summer) == "1 July 2026"


def test_date_range() -> None:
    assert formatting.date_range(date(2026, 4, 1), date(2029, 3, 31)) == "1 April 2026 to 31 March 2029"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (16, 31, "4:31pm"),
        (8, 0, "8:00am"),
        (0, 0, "midnight"),
        (12, 0, "midday"),
        (12, 5, "12:05pm"),
        (0, 5, "12:05am"),
    ],
)
def test_time_of_day(hour: int, minute: int, words: str) -> None:
    in_winter = datetime(2026, 1, 5, hour, minute, tzinfo=UTC)

    assert formatting.time_of_day(in_winter) == words
    assert formatting.moment(in_winter) == f"5 January 2026, {words}"


def test_no_moment_is_not_recorded() -> None:
    assert formatting.moment(None) == formatting.time_of_day(None) == "Not recorded"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 7, 22), "today"),
        (date(2026, 7, 23), "in 1 working day"),
        (date(2026, 7, 24), "in 2 working days"),
        (date(2026, 7, 27), "in 3 working days"),
        (date(2026, 7, 20), "2 working days overdue"),
        (date(2026, 7, 19), "3 working days overdue"),
        (date(2026, 9, 30), "in 50 working days"),
        (date(2027, 3, 31), "in 8 months"),
        (date(2027, 7, 21), "in 12 months"),
    ],
)
def test_in_days(due: date, words: str) -> None:
    assert formatting.in_days(due, WEDNESDAY, NO_HOLIDAYS) == words


def test_in_days_leaves_holidays_out() -> None:
    assert formatting.in_days(date(2026, 7, 27), WEDNESDAY, frozenset({date(2026, 7, 23)})) == "in 2 working days"


def test_in_days_never_says_none_left_before_the_day() -> None:
    saturday = date(2026, 7, 25)

    assert formatting.in_days(saturday + timedelta(days=1), saturday, NO_HOLIDAYS) == "in 1 working day"


def test_in_days_of_nothing() -> None:
    assert formatting.in_days(None, WEDNESDAY, NO_HOLIDAYS) == "Not recorded"


@pytest.mark.parametrize(
    ("value", "words"),
    [(84, "84%"), (Decimal("8.70"), "8.7%"), (Decimal("91.25"), "91.3%"), (-3.5, "−3.5%"), (None, "Not recorded")],
)
def test_percent(value: Decimal | float | None, words: str) -> None:
    assert formatting.percent(value) == words


def test_counts_and_lists() -> None:
    assert formatting.counted(1, "request") == "1 request"
    assert formatting.counted(1204, "request") == "1,204 requests"
    assert formatting.counted(2, "enquiry", "enquiries") == "2 enquiries"
    assert formatting.whole(1204) == "1,204"
    assert formatting.whole(None) == "Not recorded"
    assert formatting.listed(["CCPS", "Legal", "Finance"]) == "CCPS, Legal and Finance"
    assert formatting.listed(["CCPS"]) == "CCPS"
    assert formatting.listed([]) == "None"
    assert formatting.sentence_start("in 4 working days") == "In 4 working days"


@pytest.mark.django_db
def test_template_filters_write_the_same() -> None:
    clock.move_to(WEDNESDAY)
    template = engines["django"].from_string(
        "{% load formatting %}{{ amount|money }}; {{ due|day }}, {{ due|in_days }}; {{ due|short_day }}; "
        "{% counted number 'thing' %}; {% date_range due due %}"
    )

    written = template.render({"amount": 640000, "due": date(2026, 7, 24), "number": 2})

    assert written == ("£640,000; 24 July 2026, in 2 working days; 24 Jul 2026; 2 things; 24 July 2026 to 24 July 2026")
