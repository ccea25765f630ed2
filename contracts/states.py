"""The states of a contract and of its handover, and the words of its indicators."""

from django.db import models

from commissioning.states import CommissionState


class ContractState(models.TextChoices):
    """Where a contract stands (framework 3.2). Value and dates change only through a variation once it is signed."""

    DRAFTED = "drafted", "Draft"
    AWARDED = "awarded", "Awarded, not signed"
    SIGNED = "signed", "Signed"
    MOBILISING = "mobilising", "Mobilising"
    LIVE = "live", "Live"
    ENDING = "ending", "Ending"
    ENDED = "ended", "Ended"
    TERMINATED = "terminated", "Withdrawn"


BEFORE_SIGNING = (ContractState.DRAFTED, ContractState.AWARDED)
BINDING = (
    ContractState.SIGNED,
    ContractState.MOBILISING,
    ContractState.LIVE,
    ContractState.ENDING,
    ContractState.ENDED,
)
# Of a contract's file, or of a commission's that buys nothing: when tasks are added and finished, and taken back.
TASKS_MOVE_IN = (
    ContractState.AWARDED,
    ContractState.SIGNED,
    ContractState.MOBILISING,
    ContractState.LIVE,
    CommissionState.SECURE,
)
TASKS_REOPEN_IN = (ContractState.AWARDED, ContractState.SIGNED, ContractState.MOBILISING, CommissionState.SECURE)
OVER = (ContractState.ENDED, ContractState.TERMINATED)


class Side(models.TextChoices):
    """The two sides of a contract."""

    COUNCIL = "council", "Council"
    PROVIDER = "provider", "Provider"


class Party(models.TextChoices):
    """Who signs."""

    COUNCIL = "council", "The council"
    SUPPLIER = "supplier", "The supplier"


class HandoverState(models.TextChoices):
    """Where the handover from CCPS to the contract manager stands (framework 12)."""

    PREPARING = "preparing", "Being prepared"
    OFFERED = "offered", "Offered"
    RETURNED = "returned", "Returned with gaps"
    ACCEPTED = "accepted", "Accepted"


class Heading(models.TextChoices):
    """What a handover passes on (framework 12)."""

    OBLIGATIONS = "obligations", "Obligations"
    INDICATORS = "indicators", "Indicators"
    RISKS = "risks", "Risks"
    KEY_DATES = "key_dates", "Key dates"
    DOCUMENTS = "documents", "Documents"


class Direction(models.TextChoices):
    """Which way an indicator gets better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class Interval(models.TextChoices):
    """How often an indicator is read."""

    MONTHLY = "monthly", "Monthly"
    QUARTERLY = "quarterly", "Quarterly"
    YEARLY = "yearly", "Yearly"

    @property
    def months(self) -> int:
        """How many months one period has."""
        return _MONTHS[self]


_MONTHS = {Interval.MONTHLY: 1, Interval.QUARTERLY: 3, Interval.YEARLY: 12}


class Rating(models.TextChoices):
    """How a result stands against its target (framework 13)."""

    GREEN = "green", "Green"
    AMBER = "amber", "Amber"
    RED = "red", "Red"


# Where results are recorded: while the service runs, and for the last period after its end.
READ_IN = (ContractState.LIVE, ContractState.ENDING, ContractState.ENDED)
# Where an end is ahead that somebody must decide about.
RUNNING = (ContractState.SIGNED, ContractState.MOBILISING, ContractState.LIVE, ContractState.ENDING)
