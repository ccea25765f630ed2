"""What the guards of this room read, in a fixed number of statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.dateparse import parse_date

from casework.blockers import Blocker
from casework.lifecycle import dossier_of
from casework.models import WorkItem
from casework.routing import Facts, Requirements, requirements
from casework.services.rules import rules_of
from casework.states import ItemState
from commissioning.models import Commission, DeliveryDecision, Engagement, PlannedIndicator, SourcingPlan, Specification
from commissioning.selectors.clearance import clearance_blockers, with_clearance
from commissioning.selectors.dossiers import (
    counted_rows,
    criteria_of,
    facts_of,
    questions_of,
    rules_version_of,
    standing_authority,
    with_criteria,
)
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import OWN, settled
from commissioning.states import SpecificationState
from documents.models import Attachment
from documents.selectors import contents_of, section_blockers
from organisation.prepared import Prepared
from procurement.dossier import Accepted, ExerciseDossier, ForTender, RequestDossier, Standing
from procurement.models import AwardCriterion, Challenge, Exercise, ProcurementRequest, Quote, SupplierAsked
from procurement.selectors.requests import accepted_requests, live_requests
from procurement.states import ExerciseState, Path, RequestState

BUDGET = "budget_approval"
LEGAL_KIND, DRAFT_CONTRACT = "tender_involvement", "draft_contract"
# What Legal is asked about the route and the terms, before bidders are told either.
ADVICE = ("special_terms", "unusual_route")
# Key questions of Secure Services that are answered before a tender is published: the regulations, and TUPE.
ASKED_FIRST = (2, 3)


def commissions() -> QuerySet[Any]:
    """Commissions with what buying asks of them, in one statement."""
    mine = OuterRef("pk")
    signed_off = Specification.objects.filter(commission=mine, state=SpecificationState.SIGNED_OFF)
    live = Exercise.objects.filter(commission=mine).exclude(state=ExerciseState.ABANDONED)
    decided = DeliveryDecision.objects.filter(commission=mine, superseded_at__isnull=True)
    buying = decided.filter(model__buys=True)
    related = (
        *("case_file__organisation__framework", "case_file__service_area", "case_file__holder"),
        *("rules_version", "level"),
    )
    request = accepted_requests(mine)
    open_ones = Challenge.objects.filter(exercise__commission=mine, settled_on__isnull=True)
    # The gates are asked by the id under which other records point here.
    rows = with_clearance(Commission.objects.select_related(*related).annotate(commission_id=F("pk")))
    return rows.annotate(
        budget_asked=Subquery(_budget_asked(mine).values("assignee__name")[:1]),
        open_challenges=Folded(open_ones.order_by("raised_on", "pk"), *CHALLENGE),
        **{f"gate_{number}_settled": settled(number) for number in OWN},
        request_id=Subquery(request.values("pk")[:1]),
        request_reference=Subquery(request.values("case_file__reference")[:1]),
        request_path=Subquery(request.values("path")[:1]),
        request_lead=Subquery(request.values("lead_id")[:1]),
        specification_number=Subquery(signed_off.values("number")[:1]),
        live_exercise=Subquery(live.values("case_file__reference")[:1]),
        live_run_by=Subquery(live.values("run_by")[:1]),
        is_buying=Exists(buying),
        other_delivery=Subquery(decided.filter(model__buys=False).values("model__name")[:1]),
        planned_lead=Subquery(SourcingPlan.objects.filter(commission=mine).values("lead_id")[:1]),
    )


def _budget_asked(commission_id: object) -> QuerySet[WorkItem]:
    """The open task of the budget holder who was asked, under any request of a commission; at most one is open."""
    return WorkItem.objects.outstanding().filter(
        kind=BUDGET, case_file__procurement_request__commission_id=commission_id
    )


CRITERION = ("pk", "name", "weight")
CHALLENGE = ("pk", "exercise_id", "raised_by", "raised_on", "words", "outcome", "settled_on")


def with_tender(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Fold what a page shows of a tender into exercises, so that it costs no statements of its own."""
    criteria = AwardCriterion.objects.filter(exercise=OuterRef("pk")).order_by("order", "pk")
    challenges = Challenge.objects.filter(exercise=OuterRef("pk")).order_by("raised_on", "pk")
    return rows.annotate(folded_criteria=Folded(criteria, *CRITERION), folded_challenges=Folded(challenges, *CHALLENGE))


def _criterion(row: dict[str, Any]) -> AwardCriterion:
    return AwardCriterion(pk=row["pk"], name=row["name"], weight=Decimal(str(row["weight"])))


def _challenge(row: dict[str, Any]) -> Challenge:
    days = {name: parse_date(str(row[name])) if row[name] else None for name in ("raised_on", "settled_on")}
    return Challenge(**row | days)


def needs_of(commission: Commission) -> Requirements | None:
    """What the rules ask of a commission by what its file says; None without a value or rules.

    The file knows only whether any criterion applies; which ones makes no difference to what is asked.
    """
    if commission.rules_version is None:
        return None
    case, rules = commission.case_file, rules_of(commission.rules_version)
    value = case.value_ex_vat if rules.vat_is_excluded else case.value_inc_vat
    if value is None:
        return None
    return requirements(Facts(value, {"high_risk": "High risk"} if case.is_high_risk else {}), rules)


_standing: Prepared[Any] = Prepared(lambda pk: with_criteria(commissions().filter(pk=pk), pk))


def standing_of(commission_id: int) -> Standing:
    """How a commission stands for buying: one statement once its rules are read."""
    commission = _standing.get(pk=commission_id)
    rules = rules_of(rules_version_of(commission))
    facts = facts_of(commission, criteria_of(commission), vat_is_excluded=rules.vat_is_excluded)
    return Standing(
        commission=commission,
        rules=rules,
        facts=facts,
        needs=requirements(facts, rules) if facts else None,
        specification_number=commission.specification_number,
        is_buying=commission.is_buying,
        other_delivery=commission.other_delivery or "",
        live_exercise=commission.live_exercise or "",
        live_run_by=commission.live_run_by or "",
        request=_accepted(commission),
        open_challenges=tuple(map(_challenge, commission.open_challenges)),
        held_back=tuple(clearance_blockers(commission)),
        gates_settled=frozenset(number for number in OWN if getattr(commission, f"gate_{number}_settled")),
    )


def _accepted(row: Any) -> Accepted | None:
    if row.request_id is None:
        return None
    return Accepted(row.request_id, row.request_reference, row.request_path, row.request_lead)


@dossier_of(Exercise)
def load(exercise: Exercise) -> ExerciseDossier:
    """What the guards of the present state read, in at most four statements."""
    return _read(exercise, whole=False)


def load_whole(exercise: Exercise) -> ExerciseDossier:
    """What the guards read and what the page shows beside it."""
    return _read(exercise, whole=True)


def _read(exercise: Exercise, *, whole: bool) -> ExerciseDossier:
    standing = standing_of(exercise.commission_id)
    dossier = ExerciseDossier(
        exercise=exercise,
        standing=standing,
        asked=asked_of(exercise) if _shows_asked(exercise, whole=whole) else (),
        quotes=_quotes(exercise, whole=whole),
        authority=standing_authority(standing.commission) if whole or exercise.state == ExerciseState.DECIDED else (),
        tender=_for_tender(exercise, standing, whole=whole),
        challenges=_challenges(exercise, standing),
    )
    # What follows the verb finds these here instead of asking again.
    exercise.commission = standing.commission
    if dossier.chosen is not None:
        exercise.chosen = dossier.chosen
    return dossier


def _for_tender(exercise: Exercise, standing: Standing, *, whole: bool) -> ForTender:
    """What a tender's publication waits for, in three statements; later only its criteria, for the page."""
    is_planned = exercise.state == ExerciseState.PLANNED
    if exercise.path != Path.SOURCING or not (whole or is_planned):
        return ForTender()
    folded = getattr(exercise, "folded_criteria", None)
    if folded is None:
        criteria = tuple(AwardCriterion.objects.filter(exercise=exercise).order_by("order", "pk"))
    else:
        criteria = tuple(map(_criterion, folded))
    if not is_planned:
        return ForTender(criteria)
    commission = standing.commission
    asked = WorkItem.objects.filter(case_file=OuterRef("case_file"), kind=LEGAL_KIND).exclude(state=ItemState.CLOSED)
    legal = asked.order_by("-pk")
    advice = WorkItem.objects.outstanding().filter(case_file=OuterRef("case_file"), kind__in=ADVICE).order_by("pk")
    row = (
        Commission.objects.filter(pk=commission.pk)
        .annotate(
            legal_pk=Subquery(legal.values("pk")[:1]),
            legal_state=Subquery(legal.values("state")[:1]),
            legal_answer=Subquery(legal.values("answer")[:1]),
            advice_pk=Subquery(advice.values("pk")[:1]),
            advice_title=Subquery(advice.values("title")[:1]),
            files=Exists(Attachment.objects.current().filter(case_file=exercise.case_file_id, purpose=DRAFT_CONTRACT)),
            talks=counted_rows(Engagement.objects.without_notice().filter(commission=OuterRef("pk"))),
            has_indicator=Exists(PlannedIndicator.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True)),
        )
        .values(
            *("legal_pk", "legal_state", "legal_answer", "advice_pk", "advice_title"),
            *("files", "has_indicator", "talks"),
        )
        .get()
    )
    questions = questions_of(commission, "secure")
    return ForTender(
        criteria=criteria,
        legal_url=reverse("casework:item", args=[row["legal_pk"]]) if row["legal_pk"] else "",
        legal_state=row["legal_state"] or "",
        legal_answer=row["legal_answer"] or "",
        advice=row["advice_title"] or "",
        advice_url=reverse("casework:item", args=[row["advice_pk"]]) if row["advice_pk"] else "",
        draft_contracts=int(row["files"]),
        open_questions=tuple(line.text for line in questions if line.number in ASKED_FIRST and not line.is_settled),
        indicators=int(row["has_indicator"]),
        talks_without_notice=row["talks"],
    )


def _challenges(exercise: Exercise, standing: Standing) -> tuple[Challenge, ...]:
    """The challenges to an exercise: those folded into it for a page, else those still open."""
    folded = getattr(exercise, "folded_challenges", None)
    if folded is not None:
        return tuple(map(_challenge, folded))
    return tuple(row for row in standing.open_challenges if row.exercise_id == exercise.pk)


def _shows_asked(exercise: Exercise, *, whole: bool) -> bool:
    """Of a tender nobody is listed before the bids are in; guards ask only before suppliers are asked."""
    before_bids = exercise.state in (ExerciseState.PLANNED, ExerciseState.OPEN)
    if exercise.path == Path.SOURCING and before_bids:
        return False
    return whole or exercise.state == ExerciseState.PLANNED


def _quotes(exercise: Exercise, *, whole: bool) -> tuple[Quote, ...]:
    """Every answer; after the decision only the chosen one counts for the guards, and came with the exercise."""
    if exercise.state == ExerciseState.PLANNED:
        return ()
    if not whole and exercise.state == ExerciseState.DECIDED and exercise.chosen is not None:
        return (exercise.chosen,)
    return quotes_of(exercise)


def asked_of(exercise: Exercise) -> tuple[SupplierAsked, ...]:
    """Who was asked, in order."""
    return tuple(SupplierAsked.objects.filter(exercise=exercise).select_related("supplier").order_by("asked_on", "pk"))


def quotes_of(exercise: Exercise) -> tuple[Quote, ...]:
    """Every answer, in the order it came, replaced ones too."""
    return tuple(Quote.objects.filter(exercise=exercise).select_related("supplier").order_by("received_on", "pk"))


@dossier_of(ProcurementRequest)
def load_request(request: ProcurementRequest) -> RequestDossier:
    """What the guards of a request read; its form is read only while it is being written."""
    standing = standing_of(request.commission_id)
    request.commission = standing.commission
    other = live_requests(request.commission_id).exclude(pk=request.pk).values_list("case_file__reference", flat=True)
    form: tuple[Blocker, ...] = ()
    if request.is_being_written and request.paper.is_draft:
        form = tuple(section_blockers(contents_of(request.paper)))
    return RequestDossier(
        request=request,
        standing=standing,
        form_blockers=form,
        other_live=(other.first() or "") if request.state == RequestState.DECLINED else "",
    )
