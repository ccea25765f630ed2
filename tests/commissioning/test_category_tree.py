"""The tree of categories: kept by administrators, and what is below a branch is found with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commissioning.models import Category, Commission, CommissionActivity
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.commissioning.test_admin import add, change, faults
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
Queries = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def client(alder: Alder, sign_in: SignIn) -> Client:
    """An administrator's."""
    return sign_in(alder.by_role[Role.ADMINISTRATOR])


def category(alder: Alder, key: str) -> Category:
    return Category.objects.get(framework=alder.council.framework, key=key)


def draft(alder: Alder, title: str, key: str) -> Commission:
    return make.registered_commission(alder.priya, service_area=alder.area, title=title, category=category(alder, key))


def test_administrator_keeps_the_tree(client: Client, alder: Alder) -> None:
    care, adult = category(alder, "care_and_health"), category(alder, "adult_social_care")
    assert adult.parent == care
    assert add(client, Category, alder, key="night_care", name="Night care", parent=adult.pk).status_code == 302
    night = category(alder, "night_care")

    assert "parent" in faults(add(client, Category, alder, key="deep", name="Too deep", parent=night.pk))
    assert "parent" in faults(change(client, care, parent=night.pk)), "below itself"
    transport = category(alder, "transport")
    assert "parent" in faults(change(client, care, parent=transport.pk)), "four levels with what is below it"
    foreign = people.framework(key="other", kept_by=alder.council)
    elsewhere = Category.objects.create(framework=foreign, key="theirs", name="Theirs")
    assert "parent" in faults(change(client, adult, parent=elsewhere.pk))

    assert change(client, night, parent=transport.pk).status_code == 302
    assert category(alder, "night_care").parent == transport


@pytest.mark.requirement("N-012")
def test_workplan_is_filtered_by_a_branch_that_an_administrator_has_just_moved(
    client: Client, alder: Alder, sign_in: SignIn
) -> None:
    home, bus = draft(alder, "Home visits", "adult_social_care"), draft(alder, "Bus stops", "passenger_transport")
    page = sign_in(alder.priya).get("/commissions/?category=care_and_health").content.decode()
    assert "Care and health: Adult social care" in page
    assert home.case_file.title in page
    assert bus.case_file.title not in page
    assert "£18,000 excluding VAT" in page
    leaf = sign_in(alder.priya).get("/commissions/?category=childrens_social_care").content.decode()
    assert home.case_file.title not in leaf

    change(client, category(alder, "passenger_transport"), parent=category(alder, "care_and_health").pk)

    page = sign_in(alder.priya).get("/commissions/?category=care_and_health").content.decode()
    assert bus.case_file.title in page
    assert bus.case_file.title not in sign_in(alder.priya).get("/commissions/?category=transport").content.decode()
    form = sign_in(alder.priya).get("/commissions/new/").content.decode()
    assert ">Care and health: Passenger transport</option>" in form


LINES = "Supplier name,Payment date,Net amount,Category\nFellside Care Ltd,14/08/2024,{amount},Ledger words\n"


def spent(alder: Alder, sign_in: SignIn, key: str, amount: int) -> None:
    commission = steps.in_analyse(alder)
    Commission.objects.filter(pk=commission.pk).update(category=category(alder, key))
    CommissionActivity.objects.filter(commission=commission, activity__key="spend_analysis").update(state="relevant")
    file = SimpleUploadedFile("spend.csv", LINES.format(amount=amount).encode(), content_type="text/csv")
    address = f"/commissions/{commission.pk}/spend/read/"
    answer = sign_in(alder.priya).post(address, {"kind": "invoices", "file": file})
    assert answer.status_code == 302, answer.content.decode()[:3000]


@pytest.mark.requirement("N-012")
def test_spend_report_is_filtered_by_a_branch(alder: Alder, sign_in: SignIn, queries_of: Queries) -> None:
    spent(alder, sign_in, "adult_social_care", 1000)
    client = sign_in(alder.priya)
    few = queries_of(lambda: client.get("/spend/"))
    spent(alder, sign_in, "health", 200)
    spent(alder, sign_in, "vehicles", 5)

    every = client.get("/spend/").content.decode()
    care = client.get("/spend/?category=care_and_health").content.decode()

    assert "£1,205 in 3 lines" in every
    assert "Transport: Vehicles" in every
    assert "£1,200 in 2 lines" in care
    assert "Care and health: Public health and healthcare" in care
    assert "Transport: Vehicles</th>" not in care
    assert "No spend in this category" in client.get("/spend/?category=learning_and_leisure").content.decode()
    assert "£1,205" in client.get("/spend/?category=nothing").content.decode()
    assert "£1,205" not in sign_in(alder.olive).get("/spend/").content.decode()
    client = sign_in(alder.priya)
    assert len(queries_of(lambda: client.get("/spend/"))) == len(few) <= 8
