"""What falls due follows the facts: a queue item's clock, whoever holds it, a pause, its end."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from casework import door
from casework.models import Deadline, WorkItem
from casework.services import deadlines, work_items
from organisation import clock
from tests.factories import casework as make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _monday() -> None:
    clock.move_to(MONDAY)


def of(item: WorkItem) -> tuple[Any, ...]:
    row = Deadline.objects.get(key=str(item.pk))
    return row.kind, row.due_on, row.holder, row.is_paused, row.done_at is not None


def test_queue_item_is_a_deadline_until_it_is_answered(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    item = make.item(case)
    assert of(item) == ("legal_item", date(2026, 3, 16), None, False, False)

    door.carry_out(item, "assign", by=alder.hal, assignee=alder.nina)
    assert of(item) == ("legal_item", date(2026, 3, 16), alder.nina, False, False)
    work_items.give_more_time(item, new_due=date(2026, 3, 20), reason="Leave", by=alder.nina)
    assert of(item) == ("legal_item", date(2026, 3, 20), alder.nina, False, False)
    door.carry_out(item, "ask", by=alder.nina, text="Which lots?")
    assert of(item)[2:] == (alder.priya, True, False)
    clock.move_to(date(2026, 3, 9))
    door.carry_out(item, "reply", by=alder.priya, text="All four")
    assert of(item) == ("legal_item", date(2026, 3, 27), alder.nina, False, False)
    assert Deadline.objects.get().set_on == date(2026, 3, 9)
    door.carry_out(item, "respond", by=alder.nina, answer="agreed")
    assert of(item)[3:] == (False, True)


def test_question_that_does_not_stop_the_clock_is_the_requesters_to_answer(alder: SimpleNamespace) -> None:
    item = make.item(make.case_file(holder=alder.priya), question_effect="none")

    door.carry_out(item, "ask", by=alder.hal, text="Which lots?")

    assert of(item) == ("legal_item", date(2026, 3, 16), alder.priya, False, False)


def test_item_leads_to_the_page_where_it_is_done(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    here = make.item(case, path="/somewhere/")
    elsewhere = make.item(case, queue_key="ccps", kind="procurement_request", path="/requests/7/")

    paths = dict(Deadline.objects.values_list("key", "path"))
    assert paths == {str(here.pk): f"/work/{here.pk}/", str(elsewhere.pk): "/requests/7/"}


def test_item_without_a_clock_is_no_deadline(alder: SimpleNamespace) -> None:
    make.item(make.case_file(holder=alder.priya), allowance=None)

    assert not Deadline.objects.exists()


def test_acts_on_items_keep_their_budget(alder: SimpleNamespace, queries_of: Any) -> None:
    item = make.item(make.case_file(holder=alder.priya))
    acts = [
        ("assign", alder.hal, {"assignee": alder.nina}),
        ("ask", alder.nina, {"text": "Which lots?"}),
        ("reply", alder.priya, {"text": "All"}),
        ("respond", alder.nina, {"answer": "agreed", "text": "Fine"}),
    ]

    for verb, by, inputs in acts:
        cost = queries_of(lambda verb=verb, by=by, inputs=inputs: door.carry_out(item, verb, by=by, **inputs))
        assert len(cost) <= 12, (verb, cost)


def test_date_can_be_set_again_moved_and_finished(alder: SimpleNamespace, queries_of: Any) -> None:
    case = make.case_file(holder=alder.priya)

    def due(on: date) -> None:
        deadlines.set_deadline(case, "lesson", "7", due_on=on, holder=alder.priya, title="Share the lesson")

    assert len(queries_of(lambda: due(date(2026, 5, 1)))) == 2
    clock.move_to(MONDAY + timedelta(days=1))
    assert len(queries_of(lambda: due(date(2026, 5, 1)))) == 1
    row = Deadline.objects.get()
    assert (row.due_on, row.since, row.set_on) == (date(2026, 5, 1), MONDAY, MONDAY)
    due(date(2026, 6, 1))
    row.refresh_from_db()
    assert (row.due_on, row.since, row.set_on) == (date(2026, 6, 1), MONDAY, MONDAY + timedelta(days=1))
    assert deadlines.finish_deadline(case, "lesson", "7") == 1
    assert deadlines.finish_deadline(case, "lesson", "7") == 0
    due(date(2026, 6, 1))
    assert Deadline.objects.running().count() == 1
    assert deadlines.finish_all(case) == 1
