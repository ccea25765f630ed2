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


class GateState(models.TextChoices):
    """Where a gate's paper stands (framework 3.2). A return goes straight back to drafting; the round remembers it."""

    NOT_REQUIRED = "not_required", "Not begun"
    DRAFTING = "drafting", "Drafting"
    INPUT_ASKED = "input_asked", "Input asked for"
    SUBMITTED = "submitted", "Submitted"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    DEFERRED = "deferred", "Deferred"
    WAIVED = "waived", "Waived"
    SKIPPED_URGENT = "skipped_urgent", "Skipped as urgent"


GATE_SETTLED = (GateState.APPROVED, GateState.WAIVED, GateState.SKIPPED_URGENT)
GATE_IN_HAND = (GateState.DRAFTING, GateState.INPUT_ASKED)


class FeedbackState(models.TextChoices):
    """Where a message of the public stands."""

    NEW = "new", "New"
    ASSIGNED = "assigned", "Given to somebody"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class Outcome(models.TextChoices):
    """What somebody's view of a gate is, and what a round came to."""

    APPROVED = "approved", "Approved"
    WITH_CONDITIONS = "with_conditions", "Approved with conditions"
    RETURNED = "returned", "Returned for changes"
    REFUSED = "refused", "Refused"
    DEFERRED = "deferred", "Deferred"
    TAKEN_BACK = "taken_back", "Taken back"


PASSES = (Outcome.APPROVED, Outcome.WITH_CONDITIONS)
