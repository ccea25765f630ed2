from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from organisation import clock
from organisation.models import Cover, Person
from organisation.roles import Role
from organisation.services.cover import CoverOverlaps, end_cover, set_cover
from organisation.standing import covered_by
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
PAGE = "/account/cover/"


@pytest.fixture(autouse=True)
def _today():
    clock.move_to(TODAY)


@pytest.fixture
def absent() -> Person:
    return make.person(Role.COMMISSIONER, name="Priya Shah")


@pytest.fixture
def deputy(absent) -> Person:
    return make.person(Role.COMMISSIONER, at=absent.organisation, name="Tom Hesketh", team="Home care")


@pytest.fixture
def visitor(absent, enter) -> Client:
    return enter(absent)


def sent(deputy: Person, /, first: date = TODAY, last: date = TODAY + timedelta(7), **more) -> dict:
    days = {"starts_on": first, "ends_on": last}
    boxes = {f"{name}_{n}": part for name, day in days.items() for n, part in enumerate([day.day, day.month, day.year])}
    return {"deputy": deputy.pk, "note": "Back on Monday", **boxes} | more


def test_cover_is_set_and_told(visitor, absent, deputy, changes):
    answer = visitor.post(PAGE, sent(deputy), follow=True)

    cover = Cover.objects.get()
    assert (cover.absent, cover.deputy, cover.starts_on, cover.ends_on) == (absent, deputy, TODAY, date(2026, 11, 27))
    assert cover.note == "Back on Monday"
    assert changes == [
        (
            absent,
            "cover_set",
            cover,
            {"deputy": [None, "Tom Hesketh"], "starts_on": [None, "2026-11-20"], "ends_on": [None, "2026-11-27"]},
        )
    ]
    assert covered_by(deputy) == (absent,)
    assert "Tom Hesketh covers for you from 20 November 2026." in answer.content.decode()
    assert "20 November 2026 to 27 November 2026" in answer.content.decode()


def test_same_form_sent_twice_sets_cover_once(visitor, deputy, changes):
    visitor.post(PAGE, sent(deputy))
    visitor.post(PAGE, sent(deputy))

    assert Cover.objects.count() == 1
    assert len(changes) == 1


def test_days_already_covered_are_refused_with_what_to_do(visitor, absent, deputy, changes):
    make.cover(absent, deputy, starts_on=TODAY, ends_on=TODAY + timedelta(3))
    other = make.person(at=absent.organisation)

    answer = visitor.post(PAGE, sent(other))

    assert answer.status_code == 200
    assert "End that cover first" in answer.context["form"].errors["starts_on"][0]
    assert "Back on Monday" in answer.content.decode()
    assert Cover.objects.count() == 1
    assert changes == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on_0": 19}, "ends_on"),
        ({"ends_on_0": 31, "ends_on_1": 2}, "ends_on"),
        ({"starts_on_0": 19}, "starts_on"),
        ({"starts_on_0": ""}, "starts_on"),
        ({"deputy": ""}, "deputy"),
        ({"deputy": "x"}, "deputy"),
        ({"deputy": "999999999999999999999999"}, "deputy"),
        ({"note": "x" * 1_000_000}, "note"),
    ],
)
def test_nonsense_is_refused_by_the_field(wrong, field, visitor, deputy, changes):
    answer = visitor.post(PAGE, sent(deputy, **wrong))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Cover.objects.count() == 0


def test_null_bytes_do_no_harm(visitor, deputy, changes):
    visitor.post(PAGE, sent(deputy, note="Back\x00 soon"))

    assert Cover.objects.get().note == "Back soon"


@pytest.mark.parametrize("who", ["self", "stranger", "disabled"])
def test_only_active_colleagues_can_be_chosen(who, visitor, absent, deputy, changes):
    chosen = {
        "self": absent,
        "stranger": make.person(Role.COMMISSIONER),
        "disabled": make.person(at=absent.organisation, is_active=False),
    }[who]

    answer = visitor.post(PAGE, sent(chosen))

    assert "deputy" in answer.context["form"].errors
    assert set(answer.context["form"].fields["deputy"].queryset) == {deputy}
    assert Cover.objects.count() == 0


@pytest.mark.parametrize(("first", "last"), [(-3, 4), (2, 9)])
def test_cover_is_ended_at_once_and_told(first, last, visitor, absent, deputy, changes):
    cover = make.cover(absent, deputy, starts_on=TODAY + timedelta(first), ends_on=TODAY + timedelta(last))

    answer = visitor.post(reverse("organisation:end_cover", args=[cover.pk]), follow=True)

    cover.refresh_from_db()
    assert cover.ended_on == TODAY
    assert cover.ends_on == TODAY + timedelta(last)
    assert covered_by(deputy) == ()
    assert changes == [(absent, "cover_ended", cover, {"ended_on": [None, "2026-11-20"]})]
    assert "Tom Hesketh no longer covers for you." in answer.content.decode()
    assert "Nobody covers for you now" in answer.content.decode()


def test_cover_is_ended_once(visitor, absent, deputy, changes):
    cover = make.cover(absent, deputy)
    for _ in range(2):
        answer = visitor.post(reverse("organisation:end_cover", args=[cover.pk]), follow=True)

    assert "had ended already" in answer.content.decode()
    assert len(changes) == 1


def test_somebody_else_s_cover_does_not_exist_here(visitor, absent, deputy, changes):
    cover = make.cover(deputy, absent)

    assert visitor.post(reverse("organisation:end_cover", args=[cover.pk])).status_code == 404
    assert visitor.get(reverse("organisation:end_cover", args=[cover.pk])).status_code == 405
    cover.refresh_from_db()
    assert cover.ended_on is None


def test_days_freed_by_ending_can_be_covered_again(absent, deputy, changes):
    first = set_cover(by=absent, deputy=deputy, starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(CoverOverlaps):
        set_cover(by=absent, deputy=deputy, starts_on=TODAY, ends_on=TODAY + timedelta(1))
    assert end_cover(by=absent, cover=first)

    again = set_cover(by=absent, deputy=deputy, starts_on=TODAY, ends_on=TODAY + timedelta(1))

    assert covered_by(deputy) == (absent,)
    assert again.pk != first.pk


def test_stranger_signs_in_first(client):
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {}).status_code == 302


def test_page_asks_the_same_number_of_statements_whatever_the_rows(
    visitor, absent, deputy, django_assert_max_num_queries
):
    visitor.get(PAGE)
    counts = []
    for n in range(2):
        # session, person and memberships, and at most 8 more
        with django_assert_max_num_queries(11) as counted:
            visitor.get(PAGE)
        counts.append(len(counted.captured_queries))
        for days in range(3):
            other = make.person(Role.LEGAL, at=absent.organisation)
            make.cover(absent, other, starts_on=date(2027, n + 1, days + 1), ends_on=date(2027, n + 1, days + 1))

    assert counts[0] == counts[1]
