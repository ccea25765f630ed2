"""Two people, or one person twice, at the same instant: with real threads, counting the effects."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from organisation import change_log
from organisation.models import Cover
from organisation.services.cover import CoverOverlaps, end_cover, set_cover
from tests.factories import organisation as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

FIRST, LAST = date(2027, 1, 4), date(2027, 1, 8)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread of its own, all let go together, and return what each gave or raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=10)
            results[place] = acts[place]()
        except Exception as raised:  # noqa: BLE001 - whatever it was is the result
            results[place] = raised
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    caught: list[tuple] = []
    monkeypatch.setattr(change_log, "_writer", lambda *one: caught.append(one))
    return caught


def test_two_deputies_for_the_same_days_at_once_make_one_cover(told):
    organisation = make.organisation()
    absent, *deputies = [make.person(at=organisation) for _ in range(3)]

    results = at_once(
        *(lambda one=one: set_cover(by=absent, deputy=one, starts_on=FIRST, ends_on=LAST) for one in deputies)
    )

    assert Cover.objects.count() == 1
    assert {type(result) for result in results} == {Cover, CoverOverlaps}
    assert len(told) == 1


def test_the_same_cover_twice_at_once_is_one_cover(told):
    organisation = make.organisation()
    absent, deputy = make.person(at=organisation), make.person(at=organisation)

    results = at_once(*[lambda: set_cover(by=absent, deputy=deputy, starts_on=FIRST, ends_on=LAST)] * 2)

    assert results[0] == results[1] == Cover.objects.get()
    assert len(told) == 1


def test_cover_ended_twice_at_once_is_told_once(told):
    organisation = make.organisation()
    absent, deputy = make.person(at=organisation), make.person(at=organisation)
    cover = make.cover(absent, deputy)

    results = at_once(*[lambda: end_cover(by=absent, cover=cover)] * 2)

    assert sorted(results) == [False, True]
    assert len(told) == 1
