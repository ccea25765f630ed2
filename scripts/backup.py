"""Write the whole installation into one file: the database, the attachments and the audit heads.

    bin/backup [FILE]

The file is a tar archive with a manifest: rows in each table, size and SHA-256 of each file. The product may go on
running meanwhile: the database is copied as it stood at one moment, and attachments, which never change, after it.
Secrets (SECRET_KEY, AUDIT_SIGNING_KEY) are not in it; keep them where you keep secrets.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FORMAT = 1
SQLITE_NAME = "database.sqlite3"
POSTGRES_NAME = "database.dump"


def django_ready() -> None:
    """Load the settings, when this runs as a program."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # not before the settings are named

    django.setup()


def from_command_line(file: Path) -> Path:
    """Return the path as the person meant it: bin/ commands change to the repository before we are asked."""
    return Path(os.environ.get("CALLED_FROM") or Path.cwd(), file)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def folders() -> dict[str, Path]:
    """Return the folders that belong to an installation, by their name in the archive."""
    from django.conf import settings  # not before django_ready

    return {"attachments": Path(settings.ATTACHMENTS_DIR), "audit-heads": Path(settings.AUDIT_HEADS_DIR)}


def rows_by_table(tables: list[str], ask: Callable[[str], Any]) -> dict[str, int]:
    """Return the number of rows of each table. `ask` runs one statement and returns its single value."""
    return {table: int(ask(f'SELECT COUNT(*) FROM "{table}"')) for table in sorted(tables)}  # noqa: S608 - names from the catalogue


def sqlite_rows(path: Path) -> dict[str, int]:
    """Return the rows of each table of a SQLite file."""
    ours = sqlite3.connect(path)
    try:
        listed = ours.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return rows_by_table([name for (name,) in listed.fetchall()], lambda sql: ours.execute(sql).fetchone()[0])
    finally:
        ours.close()


def postgres_rows() -> dict[str, int]:
    """Return the rows of each table of the configured PostgreSQL database, in the open transaction if there is one."""
    from django.db import connection  # not before django_ready

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]

        def ask(sql: str) -> Any:
            cursor.execute(sql)
            return cursor.fetchone()[0]

        return rows_by_table(tables, ask)


def postgres_tool(name: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore against the configured database; the password goes through the environment."""
    from django.db import connection  # not before django_ready

    if not shutil.which(name):
        sys.exit(f"{name} is needed (Debian: postgresql-client) and is not on the PATH.")
    it = connection.settings_dict
    environment = {**os.environ, "PGDATABASE": it["NAME"]}
    for variable, value in (("PGHOST", it["HOST"]), ("PGPORT", it["PORT"]), ("PGUSER", it["USER"])):
        if value:
            environment[variable] = str(value)
    if it["PASSWORD"]:
        environment["PGPASSWORD"] = it["PASSWORD"]
    done = subprocess.run([name, *arguments], env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")


def copy_database(into: Path) -> tuple[str, dict[str, int]]:
    """Copy the database as it stands at one moment; return the copy's name and its rows by table."""
    from django.db import connection, transaction  # not before django_ready

    if connection.vendor == "sqlite":
        target = into / SQLITE_NAME
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        return SQLITE_NAME, sqlite_rows(target)
    with transaction.atomic(), connection.cursor() as cursor:
        # pg_dump reads the very snapshot in which the rows are counted.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        rows = postgres_rows()
        target = into / POSTGRES_NAME
        schema = ("--no-owner", "--no-privileges")
        postgres_tool("pg_dump", "--format=custom", *schema, f"--snapshot={snapshot}", f"--file={target}")
    return POSTGRES_NAME, rows


def files_under(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Return each file of a folder with its name in the archive."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


def write_backup(target: Path) -> dict[str, Any]:
    """Write the archive to `target` and return its manifest. Nothing is left behind if it fails."""
    from django.db import connection  # not before django_ready

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        database, rows = copy_database(Path(scratch))
        members = [(database, Path(scratch, database))]
        for name, folder in folders().items():
            members += files_under(name, folder)
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "vendor": connection.vendor,
            "rows": rows,
            "files": {name: {"size": path.stat().st_size, "sha256": sha256_of(path)} for name, path in members},
        }
        told = Path(scratch, "manifest.json")
        told.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                archive.add(told, "manifest.json")
                for name, path in members:
                    archive.add(path, name)
                archive.fileobj.flush()  # type: ignore[union-attr]
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return manifest


def main() -> int:
    """Write a backup and say what is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", nargs="?", type=Path, help="where to; by default var/backups/gatehouse-DATE.tar.gz")
    asked = parser.parse_args()
    django_ready()
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    named = var_dir / "backups" / f"gatehouse-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"
    target = from_command_line(asked.file or named)
    manifest = write_backup(target)
    print(
        f"{target}: {sum(manifest['rows'].values())} rows in {len(manifest['rows'])} tables, "
        f"{len(manifest['files']) - 1} files."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
