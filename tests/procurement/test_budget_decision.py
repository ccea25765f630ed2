"""What a budget holder reads of a request: the amount and the decision, not the author's tasks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.factories import requests as make
from tests.procurement.filling import words_of


@pytest.mark.django_db
def test_budget_holder_reads_the_amount_and_what_is_decided(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.draft(where)
    client.force_login(where.ann)

    page = words_of(client.get(f"/requests/{request.pk}/"))
    asked = words_of(client.get(f"/requests/{request.pk}/do/approve_budget/"))
    refused = words_of(client.get(f"/requests/{request.pk}/do/refuse_budget/"))

    assert "You decide whether £60,000 excluding VAT over the whole term is there for this." in page
    assert "It cannot be submitted yet." not in page
    assert "Write the procurement request form" not in page
    assert "You decide whether £60,000 excluding VAT" in asked
    assert "You say that £60,000 excluding VAT over the whole term is not there." in refused


@pytest.mark.django_db
def test_commissioner_reads_what_is_still_to_do(where: Any, ccps: SimpleNamespace, client: Client) -> None:
    request = make.draft(where)
    client.force_login(where.priya)

    page = words_of(client.get(f"/requests/{request.pk}/"))

    assert "You decide whether" not in page
    assert "It cannot be submitted yet." in page
    assert "Write the procurement request form" in page


@pytest.mark.django_db
def test_route_that_the_form_suggests_is_shown_until_ccps_chooses(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.answered(make.draft(where), where.priya, route_suggested="open_tender")
    client.force_login(where.ann)

    facts = {label: (value, note) for label, value, note in client.get(f"/requests/{request.pk}/").context["facts"]}

    assert facts["Route suggested"] == ("Open tender", "As its form says")
