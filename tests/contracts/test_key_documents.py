"""The contract stands among the key documents of its commission, with its newest file."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people


@pytest.mark.requirement("N-020")
def test_contract_has_version_author_status_and_download(where: Any, client: Any, tmp_path: Any, settings: Any) -> None:
    settings.ATTACHMENTS_DIR, settings.VIRUS_SCANNER = tmp_path, ""
    contract = make.live(where)
    address = f"/commissions/{contract.commission.pk}/documents/"
    client.force_login(where.priya)
    page = client.get(address).content.decode()
    attach = f"/cases/{contract.case_file.pk}/attach/contract/"
    assert f"Contract {contract.case_file.reference}" in page
    assert attach in page

    for number in (1, 2):
        file = SimpleUploadedFile(f"contract-{number}.txt", f"Version {number}".encode(), content_type="text/plain")
        answer = client.post(attach, {"file": file, "classification": "commercial"})
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    page = client.get(address).content.decode()
    newest = contract.case_file.attachments.order_by("-pk")[0]
    for words in ("Version 2", "Priya Shah", "Live", newest.get_absolute_url()):
        assert words in page, words
    assert "Secure Services" in page
    sent = client.get(newest.get_absolute_url())
    assert b"".join(sent.streaming_content) == b"Version 2"
    client.force_login(people.person(Role.COMMISSIONER, at=people.organisation()))
    assert client.get(address).status_code == 404
