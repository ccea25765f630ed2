"""The states of the records of this room. Labels a council may want to change are data; these words are fixed."""

from django.db import models


class CommissionState(models.TextChoices):
    """Where a commission is in its cycle (framework 3.1)."""

    DRAFT = "draft", "Draft"
    ANALYSE = "analyse", "Analyse"
    PLAN = "plan", "Plan"
    SECURE = "secure", "Secure Services"
    REVIEW = "review", "Review"
    CLOSED = "closed", "Closed"
    STOPPED = "stopped", "Stopped"
    ON_HOLD = "on_hold", "On hold"


STAGES = (CommissionState.ANALYSE, CommissionState.PLAN, CommissionState.SECURE, CommissionState.REVIEW)
MOVING = (CommissionState.DRAFT, *STAGES)
ENDED = (CommissionState.CLOSED, CommissionState.STOPPED)


class ActivityState(models.TextChoices):
    """Where one activity of the plan stands (framework 3.2)."""

    PROPOSED = "proposed", "Proposed"
    RELEVANT = "relevant", "Not yet started"
    NOT_RELEVANT = "not_relevant", "Not needed"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Completed"
    SKIPPED_URGENT = "skipped_urgent", "Skipped as urgent"


ACTIVITY_OUTSTANDING = (ActivityState.RELEVANT, ActivityState.IN_PROGRESS)


class SpecificationState(models.TextChoices):
    """Where a specification stands; an edit after sign-off makes a new drafting version."""

    DRAFTING = "drafting", "Drafting"
    IN_REVIEW = "in_review", "In review"
    SIGNED_OFF = "signed_off", "Signed off"
    SUPERSEDED = "superseded", "Superseded"
