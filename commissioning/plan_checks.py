"""What must stand in the sheets of Plan before their activities are completed. One statement a check."""

from __future__ import annotations

from collections.abc import Iterator

from casework.blockers import Blocker
from casework.models import WorkItem
from casework.states import OUTSTANDING
from commissioning.models import CommissionActivity
from commissioning.models.plan import DesignFeedback, Gap, MakeOrBuyFinding, MakeOrBuyScore
from commissioning.sheets import register_check
from organisation.formatting import listed

#: The queue of whoever advises on anything digital, by its key.
ICT = "ict"


def gaps_have_actions(activity: CommissionActivity) -> Iterator[Blocker]:
    """Each gap names its remedy."""
    pk = activity.commission_id
    rows = Gap.objects.filter(commission=pk, removed_at__isnull=True, action="").order_by("pk")
    for row_pk, gap in rows.values_list("pk", "gap")[:20]:
        yield Blocker(f"gap:{row_pk}", f"Gap “{gap}”: no action", "commissioning:sheet_row", (pk, "gaps", row_pk))


def all_factors_are_scored(activity: CommissionActivity) -> Iterator[Blocker]:
    """A study that is begun scores every factor; one in words only (a small purchase) is left to its words."""
    pk = activity.commission_id
    rows = MakeOrBuyScore.objects.filter(commission=pk, removed_at__isnull=True)
    scored = set(rows.values_list("factor", flat=True))
    missing = [str(factor.label) for factor in MakeOrBuyScore.Factor if factor not in scored]
    if scored and missing:
        yield Blocker("factors", f"Not scored: {listed(missing)}", "commissioning:sheet", (pk, "make_or_buy"))


def study_recommends(activity: CommissionActivity) -> Iterator[Blocker]:
    """A study that scored ends in a recommendation."""
    pk = activity.commission_id
    scored = MakeOrBuyScore.objects.filter(commission=pk, removed_at__isnull=True)
    found = MakeOrBuyFinding.objects.filter(commission=pk, removed_at__isnull=True)
    if scored.exclude(commission__in=found.values("commission")).exists():
        yield Blocker("finding", "Recommendation: not written", "commissioning:sheet", (pk, "make_or_buy_finding"))


def ict_has_answered(activity: CommissionActivity) -> Iterator[Blocker]:
    """What was asked of ICT because part of it is digital is answered, or was withdrawn with a reason."""
    rows = WorkItem.objects.filter(
        case_file_id=activity.commission.case_file_id,
        key__contains=f":activity:{activity.pk}:",
        queue__key=ICT,
        state__in=OUTSTANDING,
    )
    for pk, queue in rows.order_by("pk").values_list("pk", "queue__name"):
        words = f"{queue}: answer awaited. Wait for it, or withdraw the request with a reason"
        yield Blocker(f"asked:{pk}", words, "casework:item", (pk,), waits_for=queue)


def users_saw_the_design(activity: CommissionActivity) -> Iterator[Blocker]:
    """A design is shown to those who will use it, or says why nobody was asked."""
    pk = activity.commission_id
    if not DesignFeedback.objects.filter(commission=pk, removed_at__isnull=True).exists():
        words = "Feedback of future users: none linked, and no reason given"
        yield Blocker("feedback", words, "commissioning:sheet", (pk, "design_feedback"))


def register_own() -> None:
    """Register the checks."""
    register_check("gap_analysis", gaps_have_actions)
    register_check("make_or_buy", all_factors_are_scored)
    register_check("make_or_buy", study_recommends)
    register_check("make_or_buy", ict_has_answered)
    register_check("service_design", users_saw_the_design)
