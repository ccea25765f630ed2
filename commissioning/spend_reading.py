"""Reading a file of spend as councils publish it: many headers, encodings, ways to write dates and amounts. Pure.

A line that cannot be read is left out with its number in the file and the reason; it never stops the others.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from casework.refusals import Refused
from commissioning.financial_years import year_of
from organisation.fields import match_name

#: Lines above the header that a report may have: its title and what it was asked.
MOST_ABOVE = 40
MOST_LINES = 200_000
LONGEST = 200
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_POUNDS = Decimal("999999999999.99")

#: What each column may be called, the best first: letters and figures only, in small letters.
NAMES: Mapping[str, tuple[str, ...]] = {
    "supplier": (
        *("suppliername", "supplier", "vendorname", "vendor", "beneficiaryname", "beneficiary", "payeename", "payee"),
        *("creditorname", "creditor", "merchantname", "merchant", "suppliercompanyname", "providername", "provider"),
        *("companyname", "supplieridt", "name"),
    ),
    "amount": (
        *("net", "netamount", "netvalue", "nettamount", "invoicenettamount", "invoicenetamount"),
        *("totalexcludesvat", "totalexcludingvat", "totalexvat", "amountexcludingvat", "amountexvat", "amountnet"),
        *("amountpaid", "amount", "paymentamount", "invoiceamount", "lineamount", "spend", "totalamount", "value"),
        *("annualvalue", "contractvalue", "totalcontractvalue", "total", "gross", "grossamount"),
    ),
    "paid_on": (
        *("paymentdate", "paiddate", "datepaid", "dateofpayment", "transactiondate", "postingdate", "invoicedate"),
        *("invoicecreationdate", "date", "updated", "effectivedate", "startdate", "contractstartdate"),
    ),
    "category": (
        *("expenditurecategory", "expenditurecatergory", "spendcategory", "category", "categoryname"),
        *("categoryinternalname", "proclassdescription", "subjdescription", "cipfsubst", "gldescription"),
        *("groupdescription", "expensetype", "purpose", "description", "servicearea"),
    ),
}
WORDS = {"supplier": "Supplier", "amount": "Amount", "paid_on": "Date", "category": "Category"}
NEEDED = ("supplier", "amount", "paid_on")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: .*)?")
_WORDED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4}|\d{2})")
_AMOUNT = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?")
#: Marks that stand where a space was: no-break spaces, and daggers and the like that a wrong reading made of them.
_SPACES = re.compile("[\\s\u00a0\u2020\u200b\ufeff\ufffd]+")


class Unreadable(Refused):
    """A file of which nothing can be read. The words say why and what to do."""


class Wrong(Exception):
    """What is wrong with one line, in words."""


@dataclass(frozen=True)
class ReadLine:
    """One line of spend. ``number`` is its line in the file."""

    number: int
    supplier: str
    supplier_key: str
    paid_on: date
    year: int
    amount: Decimal
    category: str


@dataclass(frozen=True)
class LeftOut:
    """One line that could not be read, and why."""

    number: int
    why: str


@dataclass
class Reading:
    """What a file gave: its lines, those left out, and which column was read as what (in words)."""

    lines: list[ReadLine] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """All amounts together."""
        return sum((line.amount for line in self.lines), Decimal(0))


def read_spend(data: bytes) -> Reading:
    """Read a file. Raises ``Unreadable`` where there is no header to go by, or not one line can be read."""
    text = decoded(data)
    rows = _rows(text)
    columns: dict[str, int] = {}
    width, found = 0, Reading()
    for number, row in rows:
        if columns:
            _take(found, number, row, columns, width)
            continue
        columns = _columns(row)
        width = len(row)
        found.columns = [(WORDS[name], _clean(row[place])) for name, place in columns.items()]
        if not columns and number > MOST_ABOVE:
            break
    if not columns:
        raise Unreadable(
            "No header was found. One line has to name the columns, with a supplier, an amount and a date, "
            "like “Supplier name, Payment date, Net amount”."
        )
    if not found.lines:
        why = (
            f" The first problem is on line {found.left_out[0].number}: {found.left_out[0].why}."
            if found.left_out
            else ""
        )
        raise Unreadable(f"Not one line of the file can be read.{why}")
    return found


def decoded(data: bytes) -> str:
    """The file's text: UTF-8 or UTF-16 where it says so, otherwise Windows' own encoding. Never an error."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    # A byte order mark that was encoded twice stands before the first header.
    return text.removeprefix("\u00ef\u00bb\u00bf").replace("\x00", "")


def amount_of(written: str) -> Decimal:
    """An amount as people and ledgers write it: £1,234.50, (1,234.50), 1234.5-, −20. Raises ``Wrong``."""
    plain = re.sub(r"[\s£]", "", written).replace("\u2212", "-").replace("\u00c2", "")
    if not plain or plain in ("-", "n/a", "N/A"):
        raise Wrong("the amount is blank")
    is_negative = plain.startswith(("(", "-")) or plain.endswith(("-", "CR"))
    digits = plain.removesuffix("CR").strip("()-")
    if not digits or not _AMOUNT.fullmatch(digits):
        raise Wrong(f"“{_short(written)}” is not an amount")
    try:
        found = Decimal(digits.replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Wrong(f"“{_short(written)}” is not an amount") from None
    if found > MOST_POUNDS:
        raise Wrong(f"“{_short(written)}” is too large for an amount")
    return -found if is_negative else found


def day_of(written: str) -> date:
    """A day: 2024-08-14, 14/08/2024, 14/08/24, 14-Aug-2024. The day comes before the month. Raises ``Wrong``."""
    plain = written.strip()
    if not plain:
        raise Wrong("the date is blank")
    if iso := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in iso.groups())
    elif british := _BRITISH.fullmatch(plain):
        day, month, year = (int(part) for part in british.groups())
    elif (worded := _WORDED.fullmatch(plain)) and worded[2].lower() in _MONTHS:
        day, month, year = int(worded[1]), _MONTHS.index(worded[2].lower()) + 1, int(worded[3])
    else:
        raise Wrong(f"“{_short(plain)}” is not a date")
    try:
        found = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        raise Wrong(f"“{_short(plain)}” is not a date") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(f"“{_short(plain)}” is not a date of these years")
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line. Rows without a word are passed over."""
    head = "\n".join(text.splitlines()[:MOST_ABOVE])
    delimiter = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for row in reader:
            number, before = before + 1, reader.line_num
            if number > MOST_LINES:
                raise Unreadable(f"The file has more than {MOST_LINES:,} lines. Split it, by year for example.")
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error:
        raise Unreadable(
            f"Line {before + 1} of the file cannot be taken apart into columns. Save it again as CSV, then try again."
        ) from None


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Which column is what, if this row is the header: it names a supplier, an amount and a date."""
    keys = [re.sub(r"[^a-z0-9]", "", _clean(cell).casefold()) for cell in row]
    found: dict[str, int] = {}
    for name, known in NAMES.items():
        place = next((keys.index(key) for key in known if key in keys), None)
        if place is not None:
            found[name] = place
    return found if all(name in found for name in NEEDED) else {}


def _take(found: Reading, number: int, row: Sequence[str], columns: Mapping[str, int], width: int) -> None:
    try:
        found.lines.append(_line(number, row, columns, width))
    except Wrong as fault:
        found.left_out.append(LeftOut(number, str(fault)))


def _line(number: int, row: Sequence[str], columns: Mapping[str, int], width: int) -> ReadLine:
    if len(row) < width and any(cell.strip() for cell in row) and len(row) <= max(columns.values()):
        raise Wrong(f"it has {len(row)} columns, the header has {width}")
    cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
    supplier = _clean(cells["supplier"])
    key = match_name(supplier)
    if not key:
        raise Wrong("the supplier is blank")
    paid_on = day_of(cells["paid_on"])
    return ReadLine(
        number=number,
        supplier=supplier[:LONGEST],
        supplier_key=key[:LONGEST],
        paid_on=paid_on,
        year=year_of(paid_on),
        amount=amount_of(cells["amount"]),
        category=_clean(cells.get("category", ""))[:LONGEST],
    )


def _clean(words: str) -> str:
    """Words without doubled spaces, marks that were spaces, and letters written as HTML."""
    return _SPACES.sub(" ", html.unescape(words)).strip()


def _short(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:40]}…"


def by_reason(left_out: Iterable[LeftOut]) -> list[str]:
    """Each line left out, in words: "Line 19: it has 5 columns, the header has 6"."""
    return [f"Line {one.number:,}: {one.why}" for one in left_out]
