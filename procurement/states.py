"""The states of an exercise, and who runs one."""

from django.db import models


class ExerciseState(models.TextChoices):
    """Where an exercise stands (framework 3.2, "tender")."""

    PLANNED = "planned", "Planned"
    NOTICE_PUBLISHED = "notice_published", "Notice published"
    OPEN = "open", "Open for prices"
    EVALUATING = "evaluating", "Looked at again"
    DECIDED = "decided", "Decided"
    AWARDED = "awarded", "Awarded"
    ABANDONED = "abandoned", "Abandoned"


# From here on suppliers have been asked on one version of the specification.
ASKED = (
    ExerciseState.NOTICE_PUBLISHED,
    ExerciseState.OPEN,
    ExerciseState.EVALUATING,
    ExerciseState.DECIDED,
    ExerciseState.AWARDED,
)
# Prices and the decision's words are still being written.
BEING_WEIGHED = (ExerciseState.OPEN, ExerciseState.EVALUATING)
BEFORE_DECISION = (ExerciseState.PLANNED, ExerciseState.NOTICE_PUBLISHED, *BEING_WEIGHED)
ENDED = (ExerciseState.AWARDED, ExerciseState.ABANDONED)


class RunBy(models.TextChoices):
    """Who asks for prices."""

    SERVICE = "service", "Service area"
    CCPS = "ccps", "CCPS"
