"""A tender goes out on the current version of the specification, signed off by a leader of the service area."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from commissioning.models import PlannedIndicator, Specification
from documents.models import Paper
from procurement.models import Exercise
from tests.factories import procurement as buying
from tests.factories import sourcing as make
from tests.procurement.filling import fill, words_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("N-119")
def test_tender_is_not_published_until_the_current_version_is_signed_off_and_an_edit_clears_it(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    exercise = make.tender(where, ccps.lewis)
    commission = exercise.commission
    first = commission.specifications.get()
    Paper.objects.filter(pk=first.paper_id).update(state="submitted", submitted_by=where.priya)
    PlannedIndicator.objects.filter(commission=commission).update(baseline=80)
    client.force_login(where.priya)
    edited = fill(client, f"/specifications/{first.pk}/do/supersede/", note="Two more places.")
    assert (edited.status_code, commission.specifications.count()) == (302, 2)
    client.force_login(ccps.lewis)
    publish = f"/exercises/{exercise.pk}/do/publish/"

    page = words_of(client.get(publish))
    sent = fill_closed(client, publish)

    assert "Specification: not signed off" in page
    assert (sent.status_code, Exercise.objects.get().state) == (409, "planned")

    second = commission.specifications.get(number=2)
    Specification.objects.filter(pk=second.pk).update(state="in_review")
    client.force_login(where.priya)
    assert client.post(f"/specifications/{second.pk}/do/sign_off/").status_code == 403, "only a service-area leader"
    client.force_login(where.tom)
    assert "Specification: not submitted" in words_of(client.get(f"/specifications/{second.pk}/do/sign_off/"))
    Paper.objects.filter(pk=second.paper_id).update(state="submitted", submitted_by=where.priya)
    assert client.post(f"/specifications/{second.pk}/do/sign_off/").status_code == 302
    client.force_login(ccps.lewis)
    fill(client, publish, notice_reference="2026/S 000-020000")

    exercise.refresh_from_db()
    assert (exercise.state, exercise.specification_number) == ("open", 2)
    client.force_login(where.priya)
    late = client.post(f"/specifications/{second.pk}/do/supersede/", {"note": "One more."})
    assert late.status_code == 409
    assert "asked suppliers on this version" in words_of(late)


def fill_closed(client: Client, url: str) -> Any:
    """Send a form whose page shows only what blocks it."""
    return client.post(url, {"notice_reference": "2026/S 000-020000"})


@pytest.mark.requirement("N-119")
def test_quotes_are_not_asked_for_without_a_signed_off_version(where: Any, client: Client) -> None:
    commission = buying.commission(where)
    exercise = buying.exercise(where, commission)
    buying.asked(exercise)
    commission.specifications.update(state="superseded")
    client.force_login(where.priya)

    refused = client.post(f"/exercises/{exercise.pk}/do/invite/")

    assert refused.status_code == 409
    assert "Specification: not signed off" in words_of(refused)
