"""The commission and what hangs on it."""

from commissioning.models.activity import CommissionActivity, KeyAnswer, PlanAgreement
from commissioning.models.approval import ApprovalRoute, ApprovalStep, ApprovalView, RouteStep
from commissioning.models.catalogue import (
    Activity,
    Category,
    DeliveryModel,
    GovernanceRoute,
    GuidancePage,
    KeyQuestion,
    Objective,
    Proportion,
    RiskCriterion,
    Stage,
)
from commissioning.models.commission import Commission, LikelyDuplicate
from commissioning.models.decisions import AuthorityRecord, DeliveryDecision, EndDecision, ImpactScreening, Lesson
from commissioning.models.facts import RiskAnswer, ValueEstimate
from commissioning.models.gate import Gate, GateCondition, GateRound
from commissioning.models.measures import PlannedIndicator, SuccessMeasure
from commissioning.models.specification import Specification

__all__ = [
    "Activity",
    "ApprovalRoute",
    "ApprovalStep",
    "ApprovalView",
    "AuthorityRecord",
    "Category",
    "Commission",
    "CommissionActivity",
    "DeliveryDecision",
    "DeliveryModel",
    "EndDecision",
    "Gate",
    "GateCondition",
    "GateRound",
    "GovernanceRoute",
    "GuidancePage",
    "ImpactScreening",
    "KeyAnswer",
    "KeyQuestion",
    "Lesson",
    "LikelyDuplicate",
    "Objective",
    "PlanAgreement",
    "PlannedIndicator",
    "Proportion",
    "RiskAnswer",
    "RiskCriterion",
    "RouteStep",
    "Specification",
    "Stage",
    "SuccessMeasure",
    "ValueEstimate",
]
