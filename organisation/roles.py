"""The roles people hold by dated membership, with the words administrators read."""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    """What a person does in a commission; several may be held at once."""

    COMMISSIONER = "commissioner", "Commissioner"
    BUDGET_HOLDER = "budget_holder", "Budget holder"
    SERVICE_LEADER = "service_leader", "Service leader"
    CONTRACT_MANAGER = "contract_manager", "Contract manager"
    CCPS_OFFICER = "ccps_officer", "CCPS officer"
    CCPS_MANAGER = "ccps_manager", "CCPS manager"
    LEGAL = "legal", "Legal"
    FINANCE = "finance", "Finance"
    OTHER_FUNCTION = "other_function", "Other function"
    LEADERSHIP_APPROVER = "leadership_approver", "Leadership approver"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def describes(self) -> str:
        """Say in plain English what a holder of this role does."""
        return _DESCRIPTIONS[self]


class Function(models.TextChoices):
    """Which support function somebody with the role 'other function' works for."""

    INFORMATION_GOVERNANCE = "information_governance", "Information Governance"
    ICT = "ict", "ICT"
    HR = "hr", "HR"
    COMMUNICATIONS = "communications", "Communications"
    ORGANISATIONAL_DESIGN = "organisational_design", "Organisational design"
    CLIMATE = "climate", "Climate change"


_DESCRIPTIONS: Final[dict[Role, str]] = {
    Role.COMMISSIONER: "Starts commissions, writes their papers, asks other functions and records engagement.",
    Role.BUDGET_HOLDER: "Agrees that the money is there on a procurement request.",
    Role.SERVICE_LEADER: "Signs off specifications, decides the first gate with others, closes and stops commissions.",
    Role.CONTRACT_MANAGER: "Runs a contract day to day: mobilisation, measures, issues, reviews and variations.",
    Role.CCPS_OFFICER: "Takes in procurement requests, gets quotes and tenders, awards and hands over.",
    Role.CCPS_MANAGER: "Assigns the work of CCPS officers, escalates, and watches load and service levels.",
    Role.LEGAL: "Gives legal advice and answers what Legal is asked.",
    Role.FINANCE: "Checks budgets, funding and spend, and answers what Finance is asked.",
    Role.OTHER_FUNCTION: "Answers what a support function is asked, such as ICT, HR or Information Governance.",
    Role.LEADERSHIP_APPROVER: "Decides the later gates for the organisation's leadership.",
    Role.AUDITOR: "Reads everything outside sealed bids, and changes nothing.",
    Role.ADMINISTRATOR: "Looks after people, roles, rules and settings, and decides no commission by being one.",
}

# These two answer for a whole organisation; holding them for one service area would mean nothing.
WHOLE_ORGANISATION_ROLES: Final = (Role.AUDITOR, Role.ADMINISTRATOR)
