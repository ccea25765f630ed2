"""What buying has recorded of the steps of a commission's timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import OuterRef
from django.utils.dateparse import parse_date

from casework.clocks import local_day
from commissioning.models import Commission
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import moment_in
from organisation import clock
from procurement.models import Exercise
from procurement.selectors.requests import accepted_requests
from procurement.states import ExerciseState

_EXERCISE = ("state", "published_on", "deadline_on", "decided_at", "awarded_at", "standstill_ends_on")
_OFFERS_ARE_IN = (ExerciseState.EVALUATING, ExerciseState.DECIDED, ExerciseState.AWARDED)


def load(commission_ids: Sequence[int]) -> Mapping[int, Mapping[str, date]]:
    """The accepted request and what every exercise that was not given up has behind it, in one statement."""
    exercises = Exercise.objects.filter(commission=OuterRef("pk")).exclude(state=ExerciseState.ABANDONED)
    rows = Commission.objects.filter(pk__in=commission_ids).annotate(
        sr_requests=Folded(accepted_requests(OuterRef("pk")), "decided_at"),
        sr_exercises=Folded(exercises.order_by("pk"), *_EXERCISE),
    )
    found: dict[int, dict[str, date]] = {}
    for pk, requests, lines in rows.values_list("pk", "sr_requests", "sr_exercises"):
        days = found.setdefault(pk, {})
        if requests and requests[0]["decided_at"]:
            days["request_accepted"] = local_day(moment_in(requests[0]["decided_at"]))
        each = [_days(line) for line in lines]
        for name in set.intersection(*map(set, each)) if each else ():
            days[name] = max(of[name] for of in each)
    return found


def _days(line: Mapping[str, str | None]) -> dict[str, date]:
    """The days of one exercise, as far as it has come."""
    decided, awarded = _moment(line["decided_at"]), _moment(line["awarded_at"])
    ends = parse_date(line["standstill_ends_on"] or "")
    offers = parse_date(line["deadline_on"] or "") or decided
    days = {
        "notice_published": parse_date(line["published_on"] or ""),
        "offers_in": offers if line["state"] in _OFFERS_ARE_IN else None,
        "purchase_decided": decided,
        "awarded": awarded,
        "standstill_over": ends if awarded and ends and ends < clock.today() else None,
    }
    return {name: on for name, on in days.items() if on is not None}


def _moment(value: str | None) -> date | None:
    return local_day(moment_in(value)) if value else None
