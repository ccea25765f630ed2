"""The commissions somebody watches, each with what happens next: one statement, whatever each one lacks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from casework.querysets import Scope, scope_of
from casework.routing import Facts
from casework.services.rules import rules_of
from commissioning.dossier import CriterionLine, Dossier
from commissioning.models import Commission, CommissionActivity, RiskAnswer, RiskCriterion
from commissioning.selectors.dossiers import built, counted_rows, with_standing
from commissioning.selectors.overview import NEXT_VERB
from commissioning.states import ACTIVITY_OUTSTANDING, CommissionState
from commissioning.work_order import ACTIVITY, activity_place, in_order, place_of
from organisation.formatting import counted
from organisation.models import Person
from organisation.prepared import Prepared
from organisation.roles import Role
from organisation.standing import standing_of

MOST_WATCHED = 20
S = CommissionState


@dataclass(frozen=True)
class Watched:
    """One commission with its next step in words. ``missing`` counts what its own room knows to be left."""

    case_id: int
    reference: str
    title: str
    path: str
    state: str
    value: Any
    is_high_risk: bool
    is_mine: bool
    needed_by: date | None
    what_next: str
    note: str
    missing: int


def watched_by(person: Person) -> list[Watched]:
    """Open commissions of somebody's own, and those of the service areas they lead; the soonest needed first.

    One statement once the rules that the rows are pinned to have been read by this process.
    """
    held = standing_of(person).roles_held
    led = {row.service_area_id for row in held if row.role == Role.SERVICE_LEADER and row.service_area_id}
    commissions = any(row.role == Role.COMMISSIONER for row in held)
    rows = _ROWS.rows(led=tuple(sorted(led)), own_first=bool(led) and commissions, **asdict(scope_of(person)))
    return [_watched(row, person) for row in rows]


def _rows(led: tuple[int, ...], person: int, organisations: tuple[int, ...], *, own_first: bool) -> QuerySet[Any]:
    whose = Q(case_file__holder=person)
    if led:
        whose |= Q(case_file__service_area__in=led) & ~Q(state=S.DRAFT)
    rows = Commission.objects.visible_to(Scope(person, organisations)).filter(whose, case_file__is_open=True)
    rows = with_standing(rows).annotate(**_left_to_do())
    soonest = (F("needed_by").asc(nulls_last=True), "case_file")
    if not own_first:
        return rows.order_by(*soonest)[: MOST_WATCHED + 1]
    # Whoever both leads and commissions finds their own first: a draft of theirs must not fall off the end. It costs
    # the order its index, so nobody else pays for it.
    is_mine = Case(When(case_file__holder=person, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(is_mine, *soonest)[: MOST_WATCHED + 1]


_ROWS: Prepared[Any] = Prepared(_rows)


def _left_to_do() -> dict[str, Any]:
    left = CommissionActivity.objects.filter(
        commission=OuterRef("pk"), activity__stage=OuterRef("state"), state__in=ACTIVITY_OUTSTANDING
    )
    in_turn = left.order_by(activity_place(), "activity__order", "activity_id")
    answered = RiskAnswer.objects.filter(commission=OuterRef(OuterRef("pk")), criterion=OuterRef("pk"))
    asked = RiskCriterion.objects.in_force().filter(framework=OuterRef("case_file__organisation__framework"))
    return {
        "left": counted_rows(left),
        "first_left": Subquery(in_turn.values("activity__name")[:1]),
        "first_left_key": Subquery(in_turn.values("activity__key")[:1]),
        "unanswered": counted_rows(asked.filter(~Exists(answered))),
    }


def _watched(row: Any, person: Person) -> Watched:
    case = row.case_file
    what_next, note, missing = _next_step(row)
    return Watched(
        case_id=case.pk,
        reference=case.reference,
        title=case.title,
        path=case.path,
        state=row.state,
        value=case.value_ex_vat,
        is_high_risk=case.is_high_risk,
        is_mine=case.holder_id == person.pk,
        needed_by=row.needed_by,
        what_next=what_next,
        note=note,
        missing=missing,
    )


def _next_step(row: Any) -> tuple[str, str, int]:
    """The next verb, what it lacks, and how many things that is. Read by the same guard as the commission's page."""
    if row.state == S.ON_HOLD:
        return "On hold", row.resume_needs, 0
    ends_here = row.state == S.PLAN and row.st_delivery_key == "no_change"
    verb = Commission.verbs()["close_no_change" if ends_here else NEXT_VERB[row.state]]
    found = in_order(verb.name, list(verb.guard(_dossier(row), {}))) if verb.guard else []
    missing = len(found) + row.left
    if not missing:
        return verb.label, "Its own tasks are settled", 0
    first = found[0].words if found else ""
    # An activity that is worked on before the first of the rest comes first, as on the commission's own page.
    place = place_of(verb.name, f"{ACTIVITY}{row.first_left_key}")
    if row.left and (not found or place < place_of(verb.name, found[0].key)):
        first = f"{row.first_left}: not completed"
    note = first if missing == 1 else f"{counted(missing, 'thing')} left. First: {first}"
    return verb.label, note, missing


def _dossier(row: Any) -> Dossier:
    """What the guard reads, from the one row. Activities are counted beside it instead of listed."""
    facts = rules = None
    if row.rules_version is not None:
        rules = rules_of(row.rules_version)
        value = row.case_file.value_ex_vat if rules.vat_is_excluded else row.case_file.value_inc_vat
        if value is not None:
            # The file says whether any criterion applies; which ones makes no difference to what is asked.
            facts = Facts(value, {"high_risk": "High risk"} if row.case_file.is_high_risk else {})
    return built(
        row,
        version=row.rules_version,
        rules=rules,
        facts=facts,
        # Only how many are unanswered counts before the start.
        criteria=(CriterionLine(0, "", "", None),) * row.unanswered,
    )
