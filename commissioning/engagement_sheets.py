"""The engagement log as a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from casework.blockers import Blocker
from commissioning.activity_notes import Line, Note, register_notes
from commissioning.forms.engagement import EngagementForm
from commissioning.forms.outreach import CommunicationForm
from commissioning.models.activity import CommissionActivity
from commissioning.models.engagement import Engagement
from commissioning.models.outreach import Communication
from commissioning.services import engagement
from commissioning.sheets import Column, Sheet, Sum, register_check, register_sheet
from organisation import clock
from organisation.formatting import day
from organisation.models import Person

RESIDENTS = "resident_engagement"


def _when(row: Engagement) -> str:
    return f"{day(row.takes_place_on)}, {row.get_standing_is_display().lower()}"


def _notice(row: Engagement) -> str:
    if not row.is_market:
        return ""
    if row.notice_on:
        return f"{row.notice_reference}, {day(row.notice_on)}"
    return f"No notice: {row.no_notice_reason}" if row.no_notice_reason else "No notice entered"


ENGAGEMENT = Sheet(
    key=Engagement.SHEET,
    title="Engagement log",
    one="an entry",
    model=Engagement,
    form=EngagementForm,
    permission="activity.write",
    on_saved=engagement.entry_saved,
    home="commissioning:engagement",
    beside=("Engagement by stage", "commissioning:engagement"),
    intro="Who was asked at each stage, what the council told them, what it heard, and what changed.",
    empty="Nobody is entered yet.",
    rank=("takes_place_on", "pk"),
    columns=(
        Column("What", lambda row: row.title),
        Column("Stage", lambda row: str(row.get_stage_display())),
        Column("Who", lambda row: str(row.get_group_display())),
        Column("Type", lambda row: str(row.get_kind_display())),
        Column("When", _when),
        Column("Who came", lambda row: row.attendees),
        Column("We told them", lambda row: row.told),
        Column("We heard", lambda row: row.heard),
        Column("Interest shown", lambda row: row.interest),
        Column("What changed", lambda row: row.changed),
        Column("Took part", lambda row: "" if row.took_part is None else f"{row.took_part:,}", is_number=True),
        Column("Notice", _notice),
    ),
)


def _sent(row: Communication) -> str:
    if row.sent_on:
        return day(row.sent_on)
    return "Not sent, and its day has passed" if row.planned_on < clock.today() else "Planned"


def _sums(rows: Sequence[Communication]) -> Sequence[Sum]:
    sent = sum(1 for row in rows if row.sent_on)
    return (Sum("Sent", f"{sent}"), Sum("Still planned", f"{len(rows) - sent}"))


COMMUNICATIONS = Sheet(
    key="communications",
    title="Communications",
    one="a message",
    model=Communication,
    form=CommunicationForm,
    permission="activity.write",
    beside=("Engagement by stage", "commissioning:engagement"),
    intro="What suppliers and the community are told, when it is planned and when it was sent.",
    empty="No message is planned yet.",
    rank=("planned_on", "pk"),
    sums=_sums,
    columns=(
        Column("Message", lambda row: row.message),
        Column("For", lambda row: str(row.get_audience_display())),
        Column("How", lambda row: str(row.get_channel_display())),
        Column("Planned", lambda row: day(row.planned_on)),
        Column("Sent", _sent),
        Column("What came of it", lambda row: row.outcome),
    ),
)


def internal_users_are_asked(activity: CommissionActivity) -> Sequence[Blocker]:
    """Where only staff use it, the activity is done once internal users were asked in the place of residents."""
    if not activity.commission.is_internal_use:
        return []
    asked = Engagement.objects.held().filter(commission=activity.commission_id, group=Engagement.Group.INTERNAL)
    if asked.exists():
        return []
    words = "Internal users: nothing held with them is in the engagement log"
    return [Blocker("internal_users", words, "commissioning:engagement", (activity.commission_id,))]


def note_on_internal_use(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """Say whom to ask where only staff use it."""
    if not activity.commission.is_internal_use:
        return []
    words = "Only staff use this, so ask internal users in the place of residents, and add what they say to the log."
    line = Line("Go to the engagement log", reverse("commissioning:engagement", args=[activity.commission_id]))
    return [Note("Internal use: ask internal users", words, (line,), is_warning=True)]


def register_own() -> None:
    """Register the log, the messages that go out, and what internal use asks of resident engagement."""
    register_sheet(ENGAGEMENT)
    register_check(RESIDENTS, internal_users_are_asked)
    register_notes(RESIDENTS, note_on_internal_use)
    register_sheet(COMMUNICATIONS)
