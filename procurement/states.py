"""The states of an exercise, and who runs one."""

from django.db import models


class ExerciseState(models.TextChoices):
    """Where an exercise stands (framework 3.2, "tender")."""

    PLANNED = "planned", "Planned"
    NOTICE_PUBLISHED = "notice_published", "Notice published"
    OPEN = "open", "Open for prices"
    EVALUATING = "evaluating", "Being evaluated"
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


class RequestState(models.TextChoices):
    """Where a procurement request stands (framework 3.2): the one-week clock runs only while it is submitted."""

    DRAFT = "draft", "Draft"
    BUDGET_APPROVED = "budget_approved", "Budget approved"
    SUBMITTED = "submitted", "With CCPS"
    MORE_INFORMATION = "more_information", "More information wanted"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Its form is with the commissioner.
BEING_WRITTEN = (RequestState.DRAFT, RequestState.BUDGET_APPROVED, RequestState.MORE_INFORMATION)
NOT_LIVE = (RequestState.DECLINED, RequestState.WITHDRAWN)
REQUEST_TONES = {
    RequestState.DRAFT: "grey",
    RequestState.BUDGET_APPROVED: "blue",
    RequestState.SUBMITTED: "blue",
    RequestState.MORE_INFORMATION: "amber",
    RequestState.ACCEPTED: "green",
    RequestState.DECLINED: "red",
    RequestState.WITHDRAWN: "grey",
}


class Path(models.TextChoices):
    """How CCPS buys what it accepted: by asking for quotes, or by a sourcing exercise of its own."""

    QUOTATION = "quotation", "Quotation"
    SOURCING = "sourcing", "Sourcing"


class StandstillBasis(models.TextChoices):
    """Why nothing is signed for some days after the award notice, or why no days have to pass."""

    MANDATORY = "mandatory", "Required by the Procurement Act 2023, section 51"
    VOLUNTARY = "voluntary", "Held although the law does not ask for one"
    NONE = "none", "None"


class DeclineGround(models.TextChoices):
    """Why CCPS does not take a request on, for the figures; the words are beside it."""

    NOT_READY = "not_ready", "It is not ready to be bought"
    ANOTHER_WAY = "another_way", "Another way of delivering it fits better"
    NO_CAPACITY = "no_capacity", "CCPS has nobody free in the time asked for"
    DUPLICATE = "duplicate", "Another request covers it"
    SERVICE_BUYS = "service_buys", "The service area can buy this itself"
    OTHER = "other", "Another reason"
