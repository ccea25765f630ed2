"""``bin/benchmark``: make a database of its own, fill it, measure, say how each figure stands to its budget."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
import tempfile
from pathlib import Path

import psycopg2

NAME = "gatehouse_benchmark"


def main() -> int:
    """Run the whole benchmark; 1 when a figure is outside its budget."""
    parser = argparse.ArgumentParser(prog="bin/benchmark", description="Speed beside a bare Django page, in ratios.")
    parser.add_argument("--rows", type=int, default=100_000, help="commissions at full size (default 100,000)")
    parser.add_argument("--rounds", type=int, default=60, help="how often each page is asked for (default 60)")
    parser.add_argument("--keep", action="store_true", help="leave the database behind, and use it if it is there")
    told = parser.parse_args()
    server = os.environ.get("DATABASE_URL") or f"postgres://{getpass.getuser()}@127.0.0.1:5432/{NAME}"
    if not server.startswith("postgres"):
        print("The benchmark needs PostgreSQL: set DATABASE_URL to postgres://…", file=sys.stderr)
        return 2
    server = server.rpartition("/")[0]
    with tempfile.TemporaryDirectory() as folder:
        _set_up(f"{server}/{NAME}", Path(folder))
        made = _make(server, keep=told.keep)
        try:
            from benchmarks import comparing

            return comparing.run(full=told.rows, rounds=told.rounds, fresh=made)
        finally:
            from django.db import connections

            connections.close_all()
            if not told.keep:
                _on_server(server, f'DROP DATABASE "{NAME}" WITH (FORCE)')


def _set_up(database: str, folder: Path) -> None:
    """The settings of a demo on PostgreSQL, without debugging, mail or a broker."""
    os.environ |= {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "MOVABLE_CLOCK": "1",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_SIGNING_KEY": secrets.token_urlsafe(64),
        "VAR_DIR": str(folder),
        "ALLOWED_HOSTS": "testserver",
    }
    os.environ.pop("REDIS_URL", None)


def _make(server: str, *, keep: bool) -> bool:
    """Make the database; says whether it is a new one."""
    there = _on_server(server, f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'")  # noqa: S608 - our own name
    if there and keep:
        return False
    if there:
        _on_server(server, f'DROP DATABASE "{NAME}" WITH (FORCE)')
    _on_server(server, f'CREATE DATABASE "{NAME}"')
    return True


def _on_server(server: str, sql: str) -> bool:
    """Run one statement outside any transaction; says whether it gave a row."""
    link = psycopg2.connect(f"{server}/postgres")
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(sql)
            return cursor.description is not None and cursor.fetchone() is not None
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(main())
