from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from organisation.models import StatutoryFigure
from organisation.services.reference_data import Loaded, load_statutory_figures
from organisation.statutory_figures import NoFigure, days_of, exceeds, figure, forget_figures, reaches
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded():
    make.statutory_figures()


def test_services_threshold_follows_the_day_the_procurement_commenced():
    key, value = "threshold.goods_services.sub_central", Decimal("207720")

    assert reaches(key, value, date(2026, 1, 5))
    assert not reaches(key, value, date(2025, 12, 31))


@pytest.mark.parametrize(("value", "above"), [("663539.99", False), ("663540.00", True), ("663540.01", True)])
def test_light_touch_threshold_to_the_penny(value: str, above: bool):
    assert reaches("threshold.light_touch", Decimal(value), date(2026, 11, 21)) is above


@pytest.mark.parametrize("key", ["kpi.floor", "copy.floor", "award.names_floor"])
@pytest.mark.parametrize(("value", "required"), [("5000000.00", False), ("5000000.01", True)])
def test_five_million_floors_are_worded_more_than(key: str, value: str, required: bool):
    assert exceeds(key, Decimal(value), date(2026, 11, 21)) is required


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("threshold.goods_services.sub_central", "214904", "207720"),
        ("threshold.goods_services.central", "139688", "135018"),
        ("threshold.works", "5372609", "5193000"),
        ("threshold.concession", "5372609", "5193000"),
        ("threshold.light_touch", "663540", "663540"),
        ("threshold.light_touch_concession", "5372609", "5372609"),
        ("below.works_suitability_limit", "213477", "207720"),
        ("below.notifiable_floor", "30000", "30000"),
    ],
)
def test_thresholds_either_side_of_new_year(key: str, before: str, after: str):
    assert figure(key, date(2025, 12, 31)).amount == Decimal(before)
    assert figure(key, date(2026, 1, 1)).amount == Decimal(after)


def test_figure_before_it_begins_is_refused():
    with pytest.raises(NoFigure, match="31 December 2025"):
        figure("performance.in_force", date(2025, 12, 31))


def test_figure_of_an_unknown_key_is_refused():
    with pytest.raises(NoFigure):
        figure("threshold.of_nothing", date(2026, 1, 1))


def test_figure_that_is_not_confirmed_says_so():
    assert not figure("nlw.21_plus", date(2027, 3, 31)).provisional
    assert figure("nlw.21_plus", date(2027, 4, 1)).provisional


def test_figures_are_read_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        days_of("standstill.days", date(2026, 11, 21))
        days_of("uk7.days", date(2026, 11, 21))


def test_later_figure_wins_where_two_overlap():
    make_row = {"key": "x", "unit": "days", "source": "A test"}
    StatutoryFigure.objects.create(amount=1, valid_from=date(2026, 1, 1), **make_row)
    StatutoryFigure.objects.create(amount=2, valid_from=date(2026, 6, 1), **make_row)
    forget_figures()

    assert days_of("x", date(2026, 5, 31)) == 1
    assert days_of("x", date(2026, 6, 1)) == 2


def test_loading_again_adds_nothing():
    there = StatutoryFigure.objects.count()

    assert load_statutory_figures() == Loaded(added=0, there=there)


def test_no_key_of_the_shipped_figures_has_two_values_for_one_day():
    rows = list(StatutoryFigure.objects.order_by("key", "valid_from"))

    for row, following in pairwise(rows):
        if row.key == following.key:
            assert row.valid_to is not None
            assert row.valid_to < following.valid_from


@pytest.mark.parametrize("wrong", [{"amount": -1}, {"valid_to": date(2025, 12, 31)}])
def test_database_refuses_a_figure_that_makes_no_sense(wrong: dict):
    given = {"key": "x", "amount": 1, "unit": "days", "source": "A test", "valid_from": date(2026, 1, 1)}

    with pytest.raises(IntegrityError), transaction.atomic():
        StatutoryFigure.objects.create(**given | wrong)
