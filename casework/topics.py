"""What mail is about, in the few topics that people choose by. A room registers the kinds of message it writes::

register_message_kind("gate_submitted", DECIDE)
"""

from __future__ import annotations

from dataclasses import dataclass

from casework.models import MailPreference, OutboxMessage, ReminderPolicy

Way = MailPreference.Way
DECIDE, ASKED, ANSWERS, DUE, WATCH, OTHER = "decide", "asked", "answers", "due", "watch", "other"


@dataclass(frozen=True)
class Topic:
    """One topic as the preferences page shows it."""

    key: str
    label: str
    explains: str
    can_be_off: bool = True


TOPICS = {
    topic.key: topic
    for topic in (
        Topic(DECIDE, "Decisions asked of you", "Gates and changes that wait for your decision.", can_be_off=False),
        Topic(ASKED, "Work given to you", "Something is given to you to answer, or a question is put to you."),
        Topic(ANSWERS, "Answers to you", "What you asked for is answered, or will come later."),
        Topic(DUE, "What you owe", "Reminders before and after the date of something you hold."),
        Topic(WATCH, "What others owe", "Reminders of late work that you manage or watch over."),
        Topic(OTHER, "Everything else", "Any other message of Gatehouse."),
    )
}

_topic_of: dict[str, str] = {}


def register_message_kind(kind: str, topic: str) -> None:
    """Say which topic the messages of a kind belong to; without this they are everything else."""
    if topic not in TOPICS:
        raise ValueError(f"{topic!r} is no topic of mail")
    _topic_of[kind] = topic


def topic_of(kind: str) -> Topic:
    """The topic of a kind of message."""
    return TOPICS[_topic_of.get(kind, OTHER)]


def way_for(message: OutboxMessage, chosen: dict[tuple[int, str], str]) -> str:
    """How the person of a message wants it; ``chosen`` holds the preferences of everybody concerned.

    Mail of no person, and mail that is no notification (a password), goes straight away.
    """
    if message.person_id is None or not message.is_notice:
        return Way.AT_ONCE
    topic = topic_of(message.kind)
    way = chosen.get((message.person_id, topic.key), Way.AT_ONCE)
    return Way.AT_ONCE if way == Way.OFF and not topic.can_be_off else way


def register_own() -> None:
    """Register the messages of this room."""
    register_message_kind(ReminderPolicy.Topic.DECIDE, DECIDE)
    register_message_kind(ReminderPolicy.Topic.DO, DUE)
    register_message_kind(ReminderPolicy.Topic.WATCH, WATCH)
    for kind, topic in (
        *(("item_assigned", ASKED), ("item_question", ASKED)),
        *(("item_reply", ANSWERS), ("item_answered", ANSWERS), ("item_more_time", ANSWERS)),
    ):
        register_message_kind(kind, topic)
