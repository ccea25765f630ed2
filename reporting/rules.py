"""Who may do the acts of this room."""

from organisation.permissions import register
from organisation.roles import Role

#: Who looks after how the work goes, and reads the figures of everybody's.
READERS = (Role.CCPS_MANAGER, Role.SERVICE_LEADER, Role.LEADERSHIP_APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def register_rules() -> None:
    """Register the acts of this room."""
    register("dashboard.read", "open the dashboard", READERS)
