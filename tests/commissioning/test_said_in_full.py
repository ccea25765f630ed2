"""What lists and the history say of a commission is whole: the acts of an authority, the day it is needed, clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.test import Client

from casework.models import WorkItem
from casework.presenters.clock_face import deadline_of, face_of
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def test_history_names_every_act_that_an_authority_covers(alder: Alder, sign_in: SignIn) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)
    make.with_authority(commission, may_award=False)

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/history/").content.decode()

    assert "to commission and procure" in page


def test_queue_shows_the_day_the_commission_is_needed_by_and_counts_days_of_one_name(
    alder: Alder, sign_in: SignIn
) -> None:
    made = steps.in_analyse(alder, value=640_000, needed_by=date(2028, 4, 3))
    item = WorkItem.objects.get(case_file=made.case_file, kind="early_notice")
    assert item.needed_by is None
    ccps = sign_in(alder.by_role[Role.CCPS_OFFICER])

    (row,) = [row for row in ccps.get("/queues/ccps/").context["rows"] if row.pk == item.pk]

    assert row.needed_by == "3 Apr 2028"
    assert row.clock.words == "5 of 5 working days left"
    item.unit, item.allowance, item.due_on = "calendar_days", 7, TODAY + timedelta(days=7)
    assert face_of(item).words == "7 of 7 calendar days left"


def test_clock_that_ends_on_a_day_without_work_says_so_and_by_when_to_answer(alder: Alder) -> None:
    friday = TODAY + timedelta(days=(4 - TODAY.weekday()) % 7 + 7)
    item = WorkItem(state="open", allowance=30, unit="calendar_days", due_on=friday)
    assert "Saturday" not in face_of(item).due

    item.due_on = friday + timedelta(days=1)

    face = face_of(item)
    assert face.due.endswith(", a Saturday")
    block = deadline_of(item, face)
    assert block is not None
    assert f"Not a working day: answer by {friday.day} " in block["words"]
