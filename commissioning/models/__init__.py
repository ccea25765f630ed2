"""The commission and what hangs on it."""

from commissioning.models.activity import CommissionActivity, KeyAnswer, PlanAgreement
from commissioning.models.aggregation import AggregationSeen
from commissioning.models.analyse_stage import AnalyseTopic, ExistingDelivery, FutureLocation
from commissioning.models.analysis import Asset, Need, NeedPriority, ObjectiveServed, Preference
from commissioning.models.approval import ApprovalRoute, ApprovalStep, ApprovalView, RouteStep
from commissioning.models.area_facts import AreaFact
from commissioning.models.baseline import BaselineMilestone
from commissioning.models.catalogue import (
    Activity,
    Category,
    DeliveryModel,
    GovernanceRoute,
    GuidancePage,
    KeyQuestion,
    Level,
    Objective,
    Place,
    Principle,
    Proportion,
    RiskCriterion,
    Stage,
    UrgencyGround,
)
from commissioning.models.collaboration import (
    JointConsideration,
    MemberTeam,
    Partner,
    PartnerPayment,
    Partnership,
    PartnershipLink,
    PartnershipMeeting,
)
from commissioning.models.commission import Commission, LikelyDuplicate
from commissioning.models.decisions import AuthorityRecord, DeliveryDecision, EndDecision, ImpactScreening, Lesson
from commissioning.models.engagement import Engagement, StageWithoutEngagement
from commissioning.models.facts import RiskAnswer, ValueEstimate
from commissioning.models.feedback import FeedbackChannel, PublicFeedback
from commissioning.models.findings import (
    CategoryComparison,
    FindingLink,
    LawChange,
    LawOrPolicy,
    MarketProvider,
    PastWork,
    Requirement,
    UserGroup,
)
from commissioning.models.forward_plan import ImportedLine, PlanImport, PublicPipeline, SourcingPlan
from commissioning.models.gate import Gate, GateCondition, GateRound
from commissioning.models.governance import DecisionEntry
from commissioning.models.impact import ImpactEffect
from commissioning.models.measure_results import MeasureResult
from commissioning.models.measures import PlannedIndicator, SuccessMeasure
from commissioning.models.options import (
    AppraisalCriterion,
    AppraisalOption,
    OptionCost,
    OptionPreference,
    OptionScore,
)
from commissioning.models.outreach import Communication, PassedFinding, PriceFeedback
from commissioning.models.plan import (
    DesignElement,
    DesignFeedback,
    Gap,
    KeyDecision,
    MakeOrBuyFinding,
    MakeOrBuyScore,
    MarketAction,
    SkillGap,
    VoluntarySkills,
)
from commissioning.models.principles import PrincipleConflict, PrincipleMet
from commissioning.models.ranking import RankedCase, Ranking
from commissioning.models.resources import BudgetLine, LoadLimit, WorkTime
from commissioning.models.risk_figures import RiskFigures
from commissioning.models.risk_log import RiskLogEntry
from commissioning.models.specification import Specification
from commissioning.models.specification_round import SpecificationRound
from commissioning.models.spend import ForecastLine, SpendFile, SpendLine
from commissioning.models.stakeholders import GateStakeholder, OutcomeView
from commissioning.models.timeline import Lane, PlannedStep, StepDuration, TimelineStep
from commissioning.models.urgent import OwedPaper, UrgentAdvice, UrgentRoute

__all__ = [
    "Activity",
    "AggregationSeen",
    "AnalyseTopic",
    "AppraisalCriterion",
    "AppraisalOption",
    "ApprovalRoute",
    "ApprovalStep",
    "ApprovalView",
    "AreaFact",
    "Asset",
    "AuthorityRecord",
    "BaselineMilestone",
    "BudgetLine",
    "Category",
    "CategoryComparison",
    "Commission",
    "CommissionActivity",
    "Communication",
    "DecisionEntry",
    "DeliveryDecision",
    "DeliveryModel",
    "DesignElement",
    "DesignFeedback",
    "EndDecision",
    "Engagement",
    "ExistingDelivery",
    "FeedbackChannel",
    "FindingLink",
    "ForecastLine",
    "FutureLocation",
    "Gap",
    "Gate",
    "GateCondition",
    "GateRound",
    "GateStakeholder",
    "GovernanceRoute",
    "GuidancePage",
    "ImpactEffect",
    "ImpactScreening",
    "ImportedLine",
    "JointConsideration",
    "KeyAnswer",
    "KeyDecision",
    "KeyQuestion",
    "Lane",
    "LawChange",
    "LawOrPolicy",
    "Lesson",
    "Level",
    "LikelyDuplicate",
    "LoadLimit",
    "MakeOrBuyFinding",
    "MakeOrBuyScore",
    "MarketAction",
    "MarketProvider",
    "MeasureResult",
    "MemberTeam",
    "Need",
    "NeedPriority",
    "Objective",
    "ObjectiveServed",
    "OptionCost",
    "OptionPreference",
    "OptionScore",
    "OutcomeView",
    "OwedPaper",
    "Partner",
    "PartnerPayment",
    "Partnership",
    "PartnershipLink",
    "PartnershipMeeting",
    "PassedFinding",
    "PastWork",
    "Place",
    "PlanAgreement",
    "PlanImport",
    "PlannedIndicator",
    "PlannedStep",
    "Preference",
    "PriceFeedback",
    "Principle",
    "PrincipleConflict",
    "PrincipleMet",
    "Proportion",
    "PublicFeedback",
    "PublicPipeline",
    "RankedCase",
    "Ranking",
    "Requirement",
    "RiskAnswer",
    "RiskCriterion",
    "RiskFigures",
    "RiskLogEntry",
    "RouteStep",
    "SkillGap",
    "SourcingPlan",
    "Specification",
    "SpecificationRound",
    "SpendFile",
    "SpendLine",
    "Stage",
    "StageWithoutEngagement",
    "StepDuration",
    "SuccessMeasure",
    "TimelineStep",
    "UrgencyGround",
    "UrgentAdvice",
    "UrgentRoute",
    "UserGroup",
    "ValueEstimate",
    "VoluntarySkills",
    "WorkTime",
]
