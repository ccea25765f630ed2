"""The values a test run gives the environment, and then the one settings file.

DATABASE_URL and REDIS_URL are honoured, so the same suite runs on PostgreSQL and Redis.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "GATEHOUSE_TESTS_DIR" not in os.environ:
    os.environ["GATEHOUSE_TESTS_DIR"] = tempfile.mkdtemp(prefix="gatehouse-tests-")
    atexit.register(shutil.rmtree, os.environ["GATEHOUSE_TESTS_DIR"], ignore_errors=True)
# Parallel workers may not share a clock, a message broker or a database.
VAR_DIR = Path(os.environ["GATEHOUSE_TESTS_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "alone"))
VAR_DIR.mkdir(exist_ok=True)

# Whatever a developer's shell holds must not change what is tested.
for name in (
    *("DEBUG", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "PROXIES"),
    *("ENTRA_TENANT", "ENTRA_CLIENT_ID", "ENTRA_CLIENT_SECRET"),
):
    os.environ.pop(name, None)
os.environ |= {
    "VAR_DIR": str(VAR_DIR),
    "CLOCK_FILE": str(VAR_DIR / "clock.json"),
    "ATTACHMENTS_DIR": str(VAR_DIR / "attachments"),
    "AUDIT_HEADS_DIR": str(VAR_DIR / "audit-heads"),
    "DEMO": "1",
    "MOVABLE_CLOCK": "1",
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "AUDIT_SIGNING_KEY": "tests-only-audit-signing-key-0123456789-abcdefghij",
    "COUNCIL_NAME": "Alder County Council",
    "LOG_LEVEL": "WARNING",
}

from config.settings import *  # noqa: E402, F403 - the environment comes first
from config.settings import DATABASES, STORAGES  # noqa: E402

# Argon2 is slow on purpose; a test that asks about the real hashers overrides this.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest storage wants collectstatic first, and leaves pages unstyled for the browser tests without it.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_MAIL_BESIDE_REQUEST = False  # so that a test finds the mail when the page has answered

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads and the live server then share it as they do in the product.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # A test's database need not survive a power cut; waiting for the disk would take most of the run.
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"

# A queue of this run's own: Redis is shared, and another run's worker may not take our tasks.
CELERY_TASK_DEFAULT_QUEUE = f"tests-{Path(os.environ['GATEHOUSE_TESTS_DIR']).name}-{VAR_DIR.name}"
