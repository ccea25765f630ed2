"""The sheets of Plan: gaps, make or buy, skills, the market, the design, and the key decisions of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from commissioning.activity_notes import Line, Note
from commissioning.forms.plan import (
    DesignElementForm,
    DesignFeedbackForm,
    GapForm,
    KeyDecisionForm,
    MakeOrBuyFindingForm,
    MakeOrBuyScoreForm,
    MarketActionForm,
    SkillGapForm,
    VoluntarySkillsForm,
)
from commissioning.models import Commission
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
from commissioning.sheets import Column, Sheet, Sum, register_sheet
from organisation.formatting import day


def _owner(row: Any) -> str:
    return row.owner.name if row.owner else "Nobody yet"


def _due(row: Any) -> str:
    return day(row.due_on) if row.due_on else ""


def _totals(rows: Sequence[Any]) -> Sequence[Sum]:
    most = 5 * len(rows)
    return (
        Sum("In-house, all factors", f"{sum(row.in_house for row in rows)} of {most}"),
        Sum("External, all factors", f"{sum(row.external for row in rows)} of {most}"),
    )


def _directory(commission: Commission) -> Sequence[Note]:
    """The way to the voluntary and community organisations that the council knows."""
    url = f"{reverse('organisation:providers')}?kind=voluntary"
    return [Note("Whom the council knows", lines=[Line("Voluntary and community organisations in the directory", url)])]


GAPS = Sheet(
    key="gaps",
    title="Gaps",
    one="a gap",
    model=Gap,
    form=GapForm,
    activity="gap_analysis",
    intro="What there is against what is wanted, in services, resources and outcomes.",
    empty="No gap is written down yet.",
    rank=("area", "pk"),
    related=("owner",),
    columns=(
        Column("What is missing", lambda row: row.gap),
        Column("Where", lambda row: str(row.get_area_display())),
        Column("Now", lambda row: row.now),
        Column("Wanted", lambda row: row.wanted),
        Column("Action", lambda row: row.action or "Not decided yet"),
        Column("Who", _owner),
    ),
)
MAKE_OR_BUY = Sheet(
    key="make_or_buy",
    title="In-house or external",
    one="a score",
    model=MakeOrBuyScore,
    form=MakeOrBuyScoreForm,
    activity="make_or_buy",
    intro="Score the council and others on each of the six factors, from 0, not at all, to 5, fully.",
    empty="Nothing is scored yet.",
    rank=("pk",),
    columns=(
        Column("Factor", lambda row: str(row.get_factor_display())),
        Column("In-house", lambda row: str(row.in_house), is_number=True),
        Column("External", lambda row: str(row.external), is_number=True),
        Column("Why", lambda row: row.reason),
        Column("Coming law", lambda row: row.coming_law),
    ),
    sums=_totals,
)
FINDING = Sheet(
    key="make_or_buy_finding",
    title="What the study recommends",
    one="a recommendation",
    model=MakeOrBuyFinding,
    form=MakeOrBuyFindingForm,
    activity="make_or_buy",
    empty="Nothing is recommended yet.",
    only_one=True,
    columns=(
        Column("Recommendation", lambda row: str(row.get_way_display())),
        Column("Why", lambda row: row.reasons),
        Column("How prices are asked for", lambda row: row.pricing),
    ),
)
SKILLS = Sheet(
    key="skill_gaps",
    title="Missing skills",
    one="a missing skill",
    model=SkillGap,
    form=SkillGapForm,
    activity="capability",
    intro="Skills that are missing in the council, and outside it.",
    empty="No missing skill is written down yet.",
    rank=("whose", "pk"),
    related=("owner",),
    columns=(
        Column("Skill", lambda row: row.skill),
        Column("Where", lambda row: str(row.get_whose_display())),
        Column("How much", lambda row: row.missing),
        Column("Action", lambda row: row.action),
        Column("Who", _owner),
        Column("By when", _due),
    ),
)
MARKET = Sheet(
    key="market_actions",
    title="Actions in the market",
    one="an action",
    model=MarketAction,
    form=MarketActionForm,
    activity="market_development",
    intro="What is done to bring about a varied and able set of providers, area by area.",
    empty="No action is written down yet.",
    rank=("due_on", "pk"),
    related=("owner",),
    columns=(
        Column("Action", lambda row: row.action),
        Column("Providers", lambda row: row.providers),
        Column("Area", lambda row: f"{row.area}, rural" if row.is_rural else row.area),
        Column("Who", _owner),
        Column("By when", _due),
        Column("Result", lambda row: row.result or "None yet"),
    ),
)
DESIGN = Sheet(
    key="design",
    title="The design",
    one="a part",
    model=DesignElement,
    form=DesignElementForm,
    activity="service_design",
    intro="People, process and technology, step by step as a user meets them. Attach drawings and journeys below.",
    empty="No part is written down yet.",
    rank=("kind", "pk"),
    columns=(
        Column("Part", lambda row: row.name),
        Column("About", lambda row: str(row.get_kind_display())),
        Column("How it works", lambda row: row.how),
        Column("Whose work changes", lambda row: row.changes_for),
    ),
)
DESIGN_FEEDBACK = Sheet(
    key="design_feedback",
    title="What future users said",
    one="an entry",
    model=DesignFeedback,
    form=DesignFeedbackForm,
    activity="service_design",
    intro="Link the entry of the engagement log where users saw the design, or say why nobody was asked.",
    empty="No feedback is linked yet.",
    related=("engagement",),
    columns=(
        Column("Feedback", str),
        Column("What they said", lambda row: row.said),
        Column("What changed", lambda row: row.changed),
        Column("Why nobody was asked", lambda row: row.why_none),
    ),
)
DECISIONS = Sheet(
    key="key_decisions",
    title="Key decisions of Plan",
    one="a decision",
    model=KeyDecision,
    form=KeyDecisionForm,
    intro="What was decided on each, and when.",
    empty="No key decision is written down yet.",
    rank=("decided_on", "pk"),
    beside=("Plan at a glance", "commissioning:plan_stage"),
    columns=(
        Column("About", lambda row: str(row.get_about_display())),
        Column("Decision", lambda row: row.decision),
        Column("When", lambda row: day(row.decided_on)),
    ),
)
VOLUNTARY = Sheet(
    key="voluntary_skills",
    title="Skills of community groups and charities",
    one="an answer",
    model=VoluntarySkills,
    form=VoluntarySkillsForm,
    intro="Which community or voluntary-sector skills could contribute?",
    empty="Not answered yet.",
    only_one=True,
    notes=_directory,
    beside=("Plan at a glance", "commissioning:plan_stage"),
    columns=(
        Column("Question", str),
        Column("Skills", lambda row: row.skills),
        Column("Why none", lambda row: row.why_none),
    ),
)


def register_own() -> None:
    """Register the sheets of Plan."""
    for sheet in (
        *(GAPS, MAKE_OR_BUY, FINDING, SKILLS, MARKET, DESIGN, DESIGN_FEEDBACK),
        *(DECISIONS, VOLUNTARY),
    ):
        register_sheet(sheet)
