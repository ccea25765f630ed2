"""What the public says: one record a message, taken from arrival to its end."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField

from casework.blockers import Blocker
from casework.lifecycle import Lifecycle, verb
from casework.models import CaseFile
from casework.querysets import CaseRecordQuerySet
from commissioning.states import FeedbackState
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea
from organisation.roles import Role
from organisation.standing import standing_of

WORKERS = (
    *(Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.SERVICE_LEADER),
    *(Role.CCPS_OFFICER, Role.CCPS_MANAGER),
)


class FeedbackChannel(models.Model):
    """One council's public form: whether it is open, and within how many working days it promises an answer."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="feedback_channel")
    is_open = models.BooleanField("open to the public", default=True)
    answer_within = models.PositiveSmallIntegerField("working days to answer", default=10)
    privacy_url = models.URLField("address of the council's privacy notice", blank=True)

    def __str__(self) -> str:
        return f"Public feedback to {self.organisation}"


class PublicFeedbackQuerySet(CaseRecordQuerySet):
    """Questions asked of the public's messages."""

    def workable_by(self, person: Person) -> PublicFeedbackQuerySet:
        """Those of the areas where somebody works on feedback; what has no area yet is everyone's who works there."""
        mine = Q(pk__in=())
        for held in standing_of(person).roles_held:
            if held.role in WORKERS:
                here = Q(case_file__organisation_id=held.organisation_id)
                if held.service_area_id is not None:
                    here &= Q(case_file__service_area=None) | Q(case_file__service_area_id=held.service_area_id)
                mine |= here
        return self.visible_to(person).filter(mine)


def _somebody_answers(feedback: PublicFeedback, inputs: Any) -> list[Blocker]:
    if "assignee" in inputs and inputs["assignee"] is None:
        return [Blocker("assignee", "Person: not chosen", anchor="id_assignee")]
    return []


def _something_is_said(feedback: PublicFeedback, inputs: Any) -> list[Blocker]:
    if "words" in inputs and not str(inputs["words"]).strip():
        return [Blocker("words", "Answer: not written", anchor="id_words")]
    return []


class PublicFeedback(Lifecycle):
    """One message from outside. Who wrote stands here alone: never on the file, in the history or in a search.

    ``email`` is there only if the writer wants an answer by it and agreed that it is kept for that.
    """

    class Topic(models.TextChoices):
        """What it is about, as the writer says."""

        SERVICE = "service", "A service that the council buys"
        TENDER = "tender", "How the council buys: tenders and contracts"
        PLAN = "plan", "A plan to start, change or end a service"
        OTHER = "other", "Something else"

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="public_feedback")
    state = FSMField(default=FeedbackState.NEW, choices=FeedbackState.choices, protected=True)
    topic = models.CharField(max_length=10, choices=Topic.choices)
    words = models.TextField()
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    received_at = models.DateTimeField()
    answer_by = models.DateField()
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    #: Read with the row by the door, because the effects need them.
    door_reads = ("case_file__organisation", "case_file__holder")
    audited_changes: dict[str, Any] | None = None

    objects: ClassVar[Any] = PublicFeedbackQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "-received_at"], name="feedback_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer_words=""), name="answered_feedback_has_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_file)

    def get_absolute_url(self) -> str:
        """Its page, for staff."""
        return reverse("commissioning:feedback_item", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to answer or close it."""
        return self.state in (FeedbackState.NEW, FeedbackState.ASSIGNED)

    def days_open(self, today: date | None = None) -> int:
        """Calendar days from arrival to the answer, the end, or today."""
        end = self.answered_at or self.closed_at
        last = end.astimezone(clock.LONDON).date() if end else today or clock.today()
        return (last - self.received_at.astimezone(clock.LONDON).date()).days

    @verb(
        state,
        source=[FeedbackState.NEW, FeedbackState.ASSIGNED],
        target=FeedbackState.ASSIGNED,
        label="Give it to somebody",
        done="gave this to somebody",
        act="feedback.work",
        guard=_somebody_answers,
    )
    def assign(self, *, assignee: Person | None = None, area: ServiceArea | None = None, **_: Any) -> None:
        """Say who sees to it, and which service area it concerns."""
        self.audited_changes = {
            "assignee_id": [self.case_file.holder_id, assignee.pk if assignee else None],
            "service area": area.name if area else "",
        }

    @verb(
        state,
        source=[FeedbackState.NEW, FeedbackState.ASSIGNED],
        target=FeedbackState.ANSWERED,
        label="Answer",
        done="answered this",
        act="feedback.work",
        guard=_something_is_said,
        explains="If the writer left an address, the answer goes there by email, in these words.",
    )
    def answer(self, *, by: Any, words: str = "", **_: Any) -> None:
        """Answer it. The words stay here; the trail keeps only that there was an answer."""
        self.answer_words, self.answered_at = words, clock.now()
        self.answered_by = by if isinstance(by, Person) else None

    @verb(
        state,
        source=[FeedbackState.NEW, FeedbackState.ASSIGNED, FeedbackState.ANSWERED],
        target=FeedbackState.CLOSED,
        label="Close",
        done="closed this",
        act="feedback.work",
        asks_reason=True,
        explains="It leaves the list, and the writer’s name and address are erased. Say what came of it, without "
        "naming the writer.",
    )
    def close(self, **_: Any) -> None:
        """Nothing more is done about it. Who wrote is forgotten, as the form promises."""
        self.closed_at = clock.now()
        self.name = self.email = ""
