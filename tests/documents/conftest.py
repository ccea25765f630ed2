"""What the tests of this room share: a file store of their own, and no template remembered from another test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from documents import selectors
from documents.models import Paper
from organisation.models import Person
from tests.factories import documents as make
from tests.factories import organisation as people


@pytest.fixture(autouse=True)
def store_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Keep files in a folder that goes away with the test."""
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    settings.VIRUS_SCANNER = ""
    selectors.forget_shapes()
    yield settings.ATTACHMENTS_DIR
    selectors.forget_shapes()


@pytest.fixture
def writer(db: None) -> Person:
    """Somebody who writes papers, called as on the screens."""
    return make.writer(people.organisation(name="Alder County Council"), name="Priya Shah", team="Commissioning")


@pytest.fixture
def paper(writer: Person) -> Paper:
    """A paper with a question of every kind, just begun."""
    return make.paper(writer)


@pytest.fixture
def signed_in(writer: Person, client: Client) -> Client:
    """A browser in which the writer is signed in."""
    client.force_login(writer)
    return client
