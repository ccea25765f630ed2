"""Backup and restore as an operator runs them: programs of their own, on installations of their own."""

import json
import os
import secrets
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from scripts import restore
from tests.worker import test_database_url as database_url

ROOT = Path(__file__).resolve().parent.parent.parent
ADD_PEOPLE = """
from organisation.models import Person
for n in range(3):
    Person.objects.create(email=f"person{n}@example.org", name=f"Zoë Person {n}")
"""


@dataclass
class Installation:
    """One installation with its own folder and database."""

    folder: Path
    database_url: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "GATEHOUSE_TESTS_DIR")},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEMO": "1",
            "VAR_DIR": str(self.folder),
            "CLOCK_FILE": "",
            "ATTACHMENTS_DIR": str(self.folder / "attachments"),
            "AUDIT_HEADS_DIR": str(self.folder / "audit-heads"),
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": self.database_url,
            "LOG_LEVEL": "WARNING",
        }
        return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)

    def do(self, *command: str) -> str:
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def emails(self) -> list[str]:
        asked = "from organisation.models import Person;print(*Person.objects.order_by('email').values_list('email'))"
        said = self.do("manage.py", "shell", "--no-imports", "-c", asked)
        return [part.strip("(),'") for part in said.split()]


class Installations:
    """Makes installations, on PostgreSQL when the tests run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.databases: list[str] = []

    def new(self, name: str) -> Installation:
        folder = self.folder / name
        folder.mkdir()
        if connection.vendor == "sqlite":
            return Installation(folder, "")
        database = f"gatehouse_backup_{secrets.token_hex(4)}"
        self.databases.append(database)
        self._on_server(f'CREATE DATABASE "{database}"')
        return Installation(folder, database_url().rsplit("/", 1)[0] + f"/{database}")

    def drop(self) -> None:
        for database in self.databases:
            self._on_server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _on_server(self, sql: str) -> None:
        it = connection.settings_dict
        server = psycopg2.connect(
            host=it["HOST"], port=it["PORT"] or 5432, user=it["USER"], password=it["PASSWORD"], dbname="postgres"
        )
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql)
        server.close()


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installations]:
    made = Installations(tmp_path_factory.mktemp("installations"))
    yield made
    made.drop()


@pytest.fixture(scope="module")
def lived_in(installations: Installations) -> Installation:
    """An installation with three people and an attachment."""
    here = installations.new("lived-in")
    here.do("manage.py", "migrate", "--verbosity=0")
    here.do("manage.py", "shell", "--no-imports", "-c", ADD_PEOPLE)
    (here.folder / "attachments" / "ab").mkdir(parents=True)
    (here.folder / "attachments" / "ab" / "abcdef").write_bytes(b"%PDF-1.7 a paper")
    return here


@pytest.fixture(scope="module")
def backup(lived_in: Installation) -> Path:
    file = lived_in.folder / "copy.tar.gz"
    lived_in.do("scripts/backup.py", str(file))
    return file


def test_manifest_tells_rows_and_hashes(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
        names = set(archive.getnames())

    assert manifest["rows"]["organisation_person"] == 3
    assert manifest["files"]["attachments/ab/abcdef"]["size"] == 16
    assert names == set(manifest["files"]) | {"manifest.json"}
    assert oct(backup.stat().st_mode & 0o777) == "0o600"


def test_restore_brings_everything_back_and_verifies_the_audit_trail(
    backup: Path, installations: Installations
) -> None:
    there = installations.new("new-machine")

    said = there.do("scripts/restore.py", str(backup))

    assert "all agree" in said
    assert there.emails() == ["person0@example.org", "person1@example.org", "person2@example.org"]
    assert (there.folder / "attachments" / "ab" / "abcdef").read_bytes() == b"%PDF-1.7 a paper"


def test_restore_leaves_an_installation_in_use_alone_unless_told(backup: Path, installations: Installations) -> None:
    there = installations.new("in-use")
    there.do("manage.py", "migrate", "--verbosity=0")
    there.do("manage.py", "shell", "--no-imports", "-c", ADD_PEOPLE.replace("person{n}", "stranger{n}"))
    (there.folder / "attachments").mkdir()
    (there.folder / "attachments" / "theirs").write_text("not in the backup", encoding="utf-8")

    refused = there.run("scripts/restore.py", str(backup))

    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert there.emails() == ["stranger0@example.org", "stranger1@example.org", "stranger2@example.org"]

    there.do("scripts/restore.py", str(backup), "--replace")

    assert there.emails() == ["person0@example.org", "person1@example.org", "person2@example.org"]
    assert not (there.folder / "attachments" / "theirs").exists()


@pytest.fixture
def nothing_may_be_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> None:
        raise AssertionError("the installation was touched")

    monkeypatch.setattr(restore, "in_use", lambda: False)
    monkeypatch.setattr(restore, "put_database", touched)
    monkeypatch.setattr(restore, "put_folders", touched)


@pytest.mark.usefixtures("nothing_may_be_touched")
def test_restore_refuses_a_changed_file_before_touching_anything(backup: Path, tmp_path: Path) -> None:
    with tarfile.open(backup) as archive:
        restore.extract(archive, tmp_path / "open")
    (tmp_path / "open" / "attachments" / "ab" / "abcdef").write_bytes(b"%PDF-1.7 a forgery")
    forged = tmp_path / "forged.tar.gz"
    with tarfile.open(forged, "w:gz") as archive:
        archive.add(tmp_path / "open", ".")

    with pytest.raises(restore.CannotRestore, match="attachments/ab/abcdef"):
        restore.restore(forged, replace=False)


@pytest.mark.usefixtures("nothing_may_be_touched")
def test_restore_refuses_half_a_backup(backup: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.tar.gz"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])

    with pytest.raises(restore.CannotRestore, match="not a whole backup"):
        restore.restore(half, replace=False)


@pytest.mark.usefixtures("nothing_may_be_touched")
@pytest.mark.parametrize("name", ["../outside", "/etc/outside"])
def test_restore_refuses_a_file_that_would_land_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "content").write_text("x", encoding="utf-8")
    with tarfile.open(tmp_path / "sly.tar.gz", "w:gz") as archive:
        member = archive.gettarinfo(tmp_path / "content")
        member.name = name
        with (tmp_path / "content").open("rb") as content:
            archive.addfile(member, content)

    with pytest.raises(restore.CannotRestore, match="something no backup does"):
        restore.restore(tmp_path / "sly.tar.gz", replace=False)
