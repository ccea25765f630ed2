"""What planning ahead adds to the registries: deadlines of the timeline, and the grants among the queues' filters."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Coalesce

from casework.deadlines import register_deadline_kind
from casework.handled import register_case_day
from casework.selectors.queue_filters import register_queue_flag
from commissioning.services import sourcing, timeline, workplan_lines


def register_own() -> None:
    """Register them."""
    register_queue_flag("grant", "Grant we receive", Q(case_file__commission__is_grant_funded=True))
    register_case_day(Coalesce("case_file__commission__needed_by", "case_file__root__commission__needed_by"))
    register_deadline_kind(timeline.MILESTONE, "Milestones of a timeline", source=timeline.milestones)
    register_deadline_kind(sourcing.STRATEGY, "Sourcing strategies", source=sourcing.strategies)
    label = "Workplan lines that turn stale"
    register_deadline_kind(workplan_lines.KIND, label, source=workplan_lines.lines, moves_by_itself=True)
