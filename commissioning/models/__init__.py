"""The commission and what hangs on it."""

from commissioning.models.activity import CommissionActivity, KeyAnswer, PlanAgreement
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
from commissioning.models.specification import Specification

__all__ = [
    "Activity",
    "AuthorityRecord",
    "Category",
    "Commission",
    "CommissionActivity",
    "DeliveryDecision",
    "DeliveryModel",
    "EndDecision",
    "GovernanceRoute",
    "GuidancePage",
    "ImpactScreening",
    "KeyAnswer",
    "KeyQuestion",
    "Lesson",
    "LikelyDuplicate",
    "Objective",
    "PlanAgreement",
    "Proportion",
    "RiskAnswer",
    "RiskCriterion",
    "Specification",
    "Stage",
    "ValueEstimate",
]
