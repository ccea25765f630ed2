"""The questions of a procurement request are versioned: what was submitted keeps the questions it was answered on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from documents.models import Paper, Template
from organisation.roles import Role
from procurement.services.requests import TEMPLATE
from tests.factories import organisation as people
from tests.factories import requests as make
from tests.procurement.filling import words_of

pytestmark = pytest.mark.django_db
OLD, NEW = "What do you need?", "What do you need, and how much of it?"


def publish_reworded(client: Client, old: Template) -> Template:
    """An administrator makes a new version, rewords its first question and publishes it."""
    client.post(f"/admin/documents/template/{old.pk}/new-version/")
    draft = Template.objects.get(key=TEMPLATE, version=2)
    section = draft.sections.get()
    address = f"/admin/documents/section/{section.pk}/change/"
    page = client.get(address).context
    sent: dict[str, Any] = {}
    for form in (page["adminform"].form, *page["inline_admin_formsets"][0].formset.forms):
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields}
    management = page["inline_admin_formsets"][0].formset.management_form
    sent |= {management.add_prefix(name): management[name].value() for name in management.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    prefix = next(name.removesuffix("-label") for name, value in sent.items() if value == OLD)

    assert client.post(address, sent | {f"{prefix}-label": NEW}).status_code == 302
    client.post(f"/admin/documents/template/{draft.pk}/publish/")
    draft.refresh_from_db()
    return draft


@pytest.mark.requirement("N-134")
def test_submitted_request_keeps_its_questions_and_the_next_asks_the_new_ones(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    request = make.submitted(where)
    paper = Paper.objects.get(pk=request.paper_id)
    client.force_login(people.person(Role.ADMINISTRATOR, at=where.organisation))

    assert publish_reworded(client, paper.template).is_published

    client.force_login(ccps.lewis)
    read = words_of(client.get(f"/papers/{paper.pk}/revisions/1/"))
    assert OLD in read
    assert NEW not in read
    client.force_login(where.priya)
    later = words_of(client.get(f"/papers/{make.draft(where).paper_id}/sections/need/"))
    assert NEW in later
