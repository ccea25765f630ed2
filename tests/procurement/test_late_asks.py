"""A request that leaves CCPS too little time is accepted all the same, marked, and counted by service area."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from organisation import clock
from tests.factories import procurement as buying
from tests.factories import requests as make


@pytest.mark.requirement("N-135")
@pytest.mark.django_db
def test_late_ask_is_marked_and_counted_by_area(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    clock.move_to(date(2026, 7, 6))

    def submitted(days: int) -> Any:
        needed = clock.today() + timedelta(days=days)
        made = buying.commission(where, state="plan", amount="60000", needed_by=needed, band_key="quotation")
        return make.submitted(where, make.funded(where, make.draft(where, made)))

    late, early = submitted(59), submitted(60)

    assert (late.state, late.item.is_late_ask, early.item.is_late_ask) == ("submitted", True, False)
    client.force_login(ccps.maria)
    assert "Late ask" in client.get(late.get_absolute_url()).content.decode()
    assert "Late ask" not in client.get(early.get_absolute_url()).content.decode()
    page = client.get("/dashboard/")
    assert f"{where.area.name} asked late 1 time" in page.content.decode()
    panel = next(shown["panel"] for shown in page.context["panels"] if shown["panel"].key == "late-asks")
    assert panel.rows[0].total.count == 1
    behind = client.get(panel.rows[0].total.url)
    assert behind.context["count"] == 1
    assert f"Service area: {where.area.name}" in behind.content.decode()
