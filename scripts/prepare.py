"""Bring the database, the framework, the demo council and the static files up to date, in one process.

Every step may be repeated. What the loaders say is passed on, so the demo sign-ins can be shown at the end.

    python scripts/prepare.py
"""

import hashlib
import io
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402 - the path and the settings come first

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402


def static_fingerprint() -> str:
    """Return a hash of every static file's name, size and time, and of the installed packages."""
    told = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            seen = path.stat()
            told.update(f"{path.relative_to(ROOT)} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return told.hexdigest()


def collect_static() -> None:
    """Collect the static files, unless nothing has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = static_fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint, encoding="ascii")


def make_folders() -> None:
    """Make the folders the product writes into, readable by nobody else."""
    folders = [settings.ATTACHMENTS_DIR, settings.AUDIT_HEADS_DIR]
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    folders += [options[key] for key in ("data_folder_in", "control_folder") if key in options]
    for folder in folders:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)


def main() -> None:
    """Run every step in order."""
    print("Preparing the database and the static files.", file=sys.stderr, flush=True)
    make_folders()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_calendars", stdout=io.StringIO())
    collect_static()
    if settings.DEMO:
        # Before the framework: the demo loads it as of the first day of its history.
        print("Loading the invented council; the first time takes a minute or two.", file=sys.stderr, flush=True)
        call_command("load_demo")
    call_command("load_framework", str(ROOT / "fixtures" / "frameworks" / "default"), stdout=io.StringIO())


if __name__ == "__main__":
    main()
