"""The audit explorer leads from a submission to exactly what was submitted."""

import pytest
from django.urls import reverse

from documents.services import papers
from organisation.roles import Role
from tests.commissioning.steps import submit
from tests.factories import commissioning
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


def test_a_submission_links_to_the_revision_as_it_was(priya, council, signed_in):
    commission = commissioning.started_commission(priya, title="Home care")
    paper = submit(papers.begin(commission.case_file, "impact_screening", by=priya), priya)
    client = signed_in(people.person(Role.AUDITOR, at=council))

    page = client.get(reverse("casework:audit"), {"act": "paper.submit"}).content.decode()

    address = reverse("documents:revision", args=[paper.pk, 1])
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    answer = client.get(reverse("casework:audit_export"), {"act": "paper.submit"})
    assert commission.case_file.reference in b"".join(answer).decode()
