"""The states of a contract, and who is on either side of it."""

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
