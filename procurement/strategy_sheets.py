"""The sheets of CCPS's sourcing page: the sourcing strategy, and the steps by which it is delivered."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commissioning.sheet_facts import register_facts_of
from commissioning.sheets import Column, Sheet, register_sheet
from organisation import clock
from organisation.formatting import day
from procurement.forms.strategy import SourcingStepForm, SourcingStrategyForm
from procurement.models import SourcingStep, SourcingStrategy
from procurement.services.sourcing_advice import ask_about_route, ask_about_terms

HOME, ACT = "commissioning:sourcing", "commission.plan_sourcing"


def _ask_legal(row: SourcingStrategy) -> None:
    by = row.saved_by or row.recorded_by
    if by is None:
        return
    path = reverse(HOME, args=[row.commission_id])
    ask_about_route(row.commission, row.route, by=by, path=path)
    ask_about_terms(row.commission, row.special_terms if row.has_special_terms else "", by=by, path=path)


def _how_far(row: Any) -> str:
    if row.done_on:
        return f"Done on {day(row.done_on)}"
    return "Late" if row.ends_on < clock.today() else "To do"


STRATEGY = Sheet(
    key="sourcing_strategy",
    title="Route and terms of the sourcing strategy",
    one="the route and terms",
    model=SourcingStrategy,
    form=SourcingStrategyForm,
    permission=ACT,
    home=HOME,
    intro="The route and the terms that the strategy settles. Special terms, and a route that is rarely used, go to "
    "Legal as soon as they are saved.",
    empty="No route or terms are recorded yet.",
    related=("route",),
    only_one=True,
    on_saved=_ask_legal,
    columns=(
        Column("Route", str),
        Column("Terms", lambda row: row.special_terms if row.has_special_terms else "The council’s standard terms"),
        Column("Lots", lambda row: row.lots or "None"),
    ),
)
STEPS = Sheet(
    key="sourcing_steps",
    title="Plan for delivering the sourcing",
    one="a step",
    model=SourcingStep,
    form=SourcingStepForm,
    permission=ACT,
    home=HOME,
    intro="What CCPS does, who sees to it, and by when.",
    empty="No step is planned yet.",
    rank=("ends_on", "pk"),
    related=("owner",),
    columns=(
        Column("Step", lambda row: row.what),
        Column("From", lambda row: day(row.starts_on) if row.starts_on else ""),
        Column("By", lambda row: day(row.ends_on)),
        Column("Who", lambda row: row.owner.name if row.owner else "Nobody yet"),
        Column("How far", _how_far),
    ),
)


def register_own() -> None:
    """Register the sheets, and offer them to the strategy's paper."""
    register_sheet(STRATEGY)
    register_sheet(STEPS)
    register_facts_of((STRATEGY, STEPS))
