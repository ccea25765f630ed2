"""The orders of the workplan: every row once, forwards and back, whatever ties and blanks there are."""

from datetime import date
from decimal import Decimal

import pytest

from casework.keyset import NoSuchPage
from casework.models import CaseFile
from commissioning.models import Commission
from organisation.roles import Role
from reporting import orders
from reporting.selectors import workplan
from reporting.selectors.workplan import SORTS
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db

VALUES = [None, Decimal(5), Decimal(5), Decimal(5), Decimal("7.50"), Decimal(1), None, Decimal(0)]


@pytest.fixture
def files(council):
    """Files with ties and blanks in every column that is sorted."""
    holders = [people.person(Role.COMMISSIONER, at=council, name=name) for name in ("ann", "Zoe", "O_o", "Ann")]
    made = []
    for number, value in enumerate(VALUES):
        holder = holders[number % 4] if number < 6 else None
        case = make.case_file(council, value_ex_vat=value, value_inc_vat=value, holder=holder)
        Commission.objects.create(case_file=case, needed_by=None if number == 2 else date(2027, 1, 1 + number // 3))
        made.append(case)
    return made


def page(sort, is_falling, size, query=None):
    return workplan.page(CaseFile.objects.all(), sort, is_falling=is_falling, size=size, query=query or {})


def walk(sort, is_falling, size):
    """Every page from the first to the last, then back to the first."""
    forwards = [found := page(sort, is_falling, size)]
    while found.next:
        forwards.append(found := page(sort, is_falling, size, found.next))
    backwards = [found]
    while found.previous:
        backwards.append(found := page(sort, is_falling, size, found.previous))
    return forwards, backwards


@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize("is_falling", [False, True])
@pytest.mark.parametrize("size", [1, 3, 8, 20])
def test_every_row_comes_once_and_the_way_back_is_the_same(files, sort, is_falling, size):
    forwards, backwards = walk(sort, is_falling, size)

    seen = [row["pk"] for found in forwards for row in found.rows]
    assert sorted(seen) == sorted(file.pk for file in files)
    assert [found.rows for found in reversed(backwards)] == [found.rows for found in forwards]
    assert [found.first for found in reversed(backwards)] == [found.first for found in forwards]
    assert forwards[-1].last == len(files)


@pytest.mark.parametrize("sort", ["value", "needed_by", "commissioner"])
@pytest.mark.parametrize("is_falling", [False, True])
def test_blanks_come_last_in_either_direction(files, sort, is_falling):
    column = {"value": "value_ex_vat", "needed_by": "needed_by", "commissioner": "holder_order"}[sort]
    shown = [row[column] for row in page(sort, is_falling, 20).rows]

    blanks = shown.count(None)
    assert blanks
    assert shown[-blanks:] == [None] * blanks


@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize(
    "token", ["x", "_", "12", "5_-1", "abc_1x", "NaN_x", "5_99999999999999999999", "5_٣", "\x00_1", "_1\x00"]
)
def test_a_place_that_cannot_be_is_refused(files, sort, token):
    with pytest.raises(NoSuchPage):
        page(sort, False, 3, {"after": token})


@pytest.mark.parametrize("token", ["abc_1", "NaN_1", "Infinity_1", "1e99_1"])
def test_an_amount_that_cannot_be_is_refused(files, token):
    with pytest.raises(NoSuchPage):
        page("value", False, 3, {"after": token})


@pytest.mark.parametrize("token", ["x_1", "-1_1", "9999999999_1"])
def test_a_stage_that_cannot_be_is_refused(files, token):
    with pytest.raises(NoSuchPage):
        page("stage", False, 3, {"after": token})


def test_addresses_leave_out_what_is_blank():
    assert orders.address("/x/", {"a": "1", "b": ""}, {"c": "2"}, {"a": ""}) == "/x/?c=2"
    assert orders.address("/x/", {"a": ""}) == "/x/"
