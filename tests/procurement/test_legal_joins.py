"""Legal joins a tender at high risk whatever its value, and hears which criteria."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework.models import WorkItem
from commissioning.models import Commission
from commissioning.services import risk
from commissioning.services.risk import Ticked
from organisation import clock
from tests.factories import requests as make
from tests.procurement.filling import words_of


@pytest.mark.django_db
@pytest.mark.requirement("N-034")
def test_high_risk_brings_legal_in_with_the_criteria(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.submitted(where)
    commission = Commission.objects.get(pk=request.commission_id)
    risk.answer(commission, {"reputation": Ticked(True, "A well-used centre closes.")}, by=where.priya)
    make.accepted(where, ccps.lewis, request, legal_needed_by=clock.today() + timedelta(days=30))
    item = WorkItem.objects.get(kind="tender_involvement")
    assert "1 high-risk criterion: Reputation" in item.because
    client.force_login(ccps.hal)
    assert "1 high-risk criterion: Reputation" in words_of(client.get(f"/work/{item.pk}/"))
