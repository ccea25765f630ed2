"""Put an installation back from a file that bin/backup wrote, and prove that it is all there.

    bin/restore FILE [--replace]

Every file's hash is checked before anything is touched. An installation that already holds people is left alone
unless --replace is given. Stop the product first. Afterwards rows and hashes are compared with the manifest again,
newer migrations are applied, and the audit trail is verified.
"""

import argparse
import fcntl
import json
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.backup import (  # noqa: E402 - the path comes first
    FORMAT,
    POSTGRES_NAME,
    SQLITE_NAME,
    django_ready,
    folders,
    from_command_line,
    postgres_rows,
    postgres_tool,
    sha256_of,
    sqlite_rows,
)


class CannotRestore(Exception):
    """The file or this installation does not allow it; the message says why."""


def extract(archive: tarfile.TarFile, into: Path) -> None:
    """Extract plain files and folders that stay under `into`. Raises CannotRestore for anything else in the archive."""
    for member in archive.getmembers():
        name = PurePosixPath(member.name)
        if not (member.isfile() or member.isdir()) or name.is_absolute() or ".." in name.parts:
            raise CannotRestore(f"The archive holds something no backup does: {member.name}")
    # Debian 12's Python 3.11.2 does not know the filter yet; the check above is ours in any case.
    known: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    archive.extractall(into, **known)  # noqa: S202 - every member was looked at


def unpack(file: Path, into: Path) -> dict[str, Any]:
    """Unpack the archive and check every file against the manifest. Returns the manifest."""
    try:
        with tarfile.open(file) as archive:
            extract(archive, into)
        manifest: dict[str, Any] = json.loads((into / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise CannotRestore(f"{file} is not a whole backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise CannotRestore(f"{file} was written in a format this version does not know.")
    check_files(into, manifest)
    return manifest


def check_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Compare the files under `folder` with the manifest. Raises CannotRestore naming every difference."""
    wrong = [
        name
        for name, told in manifest["files"].items()
        if not (folder / name).is_file() or sha256_of(folder / name) != told["sha256"]
    ]
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wrong += sorted(found - set(manifest["files"]) - {"manifest.json"})
    if wrong:
        raise CannotRestore("These files differ from the manifest: " + ", ".join(wrong))


def check_rows(found: dict[str, int], manifest: dict[str, Any]) -> None:
    """Compare rows by table with the manifest. Raises CannotRestore naming every difference."""
    wrong = [
        f"{table} has {found.get(table, 0)} rows, not {rows}"
        for table, rows in manifest["rows"].items()
        if found.get(table) != rows
    ]
    if wrong:
        raise CannotRestore("Rows differ from the manifest: " + "; ".join(wrong))


def in_use() -> bool:
    """Say whether this installation already holds people."""
    from django.contrib.auth import get_user_model  # not before django_ready
    from django.db import connection

    if get_user_model()._meta.db_table not in connection.introspection.table_names():
        return False
    return get_user_model()._default_manager.exists()


def put_database(unpacked: Path, manifest: dict[str, Any]) -> None:
    """Replace the configured database by the one in the backup, whole or not at all."""
    from django.db import connection  # not before django_ready

    if manifest["vendor"] != connection.vendor:
        raise CannotRestore(f"The backup is of {manifest['vendor']}, this installation runs on {connection.vendor}.")
    if connection.vendor == "sqlite":
        source = unpacked / SQLITE_NAME
        check_rows(sqlite_rows(source), manifest)
        target = Path(connection.settings_dict["NAME"])
        connection.close()
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            # SQLite's own copy goes through its locks and write-ahead log; replacing the file would not.
            _copy_sqlite(source, target)
        else:
            shutil.copyfile(source, target)
        check_rows(sqlite_rows(target), manifest)
        return
    connection.close()
    postgres_tool(
        *("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"),
        *("--exit-on-error", f"--dbname={connection.settings_dict['NAME']}", str(unpacked / POSTGRES_NAME)),
    )
    check_rows(postgres_rows(), manifest)


def _copy_sqlite(source: Path, target: Path) -> None:
    come, go = sqlite3.connect(source), sqlite3.connect(target, timeout=20)
    try:
        come.backup(go)
    finally:
        come.close()
        go.close()


def put_folders(unpacked: Path, manifest: dict[str, Any]) -> None:
    """Put the attachments and audit heads in place of what is there, and check them once more."""
    for name, target in folders().items():
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=_made(target.parent)))
        if (unpacked / name).is_dir():
            shutil.copytree(unpacked / name, fresh, dirs_exist_ok=True)
        replaced = target.with_name(f".{target.name}-replaced")
        shutil.rmtree(replaced, ignore_errors=True)
        if target.exists():
            target.rename(replaced)
        fresh.rename(target)
        shutil.rmtree(replaced, ignore_errors=True)
        wrong = [
            stored
            for stored, told in manifest["files"].items()
            if stored.startswith(f"{name}/") and sha256_of(target / stored.removeprefix(f"{name}/")) != told["sha256"]
        ]
        if wrong:
            raise CannotRestore("These files were not restored whole: " + ", ".join(wrong))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def restore(file: Path, *, replace: bool) -> dict[str, Any]:
    """Restore from `file` and return its manifest. Raises CannotRestore, saying why, before or after the change."""
    if in_use() and not replace:
        raise CannotRestore("This installation already holds people. To put the backup in their place add --replace.")
    var_dir = _made(Path(os.environ.get("VAR_DIR") or ROOT / "var"))
    with tempfile.TemporaryDirectory(dir=var_dir) as scratch:
        manifest = unpack(file, Path(scratch))
        put_database(Path(scratch), manifest)
        put_folders(Path(scratch), manifest)
    return manifest


def main() -> int:
    """Restore, compare, migrate and verify; return 1 with the reason when anything does not agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="put the backup in place of what is there now")
    asked = parser.parse_args()
    os.umask(0o077)
    django_ready()
    from django.core.management import call_command  # not before django_ready

    var_dir = _made(Path(os.environ.get("VAR_DIR") or ROOT / "var"))
    with (var_dir / "run.lock").open("w") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
            manifest = restore(from_command_line(asked.file), replace=asked.replace)
        except BlockingIOError:
            print(f"Gatehouse is running from {var_dir}. Stop it first.", file=sys.stderr)
            return 1
        except CannotRestore as why:
            print(why, file=sys.stderr)
            return 1
        print(f"Restored {sum(manifest['rows'].values())} rows and {len(manifest['files']) - 1} files; all agree.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("verify_audit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
