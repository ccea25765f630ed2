from datetime import date

import pytest
from django.test import Client

from organisation import clock
from organisation.roles import Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

PAGE = "/demo/clock/"
DAY = {"day_0": "16", "day_1": "3", "day_2": "2027"}


@pytest.fixture
def visitor(enter) -> Client:
    return enter(make.person(Role.COMMISSIONER))


def test_anyone_signed_in_moves_the_clock(visitor):
    answer = visitor.post(PAGE, DAY, follow=True)

    assert clock.today() == date(2027, 3, 16)
    assert "The clock now shows 16 March 2027." in answer.content.decode()
    assert "moved from the real date" in answer.content.decode()


def test_clock_is_put_back(visitor):
    clock.move_to(date(2027, 3, 16))

    answer = visitor.post(PAGE + "back/", follow=True)

    assert not clock.is_moved()
    assert "The clock shows the real date again" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"day_1": "13"}, {"day_0": ""}, {"day_2": "99999"}, {"day_0": "31", "day_1": "2"}])
def test_nonsense_is_refused_by_the_field(wrong, visitor):
    answer = visitor.post(PAGE, DAY | wrong)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["day"]
    assert not clock.is_moved()


def test_looking_moves_nothing(visitor):
    assert visitor.get(PAGE).status_code == 200
    assert visitor.get(PAGE + "back/").status_code == 405
    assert not clock.is_moved()


@pytest.mark.parametrize(("path", "method"), [(PAGE, "get"), (PAGE, "post"), (PAGE + "back/", "post")])
def test_page_does_not_exist_where_the_clock_must_not_move(path, method, visitor, settings):
    settings.MOVABLE_CLOCK = False

    assert getattr(visitor, method)(path, DAY if method == "post" else {}).status_code == 404


def test_stranger_signs_in_first(client):
    assert client.post(PAGE, DAY).status_code == 302
    assert not clock.is_moved()
