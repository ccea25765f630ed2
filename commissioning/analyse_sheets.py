"""The sheets of Analyse, and what must stand in them before their activities are completed."""

from __future__ import annotations

from collections.abc import Sequence

from commissioning.forms.analysis import AssetForm, NeedForm
from commissioning.forms.findings import (
    CategoryComparisonForm,
    FindingLinkForm,
    LawChangeForm,
    LawOrPolicyForm,
    MarketProviderForm,
    PastWorkForm,
    RequirementForm,
    UserGroupForm,
)
from commissioning.models import (
    Asset,
    CategoryComparison,
    FindingLink,
    LawChange,
    LawOrPolicy,
    MarketProvider,
    Need,
    PastWork,
    Requirement,
    UserGroup,
)
from commissioning.selectors.analyse_notes import notes_for_needs
from commissioning.services import law_changes, law_reviews
from commissioning.sheets import Column, Sheet, Sum, register_sheet
from commissioning.states import CommissionState
from organisation.formatting import counted, day, whole


def _whose(row: Need) -> str:
    return ", ".join(word for word in (row.group, row.place) if word) or "Everywhere"


def _priority(row: Need) -> str:
    return f"{row.get_priority_display()}, the law asks for it" if row.is_statutory else str(row.get_priority_display())


def _met(row: Need) -> str:
    return f"{row.get_met_display()}: {row.met_by}" if row.met_by else str(row.get_met_display())


NEEDS = Sheet(
    key="needs",
    title="Needs",
    one="a need",
    model=Need,
    form=NeedForm,
    activity="needs_assessment",
    intro="Who needs what, and how far it is met. What the law asks for comes first; what is not met goes into the gap "
    "analysis.",
    empty="No need is written down yet.",
    rank=("-is_statutory", "priority", "pk"),
    notes=notes_for_needs,
    columns=(
        Column("Need", lambda row: row.nature),
        Column("How much", lambda row: row.extent),
        Column("Greatest for", _whose),
        Column("Priority", _priority),
        Column("Met", _met),
        Column("Source", lambda row: f"{row.source}, {day(row.source_on)}"),
    ),
)
ASSETS = Sheet(
    key="assets",
    title="What is there already",
    one="an asset",
    model=Asset,
    form=AssetForm,
    activity="needs_assessment",
    also_in=("resource_analysis",),
    asked_in=CommissionState.ANALYSE,
    intro="People, groups, places and services that could help to meet the need, of the community and of the council.",
    empty="Nothing is written down yet.",
    columns=(
        Column("Asset", lambda row: row.name),
        Column("Kind", lambda row: str(row.get_kind_display())),
        Column("Where", lambda row: row.place),
        Column("How it could help", lambda row: row.use),
    ),
)


def _how_long(row: UserGroup) -> str:
    return counted(row.months, "month") if row.months else "Without an end"


def _people_in_all(rows: Sequence[UserGroup]) -> list[Sum]:
    return [Sum("In all", counted(sum(row.number for row in rows), "person", "people"))]


USER_GROUPS = Sheet(
    key="user_groups",
    title="Groups of users",
    one="a group of users",
    model=UserGroup,
    form=UserGroupForm,
    activity="needs_assessment",
    asked_in=CommissionState.ANALYSE,
    intro="How many people will use it, and for how long. The specification can show these figures.",
    empty="No group of users is written down yet.",
    sums=_people_in_all,
    columns=(
        Column("Group", lambda row: row.name),
        Column("For how long", _how_long),
        Column("Source", lambda row: row.source),
        Column("People", lambda row: whole(row.number), is_number=True),
    ),
)


def _learnt(row: PastWork) -> str:
    logged = f"{row.from_log.recommendation} (lessons log)" if row.from_log else ""
    return "; ".join(words for words in (row.lesson, logged) if words)


PAST_WORK = Sheet(
    key="past_work",
    title="Earlier commissions and contracts",
    one="earlier work",
    model=PastWork,
    form=PastWorkForm,
    activity="past_review",
    intro="What was done before, how well it worked, and what you will do differently.",
    empty="No earlier work is written down yet.",
    related=("from_log",),
    columns=(
        Column("Commission or contract", lambda row: row.name),
        Column("How well it worked", lambda row: _with(str(row.get_worked_display()), row.evidence)),
        Column("What was learnt", _learnt),
        Column("What we will do differently", lambda row: row.change),
    ),
)


def _with(words: str, more: str) -> str:
    return f"{words}: {more}" if more else words


LAWS = Sheet(
    key="laws",
    title="Laws and policies",
    one="a law or policy",
    model=LawOrPolicy,
    form=LawOrPolicyForm,
    activity="legislation_policy",
    intro="What binds this commission from outside and from inside the council, and what is done about it.",
    empty="No law or policy is written down yet.",
    rank=("origin", "pk"),
    on_saved=law_reviews.keep,
    on_removed=law_reviews.drop,
    columns=(
        Column("Law or policy", lambda row: row.name),
        Column("Origin", lambda row: "External" if row.origin == LawOrPolicy.Origin.EXTERNAL else "Internal"),
        Column("What it means here", lambda row: row.effect),
        Column("What we do", lambda row: row.action),
        Column("Look again", lambda row: day(row.review_on) if row.review_on else ""),
    ),
)

LAW_CHANGES = Sheet(
    key="law_changes",
    title="Changes of law and policy",
    one="a change",
    model=LawChange,
    form=LawChangeForm,
    activity="legislation_policy",
    intro="What changes while the commission runs, in whatever stage. Whoever holds the commission is asked what it "
    "means.",
    empty="No change is written down yet.",
    on_saved=law_changes.ask_for_effect,
    on_removed=law_changes.ask_no_more,
    columns=(
        Column("Law or policy", lambda row: row.name),
        Column("What changes", lambda row: row.what),
        Column("From", lambda row: day(row.from_on) if row.from_on else ""),
        Column("What it means here", lambda row: row.effect or "Not said yet"),
    ),
)


def _firmly(rows: Sequence[Requirement]) -> list[Sum]:
    found = [(str(one.label), sum(row.firmness == one for row in rows)) for one in Requirement.Firmness]
    blank = sum(not row.measure for row in rows)
    sums = [Sum(label, whole(number)) for label, number in found if number]
    return [*sums, Sum("Cannot be measured yet", whole(blank))] if blank else sums


REQUIREMENTS = Sheet(
    key="requirements",
    title="Requirements",
    one="a requirement",
    model=Requirement,
    form=RequirementForm,
    activity="requirements",
    intro="What is required, what must be there first. The specification can show this list.",
    empty="No requirement is written down yet.",
    rank=("firmness", "needed_by", "pk"),
    sums=_firmly,
    columns=(
        Column("Requirement", lambda row: row.text),
        Column("How firmly", lambda row: str(row.get_firmness_display())),
        Column("By", lambda row: day(row.needed_by) if row.needed_by else ""),
        Column("Measured by", lambda row: row.measure or "Cannot be measured yet"),
    ),
)
PROVIDERS = Sheet(
    key="providers",
    title="Providers in the market",
    one="a provider",
    model=MarketProvider,
    form=MarketProviderForm,
    activity="market_analysis",
    also_in=("make_or_buy",),
    intro="Providers found in the market, not yet asked for a price. The make-or-buy study can show this list.",
    empty="No provider is written down yet.",
    rank=("name", "pk"),
    columns=(
        Column("Provider", lambda row: row.name),
        Column("Can do", lambda row: row.capability),
        Column("How much", lambda row: row.capacity),
        Column("Prices", lambda row: row.price_structure),
        Column("Area", lambda row: row.area),
        Column("Source", lambda row: row.source),
    ),
)
CATEGORY = Sheet(
    key="category_review",
    title="Comparison with the category's strategy",
    one="a comparison",
    model=CategoryComparison,
    form=CategoryComparisonForm,
    activity="category_review",
    intro="How this commission stands to the strategy of its category, and what could be better.",
    empty="Nothing is compared yet.",
    columns=(
        Column("Aspect", lambda row: str(row.get_aspect_display())),
        Column("What the strategy says", lambda row: row.strategy),
        Column("This commission", lambda row: row.here),
        Column("What could be better", lambda row: row.improvement),
    ),
)

FINDINGS = Sheet(
    key="findings",
    title="Linked findings",
    one="a linked finding",
    model=FindingLink,
    form=FindingLinkForm,
    permission="activity.write",
    intro="What one activity found out and another has to know. It is shown on the pages of both.",
    empty="No finding is linked yet.",
    related=("found_in__activity", "matters_to__activity"),
    columns=(
        Column("Finding", lambda row: row.finding),
        Column("Found in", lambda row: row.found_in.activity.name),
        Column("Matters to", lambda row: row.matters_to.activity.name),
    ),
)


def register_own() -> None:
    """Register the sheets of Analyse."""
    for sheet in (
        NEEDS,
        ASSETS,
        USER_GROUPS,
        PAST_WORK,
        LAWS,
        LAW_CHANGES,
        REQUIREMENTS,
        PROVIDERS,
        CATEGORY,
        FINDINGS,
    ):
        register_sheet(sheet)
