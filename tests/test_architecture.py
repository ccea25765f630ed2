"""The house rules that a machine can check. DESIGN decisions that drift quietly would be found here first."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_fsm import FSMFieldMixin

from config.celery import app as celery_app

ROOT = Path(__file__).resolve().parent.parent
# From the room nearest the user down to the ground.
ROOMS = ["reporting", "contracts", "procurement", "commissioning", "documents", "casework", "organisation"]

# Every page that somebody who is not signed in may open, and why.
PUBLIC = {
    "reporting:pipeline": "suppliers see what a council that publishes it plans to buy; no person is named",
    "reporting:pipeline_csv": "the same list as a file",
    "health_live": "a load balancer asks",
    "health_ready": "a load balancer asks",
    "account_login": "the sign-in page",
    "account_reset_password": "somebody who forgot their password",
    "account_reset_password_done": "the same",
    "account_reset_password_from_key": "the link in the mail",
    "account_reset_password_from_key_done": "the same",
    "account_signup": "says that accounts are made by an administrator",
    "account_logout": "signing out twice does no harm",
    "demo_sign_in": "one press signs in as an invented person; there is no such address outside a demonstration",
    "organisation:help": "people who cannot sign in need it most",
    "organisation:accessibility": "the law wants it open",
    "organisation:privacy": "says what is kept before anybody signs in",
    "organisation:problem": "whom to tell",
    "casework:calendar": "calendar programs cannot sign in: the address is secret, signed, and can be ended",
    "commissioning:public_feedback": "anybody may tell a council something: nothing can be seen there, only sent",
    "commissioning:public_thanks": "the page after it",
    "organisation:brand": "a council's colours; an error page wears them too",
}


def python_files(room: str) -> Iterator[Path]:
    for path in sorted((ROOT / room).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def templates_of(room: str) -> Iterator[Path]:
    for folder in (ROOT / "templates" / room, ROOT / room / "templates"):
        yield from sorted(folder.rglob("*.html"))
        yield from sorted(folder.rglob("*.txt"))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# --- Imports and migrations -------------------------------------------------------------------------------------------


def test_rooms_import_downwards_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_scheduled_task_exists() -> None:
    celery_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}

    assert scheduled - set(celery_app.tasks) == set()


def test_runtime_lock_is_part_of_the_development_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


# --- Access -----------------------------------------------------------------------------------------------------------


def walk(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Return (full name, an example address) for every address there is."""
    for prefix, entry in _entries(resolver, ""):
        yield _name(entry, prefix), prefix


def _entries(resolver: URLResolver, before: str, spaces: str = "") -> Iterator[tuple[str, "tuple[str, URLPattern]"]]:
    for entry in resolver.url_patterns:
        here = before + example(entry)
        if isinstance(entry, URLResolver):
            inner = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from _entries(entry, here, inner)
        else:
            yield here, (spaces, entry)


def _name(entry: "tuple[str, URLPattern]", address: str) -> str:
    spaces, pattern = entry
    return spaces + pattern.name if pattern.name else address


SAMPLES = {"int": "1", "slug": "x", "str": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "x/y"}


def example(entry: URLPattern | URLResolver) -> str:
    """Return an address the entry's own part matches."""
    pattern = entry.pattern
    route = getattr(pattern, "_route", None)
    if route is not None:
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "1"), str(route))
    text = str(pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
    text = re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)", "x", text)
    return text.replace("\\", "").replace("/?", "/")


ADDRESSES = sorted(set(walk(get_resolver())))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "address"), ADDRESSES, ids=[name for name, _ in ADDRESSES])
def test_page_is_public_on_purpose_or_asks_to_sign_in(client: Client, name: str, address: str, method: str) -> None:
    answer = getattr(client, method)("/" + address)

    asked = answer.status_code == 302 and answer["Location"].startswith(("/accounts/login/", "/admin/login/"))
    assert answer.status_code < 500
    assert asked or name in PUBLIC, f"/{address} ({name}) answered {answer.status_code} to somebody not signed in"


def test_every_public_page_still_exists() -> None:
    assert set(PUBLIC) - {name for name, _ in ADDRESSES} == set()


# --- Lifecycles -------------------------------------------------------------------------------------------------------


def lifecycle_fields() -> set[str]:
    return {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FSMFieldMixin) and model._meta.app_label in ROOMS
    }


def test_no_code_sets_a_lifecycle_state() -> None:
    """A state changes through the transition door only; update() and bulk_update() would pass by it."""
    fields = lifecycle_fields()
    assert fields, "no lifecycle found: the test would pass for nothing"
    found = []
    for room in ROOMS:
        for path in python_files(room):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    words = {word.arg for word in node.keywords}
                    if node.func.attr == "update" and words & fields and not _is_of_no_lifecycle(node):
                        found.append(place(path, node.lineno))
                    if node.func.attr == "bulk_update" and fields & {
                        part.value for part in ast.walk(node) if isinstance(part, ast.Constant)
                    }:
                        found.append(place(path, node.lineno))
                targets = node.targets if isinstance(node, ast.Assign) else []
                found += [
                    place(path, node.lineno)
                    for target in targets
                    if isinstance(target, ast.Attribute) and target.attr in fields
                ]
    assert found == []


# Rows that are not lifecycles and change by conditional UPDATE: messages, reminders and jobs.
NO_LIFECYCLE = ("OutboxMessage", "Reminder", "Job")


def _is_of_no_lifecycle(call: ast.Call) -> bool:
    return any(isinstance(part, ast.Name) and part.id in NO_LIFECYCLE for part in ast.walk(call.func))


# --- What rooms may know ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ROOMS)
def test_room_names_no_address_of_a_higher_room(room: str) -> None:
    higher = ROOMS[: ROOMS.index(room)]
    if not higher:
        return
    named = re.compile(rf"""['"]({"|".join(higher)}):[\w-]+['"]""")
    found = [
        place(path, number)
        for path in [*python_files(room), *templates_of(room)]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if named.search(line)
    ]
    assert found == []


def test_shared_templates_name_no_room_above_the_ground() -> None:
    named = re.compile(rf"""['"]({"|".join(ROOMS[:-1])}):[\w-]+['"]""")
    shared = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if path.relative_to(ROOT / "templates").parts[0] not in ROOMS
    ]

    assert shared
    assert [str(path.relative_to(ROOT)) for path in shared if named.search(path.read_text(encoding="utf-8"))] == []


FIGURE = re.compile(r"(?<![\d.,_])(?:25|100|500)[_,]?000(?![\d_])")


def figures_in_code(path: Path) -> Iterator[int]:
    """Return the lines where a number or a text of the program holds a threshold; docstrings and comments may."""
    tree = tree_of(path)
    told = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in told and FIGURE.search(str(node.value)):
            yield node.lineno


@pytest.mark.parametrize("room", ROOMS)
def test_no_threshold_stands_in_code(room: str) -> None:
    """Thresholds are dated rows; a figure in a sentence would be wrong the day a row changes."""
    found = [place(path, line) for path in python_files(room) for line in figures_in_code(path)]
    found += [
        place(path, number)
        for path in templates_of(room)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FIGURE.search(re.sub(r"{#.*?#}", "", line))
    ]
    assert found == []
