"""The key dates: which day matters next, and a drawing that stays inside its frame."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from contracts.models import Contract, ExtensionOption
from contracts.months import end_after
from contracts.selectors.key_dates import WIDTH, KeyDates, key_dates_of
from contracts.states import ContractState
from organisation.working_days import forget_holidays

TODAY = date(2026, 7, 22)


def contract(**fields: Any) -> Contract:
    given_: dict[str, Any] = {"state": "live", "starts_on": date(2024, 4, 1), "ends_on": date(2027, 3, 31)}
    return Contract(**given_ | fields)


def option(number: int, months: int = 12, notice_by: date | None = None, **fields: Any) -> ExtensionOption:
    return ExtensionOption(number=number, months=months, notice_by=notice_by, **fields)


def lines(found: KeyDates) -> list[tuple[str, str, str]]:
    return [(one.label, one.day, one.note) for one in found.dates]


@pytest.mark.django_db
def test_strip_of_a_live_contract_with_two_options() -> None:
    forget_holidays()  # an earlier test may have had some
    found = key_dates_of(
        contract(review_on=date(2026, 9, 14)), [option(1, notice_by=date(2026, 9, 30)), option(2)], TODAY
    )

    assert found.sentence == "Give notice by 30 September 2026 to use option 1, or the contract ends on 31 March 2027."
    assert [(label, when) for label, when, _ in lines(found)] == [
        ("Started", "1 April 2024"),
        ("First review", "14 September 2026"),
        ("Last date to act", "30 September 2026"),
        ("Initial end", "31 March 2027"),
        ("Last possible end", "31 March 2029"),
    ]
    assert found.deadline == {
        "label": "First review",
        "day": "14 September 2026",
        "words": "In 38 working days",
        "tone": "calm",
    }
    drawing = found.drawing
    assert drawing is not None
    assert [(bar.kind, bar.label) for bar in drawing.bars] == [
        ("committed", "Committed term, 3 years"),
        ("option", "Option 1, 1 year"),
        ("option", "Option 2, 1 year"),
    ]
    assert [tick.label for tick in drawing.ticks] == [
        "Apr 2024",
        "Apr 2025",
        "Apr 2026",
        "Apr 2027",
        "Apr 2028",
        "Apr 2029",
    ]


@pytest.mark.django_db
def test_last_date_to_act_is_red_within_three_months() -> None:
    near = key_dates_of(contract(), [option(1, notice_by=date(2026, 9, 30))], TODAY)
    far = key_dates_of(contract(), [option(1, notice_by=date(2026, 9, 30))], date(2026, 3, 1))

    tones = [[one.tone for one in found.dates if one.label == "Last date to act"] for found in (near, far)]
    assert tones == [["late"], ["calm"]]
    assert near.deadline is not None
    assert near.deadline["tone"] == "late"


def test_contract_without_a_term_says_so_and_draws_nothing() -> None:
    found = key_dates_of(contract(starts_on=None, ends_on=None, state="awarded"), [], TODAY)

    assert (found.sentence, found.drawing, found.deadline) == ("The term is not recorded yet.", None, None)


@pytest.mark.django_db
def test_option_that_is_used_counts_no_more() -> None:
    used = option(1, notice_by=date(2026, 9, 30), used_at=date(2026, 9, 1))

    found = key_dates_of(contract(), [used, option(2, 6)], TODAY)

    assert found.sentence == "The contract ends on 31 March 2027."
    assert lines(found)[-1] == ("Last possible end", "30 September 2027", "If the option is used")


@pytest.mark.django_db
def test_contract_without_options_says_so() -> None:
    found = key_dates_of(contract(), [], TODAY)

    assert found.sentence == "The contract ends on 31 March 2027. There is no option to extend it."
    assert [label for label, _, _ in lines(found)] == ["Started", "Ends"]


def test_withdrawn_draft_has_no_deadline() -> None:
    assert key_dates_of(contract(state=ContractState.TERMINATED), [], date(2030, 1, 1)).deadline is None


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.django_db
@given(
    starts_on=days,
    length=st.integers(min_value=0, max_value=4000),
    months=st.lists(st.integers(min_value=1, max_value=240), max_size=3),
    notice_by=st.none() | days,
    review_on=st.none() | days,
    today=days,
)
def test_whatever_the_dates_the_drawing_stays_inside_and_in_order(
    starts_on: date, length: int, months: list[int], notice_by: date | None, review_on: date | None, today: date
) -> None:
    ends_on = date.fromordinal(starts_on.toordinal() + length)
    options = [option(number, size, notice_by) for number, size in enumerate(months, 1)]

    found = key_dates_of(contract(starts_on=starts_on, ends_on=ends_on, review_on=review_on), options, today)

    drawing = found.drawing
    assert drawing is not None
    edges = [(bar.x, bar.x + bar.width) for bar in drawing.bars]
    assert edges[0][0] == 0
    assert all(start <= end <= WIDTH + 2 for start, end in edges)
    assert all(before[0] <= after[0] for before, after in pairwise(edges))
    assert all(0 <= mark.x <= WIDTH for mark in drawing.marks)
    assert all(0 <= tick.x <= WIDTH for tick in drawing.ticks)
    assert 1 <= len(drawing.ticks) <= 12
    last = ends_on
    for size in months:
        assert end_after(last, size) > last
        last = end_after(last, size)
    assert "style=" not in render_to_string("contracts/_term.html", {"drawing": drawing})
