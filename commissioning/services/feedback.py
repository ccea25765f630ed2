"""Taking in what the public says, and what follows each step with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from casework.audit import audited, record
from casework.deadlines import Due, due
from casework.lifecycle import effect_of
from casework.services import outbox
from casework.services.cases import keep_right, open_case
from casework.services.deadlines import finish_deadline, put
from commissioning.models import FeedbackChannel, PublicFeedback
from commissioning.states import FeedbackState
from organisation import clock
from organisation.actors import Actor, System
from organisation.formatting import day
from organisation.models import Person, ServiceArea
from organisation.working_days import add_working_days, holidays_of

KIND, KEY = "public_feedback", "answer"


def receive(
    channel: FeedbackChannel,
    *,
    topic: str,
    words: str,
    name: str = "",
    email: str = "",
    act_id: uuid.UUID | None = None,
) -> PublicFeedback:
    """Keep one message of the public, open its file, and set the day by which it is answered.

    The file and the history tell the topic, never who wrote or what. ``act_id`` makes a form that is sent twice count
    once.
    """
    by = System(because="Somebody sent the public feedback form")
    with audited(by=by, act_id=act_id, verb="publicfeedback.receive", subject=str(channel.organisation_id)):
        now, today = clock.now(), clock.today()
        case = open_case(
            kind="feedback",
            prefix="FBK",
            organisation=channel.organisation,
            service_area=None,
            title=f"Public feedback: {PublicFeedback.Topic(topic).label}",
            holder=None,
            state=FeedbackState.NEW,
        )
        made = PublicFeedback.objects.create(
            case_file=case,
            topic=topic,
            words=words,
            name=name,
            email=email,
            received_at=now,
            answer_by=add_working_days(today, channel.answer_within, holidays_of("england")),
        )
        keep_right(case, path=made.get_absolute_url())
        record(verb="publicfeedback.receive", subject=made, changes={"topic": made.get_topic_display()})
        put(_due_of(made))
        return made


def answers_due() -> Iterator[Due]:
    """Every message that waits for an answer, for the nightly proof."""
    rows = PublicFeedback.objects.filter(state__in=[FeedbackState.NEW, FeedbackState.ASSIGNED])
    for row in rows.select_related("case_file__holder").order_by("pk").iterator(chunk_size=500):
        yield _due_of(row)


@effect_of(PublicFeedback, "assign")
def _assigned(
    feedback: PublicFeedback,
    *,
    by: Actor,
    note: str,
    assignee: Person | None = None,
    area: ServiceArea | None = None,
    **_: Any,
) -> None:
    """The file has a holder and an area, the deadline goes along, and the new holder is told."""
    case = feedback.case_file
    keep_right(case, state=feedback.state, holder=assignee, service_area=area or case.service_area)
    put(_due_of(feedback))
    if assignee is not None and assignee != by:
        outbox.post(
            assignee,
            kind="feedback_assigned",
            subject=f"Answer {case.reference} by {day(feedback.answer_by)}",
            body=(
                f"Feedback from the public was given to you. It is to be answered by {day(feedback.answer_by)}.\n\n"
                f"{settings.SITE_URL}{case.path}\n\nIf you do nothing it shows as late, and your manager is told.\n"
            ),
            case_file=case,
        )


@effect_of(PublicFeedback, "answer")
def _answered(feedback: PublicFeedback, *, by: Actor, note: str, **_: Any) -> None:
    """Nobody is reminded any more; the answer goes to the address that was left."""
    case = feedback.case_file
    keep_right(case, state=feedback.state)
    finish_deadline(case, KIND, KEY)
    if feedback.email:
        greeting = f"Dear {feedback.name}," if feedback.name else "Hello,"
        outbox.post_outside(
            feedback.email,
            kind="feedback_answer",
            subject=f"Your feedback to {case.organisation.name}, {case.reference}",
            body=f"{greeting}\n\nThank you for your feedback of {day(feedback.received_at)}.\n\n"
            f"{feedback.answer_words}\n\n{case.organisation.name}\n",
            case_file=case,
        )


@effect_of(PublicFeedback, "close")
def _closed(feedback: PublicFeedback, *, by: Actor, note: str, **_: Any) -> None:
    """It leaves the list."""
    keep_right(feedback.case_file, state=feedback.state, is_open=False)
    finish_deadline(feedback.case_file, KIND, KEY)


def _due_of(feedback: PublicFeedback) -> Due:
    return due(
        feedback.case_file,
        KIND,
        KEY,
        due_on=feedback.answer_by,
        title="Answer feedback from the public",
        path=feedback.get_absolute_url(),
        holder=feedback.case_file.holder,
    )
