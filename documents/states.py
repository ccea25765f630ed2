"""The states of this room's records."""

from django.db import models


class PaperState(models.TextChoices):
    """Where a paper stands. Reopening a submitted paper makes it a draft again; its revisions stay."""

    DRAFTING = "drafting", "Draft"
    SUBMITTED = "submitted", "Submitted"


class SectionStatus(models.TextChoices):
    """Where one section of a draft stands."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    NOT_NEEDED = "not_needed", "Not needed"
    CANNOT_START = "cannot_start", "Cannot start yet"


class ProblemKind(models.TextChoices):
    """What is the matter with one answer."""

    MISSING = "missing", "Missing"
    WRONG = "wrong", "To correct"
    UNCONFIRMED = "unconfirmed", "To confirm"
    TWO_ANSWERS = "two_answers", "Two answers"


class ScanState(models.TextChoices):
    """What is known of an uploaded file."""

    UNSCANNED = "unscanned", "Not checked for viruses"
    SCANNED = "scanned", "Checked for viruses"
    REFUSED = "refused", "Refused by the virus check"


class Classification(models.TextChoices):
    """Who an uploaded file is for."""

    OFFICIAL = "official", "Official"
    COMMERCIAL = "commercial", "Commercially sensitive"
    PERSONAL = "personal", "Personal information"
    PRIVILEGED = "privileged", "Legally privileged"


RESTRICTED = (Classification.COMMERCIAL, Classification.PERSONAL, Classification.PRIVILEGED)


class RenderingState(models.TextChoices):
    """How far the PDF of a paper is."""

    PREPARING = "preparing", "Being prepared"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"
