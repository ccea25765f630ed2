"""Everything the higher rooms hold a key to."""

from casework.models.act import Act
from casework.models.audit_event import AuditEvent, ChainHead
from casework.models.case_file import CaseFile, ReferenceCounter, Wall
from casework.models.catalogue import CatalogueRow
from casework.models.deadline import Deadline
from casework.models.outbox_message import OutboxMessage
from casework.models.preference import CalendarFeed, MailPreference
from casework.models.proposal import RulesProposal
from casework.models.queue import Queue
from casework.models.reminder import Reminder, ReminderPolicy, Sweep
from casework.models.rules import Band, Need, RiskTest, RoutingRule, RulesVersion, Threshold, Unit, VersionedRow
from casework.models.work_item import Look, WorkItem, WorkItemEvent

__all__ = [
    "Act",
    "AuditEvent",
    "Band",
    "CalendarFeed",
    "CaseFile",
    "CatalogueRow",
    "ChainHead",
    "Deadline",
    "Look",
    "MailPreference",
    "Need",
    "OutboxMessage",
    "Queue",
    "ReferenceCounter",
    "Reminder",
    "ReminderPolicy",
    "RiskTest",
    "RoutingRule",
    "RulesProposal",
    "RulesVersion",
    "Sweep",
    "Threshold",
    "Unit",
    "VersionedRow",
    "Wall",
    "WorkItem",
    "WorkItemEvent",
]
