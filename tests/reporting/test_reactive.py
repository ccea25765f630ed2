"""What counts as reactive on the dashboard: asked too late, urgent, or an extension that nobody planned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.models import WorkItem
from organisation import clock
from reporting.counting import quarter_of
from tests.factories import casework
from tests.factories import commissioning as make

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("N-326")
def test_planned_and_reactive_commissions_by_quarter_whatever_made_them_reactive(priya, manager, signed_in):
    this = quarter_of(clock.today())
    first = clock.now()
    clock.move_to(first - timedelta(days=92))
    make.started_commission(priya, title="Gritting", value=150000)
    clock.move_to(first)
    make.started_commission(priya, title="Benches", value=150000)
    make.started_commission(priya, title="Home care", value=150000, ticked=("unplanned_extension",))
    for title, sign in (("Laptops", {"is_late_ask": True}), ("Ferry", {"urgent_reason": "It closes on Friday."})):
        item = casework.item(make.started_commission(priya, title=title, value=150000).case_file, by=priya)
        WorkItem.objects.filter(pk=item.pk).update(**sign)

    page = signed_in(manager).get(reverse("reporting:dashboard"))

    panel = next(shown["panel"] for shown in page.context["panels"] if shown["panel"].key == "ways")
    counts = [{part.label: part.count for part in row.parts} for row in panel.rows if row.total.count]
    assert counts == [{"Planned": 1, "Reactive": 0}, {"Planned": 1, "Reactive": 3}], "the earlier quarter first"
    assert "3 of 5 commissions started were reactive" in page.content.decode()
    listed = signed_in(manager).get(reverse("reporting:workplan"), {"started": this, "way": "reactive"})
    titles = {row["title"] for row in listed.context["rows"]}
    assert titles == {"Home care", "Laptops", "Ferry"}
