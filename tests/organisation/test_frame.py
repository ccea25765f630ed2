"""The frame of every page: headers, navigation, the council's colours, banners, and pages for when things go wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from organisation import branding, clock, navigation
from organisation.context_processors import Frame
from organisation.drawing import clock_boxes
from organisation.models import Person
from organisation.permissions import ANYWHERE, may
from organisation.roles import Role
from organisation.views import errors, health
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PUBLIC_PAGES = [
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/report-a-problem/",
    "/accounts/login/",
    "/accounts/password/reset/",
]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def priya(client: Client) -> Person:
    council = make.organisation(name="Westmere Borough Council", accent_colour="#1d3f72", accent_dark="#0c2145")
    person = make.person(Role.COMMISSIONER, at=council, name="Priya Shah", team="Commissioning")
    client.force_login(person)
    return person


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A navigation of the test's own."""
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_search", [])


# --- Headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*PUBLIC_PAGES, "/account/", "/nowhere/", "/health/live"])
def test_every_answer_is_private_and_guarded(client: Client, priya: Person, address: str) -> None:
    headers = client.get(address).headers

    assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_page_of_a_signed_in_person_is_not_stored(client: Client, priya: Person) -> None:
    assert client.get("/account/").headers["Cache-Control"] == "no-store"


# --- The frame --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_page_has_its_title_one_heading_and_its_landmarks(address: str) -> None:
    shown = text(Client().get(address))

    assert re.search(r"<title>[A-Z][^<]+ – Gatehouse</title>", shown)
    assert shown.count("<h1") == 1
    assert shown.count("<main") == shown.count("<header") == shown.count("<footer") == 1
    assert shown.index("Skip to main content") < shown.index("<header")
    assert '<html lang="en-GB"' in shown


def test_header_names_the_persons_own_council(client: Client, priya: Person) -> None:
    shown = text(client.get("/account/"))

    assert "<span>Westmere Borough Council</span>" in shown
    assert "Priya Shah, Commissioning" in shown
    assert 'action="/accounts/logout/" method="post"' in shown


def test_header_of_a_stranger_names_the_installation(settings: Any) -> None:
    settings.COUNCIL_NAME = "Alder County Council"

    shown = text(Client().get("/help/"))

    assert "<span>Alder County Council</span>" in shown
    assert "Sign out" not in shown
    assert 'role="search"' not in shown


def test_frame_asks_the_database_nothing(client: Client, priya: Person, queries_of: Any) -> None:
    client.get("/help/")

    assert queries_of(lambda: client.get("/help/")) == []


def test_ribbon_shows_the_day_of_the_demonstration(client: Client, priya: Person, settings: Any) -> None:
    clock.move_to(clock.today().replace(year=2027, month=4, day=1))

    shown = text(client.get("/help/"))
    assert "The clock shows 1 April 2027, moved from the real date." in shown
    assert 'href="/demo/clock/"' in shown
    settings.DEMO = False
    assert "/demo/clock/" not in text(client.get("/help/"))


def test_printed_page_says_when_and_by_whom(client: Client, priya: Person) -> None:
    assert "by Priya Shah, Commissioning" in text(client.get("/help/"))


def test_banner_stands_above_the_heading_once(client: Client, priya: Person) -> None:
    shown = text(client.post("/account/shortcuts/", {"shortcuts": "off"}, follow=True))

    assert shown.index("gh-banner--success") < shown.index("<h1")
    assert "gh-banner--success" not in text(client.get("/account/"))


# --- Navigation -------------------------------------------------------------------------------------------------------


def test_navigation_keeps_its_order_and_leaves_out_what_is_not_there(registry: None) -> None:
    navigation.register_nav("Second", "organisation:privacy", order=20)
    navigation.register_nav("Nowhere", "nobody:knows", order=15)
    navigation.register_nav("First", "organisation:help", order=10)
    navigation.register_nav("Right", "organisation:account", order=5, at_end=True)

    items = navigation.items_for(make.person(), "/help/")

    assert [(item.label, item.url, item.is_current) for item in items] == [
        ("First", "/help/", True),
        ("Second", "/privacy/", False),
    ]
    assert [item.label for item in navigation.items_for(make.person(), "/", at_end=True)] == ["Right"]


def test_entry_of_an_act_is_for_those_who_may(registry: None) -> None:
    navigation.register_nav("Admin", "admin:index", order=90, act="admin.enter")

    for role in Role:
        person = make.person(role)
        assert bool(navigation.items_for(person, "/")) == may(person, "admin.enter", ANYWHERE), role


def test_page_may_name_its_section(registry: None) -> None:
    navigation.register_nav("First", "organisation:help", order=10)
    navigation.register_nav("Second", "organisation:account", order=20)

    def current(page: str, named: str = "") -> list[str]:
        return [item.label for item in navigation.items_for(make.person(), page, named) if item.is_current]

    assert current("/account/cover/") == ["Second"]
    assert current("/account/cover/", "First") == ["First"]
    assert current("/elsewhere/") == []


def test_search_box_asks_the_page_that_a_room_offers(registry: None, client: Client, priya: Person) -> None:
    assert 'role="search"' not in text(client.get("/help/"))

    navigation.register_search("organisation:problem")

    assert re.search(r'action="/report-a-problem/" method="get" role="search"', text(client.get("/help/")))


# --- Colours ----------------------------------------------------------------------------------------------------------


def test_council_with_colours_of_its_own_has_a_sheet(client: Client, priya: Person) -> None:
    council = priya.organisation
    assert council is not None
    address = branding.stylesheet_url(council)
    assert f'<link rel="stylesheet" href="{address}">' in text(client.get("/account/"))

    sheet = Client().get(address)

    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert sheet["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--gh-accent:#1d3f72;--gh-accent-dark:#0c2145" in text(sheet)
    assert "Set-Cookie" not in sheet.headers


def test_address_of_the_sheet_changes_with_the_colours(priya: Person) -> None:
    council = priya.organisation
    assert council is not None
    before = branding.stylesheet_url(council)
    council.accent_colour = "#402060"

    assert branding.stylesheet_url(council) != before
    assert Client().get(f"/brand/{council.pk}.css?v=old")["Cache-Control"] == "public, max-age=60"


def test_council_with_the_usual_colours_needs_none() -> None:
    assert branding.brand_for(make.person(at=make.organisation())).stylesheet_url == ""


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_sheet_of_no_council(pk: str) -> None:
    assert Client().get(f"/brand/{pk}.css").status_code == 404


# --- When things go wrong ---------------------------------------------------------------------------------------------


def refuse(request: Any) -> HttpResponse:
    raise PermissionDenied("Only the gate owner can approve this. Ask <Helen Moss> or a deputy.")


def break_down(request: Any) -> HttpResponse:
    raise RuntimeError("secret of the house")


handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    health.trouble,
)
urlpatterns = [
    path("", include("organisation.urls")),
    path("accounts/", include("organisation.account_urls")),
    path("refuse/", refuse),
    path("break/", break_down),
]
own_addresses = pytest.mark.urls(__name__)


@own_addresses
def test_page_that_is_not_there(client: Client, priya: Person) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "<title>Page not found – Gatehouse</title>" in text(answer)
    assert "404" not in re.sub(r"<[^>]+>", "", text(answer))


@own_addresses
def test_refusal_says_whom_to_ask(client: Client, priya: Person) -> None:
    answer = client.get("/refuse/")

    assert answer.status_code == 403
    assert "Ask &lt;Helen Moss&gt; or a deputy." in text(answer)
    assert "Nothing was changed." in text(answer)


@own_addresses
def test_trouble_gives_a_reference_that_is_in_the_log(priya: Person, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(priya)

    answer = client.get("/break/")

    assert answer.status_code == 500
    shown = text(answer)
    assert "<h1>Sorry, there is a problem with the service</h1>" in shown
    assert "secret of the house" not in shown
    reference = re.search(r"quote <strong>([0-9A-F]{8})</strong>", shown)
    assert reference is not None
    assert reference.group(1) in caplog.text


@own_addresses
def test_form_far_too_large(client: Client, priya: Person, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = client.post("/account/cover/", {"note": "x" * 2000})

    assert answer.status_code == 400
    assert "We could not read what was sent" in text(answer)


@own_addresses
def test_form_without_the_token_of_a_page(priya: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(priya)

    answer = client.post("/account/cover/", {"note": "x"})

    assert answer.status_code == 403
    assert "This page was open too long" in text(answer)


# --- What stands in the templates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    source = template.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert "javascript:" not in source


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_prints_a_comment(template: Path) -> None:
    """Django reads {# … #} as a comment on one line only; over two lines it is printed."""
    source = template.read_text(encoding="utf-8")

    assert all("#}" in line[line.index("{#") :] for line in source.splitlines() if "{#" in line)


@pytest.mark.parametrize(
    ("left", "of", "drawn"),
    [
        (5, 7, (7, 5)),
        (0, 7, (7, 0)),
        (9, 7, (7, 7)),
        (-3, 7, (7, 0)),
        (1, 40, (10, 1)),
        (40, 40, (10, 10)),
        (1, 0, (1, 1)),
    ],
)
def test_clock_is_drawn_in_at_most_ten_boxes(left: int, of: int, drawn: tuple[int, int]) -> None:
    assert f'data-of="{drawn[0]}" data-left="{drawn[1]}"' in clock_boxes(left, of)


def test_frame_of_a_request_that_failed_before_anybody_was_known() -> None:
    frame = Frame(RequestFactory().get("/"))

    assert not frame.person.is_authenticated
    assert frame.search_url == ""
