"""What buying adds to the verbs of the rooms below. Each check is at most one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from casework.blockers import Blocker
from casework.lifecycle import exit_check
from commissioning.models import Commission, DeliveryDecision, Specification, UrgentRoute
from documents.models import Paper
from organisation.formatting import in_sentence
from procurement.models import Exercise, ProcurementRequest
from procurement.selectors.dossiers import needs_of
from procurement.selectors.requests import live_requests
from procurement.states import ASKED, BEING_WRITTEN, RequestState


@exit_check(Commission, "to_secure")
def request_is_accepted(commission: Commission) -> Sequence[Blocker]:
    """Framework 3.1: where CCPS buys, it has accepted the procurement request before anything is secured.

    Where the decision came to be that nothing is bought, CCPS is not left with a request.
    """
    live = live_requests(OuterRef("pk"))
    decided = DeliveryDecision.objects.filter(commission=OuterRef("pk"), superseded_at__isnull=True)
    declined = ProcurementRequest.objects.filter(commission=OuterRef("pk"), state=RequestState.DECLINED).order_by("-pk")
    rows = Commission.objects.select_related("case_file__holder", "rules_version").annotate(
        buys=Exists(decided.filter(model__buys=True)),
        buys_nothing=Exists(decided.filter(model__buys=False)),
        is_passed_over=Exists(UrgentRoute.objects.filter(commission=OuterRef("pk"), ended_at=None, skips_request=True)),
        request_state=Subquery(live.values("state")[:1]),
        request_id=Subquery(live.values("pk")[:1]),
        declined_id=Subquery(declined.values("pk")[:1]),
        declined_reference=Subquery(declined.values("case_file__reference")[:1]),
        request_reference=Subquery(live.values("case_file__reference")[:1]),
    )
    row = rows.get(pk=commission.pk)
    if row.buys_nothing:
        return _nothing_to_ask_for(row)
    needs = needs_of(row)
    if not row.buys or row.is_passed_over or not commission.may_buy or needs is None or needs.request != "required":
        return []
    if row.request_state == RequestState.ACCEPTED:
        return []
    commissioner = row.case_file.holder.name if row.case_file.holder else "Commissioner"
    if row.request_id is None and row.declined_id is not None:
        words = f"Procurement request {row.declined_reference}: declined, not revised"
        return [Blocker("request", words, "procurement:request", (row.declined_id,), waits_for=commissioner)]
    if row.request_id is None:
        words = "Procurement request: required, not begun"
        return [Blocker("request", words, "procurement:request_open", (row.pk,), waits_for=commissioner)]
    state = RequestState(row.request_state)
    return [
        Blocker(
            "request",
            f"Procurement request {row.request_reference}: {in_sentence(state.label)}, not accepted",
            "procurement:request",
            (row.request_id,),
            waits_for="CCPS" if state is RequestState.SUBMITTED else commissioner,
        )
    ]


def _nothing_to_ask_for(row: Any) -> list[Blocker]:
    if row.request_id is None:
        return []
    words = f"Procurement request {row.request_reference}: still open, and the delivery decision buys nothing"
    waits_for = row.case_file.holder.name if row.case_file.holder else "Commissioner"
    return [Blocker("request", f"{words}. Withdraw it", "procurement:request", (row.request_id,), waits_for=waits_for)]


@exit_check(Paper, "reopen")
def form_is_with_ccps(paper: Paper) -> Sequence[Blocker]:
    """What CCPS reads stays as it was sent; CCPS's question opens it again."""
    request = (
        ProcurementRequest.objects.filter(paper=paper)
        .exclude(state__in=BEING_WRITTEN)
        .select_related("case_file")
        .first()
    )
    if request is None or request.state not in (RequestState.SUBMITTED, RequestState.ACCEPTED):
        return []
    reference, state = request.case_file.reference, request.get_state_display().lower()
    return [Blocker("request", f"{reference} is {state}, so its form stands", path=request.get_absolute_url())]


@exit_check(Specification, "supersede")
def prices_were_asked(specification: Specification) -> Sequence[Blocker]:
    """Everybody is asked on the same words, so they stand until the exercise is given up."""
    asked = (
        Exercise.objects.filter(commission_id=specification.commission_id, state__in=ASKED)
        .select_related("case_file")
        .first()
    )
    if asked is None:
        return []
    return [
        Blocker(
            "exercise",
            f"{asked.case_file.reference} asked suppliers on this version: abandon it before you change the words",
            "procurement:exercise",
            (asked.pk,),
        )
    ]
