"""The sheets of "Route to market": the routes that could work, and the one that is agreed."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from casework.audit import record
from casework.audit.decisions import DOCUMENT
from casework.blockers import Blocker
from commissioning.models import CommissionActivity
from commissioning.services.gates import PAPERS
from commissioning.services.market_work import ask_market_warming
from commissioning.sheet_facts import register_facts_of
from commissioning.sheets import Column, Sheet, register_check, register_sheet
from documents.decided_on import document_words
from organisation.formatting import counted, day
from procurement.forms.route_choice import CandidateRouteForm, RouteChoiceForm
from procurement.models import CandidateRoute, RouteChoice
from procurement.services.sourcing_advice import ask_about_route

ACTIVITY = "route_to_market"


def _needs_market(row: RouteChoice) -> None:
    if row.requirements == RouteChoice.Requirements.MARKET_WORK:
        ask_market_warming(row.commission)


def _agreed(row: RouteChoice) -> None:
    _needs_market(row)
    by = row.saved_by or row.recorded_by
    if row.agreed is not None and by is not None:
        record(
            verb="commission.route_agreed",
            subject=row.commission,
            by=by,
            reason=row.fairness,
            changes={
                "route": row.agreed.route.name,
                "agreed on": row.agreed_on,
                "took part": row.participants,
                DOCUMENT: document_words(row.commission.case_file, *PAPERS.values(), "specification"),
            },
        )
        path = reverse("commissioning:sheet", args=[row.commission_id, "route_choice"])
        ask_about_route(row.commission, row.agreed.route, by=by, path=path)


CANDIDATES = Sheet(
    key="candidate_routes",
    title="Routes that could work",
    one="a route",
    model=CandidateRoute,
    form=CandidateRouteForm,
    activity=ACTIVITY,
    intro="Weigh each way to buy before one is agreed. Everyone on the commission sees this.",
    empty="No route is written down yet.",
    related=("route",),
    columns=(
        Column("Route", lambda row: row.route.name),
        Column("Time", lambda row: counted(row.weeks, "week") if row.weeks else ""),
        Column("For it", lambda row: row.reasons_for),
        Column("Against it", lambda row: row.reasons_against),
    ),
)
CHOICE = Sheet(
    key="route_choice",
    title="The route that is agreed",
    one="the choice",
    model=RouteChoice,
    form=RouteChoiceForm,
    activity=ACTIVITY,
    empty="Nothing is agreed yet.",
    related=("agreed__route",),
    only_one=True,
    on_saved=_agreed,
    columns=(
        Column("Route", str),
        Column("Requirements", lambda row: str(row.get_requirements_display())),
        Column("Agreed on", lambda row: day(row.agreed_on) if row.agreed_on else ""),
        Column("Who took part", lambda row: row.participants),
        Column("Why it is fair", lambda row: row.fairness),
    ),
)


def route_is_agreed(activity: CommissionActivity) -> Iterator[Blocker]:
    """Where routes were weighed, one is agreed. One statement."""
    pk = activity.commission_id
    agreed = RouteChoice.objects.filter(commission=pk, removed_at__isnull=True, agreed__isnull=False)
    weighed = CandidateRoute.objects.filter(commission=pk, removed_at__isnull=True)
    if weighed.exclude(commission__in=agreed.values("commission")).exists():
        yield Blocker("agreed", "Agreed route: not recorded", "commissioning:sheet", (pk, "route_choice"))


def register_own() -> None:
    """Register the sheets and their check."""
    register_sheet(CANDIDATES)
    register_sheet(CHOICE)
    register_facts_of((CANDIDATES, CHOICE))
    register_check(ACTIVITY, route_is_agreed)
