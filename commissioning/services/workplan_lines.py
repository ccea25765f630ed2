"""Lines of the workplan that nobody has touched for long: a deadline on the commissioner, by the rules' own figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from casework.clocks import local_day
from casework.deadlines import Due, due
from casework.models import CaseFile
from casework.services.rules import rules_of, version_in_force
from organisation.models import CommissioningFramework

KIND, FIGURE = "workplan_line", "stale_line_days"


def lines() -> Iterator[Due]:
    """A deadline for every open commission: the day on which its line turns stale if nobody touches it.

    It moves with the last change, at the nightly proof; a line that was touched reminds nobody.
    """
    days: dict[int, int | None] = {}
    for framework in CommissioningFramework.objects.filter(rules_versions__isnull=False).distinct():
        figure = rules_of(version_in_force(framework)).figures.get(FIGURE)
        days[framework.pk] = int(figure.amount) if figure else None
    rows = CaseFile.objects.filter(kind="commission", is_open=True).select_related("organisation", "holder")
    for case in rows.order_by("pk").iterator(chunk_size=500):
        after = days.get(case.organisation.framework_id)
        if after is None:
            continue
        touched = local_day(case.changed_at)
        yield due(
            case,
            KIND,
            "stale",
            due_on=touched + timedelta(days=after),
            title="Workplan line: look at it again",
            path=case.path,
            holder=case.holder,
            since=touched,
        )
