"""What buying records shows on the timeline: a request counts as answered from the day on which CCPS accepted it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from commissioning.models import Commission
from commissioning.selectors.step_records import records_in
from organisation import clock
from tests.factories import requests as make


@pytest.mark.django_db
def test_request_is_shown_as_answered_once_it_is_accepted(where: Any, ccps: SimpleNamespace) -> None:
    request = make.submitted(where)
    commission = Commission.objects.get(pk=request.commission_id)
    assert "request_accepted" not in records_in(commission).over

    make.accepted(where, ccps.lewis, request)

    record = records_in(Commission.objects.get(pk=commission.pk)).over["request_accepted"]
    assert (record.on, record.words) == (clock.today(), "Done")
