"""Importing a forward plan: looked at first, wrong lines refused by field, drafts made once."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from casework.models import AuditEvent
from commissioning.models import Category, Commission, ImportedLine, PlanImport
from commissioning.plan_reading import guess, read_file
from commissioning.spend_reading import Unreadable
from organisation import clock
from organisation.models import Person
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
EXTRACT = Path(__file__).parents[1] / "data" / "contracts-finder-2025-11-extract.csv"
URL = "/commissions/import/"
PLAN = (
    "Ref,Project title,Service area,Value ex VAT,Value inc VAT,Needed by,Category\n"
    'A1,Home care nights,Learning and Skills,"£640,000","640,000",01/04/2028,{category}\n'
    "A2,,Learning and Skills,1,1,01/04/2028,\n"
    "A3,Buses,Nowhere,1,1,01/04/2028,\n"
    "A4,Meals,,abc,1,01/04/2028,\n"
    "A5,Parks,,10,9,01/04/2028,\n"
    "A6,Gyms,,10,12,31/02/2028,\n"
    "A7,Ferries,,10,12,01/04/2020,\n"
    "A1,Home care again,,10,12,01/04/2028,\n"
    "A9,Libraries,,,,,\n"
)


def uploaded(client: Client, alder: Alder, data: bytes, name: str = "plan.csv") -> str:
    answer = client.post(URL, {"file": SimpleUploadedFile(name, data), "service_area": alder.area.pk})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def plan() -> bytes:
    category = Category.objects.get(key="adult_social_care")
    return PLAN.format(category=category.name).encode()


def test_lines_are_previewed_refused_by_field_and_made_into_drafts_once(alder: Alder, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    address = uploaded(client, alder, plan())
    page = client.get(address)
    said = page.content.decode()
    assert not Commission.objects.exists(), "nothing is made by looking"
    assert [line.title for line in page.context["seen"].to_make] == ["Home care nights", "Libraries"]
    assert [(line.number, line.field) for line in page.context["seen"].refused] == [
        (3, "Title"),
        (4, "Service area"),
        (5, "Value excluding VAT"),
        (6, "Value including VAT"),
        (7, "Needed by"),
        (8, "Needed by"),
        (9, "Title"),
    ]
    assert "Line 5, value excluding vat: “abc” is not an amount" in said
    assert "it is the same as line 2" in said

    for _ in range(2):
        client.post(f"{address}create/")

    made = Commission.objects.get(case_file__title="Home care nights")
    assert (made.case_file.value_ex_vat, made.needed_by) == (Decimal(640_000), date(2028, 4, 1))
    assert made.category is not None
    assert made.category.key == "adult_social_care"
    assert (made.state, made.case_file.holder) == ("draft", alder.priya)
    assert Commission.objects.count() == 2
    assert AuditEvent.objects.filter(verb="commission.register").count() == 2
    assert "Home care nights" in client.get("/commissions/").content.decode()
    again = uploaded(client, alder, plan(), "the same plan.csv")
    client.post(f"{again}create/")
    assert Commission.objects.count() == ImportedLine.objects.count() == 2
    assert "2 imported before" in client.get(again).content.decode()
    refused = b"".join(client.get(f"{address}refused.csv").streaming_content).decode("utf-8-sig")
    assert "Line,Field,Why,Ref,Project title" in refused
    assert "Nowhere" in refused


def test_workbook_is_read_like_a_csv_and_columns_can_be_read_otherwise(alder: Alder, sign_in: SignIn) -> None:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["What we call it", "When", "Net", "Gross"],
        ["Reading groups", date(2028, 4, 1), 18000, 21600],
        ["=1+1", None, None, None],
    ):
        sheet.append(row)
    book.save(file)
    client = sign_in(alder.priya)
    address = uploaded(client, alder, file.getvalue(), "plan.xlsx")
    assert "Title, title" not in client.get(address).content.decode()
    assert client.get(address).context["seen"].to_make == [], "no column is called a title"

    client.post(address, {"title": "0", "needed_by": "1", "value_ex_vat": "2", "value_inc_vat": "3"})
    client.post(f"{address}create/")

    made = Commission.objects.get(case_file__title="Reading groups")
    assert (made.needed_by, made.case_file.value_inc_vat) == (date(2028, 4, 1), Decimal(21_600))


def test_notices_as_a_council_publishes_them(alder: Alder, sign_in: SignIn) -> None:
    clock.move_to(date(2025, 12, 1))
    client = sign_in(alder.priya)

    address = uploaded(client, alder, EXTRACT.read_bytes(), EXTRACT.name)

    seen = client.get(address).context["seen"]
    assert (len(seen.to_make), len(seen.refused)) == (13, 1)
    assert seen.refused[0].field == "Needed by"
    client.post(f"{address}create/")
    made = Commission.objects.get(case_file__title__startswith="Food Waste Collection")
    assert made.needed_by == date(2026, 4, 1)
    assert made.case_file.value_ex_vat is None, "no value is worked out from another"
    assert "The file says £200,000.00 excluding VAT." in made.purpose


def test_only_who_registers_imports_and_sees_only_their_own(alder: Alder, sign_in: SignIn) -> None:
    address = uploaded(sign_in(alder.priya), alder, plan())

    assert sign_in(alder.tom).get(URL).status_code == 403
    other = sign_in(alder.olive)
    assert other.get(address).status_code in (403, 404)
    assert other.post(f"{address}create/").status_code in (403, 404)
    assert not Commission.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [("plan.txt", b"a,b\n1,2"), ("plan.csv", b"Title\n"), ("plan.xlsx", b"not a workbook"), ("plan.csv", b"")],
)
def test_what_cannot_be_read_is_said_beside_the_field(alder: Alder, sign_in: SignIn, name: str, data: bytes) -> None:
    answer = sign_in(alder.priya).post(URL, {"file": SimpleUploadedFile(name, data), "service_area": alder.area.pk})

    assert answer.status_code == 200
    assert "file" in answer.context["form"].errors
    assert not PlanImport.objects.exists()


def test_headers_are_guessed_and_no_column_is_used_twice() -> None:
    found = guess(["Notice Identifier", "Title", "Description", "Start Date", "Value Low", "Value High"])
    assert found == {"reference": 0, "title": 1, "purpose": 2, "needed_by": 3, "value_ex_vat": 5}
    assert len(set(found.values())) == len(found)
    with pytest.raises(Unreadable, match="more than 500 lines"):
        read_file("plan.csv", b"Title\n" + b"x\n" * 600)
