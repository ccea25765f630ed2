"""Administrators change when people are reminded, and the trail holds what they changed."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import AuditEvent, ReminderPolicy
from casework.services import deadlines, outbox
from casework.services.reminders import sweep
from organisation import clock
from organisation.roles import Role
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("N-340")
def test_step_is_changed_by_the_frameworks_administrators_alone(db: None) -> None:
    council = make.council()
    ada = people.person(Role.ADMINISTRATOR, at=council, name="Ada Admin")
    step = ReminderPolicy.objects.get(framework=council.framework, kind="lesson", step="overdue")
    page = reverse("admin:casework_reminderpolicy_change", args=[step.pk])
    client = Client()
    client.force_login(ada)
    form = {
        "name": step.name,
        "is_on": "on",
        "counted_from": "due",
        "offset": "3",
        "unit": "working_days",
        "repeat_every": "14",
        "repeat_unit": "calendar_days",
        "to_holder": "on",
        "topic": step.topic,
        "by_mail": "on",
        "order": step.order,
        "otherwise": step.otherwise,
        "source": step.source,
    }

    shown = client.get(page).content.decode()
    assert "Lesson: overdue, every week" in shown
    refused = client.post(page, form | {"repeat_unit": ""})
    assert "Give both how often it comes again and in which days, or neither" in refused.content.decode()
    assert client.post(page, form).status_code == 302

    step.refresh_from_db()
    assert (step.offset, step.repeat_every) == (3, 14)
    event = AuditEvent.objects.get(verb="changed", subject_kind="casework.reminderpolicy")
    assert event.changes["offset"] == ["5", "3"]
    stranger = Client()
    stranger.force_login(people.person(Role.ADMINISTRATOR, at=make.council(), name="Eve Elsewhere"))
    assert stranger.get(page).status_code in (302, 404)


@pytest.mark.requirement("N-340")
def test_log_shows_each_reminder_of_ones_own_organisation(alder: SimpleNamespace) -> None:
    people.calendars()
    clock.move_to(date(2026, 3, 2))
    case = make.case_file(holder=alder.priya)
    deadlines.set_deadline(case, "lesson", "1", due_on=date(2026, 3, 5), holder=alder.priya, title="Share the lesson")
    clock.move_to(date(2026, 3, 5))
    sweep(date(2026, 3, 5))
    outbox.send_waiting()
    page = reverse("admin:casework_reminder_changelist")

    walled = people.person(Role.ADMINISTRATOR, at=alder.council)
    make.wall(case, walled)
    own, other = (people.person(Role.ADMINISTRATOR, at=council) for council in (alder.council, alder.other))
    for reader, is_shown in ((own, True), (other, False), (walled, False)):
        client = Client()
        client.force_login(reader)
        shown = client.get(page).content.decode()
        assert (f"{case.reference}: Share the lesson" in shown) is is_shown
        assert ("Sent 5 March 2026, 9:30am" in shown) is is_shown
