"""What the administration pages change, what they refuse, and what they tell the audit trail."""

import re
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from organisation import change_log, clock
from organisation.models import (
    AuthorityLimit,
    BankHoliday,
    Cover,
    Directorate,
    Membership,
    Organisation,
    Person,
    PersonSession,
    Post,
    PostHolding,
    ServiceArea,
    StatutoryFigure,
    Supplier,
)
from organisation.roles import Role
from organisation.statutory_figures import days_of
from organisation.working_days import holidays_of
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def here() -> Organisation:
    return make.organisation(name="Alder")


@pytest.fixture
def administrator(here) -> Person:
    return make.person(Role.ADMINISTRATOR, at=here, name="Ada")


@pytest.fixture
def client(administrator, enter) -> Client:
    return enter(administrator)


def faults(answer) -> dict[str, list[str]]:
    """Return the messages by field of a form that was refused."""
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def choices(client, model, field: str) -> set:
    return set(client.get(url(model, "add")).context["adminform"].form.fields[field].queryset)


# --- The trail ---


def test_new_row_is_told_with_what_it_holds(client, administrator, here, changes):
    answer = client.post(url(Directorate, "add"), {"organisation": here.pk, "name": "Adult Services"})

    made = Directorate.objects.get()
    assert answer.status_code == 302
    assert changes == [
        (
            administrator,
            "added",
            made,
            {"organisation": [None, f"Alder (no. {here.pk})"], "name": [None, "Adult Services"]},
        )
    ]


def test_change_is_told_from_what_to_what(client, administrator, here, changes):
    row = make.directorate(here, name="Adults")

    client.post(url(Directorate, "change", row.pk), {"name": "Adult Services"})

    assert changes == [(administrator, "changed", row, {"name": ["Adults", "Adult Services"]})]


def test_form_sent_unchanged_tells_nothing(client, here, changes):
    row = make.supplier(here, name="Smith Ltd")

    client.post(url(Supplier, "change", row.pk), {"name": "Smith Ltd"})

    assert changes == []


@pytest.mark.requirement("N-341")
def test_changed_place_is_told_by_name(client, here, changes):
    area = make.service_area(here)
    other = make.directorate(here, name="Environment")
    before = area.directorate

    client.post(url(ServiceArea, "change", area.pk), {"directorate": other.pk, "name": area.name, "cost_centre": ""})

    told = changes[0][3]
    assert told == {"directorate": [f"{before.name} (no. {before.pk})", f"Environment (no. {other.pk})"]}


def test_change_that_nobody_writes_down_does_not_happen(client, here, monkeypatch):
    row = make.directorate(here, name="Adults")
    monkeypatch.setattr(change_log, "_writer", None)

    with pytest.raises(change_log.NobodyWritesDown):
        client.post(url(Directorate, "change", row.pk), {"name": "Adult Services"})

    row.refresh_from_db()
    assert row.name == "Adults"


def test_django_keeps_no_second_history(client, here, changes):
    client.post(url(Directorate, "add"), {"organisation": here.pk, "name": "Adult Services"})

    assert LogEntry.objects.count() == 0
    assert len(changes) == 1


# --- Scope ---


def test_forged_organisation_is_refused(client, here, changes):
    elsewhere = make.organisation()

    answer = client.post(url(Directorate, "add"), {"organisation": elsewhere.pk, "name": "Theirs"})

    assert "organisation" in faults(answer)
    assert Directorate.objects.count() == 0
    assert changes == []


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Directorate, "organisation"),
        (ServiceArea, "directorate"),
        (Membership, "person"),
        (Membership, "service_area"),
        (Membership, "organisation"),
        (PostHolding, "person"),
        (PostHolding, "post"),
        (AuthorityLimit, "post"),
        (Cover, "absent"),
        (Cover, "deputy"),
        (Person, "organisation"),
        (Supplier, "organisation"),
        (BankHoliday, "calendar"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_selects_hold_nothing_of_another_organisation(model, field, client, here):
    elsewhere = make.organisation()
    for place in (here, elsewhere):
        make.service_area(place)
        make.person(Role.LEGAL, at=place)
        make.post(place)
        make.working_calendar(kept_by=place)

    for row in choices(client, model, field):
        owner = getattr(row, "kept_by_id", None) or row.organisation_id
        assert owner == here.pk
    assert choices(client, model, field)


def test_selects_tell_namesakes_apart_and_roles_in_words(client, here):
    make.person(at=here, name="Sam Birtles", team="Highways")

    page = client.get(url(Membership, "add")).content.decode()

    assert ">Sam Birtles, Highways</option>" in page
    assert f">Auditor: {Role.AUDITOR.describes}</option>" in page


def test_selects_hold_nobody_disabled(client, here):
    gone = make.person(Role.LEGAL, at=here, is_active=False)

    assert gone not in choices(client, Membership, "person")


def test_administrator_of_two_cannot_mix_them(here, enter, changes):
    there = make.organisation()
    person = make.person(Role.ADMINISTRATOR, at=here)
    make.membership(person, Role.ADMINISTRATOR, there)
    client = enter(person)
    colleague, stranger = make.person(at=here), make.person(at=there)
    area, post = make.service_area(there), make.post(here)

    role = {"organisation": here.pk, "role": Role.LEGAL, "starts_on": "2026-01-01"}
    assert "person" in faults(client.post(url(Membership, "add"), role | {"person": stranger.pk}))
    wrong_area = role | {"person": colleague.pk, "service_area": area.pk}
    assert "service_area" in faults(client.post(url(Membership, "add"), wrong_area))
    seat = {"post": post.pk, "person": stranger.pk, "starts_on": "2026-01-01"}
    assert "person" in faults(client.post(url(PostHolding, "add"), seat))
    cover = {"absent": colleague.pk, "deputy": stranger.pk, "starts_on": "2026-01-01", "ends_on": "2026-02-01"}
    assert "deputy" in faults(client.post(url(Cover, "add"), cover))
    assert changes == []


# --- People ---


@pytest.mark.requirement("N-341")
def test_new_person_has_no_password_and_sets_their_own(client, here, changes):
    sent = {"name": "Priya Shah", "email": "Priya@Alder.example", "organisation": here.pk, "is_active": "on"}

    client.post(url(Person, "add"), sent)

    made = Person.objects.get(email="priya@alder.example")
    assert not made.has_usable_password()
    assert changes[0][3] == {
        "name": [None, "Priya Shah"],
        "email": [None, "priya@alder.example"],
        "organisation": [None, f"Alder (no. {here.pk})"],
        "is_active": [None, True],
        "shortcuts_on": [None, True],
    }


def test_page_of_a_person_shows_no_password(client, here):
    person = make.person(at=here, password="correct-horse-battery-staple")

    page = client.get(url(Person, "change", person.pk)).content.decode()

    assert person.password not in page
    assert "md5" not in page
    assert not re.search(r'name="password', page)


def test_person_must_have_an_employer_and_an_address_of_their_own(client, here, changes):
    make.person(email="taken@alder.example")

    answer = client.post(url(Person, "add"), {"name": "Priya", "email": "Taken@alder.example"})

    assert set(faults(answer)) == {"email", "organisation"}
    assert changes == []


def test_disabling_a_person_ends_their_sessions_in_one_go(client, here, changes):
    person = make.person(Role.LEGAL, at=here, email="gone@alder.example")
    theirs = Client()
    theirs.force_login(person)

    client.post(url(Person, "change", person.pk), {"name": person.name, "email": person.email, "organisation": here.pk})

    person.refresh_from_db()
    assert not person.is_active
    assert not PersonSession.objects.filter(person=person).exists()
    assert theirs.get(reverse("organisation:cover")).status_code == 302
    assert changes[0][3] == {"is_active": [True, False]}


def test_administrator_cannot_disable_their_own_account(client, administrator, here, changes):
    sent = {"name": administrator.name, "email": administrator.email, "organisation": here.pk}

    answer = client.post(url(Person, "change", administrator.pk), sent)

    assert faults(answer)["is_active"] == ["You cannot disable your own account: ask another administrator"]
    assert changes == []


def test_new_address_shuts_the_door_on_the_old_one(client, here, changes):
    person = make.person(Role.LEGAL, at=here, email="old@alder.example")
    EmailAddress.objects.create(user=person, email="old@alder.example", verified=True, primary=True)
    Client().force_login(person)

    sent = {"name": person.name, "email": "new@alder.example", "organisation": here.pk, "is_active": "on"}
    client.post(url(Person, "change", person.pk), sent)

    assert not EmailAddress.objects.filter(user=person).exists()
    assert not PersonSession.objects.filter(person=person).exists()
    assert changes[0][3] == {"email": ["old@alder.example", "new@alder.example"]}


def test_colleague_from_elsewhere_is_seen_and_changed_only_by_their_employer(client, here):
    guest = make.person(at=make.organisation())
    make.membership(guest, Role.LEGAL, here)

    page = client.get(url(Person, "change", guest.pk))

    assert page.status_code == 200
    assert not page.context["has_change_permission"]
    assert client.post(url(Person, "change", guest.pk), {"name": "Mine"}).status_code == 403


def test_person_without_employer_is_looked_after_where_they_hold_roles(client, here):
    shared = make.person()
    make.membership(shared, Role.LEGAL, here)
    unknown = make.person()

    assert client.get(url(Person, "change", shared.pk)).context["has_change_permission"]
    assert client.get(url(Person, "change", unknown.pk)).status_code == 404


# --- Roles and authority ---


def test_role_given_to_oneself_is_allowed_and_told(client, administrator, here, changes):
    sent = {"person": administrator.pk, "organisation": here.pk, "role": Role.FINANCE, "starts_on": "2026-01-01"}

    client.post(url(Membership, "add"), sent)

    made = Membership.objects.get(role=Role.FINANCE)
    assert changes[0][:3] == (administrator, "added", made)
    assert changes[0][3]["person"] == [None, f"Ada (no. {administrator.pk})"]


@pytest.mark.requirement("N-341")
def test_role_is_ended_and_never_turned_into_another(client, here, changes):
    person = make.person(Role.LEGAL, at=here)
    role = person.memberships.get()
    sent = {"ends_on": clock.today().isoformat(), "role": Role.ADMINISTRATOR, "person": make.person(at=here).pk}

    client.post(url(Membership, "change", role.pk), sent)

    role.refresh_from_db()
    assert (role.role, role.person, role.ends_on) == (Role.LEGAL, person, clock.today())
    assert changes[0][3] == {"ends_on": [None, clock.today().isoformat()]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"role": Role.OTHER_FUNCTION}, "Choose a function"),
        ({"role": Role.LEGAL, "function": "ict"}, "Choose a function"),
        ({"role": Role.AUDITOR, "service_area": "own"}, "serve the whole organisation"),
        ({"role": Role.LEGAL, "ends_on": "2025-12-31"}, "must not end before it starts"),
    ],
)
def test_roles_that_make_no_sense_are_refused_in_words(wrong, words, client, here, changes):
    area = make.service_area(here)
    sent = {"person": make.person(at=here).pk, "organisation": here.pk, "starts_on": "2026-01-01"} | wrong
    if sent.get("service_area"):
        sent["service_area"] = area.pk

    answer = client.post(url(Membership, "add"), sent)

    assert words in str(faults(answer))
    assert changes == []


def test_limit_is_ended_and_never_overwritten(client, here, changes):
    limit = make.limit(make.post(here), "award", 50_000)

    client.post(url(AuthorityLimit, "change", limit.pk), {"amount_up_to": "9999999", "valid_to": "2026-12-31"})

    limit.refresh_from_db()
    assert (limit.amount_up_to, limit.valid_to) == (50_000, date(2026, 12, 31))


def test_negative_limit_is_refused_by_the_field(client, here):
    sent = {"post": make.post(here).pk, "act": "award", "amount_up_to": "-1", "valid_from": "2026-01-01", "source": "x"}

    assert "amount_up_to" in faults(client.post(url(AuthorityLimit, "add"), sent))


def test_same_post_twice_is_refused_in_words(client, here):
    make.post(here, title="Director")

    answer = client.post(url(Post, "add"), {"organisation": here.pk, "title": "Director"})

    assert "already a post" in str(faults(answer))


def test_same_supplier_spelt_otherwise_is_refused_by_the_field(client, here):
    make.supplier(here, name="Smith & Sons Ltd")

    answer = client.post(url(Supplier, "add"), {"organisation": here.pk, "name": "SMITH AND SONS LIMITED"})

    assert faults(answer)["name"] == ["This supplier is already recorded"]


def test_colour_that_cannot_be_read_is_refused_by_the_field(client, here, changes):
    sent = {"name": "Alder", "framework": here.framework_id, "accent_colour": "#ffdd00", "accent_dark": "#00301f",
            "accent_tint": "#f0f6f3", "is_active": "on"}  # fmt: skip

    answer = client.post(url(Organisation, "change", here.pk), sent)

    assert "contrast of 1.3 to 1 with white" in faults(answer)["accent_colour"][0]
    assert changes == []


# --- Calendars and figures ---


def test_new_holiday_counts_at_once(client, changes, django_capture_on_commit_callbacks):
    make.calendars()
    calendar = BankHoliday.objects.first().calendar
    assert date(2026, 6, 15) not in holidays_of("england")

    with django_capture_on_commit_callbacks(execute=True):
        sent = {"calendar": calendar.pk, "day": "2026-06-15", "name": "Proclaimed", "source": "Gazette"}
        client.post(url(BankHoliday, "add"), sent)

    assert date(2026, 6, 15) in holidays_of("england")
    assert changes[0][1] == "added"


def test_new_figure_counts_at_once(client, changes):
    make.statutory_figures()
    assert days_of("standstill.days", date(2027, 1, 1)) == 8

    sent = {"key": "standstill.days", "amount": "10", "unit": "working_days", "valid_from": "2027-01-01", "source": "x"}
    client.post(url(StatutoryFigure, "add"), sent)

    assert days_of("standstill.days", date(2027, 1, 1)) == 10
    assert days_of("standstill.days", date(2026, 12, 31)) == 8


# --- The password again ---


@pytest.mark.parametrize("model", [Person, Membership, PostHolding, AuthorityLimit, Cover], ids=lambda m: m.__name__)
def test_pages_that_give_power_ask_for_the_password_again(model, administrator):
    administrator.set_password("correct-horse-battery-staple")
    administrator.save()
    client = Client()
    client.force_login(administrator)
    session = client.session
    session["gatehouse_second_factor"] = administrator.pk
    session.save()

    for answer in (client.get(url(model, "add")), client.post(url(model, "add"), {})):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]


def test_what_was_sent_goes_through_after_the_password(administrator, here, changes):
    administrator.set_password("correct-horse-battery-staple")
    administrator.save()
    client = Client()
    client.force_login(administrator)
    session = client.session
    session["gatehouse_second_factor"] = administrator.pk
    session.save()
    sent = {"person": administrator.pk, "organisation": here.pk, "role": Role.FINANCE, "starts_on": "2026-01-01"}
    asked = client.post(url(Membership, "add"), sent)

    client.post(asked["Location"], {"password": "correct-horse-battery-staple"})

    assert Membership.objects.filter(role=Role.FINANCE).count() == 1
    assert len(changes) == 1
