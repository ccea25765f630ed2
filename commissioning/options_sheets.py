"""The sheets of the options appraisal, and what must stand in them before its activity is completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from casework.blockers import Blocker
from commissioning.appraisal import WHOLE
from commissioning.financial_years import years_words
from commissioning.forms.options import CostForm, CriterionForm, OptionForm
from commissioning.models import AppraisalCriterion, AppraisalOption, Commission, CommissionActivity, OptionCost
from commissioning.selectors.dossiers import counted_rows
from commissioning.services import options as service
from commissioning.sheets import Column, Sheet, register_check, register_sheet
from commissioning.sheets import Sum as Figure
from organisation.formatting import money

ACTIVITY = "value_for_money"
BESIDE = ("Compare the options side by side", "commissioning:options")


def _stays(row: AppraisalOption) -> str:
    return "“Do nothing” stays: it shows what the others must beat." if row.is_do_nothing else ""


def _weights(rows: Sequence[Any]) -> Sequence[Figure]:
    total = sum(row.weight for row in rows)
    left = WHOLE - total
    return (Figure("All weights", f"{total} of {WHOLE}" + (f", {left} left to give" if left else "")),)


OPTIONS = Sheet(
    key="options",
    title="Options",
    one="an option",
    model=AppraisalOption,
    form=OptionForm,
    activity=ACTIVITY,
    intro="Doing nothing is always the first option. A comparison needs at least one more.",
    empty="No option is written down yet. “Do nothing” is added with your first one.",
    rank=("-is_do_nothing", "pk"),
    columns=(
        Column("Option", lambda row: row.name),
        Column("For it", lambda row: row.advantages),
        Column("Against it", lambda row: row.disadvantages),
        Column("Outcomes", lambda row: row.outcomes),
        Column("Risk", lambda row: row.risk),
        Column("How it would end", lambda row: row.exit_route),
    ),
    keeps=_stays,
    on_saved=service.add_do_nothing,
    on_removed=service.drop_what_hangs_on_option,
    beside=BESIDE,
)
COSTS = Sheet(
    key="option_costs",
    title="Costs of the options",
    one="a cost",
    model=OptionCost,
    form=CostForm,
    activity=ACTIVITY,
    intro="Every cost by financial year, from setting up to ending it, excluding VAT and at today's prices.",
    empty="No cost is written down yet.",
    rank=("-option__is_do_nothing", "option_id", "first_year", "pk"),
    related=("option",),
    columns=(
        Column("Option", lambda row: row.option.name),
        Column("What", lambda row: f"{row.get_kind_display()}: {row.what}" if row.what else row.get_kind_display()),
        Column("Years", lambda row: years_words(row.first_year, row.last_year)),
        Column("A year", lambda row: money(row.amount), is_number=True),
        Column("In all", lambda row: money(row.amount * (row.last_year - row.first_year + 1)), is_number=True),
    ),
    beside=BESIDE,
)
CRITERIA = Sheet(
    key="option_criteria",
    title="What the options are scored on",
    one="a criterion",
    model=AppraisalCriterion,
    form=CriterionForm,
    activity=ACTIVITY,
    intro="What matters when you choose, and how much each counts. All weights together make 100.",
    empty="No criterion is written down yet.",
    rank=("-weight", "pk"),
    columns=(
        Column("Criterion", lambda row: row.name),
        Column("Weight", lambda row: str(row.weight), is_number=True),
        Column("Highest score", lambda row: row.good_looks_like),
    ),
    sums=_weights,
    on_removed=service.drop_what_hangs_on_criterion,
    beside=BESIDE,
)


def is_weighed(activity: CommissionActivity) -> Iterator[Blocker]:
    """The options are comparable: two at least, weights that make 100, and one that is preferred. One statement.

    An appraisal that nobody began (a small purchase) holds nothing up here; gate 3 asks for its options itself.
    """
    pk = activity.commission_id
    standing = AppraisalOption.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True)
    criteria = AppraisalCriterion.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True)
    summed = criteria.order_by().values("commission").annotate(total=Sum("weight")).values("total")
    found = (
        Commission.objects.filter(pk=pk)
        .annotate(
            options=counted_rows(standing),
            weight=Subquery(summed[:1]),
            preferred=Count("option_preferences", filter=Q(option_preferences__superseded_at__isnull=True)),
        )
        .values_list("options", "weight", "preferred")
        .get()
    )
    options, weight, preferred = found
    if not options:
        return
    if weight is not None and weight != WHOLE:
        words = f"Weights of the criteria: they add up to {weight}, not {WHOLE}"
        yield Blocker("weights", words, "commissioning:sheet", (pk, "option_criteria"))
    if not preferred:
        yield Blocker("preferred", "Preferred option: not chosen", "commissioning:prefer_option", (pk,))


def register_own() -> None:
    """Register the sheets of the options appraisal, and its check."""
    for sheet in (OPTIONS, COSTS, CRITERIA):
        register_sheet(sheet)
    register_check(ACTIVITY, is_weighed)
