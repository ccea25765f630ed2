"""Who reaches which administration page: every role, every page, inside and outside the scope."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from organisation.admin.base import AuditedAdmin
from organisation.admin_site import GatehouseAdminSite
from organisation.models import (
    AuthorityLimit,
    BankHoliday,
    CommissioningFramework,
    Cover,
    Directorate,
    Membership,
    Organisation,
    Person,
    Post,
    PostHolding,
    ServiceArea,
    StatutoryFigure,
    Supplier,
    SupplierConcern,
    WorkingCalendar,
)
from organisation.roles import Role
from tests.factories import organisation as make

pytestmark = pytest.mark.django_db

OWN_PAGES = [
    AuthorityLimit, BankHoliday, CommissioningFramework, Cover, Directorate, Membership, Organisation, Person, Post,
    PostHolding, ServiceArea, StatutoryFigure, Supplier, SupplierConcern, WorkingCalendar,
]  # fmt: skip
# Tables of the whole installation: every administrator has them before them.
COMMON = [StatutoryFigure]


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def rows_of(organisation) -> dict:
    """Make one row of every table for an organisation, by its administration page."""
    area = make.service_area(organisation)
    person, other = make.person(Role.LEGAL, at=organisation), make.person(at=organisation)
    post = make.post(organisation)
    calendar = make.working_calendar(kept_by=organisation)
    framework = organisation.framework
    framework.kept_by = organisation
    framework.save()
    return {
        AuthorityLimit: make.limit(post, "award", 10),
        BankHoliday: make.bank_holiday(calendar, date(2026, 6, 15)),
        CommissioningFramework: framework,
        Cover: make.cover(person, other),
        Directorate: area.directorate,
        Membership: Membership.objects.get(person=person),
        Organisation: organisation,
        Person: person,
        Post: post,
        PostHolding: make.holding(post, person),
        ServiceArea: area,
        StatutoryFigure: StatutoryFigure.objects.create(
            key=f"figure.{organisation.pk}", amount=1, unit="days", valid_from=date(2026, 1, 1), source="A test"
        ),
        Supplier: make.supplier(organisation),
        SupplierConcern: SupplierConcern.objects.create(
            supplier=make.supplier(organisation), kind="financial", words="Pays its own suppliers late"
        ),
        WorkingCalendar: calendar,
    }


def test_site_is_ours_and_holds_no_page_of_another_package():
    assert isinstance(admin.site, GatehouseAdminSite)
    assert all(isinstance(page, AuditedAdmin) for page in admin.site._registry.values())
    rooms = {"organisation", "casework", "documents", "commissioning", "procurement", "contracts", "reporting"}
    assert {model._meta.app_label for model in admin.site._registry} <= rooms
    assert {model for model in admin.site._registry if model._meta.app_label == "organisation"} == set(OWN_PAGES)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.AUDITOR)])
def test_other_roles_do_not_get_in(role: Role, enter):
    client = enter(make.person(role))

    assert client.get(reverse("admin:index")).status_code == 302  # to sign in,
    assert client.get(reverse("admin:login")).status_code == 403  # which they are already
    assert client.get(url(Person, "changelist"), follow=True).status_code == 403


def test_stranger_is_sent_to_the_one_sign_in_page(client):
    answer = client.get(url(Person, "changelist"), follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert url(Person, "changelist").replace("/", "%2F") in answer.redirect_chain[-1][0].replace("/", "%2F")


def test_sign_in_does_not_lead_to_another_site(client):
    answer = client.get(reverse("admin:login") + "?next=https://evil.example/")

    assert answer["Location"].startswith(reverse("account_login") + "?next=/admin/login/")


def test_password_is_changed_on_the_one_page_for_it(enter):
    answer = enter(make.person(Role.ADMINISTRATOR)).get(reverse("admin:password_change"))

    assert answer["Location"] == reverse("account_change_password")


@pytest.mark.parametrize("model", OWN_PAGES, ids=lambda model: model.__name__)
def test_administrator_reads_and_changes_inside_the_scope_only(model, enter):
    here, there = make.organisation(), make.organisation()
    own, foreign = rows_of(here)[model], rows_of(there)[model]
    client = enter(make.person(Role.ADMINISTRATOR, at=here))

    listed = client.get(url(model, "changelist"))
    assert listed.status_code == 200
    found = set(listed.context["cl"].queryset)
    assert own in found
    assert client.get(url(model, "change", own.pk)).status_code == 200

    if model not in COMMON:
        assert foreign not in found
        assert client.get(url(model, "change", foreign.pk)).status_code == 404
        assert client.post(url(model, "change", foreign.pk), {"name": "Mine now"}).status_code == 404


@pytest.mark.parametrize("model", OWN_PAGES, ids=lambda model: model.__name__)
def test_auditor_reads_and_never_writes(model, enter, changes):
    here = make.organisation()
    own = rows_of(here)[model]
    client = enter(make.person(Role.AUDITOR, at=here))

    page = client.get(url(model, "change", own.pk))

    assert client.get(url(model, "changelist")).status_code == 200
    assert page.status_code == 200
    assert not page.context["has_change_permission"]
    assert client.post(url(model, "change", own.pk), {}).status_code == 403
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "add"), {}).status_code == 403
    assert changes == []


@pytest.mark.parametrize("model", OWN_PAGES, ids=lambda model: model.__name__)
def test_nothing_is_deleted(model, enter):
    here = make.organisation()
    own = rows_of(here)[model]
    client = enter(make.person(Role.ADMINISTRATOR, at=here))

    assert client.get(url(model, "delete", own.pk)).status_code == 403
    assert client.post(url(model, "delete", own.pk), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"}
    client.post(url(model, "changelist"), sent)
    assert model.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("model", OWN_PAGES, ids=lambda model: model.__name__)
def test_no_second_history_is_offered(model, enter):
    here = make.organisation()
    own = rows_of(here)[model]
    client = enter(make.person(Role.ADMINISTRATOR, at=here))

    assert client.get(url(model, "history", own.pk)).status_code == 404
    assert b"historylink" not in client.get(url(model, "change", own.pk)).content


def test_auditor_here_and_administrator_there_changes_only_there(enter):
    here, there = make.organisation(), make.organisation()
    person = make.person(Role.AUDITOR, at=here)
    make.membership(person, Role.ADMINISTRATOR, there)
    client = enter(person)

    pages = [client.get(url(Directorate, "change", make.directorate(place).pk)) for place in (here, there)]

    assert [page.context["has_change_permission"] for page in pages] == [False, True]
    choices = client.get(url(Directorate, "add")).context["adminform"].form.fields["organisation"].queryset
    assert set(choices) == {there}


def test_administrator_who_lost_the_role_is_out_on_the_next_request(enter):
    person = make.person(Role.ADMINISTRATOR)
    client = enter(person)
    assert client.get(reverse("admin:index")).status_code == 200

    person.memberships.update(ends_on=date(2020, 1, 2))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_framework_nobody_keeps_is_changed_by_those_who_follow_it(enter):
    framework = make.framework()
    follower, stranger = make.organisation(framework=framework), make.organisation()

    pages = [
        enter(make.person(Role.ADMINISTRATOR, at=place)).get(url(CommissioningFramework, "change", framework.pk))
        for place in (follower, stranger)
    ]

    assert [page.status_code for page in pages] == [200, 404]
    assert pages[0].context["has_change_permission"]


def test_framework_somebody_keeps_is_theirs_alone(enter):
    keeper = make.organisation()
    follower = make.organisation(framework=make.framework(kept_by=keeper))

    pages = [
        enter(make.person(Role.ADMINISTRATOR, at=place)).get(
            url(CommissioningFramework, "change", follower.framework_id)
        )
        for place in (keeper, follower)
    ]

    assert [page.status_code for page in pages] == [200, 404]


def test_calendar_nobody_keeps_is_every_administrator_s(enter):
    holiday = make.bank_holiday(make.working_calendar(), date(2026, 6, 15))

    page = enter(make.person(Role.ADMINISTRATOR)).get(url(BankHoliday, "change", holiday.pk))

    assert page.context["has_change_permission"]


def test_secret_field_cannot_be_guessed_letter_by_letter(enter):
    client = enter(make.person(Role.ADMINISTRATOR))

    assert client.get(url(Person, "changelist") + "?password__startswith=a").status_code == 400


def test_filters_name_only_rows_in_scope(enter):
    here = make.organisation()
    own = make.working_calendar(kept_by=here, name="Our own days")
    make.bank_holiday(own, date(2026, 6, 15))
    make.working_calendar(kept_by=here, name="Our other days")
    foreign = make.working_calendar(kept_by=make.organisation(), name="Their days")
    make.bank_holiday(foreign, date(2026, 6, 15))

    page = enter(make.person(Role.ADMINISTRATOR, at=here)).get(url(BankHoliday, "changelist")).content.decode()

    assert "Our other days" in page
    assert "Their days" not in page


@pytest.mark.parametrize("model", OWN_PAGES, ids=lambda model: model.__name__)
def test_lists_ask_the_same_number_of_statements_whatever_the_rows(model, enter, django_assert_max_num_queries):
    here = make.organisation()
    rows_of(here)
    client = enter(make.person(Role.ADMINISTRATOR, at=here))
    client.get(url(model, "changelist"))

    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(12) as counted:
            client.get(url(model, "changelist"))
        counts.append(len(counted.captured_queries))
        for _ in range(3):
            more = make.organisation(framework=here.framework)
            if model in (Organisation, CommissioningFramework):
                make.membership(
                    Person.objects.get(memberships__role=Role.ADMINISTRATOR, memberships__organisation=here),
                    Role.ADMINISTRATOR,
                    more,
                )
            else:
                _another(model, here)

    assert counts[0] == counts[1]


def _another(model, here) -> None:
    """Add a row of a table to an organisation, with everything it hangs on."""
    n = model.objects.count()
    area, person, post = make.service_area(here), make.person(at=here), make.post(here)
    calendar = make.working_calendar(kept_by=here)
    make.membership(person, Role.LEGAL, here, area)
    make.cover(person, make.person(at=here))
    make.limit(post, "award", n)
    make.holding(post, person)
    make.bank_holiday(calendar, date(2026, 6, 16))
    SupplierConcern.objects.create(supplier=make.supplier(here), kind="conduct", words="Staff were not paid")
    StatutoryFigure.objects.create(key=f"more.{n}", amount=1, unit="days", valid_from=date(2026, 1, 1), source="A test")


def test_a_number_that_no_database_holds_takes_the_filters_off(enter):
    client = enter(make.person(Role.ADMINISTRATOR))
    for query in (
        f"organisation__id__in={'9' * 20}",
        f"organisation__id__exact={'9' * 30}",
        f"organisation__id__in=1,-{'9' * 19}",
    ):
        answer = client.get(f"{url(ServiceArea, 'changelist')}?{query}")

        assert answer.status_code == 302, query
        assert client.get(answer["Location"]).status_code == 200
    assert client.get(f"{url(ServiceArea, 'changelist')}?q={'9' * 30}").status_code == 200
