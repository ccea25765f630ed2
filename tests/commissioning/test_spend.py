"""Spend of the past: councils' own files are read, once; what cannot be read is said; sums from three sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from commissioning.models import CommissionActivity, SpendFile, SpendLine
from commissioning.spend_reading import Unreadable, Wrong, amount_of, day_of, decoded, read_spend
from commissioning.states import ActivityState
from documents.facts import load_facts
from documents.models import Attachment
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
FOLDER = Path(__file__).parents[1] / "data" / "spend"
HEADER = "Supplier name,Payment date,Net amount,Category\n"
PLAIN = (
    HEADER
    + 'Fellside Care Ltd,14/08/2024,"£1,000.00",Home care\n'
    + "FELLSIDE CARE LIMITED,2024-09-01,500,Home care\n"
    + "Vale & Dale,2025-04-01,(200.00),\n"
    + "Vale & Dale,2025-05-01,700,Meals\n"
)


# --- reading, without a database ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines", "first", "columns"),
    [
        ("gateshead-2019-12", 39, ("CLICK TRAVEL LTD", date(2019, 12, 2), Decimal("38.60")), "Supplier ID(T)"),
        ("hyndburn-2024-09", 59, ("Barclaycard", date(2024, 8, 14), Decimal("497.50")), "Name:"),
        ("lambeth-2012-06", 34, ("170 Community Project", date(2012, 6, 8), Decimal("1534.24")), "Supplier Name"),
        ("newcastle-2019-12", 39, ("Redacted Personal Data", date(2019, 12, 19), Decimal("741.84")), "Supplier Name"),
        ("oxford-2018-q1", 50, ("GENERAL EXPENSES", date(2018, 1, 9), Decimal("5000.00")), "Supplier Name"),
        (
            "salford-2022-06",
            59,
            ("Clare And Andrew Murdoch Limited", date(2022, 6, 1), Decimal("600.00")),
            "Vendor Name",
        ),
        (
            "trafford-purchase-cards-2026-27",
            39,
            ("Dunsters Farm Limited", date(2026, 5, 29), Decimal("181.56")),
            "BeneficiaryName",
        ),
    ],
)
def test_files_of_seven_councils_are_read_as_they_are(
    name: str, lines: int, first: tuple[str, date, Decimal], columns: str
) -> None:
    found = read_spend((FOLDER / f"{name}.csv").read_bytes())

    assert len(found.lines) == lines
    assert (found.lines[0].supplier, found.lines[0].paid_on, found.lines[0].amount) == first
    assert dict(found.columns)["Supplier"] == columns


def test_lines_that_lost_a_comma_are_left_out_with_their_number() -> None:
    found = read_spend((FOLDER / "lambeth-2012-06.csv").read_bytes())
    assert [(one.number, one.why) for one in found.left_out][:2] == [
        (19, "it has 5 columns, the header has 6"),
        (20, "it has 5 columns, the header has 6"),
    ]
    assert found.lines[0].number == 11


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("£1,234.50", "1234.50"),
        ("(1,234.50)", "-1234.50"),
        ("1234.5-", "-1234.50"),
        ("−20", "-20.00"),
        (" £ 0.99 ", "0.99"),
        ("(£5)", "-5.00"),
        (".5", "0.50"),
        ("12CR", "-12.00"),
    ],
)
def test_amounts_are_read_as_ledgers_write_them(written: str, amount: str) -> None:
    assert amount_of(written) == Decimal(amount)


@pytest.mark.parametrize("written", ["", "-", "TBC", "1,23", "12/06/2012", "1e9", "£", "()", "9" * 20, "1.2.3"])
def test_what_is_no_amount_is_said(written: str) -> None:
    with pytest.raises(Wrong, match="amount"):
        amount_of(written)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-08-14", date(2024, 8, 14)),
        ("2024-08-14 00:00:00", date(2024, 8, 14)),
        ("2024-08-14T00:00:00Z", date(2024, 8, 14)),
        ("01/02/2024", date(2024, 2, 1)),
        ("1.2.24", date(2024, 2, 1)),
        ("14-Aug-2024", date(2024, 8, 14)),
        ("14 August 2024", date(2024, 8, 14)),
    ],
)
def test_dates_are_read_with_the_day_first(written: str, day: date) -> None:
    assert day_of(written) == day


@pytest.mark.parametrize("written", ["", "TBC", "22/04/222", "31/02/2024", "08/14/2024", "1066-10-14", "25/06/2012900"])
def test_what_is_no_date_is_said(written: str) -> None:
    with pytest.raises(Wrong, match="date"):
        day_of(written)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        "ï»¿".encode() + PLAIN.encode(),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").replace("£1;000.00", "£1,000.00").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        ("Spend report\n,,,\n" + PLAIN).encode(),
    ],
)
def test_encodings_separators_and_titles_above_do_no_harm(data: bytes) -> None:
    found = read_spend(data)
    assert found.total == Decimal("2000.00")
    assert {line.supplier_key for line in found.lines} == {"fellside care limited", "vale and dale"}
    assert [line.year for line in found.lines] == [2024, 2024, 2025, 2025]


def test_marks_that_were_spaces_and_letters_of_html_are_cleaned() -> None:
    found = read_spend((HEADER + "Vale\u00a0\u2020 &amp;  Dale,2025-04-01,5,\n").encode())
    assert found.lines[0].supplier == "Vale & Dale"
    assert decoded(b"\x00a") == "a"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Name of the cat,Weight\nTom,5\n", "No header was found"),
        (b"", "No header was found"),
        ((HEADER + "Fellside,TBC,5,\n").encode(), "Not one line of the file can be read"),
        ((HEADER + "Fellside,TBC,5,\n").encode(), "line 2: “TBC” is not a date"),
        ((HEADER + '"' + "x" * 200_000 + "\n").encode(), "cannot be taken apart"),
    ],
)
def test_file_of_which_nothing_can_be_read_says_why(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_spend(data)
    assert words in refusal.value.words


# --- in the browser -------------------------------------------------------------------------------------------------


def spend_of(alder: Alder) -> CommissionActivity:
    """The spend analysis of a commission whose plan is agreed."""
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    return CommissionActivity.objects.get(commission=commission, activity__key="spend_analysis")


def upload(client: Client, activity: CommissionActivity, data: bytes | str, name: str = "spend.csv") -> HttpResponse:
    """Send a file."""
    content = data.encode() if isinstance(data, str) else data
    sent = {"file": SimpleUploadedFile(name, content, content_type="text/csv"), "kind": "invoices"}
    return client.post(f"/commissions/{activity.commission_id}/spend/read/", sent, follow=True)


@pytest.mark.requirement("N-080")
def test_spend_is_read_by_ccps_and_stands_by_supplier_year_and_category_beside_the_forecast_and_findings(
    alder: Alder, sign_in: SignIn
) -> None:
    activity = spend_of(alder)
    assert (activity.activity.kind, activity.activity.owner) == ("procurement", "ccps")
    lewis = sign_in(alder.by_role[Role.CCPS_OFFICER])
    address = f"/commissions/{activity.commission_id}/spend/"
    assert address in lewis.get(activity.get_absolute_url()).content.decode()

    report = upload(lewis, activity, PLAIN + "Nobody,TBC,5,\n").content.decode()

    assert "“spend.csv” read: 4 lines. 1 line left out." in report
    assert "Line 6: “TBC” is not a date" in report
    assert "Column “Net amount”" in report
    page = lewis.get(address).content.decode()
    for words in ("£2,000 in 4 lines", "£1,500", "75%", "2024/25", "2025/26", "Home care", "No category given"):
        assert words in page
    assert page.count("Fellside Care Ltd") == 2, "in the sentence and in the table, as one supplier"
    assert "2 suppliers. The largest is Fellside Care Ltd, 75%." in page
    assert '<rect width="100.00%"' in page
    activity.refresh_from_db()
    assert activity.state == ActivityState.IN_PROGRESS
    assert SpendFile.objects.get().attachment.purpose == f"activity:{activity.pk}"
    lewis.post(
        f"/commissions/{activity.commission_id}/sheets/forecast/add/",
        {"what": "Visits", "basis": "Past spend", "year": "2027", "amount": "2100"},
    )
    case = activity.commission.case_file
    facts = load_facts([case], ["spend_summary", "sheet_forecast"])[case.pk]
    assert facts["spend_summary"].shown == "£2,000 in 4 lines of 1 file"
    assert facts["sheet_forecast"].detail == "2027/28: £2,100; In all: £2,100"
    form = lewis.get(f"/commissions/{activity.commission_id}/papers/activity_spend_analysis/")
    assert form.status_code == 200
    history = lewis.get(f"/commissions/{activity.commission_id}/history/").content.decode()
    assert "read the spend of “spend.csv”: 4 lines, 1 left out" in history


def test_same_file_is_read_once_until_it_is_left_out(alder: Alder, sign_in: SignIn) -> None:
    activity = spend_of(alder)
    priya = sign_in(alder.priya)
    upload(priya, activity, PLAIN)
    again = upload(priya, activity, PLAIN, name="other-name.csv").content.decode()
    assert "This file was read on 7 September 2026, with 4 lines." in again
    assert SpendLine.objects.count() == 4
    assert Attachment.objects.count() == 1

    file = SpendFile.objects.get()
    address = f"/commissions/{activity.commission_id}/spend/"
    assert "no longer count" in priya.get(f"{address}{file.pk}/remove/").content.decode()
    priya.post(f"{address}{file.pk}/remove/", {})
    assert "No file of spend was read yet" in priya.get(address).content.decode()
    assert priya.get(f"{address}{file.pk}/").status_code == 404
    assert "read: 4 lines" in upload(priya, activity, PLAIN).content.decode()


def test_what_is_no_file_of_spend_is_an_error_of_its_field(alder: Alder, sign_in: SignIn) -> None:
    activity = spend_of(alder)
    priya = sign_in(alder.priya)
    for data, name, words in (
        (b"Name,Weight\nTom,5\n", "spend.csv", "No header was found"),
        (b"", "spend.csv", "No header was found"),
        (PLAIN.encode(), "spend.txt", "is not a CSV file"),
        (b"%PDF-1.7", "spend.pdf", "is not a CSV file"),
    ):
        page = upload(priya, activity, data, name)
        assert words in page.content.decode()
        assert page.status_code == 200
    nothing = priya.post(f"/commissions/{activity.commission_id}/spend/read/", {"kind": "contracts"})
    assert "Choose a CSV file" in nothing.content.decode()
    assert not SpendFile.objects.exists()
    assert not Attachment.objects.exists()


def test_spend_is_read_only_by_whoever_writes_there_while_the_commission_is_open(alder: Alder, sign_in: SignIn) -> None:
    activity = spend_of(alder)
    address = f"/commissions/{activity.commission_id}/spend/"
    upload(sign_in(alder.priya), activity, PLAIN)
    file = SpendFile.objects.get()
    tom, olive = sign_in(alder.tom), sign_in(alder.olive)
    assert tom.get(address).status_code == tom.get(f"{address}{file.pk}/").status_code == 200
    assert "Read a file of spend" not in tom.get(address).content.decode()
    assert upload(tom, activity, PLAIN).status_code == 403
    assert tom.post(f"{address}{file.pk}/remove/", {}).status_code == 403
    for path in (address, f"{address}read/", f"{address}{file.pk}/", f"{address}{file.pk}/remove/"):
        assert olive.get(path).status_code == 404
    other = spend_of(alder)
    assert sign_in(alder.priya).get(f"/commissions/{other.commission_id}/spend/{file.pk}/").status_code == 404

    steps.put_in(activity.commission, "stopped")
    late = upload(sign_in(alder.priya), activity, PLAIN + "Late,2025-05-02,1,\n")
    assert "so its spend stands" in late.content.decode()
    assert SpendFile.objects.count() == 1


def test_ten_thousand_lines_are_read_and_shown_in_as_many_statements_as_four(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    activity = spend_of(alder)
    priya = sign_in(alder.priya)
    address = f"/commissions/{activity.commission_id}/spend/"
    upload(priya, activity, PLAIN)
    priya.get("/")
    few = queries_of(lambda: priya.get(address))
    many = HEADER + "".join(
        f"Supplier {number % 997},2025-0{number % 9 + 1}-14,{number}.50,Category {number % 41}\n"
        for number in range(10_000)
    )

    reading = queries_of(lambda: upload(priya, activity, many, name="many.csv"))

    assert SpendLine.objects.count() == 10_004
    assert sum("INSERT" in statement for statement in reading) < 400
    lots = queries_of(lambda: priya.get(address))
    assert len(few) == len(lots) <= 8, lots
    page = priya.get(address).content.decode()
    assert "other suppliers" in page
    assert "other categories" in page
    report = f"{address}{SpendFile.objects.first().pk}/"
    assert len(queries_of(lambda: priya.get(report))) <= 4
