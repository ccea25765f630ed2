"""What the environment says, read once and typed.

A value that is missing or makes no sense stops the process with every fault named, so that a wrong
installation is never half started.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_SECRET = 50
WELL_KNOWN_SECRETS = ("django-insecure", "changeme", "change-me", "secret")

T = TypeVar("T")


class BadEnvironment(SystemExit):
    """The environment cannot be used; the message lists every fault."""

    def __init__(self, faults: list[str]) -> None:
        """Join the faults into one message for the terminal."""
        self.faults = faults
        super().__init__("Gatehouse cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True)
class Env:
    """Every value the settings take from outside. README.md has the table."""

    debug: bool
    demo: bool
    movable_clock: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    allowed_hosts: list[str]
    site_url: str
    council_name: str
    port: int
    var_dir: Path
    database: dict[str, Any]
    redis_url: str
    static_root: Path
    attachments_dir: Path
    audit_heads_dir: Path
    audit_signing_key: str
    clock_file: Path
    max_upload_bytes: int
    virus_scanner: str
    proxies: int
    log_format: str
    log_level: str
    email: dict[str, Any]
    email_from: str
    support_email: str
    entra_tenant: str
    entra_client_id: str
    entra_client_secret: str
    entra_second_factor: bool

    @property
    def served_over_tls(self) -> bool:
        """Whether people reach the site by https; cookies and HSTS follow it."""
        return self.site_url.startswith("https://")


class _Reader:
    """Reads variables one by one and remembers what was wrong instead of stopping at the first fault."""

    def __init__(self, source: dict[str, str]) -> None:
        self.faults: list[str] = []
        self.source = source
        self.env = environ.Env()

    def read(self, name: str, ask: Callable[[], T], otherwise: T, must: str) -> T:
        try:
            return ask()
        except (ValueError, TypeError, environ.ImproperlyConfigured):
            self.faults.append(f"{name} {must}.")
            return otherwise

    def text(self, name: str, default: str = "") -> str:
        return self.source.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        raw = self.text(name).lower()
        if raw not in ("", "0", "1", "true", "false", "yes", "no", "on", "off"):
            self.faults.append(f"{name} must be 1 or 0, not “{raw}”.")
        return raw in ("1", "true", "yes", "on")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        must = f"must be a whole number from {least} to {most}"
        found = self.read(name, lambda: int(self.text(name) or default), default, must)
        if not least <= found <= most:
            self.faults.append(f"{name} {must}.")
        return found

    def listed(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def address(self, name: str, schemes: tuple[str, ...], like: str) -> str:
        found = self.text(name)
        if found and urlsplit(found).scheme not in schemes:
            self.faults.append(f"{name} must look like {like}.")
        return found

    def path(self, name: str, default: Path) -> Path:
        return Path(self.text(name) or default).expanduser().absolute()


def read_env(source: dict[str, str]) -> Env:
    """Read every value from `source`. Raises BadEnvironment naming each value that cannot be used."""
    reader = _Reader(source)
    var_dir = reader.path("VAR_DIR", BASE_DIR / "var")
    port = reader.number("PORT", 8000, 1, 65535)
    found = Env(
        debug=reader.flag("DEBUG"),
        demo=reader.flag("DEMO"),
        movable_clock=reader.flag("MOVABLE_CLOCK"),
        secret_key=_secret(reader, var_dir, "SECRET_KEY"),
        secret_key_fallbacks=reader.listed("SECRET_KEY_FALLBACKS"),
        allowed_hosts=reader.listed("ALLOWED_HOSTS") or list(LOOPBACK_HOSTS),
        site_url=reader.text("SITE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        council_name=reader.text("COUNCIL_NAME", "Alder County Council"),
        port=port,
        var_dir=var_dir,
        database=_database(reader, var_dir),
        redis_url=reader.address("REDIS_URL", ("redis", "rediss", "unix"), "redis://host:6379/0"),
        static_root=reader.path("STATIC_ROOT", var_dir / "static"),
        attachments_dir=reader.path("ATTACHMENTS_DIR", var_dir / "attachments"),
        audit_heads_dir=reader.path("AUDIT_HEADS_DIR", var_dir / "audit-heads"),
        audit_signing_key=_secret(reader, var_dir, "AUDIT_SIGNING_KEY"),
        clock_file=reader.path("CLOCK_FILE", var_dir / "clock.json"),
        virus_scanner=reader.address("VIRUS_SCANNER", ("tcp", "unix"), "tcp://host:3310 or unix:/path/to/socket"),
        max_upload_bytes=reader.number("MAX_UPLOAD_BYTES", 20 * 1024 * 1024, 1024, 1024**3),
        proxies=reader.number("PROXIES", 0, 0, 5),
        log_format=reader.text("LOG_FORMAT") or ("plain" if reader.flag("DEMO") else "json"),
        log_level=reader.text("LOG_LEVEL", "INFO").upper(),
        email=_email(reader),
        email_from=reader.text("EMAIL_FROM", "Gatehouse <gatehouse@localhost>"),
        support_email=reader.text("SUPPORT_EMAIL"),
        entra_tenant=reader.text("ENTRA_TENANT"),
        entra_client_id=reader.text("ENTRA_CLIENT_ID"),
        entra_client_secret=reader.text("ENTRA_CLIENT_SECRET"),
        entra_second_factor=reader.flag("ENTRA_SECOND_FACTOR"),
    )
    faults = list(dict.fromkeys(reader.faults + _unsafe(found)))
    if faults:
        raise BadEnvironment(faults)
    return found


def _secret(reader: _Reader, var_dir: Path, name: str) -> str:
    """Take a secret from the environment, or the one bin/run made for this machine."""
    given = reader.text(name)
    kept = var_dir / name.lower()
    if not given and kept.is_file():
        given = kept.read_text(encoding="ascii").strip()
    if not given:
        reader.faults.append(f"{name} is missing (bin/run makes one in var/{name.lower()}).")
    elif len(given) < SHORTEST_SECRET or len(set(given)) < 10 or given.lower().startswith(WELL_KNOWN_SECRETS):
        reader.faults.append(f"{name} must be at least {SHORTEST_SECRET} random characters.")
    return given


def _database(reader: _Reader, var_dir: Path) -> dict[str, Any]:
    """Take DATABASE_URL (sqlite or postgres), by default a SQLite file in the var directory."""
    name = "DATABASE_URL"
    must = "must look like postgres://user:password@host:5432/name or sqlite:////path/to/file"
    url = reader.text(name) or f"sqlite:///{var_dir / 'gatehouse.sqlite3'}"
    parsed: dict[str, Any] = {}
    if urlsplit(url).scheme in ("sqlite", "postgres", "postgresql"):
        parsed = dict(reader.read(name, lambda: reader.env.db_url_config(url), {}, must))
    if "sqlite3" in parsed.get("ENGINE", ""):
        # Without these, concurrent writers meet "database is locked": IMMEDIATE takes the write lock before reading.
        parsed["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
    elif "postgresql" in parsed.get("ENGINE", ""):
        parsed["CONN_MAX_AGE"] = 60
        parsed["CONN_HEALTH_CHECKS"] = True
        options: dict[str, Any] = dict(parsed.get("OPTIONS", {}))
        # No query may hold a page for ever.
        options.setdefault("options", "-c statement_timeout=60000 -c lock_timeout=20000")
        options.setdefault("connect_timeout", 10)
        parsed["OPTIONS"] = options
    else:
        reader.faults.append(f"{name} {must}.")
    return parsed


def _email(reader: _Reader) -> dict[str, Any]:
    """Take EMAIL_URL. Without one, mail stays on the outbox page."""
    url = reader.text("EMAIL_URL")
    if not url:
        return {}
    must = "must look like smtp+tls://user:password@host:587"
    return dict(reader.read("EMAIL_URL", lambda: reader.env.email_url_config(url), {}, must))


def _unsafe(env: Env) -> list[str]:
    """Say what may not be run with. Outside the demo nothing may be guessable, open or movable."""
    faults = []
    site = urlsplit(env.site_url)
    loopback = (site.hostname or "") in ("localhost", "127.0.0.1", "::1")
    if site.scheme not in ("http", "https") or not site.hostname:
        faults.append("SITE_URL must be the address people use, like https://gatehouse.example.gov.uk.")
    if env.log_format not in ("plain", "json"):
        faults.append("LOG_FORMAT must be plain or json.")
    if env.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        faults.append("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    if bool(env.entra_client_id) != bool(env.entra_tenant and env.entra_client_secret):
        faults.append("ENTRA_TENANT, ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET go together.")
    if env.demo:
        return faults
    if env.debug:
        faults.append("DEBUG may not be on outside the demo (DEMO=1).")
    if env.movable_clock:
        faults.append("MOVABLE_CLOCK may not be on outside the demo (DEMO=1).")
    if any("*" in host for host in env.allowed_hosts):
        faults.append("ALLOWED_HOSTS may not hold * outside the demo (DEMO=1).")
    if site.scheme == "http" and not loopback:
        faults.append("SITE_URL must be https outside the demo (DEMO=1), unless it is this machine's own address.")
    return faults
