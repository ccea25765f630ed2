"""When people are reminded of a deadline, and every reminder that was made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casework.models.deadline import Deadline
from casework.models.rules import Unit
from organisation.models import CommissioningFramework, Person
from organisation.roles import Role


class ReminderPolicy(models.Model):
    """One step of reminding about one kind of deadline; what a framework's administrators change.

    The step falls ``offset`` units from the due date, or from the day somebody began to wait; a negative offset lies
    before. With ``repeat_every`` it comes again until the deadline is done. A step on a day that is no working day
    waits for the next one. ``to_holder`` reaches whoever covers for the holder too, while they are away;
    ``to_manager`` is the queue's manager role, or the service leaders of the case's area where no queue has it.
    """

    class CountedFrom(models.TextChoices):
        """The day from which a step counts."""

        DUE = "due", "the due date"
        SINCE = "since", "the day it began to wait"

    class Steps(models.TextChoices):
        """What offsets and repeats are counted in."""

        CALENDAR_DAYS = Unit.CALENDAR_DAYS.value, "calendar days"
        WORKING_DAYS = Unit.WORKING_DAYS.value, "working days"
        MONTHS = Unit.MONTHS.value, "months"

    class Topic(models.TextChoices):
        """How the people reminded may have it: decisions cannot be switched off."""

        DECIDE = "reminder_decide", "A decision they are asked for"
        DO = "reminder_do", "Something they owe"
        WATCH = "reminder_watch", "Something they watch over"

    framework = models.ForeignKey(CommissioningFramework, on_delete=models.PROTECT, related_name="reminder_policies")
    kind = models.SlugField("kind of deadline", max_length=40)
    step = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)
    counted_from = models.CharField(max_length=10, choices=CountedFrom.choices, default=CountedFrom.DUE)
    offset = models.SmallIntegerField(help_text="Before the date it counts from when negative; 0 is the day itself.")
    unit = models.CharField(max_length=20, choices=Steps.choices, default=Steps.WORKING_DAYS)
    repeat_every = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Leave empty for a step that comes once."
    )
    repeat_unit = models.CharField(max_length=20, choices=Steps.choices, blank=True)
    to_holder = models.BooleanField("to whoever owes it, and their cover", default=True)
    to_manager = models.BooleanField("to the manager", default=False)
    to_requester = models.BooleanField("to whoever asked for it", default=False)
    to_role = models.CharField("to everybody with a role", max_length=30, choices=Role.choices, blank=True)
    topic = models.CharField(max_length=30, choices=Topic.choices, default=Topic.DO)
    by_mail = models.BooleanField("by email as well as in Gatehouse", default=True)
    otherwise = models.CharField(
        "what happens if they do nothing", max_length=300, blank=True, help_text="A sentence that stands in the email."
    )
    source = models.CharField(max_length=150, blank=True)
    is_on = models.BooleanField("in use", default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "reminder step"
        constraints = [
            models.UniqueConstraint(fields=["framework", "kind", "step"], name="one_reminder_step_per_kind"),
            models.CheckConstraint(
                condition=Q(repeat_every__isnull=True, repeat_unit="")
                | (Q(repeat_every__gt=0) & Q(repeat_unit__in=["calendar_days", "working_days"])),
                name="reminder_repeat_has_unit",
                violation_error_message="Give both how often it comes again and in which days, or neither",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """That one person was reminded of one step of one deadline. The sweep adds these rows; nothing changes them."""

    class Why(models.IntegerChoices):
        """As what somebody is told; the first that is true of them counts."""

        HOLDER = 1, "This is yours to do."
        COVER = 2, "You cover for the person who has to do this."
        REQUESTER = 3, "You asked for this."
        ROLE = 4, "Your role is told of this."
        MANAGER = 5, "You answer for the people who do this."
        NOBODY = 6, "Nobody holds this yet, so you are told."

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reminders")
    policy = models.ForeignKey(ReminderPolicy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    occurs_on = models.DateField()
    due_on = models.DateField()
    why = models.PositiveSmallIntegerField(choices=Why.choices)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "policy", "occurs_on", "person"], name="nobody_reminded_twice_of_a_step"
            ),
        ]
        indexes = [models.Index(fields=["made_on", "id"], name="reminder_made")]

    def __str__(self) -> str:
        return f"{self.person} reminded of {self.deadline}"


class Sweep(models.Model):
    """A day on which the reminders were swept to the end: where the next sweep takes up."""

    day = models.DateField(unique=True)
    swept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Reminders of {self.day:%Y-%m-%d}"
