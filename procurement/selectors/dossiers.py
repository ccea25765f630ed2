"""What the guards of this room read, in a fixed number of statements."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from casework.blockers import Blocker
from casework.lifecycle import dossier_of
from casework.routing import requirements
from casework.services.rules import rules_of
from commissioning.models import Commission, DeliveryDecision, Specification
from commissioning.selectors.dossiers import criteria_of, facts_of, rules_version_of, standing_authority
from commissioning.states import SpecificationState
from documents.selectors import contents_of, section_blockers
from procurement.dossier import Accepted, ExerciseDossier, RequestDossier, Standing
from procurement.models import Exercise, ProcurementRequest, Quote, SupplierAsked
from procurement.selectors.requests import accepted_requests, live_requests
from procurement.states import ExerciseState, RequestState


def commissions() -> QuerySet[Any]:
    """Commissions with what buying asks of them, in one statement."""
    mine = OuterRef("pk")
    signed_off = Specification.objects.filter(commission=mine, state=SpecificationState.SIGNED_OFF)
    live = Exercise.objects.filter(commission=mine).exclude(state=ExerciseState.ABANDONED)
    buying = DeliveryDecision.objects.filter(commission=mine, superseded_at__isnull=True, model__buys=True)
    related = ("case_file__organisation__framework", "case_file__service_area", "rules_version")
    request = accepted_requests(mine)
    return Commission.objects.select_related(*related).annotate(
        request_id=Subquery(request.values("pk")[:1]),
        request_reference=Subquery(request.values("case_file__reference")[:1]),
        request_path=Subquery(request.values("path")[:1]),
        request_lead=Subquery(request.values("lead_id")[:1]),
        specification_number=Subquery(signed_off.values("number")[:1]),
        live_exercise=Subquery(live.values("case_file__reference")[:1]),
        live_run_by=Subquery(live.values("run_by")[:1]),
        is_buying=Exists(buying),
    )


def standing_of(commission_id: int) -> Standing:
    """How a commission stands for buying: one statement once its rules are read, two at high risk."""
    commission = commissions().get(pk=commission_id)
    rules = rules_of(rules_version_of(commission))
    # The file says whether any criterion applies; which ones is asked only to name them.
    criteria = criteria_of(commission) if commission.case_file.is_high_risk else ()
    facts = facts_of(commission, criteria, vat_is_excluded=rules.vat_is_excluded)
    return Standing(
        commission=commission,
        rules=rules,
        facts=facts,
        needs=requirements(facts, rules) if facts else None,
        specification_number=commission.specification_number,
        is_buying=commission.is_buying,
        live_exercise=commission.live_exercise or "",
        live_run_by=commission.live_run_by or "",
        request=_accepted(commission),
        gates_settled=frozenset(),
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
        asked=asked_of(exercise) if whole or exercise.state == ExerciseState.PLANNED else (),
        quotes=quotes_of(exercise) if exercise.state != ExerciseState.PLANNED else (),
        authority=standing_authority(standing.commission) if whole or exercise.state == ExerciseState.DECIDED else (),
    )
    # What follows the verb finds these here instead of asking again.
    exercise.commission = standing.commission
    if dossier.chosen is not None:
        exercise.chosen = dossier.chosen
    return dossier


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
