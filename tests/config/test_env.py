from pathlib import Path

import pytest

from config.env import BadEnvironment, Env, read_env

SECRET = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read(tmp_path: Path, **values: str) -> Env:
    return read_env({"VAR_DIR": str(tmp_path), "SECRET_KEY": SECRET, "AUDIT_SIGNING_KEY": SECRET, **values})


def faults(tmp_path: Path, **values: str) -> list[str]:
    with pytest.raises(BadEnvironment) as refused:
        read(tmp_path, **values)
    return refused.value.faults


def test_defaults_are_sqlite_without_a_broker_and_nothing_open(tmp_path: Path) -> None:
    env = read(tmp_path)

    assert env.database["ENGINE"] == "django.db.backends.sqlite3"
    assert env.database["NAME"] == str(tmp_path / "gatehouse.sqlite3")
    assert env.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in env.database["OPTIONS"]["init_command"]
    assert (env.redis_url, env.debug, env.demo, env.movable_clock) == ("", False, False, False)
    assert env.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, PORT="http", MAX_UPLOAD_BYTES="-1", DEBUG="perhaps", REDIS_URL="localhost")

    assert sorted(fault.split()[0] for fault in found) == ["DEBUG", "MAX_UPLOAD_BYTES", "PORT", "REDIS_URL"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "AUDIT_SIGNING_KEY"])
def test_missing_secret_stops(tmp_path: Path, name: str) -> None:
    assert any(fault.startswith(f"{name} is missing") for fault in faults(tmp_path, **{name: ""}))


def test_secrets_are_taken_from_the_machines_own_files(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(SECRET + "1\n", encoding="ascii")
    (tmp_path / "audit_signing_key").write_text(SECRET + "2\n", encoding="ascii")

    env = read(tmp_path, SECRET_KEY="", AUDIT_SIGNING_KEY="")

    assert (env.secret_key, env.audit_signing_key) == (SECRET + "1", SECRET + "2")


def test_secret_key_may_begin_with_a_dollar(tmp_path: Path) -> None:
    assert read(tmp_path, SECRET_KEY="$" + SECRET).secret_key == "$" + SECRET


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + SECRET, "changeme" + SECRET])
def test_guessable_secret_key_stops(tmp_path: Path, key: str) -> None:
    assert any(fault.startswith("SECRET_KEY must be") for fault in faults(tmp_path, SECRET_KEY=key))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("MOVABLE_CLOCK", "1"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "gatehouse.example,*"),
        ("SITE_URL", "http://gatehouse.example"),
    ],
)
def test_what_is_open_is_refused_outside_the_demo(tmp_path: Path, name: str, value: str) -> None:
    assert [fault.split()[0] for fault in faults(tmp_path, **{name: value})] == [name]
    assert read(tmp_path, DEMO="1", **{name: value}).demo


@pytest.mark.parametrize("url", ["mysql://root@localhost/gatehouse", "nonsense", "postgres://host:port/name"])
def test_unusable_database_stops(tmp_path: Path, url: str) -> None:
    assert any(fault.startswith("DATABASE_URL") for fault in faults(tmp_path, DATABASE_URL=url))


def test_postgres_connections_are_checked_before_use(tmp_path: Path) -> None:
    database = read(tmp_path, DATABASE_URL="postgres://me:s%40crt@db.example:5433/gatehouse").database

    assert database["CONN_HEALTH_CHECKS"] is True
    assert (database["USER"], database["PASSWORD"], database["HOST"]) == ("me", "s@crt", "db.example")
    assert "statement_timeout" in database["OPTIONS"]["options"]


def test_entra_values_go_together(tmp_path: Path) -> None:
    assert any(fault.startswith("ENTRA_TENANT") for fault in faults(tmp_path, ENTRA_CLIENT_ID="only this"))
