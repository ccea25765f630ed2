"""Reading a forward plan that a council keeps in a file: CSV or a workbook, under many headers. Pure.

A line that cannot become a commission is refused with its number in the file and the field that is wrong.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from openpyxl import load_workbook

from commissioning.spend_reading import Unreadable, Wrong, amount_of, day_of, decoded

MOST_LINES, MOST_BYTES, MOST_UNPACKED, MOST_COLUMNS = 500, 5_000_000, 50_000_000, 100
LONGEST_CELL = 3000

FIELDS: Mapping[str, str] = {
    "title": "Title",
    "value_ex_vat": "Value excluding VAT",
    "value_inc_vat": "Value including VAT",
    "needed_by": "Needed by",
    "service_area": "Service area",
    "category": "Category",
    "purpose": "Purpose",
    "reference": "Own reference",
}
#: What each column may be called: letters and figures only, in small letters; the best first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "projecttitle", "contracttitle", "project", "projectname", "commission", "name", "description"),
    "value_ex_vat": (
        *("valueexvat", "valueexcludingvat", "estimatedvalueexcludingvat", "estimatedvalue", "valuehigh"),
        *("totalvalue", "contractvalue", "valuelow", "value", "budget"),
    ),
    "value_inc_vat": ("valueincvat", "valueincludingvat", "estimatedvalueincludingvat"),
    "needed_by": (
        *("neededby", "requiredby", "contractstartdate", "startdate", "start", "proposedstartdate", "golive"),
    ),
    "service_area": ("servicearea", "service", "department", "team"),
    "category": ("category", "categoryname", "proclassdescription", "procurementcategory"),
    "purpose": ("purpose", "need", "summary", "description", "contractdescription"),
    "reference": ("reference", "ref", "noticeidentifier", "contractreference", "id", "projectreference"),
}


@dataclass(frozen=True)
class File:
    """A file taken apart: its header, and each line with its number."""

    header: list[str]
    lines: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class PlannedLine:
    """One line that becomes a draft. ``area`` and ``category`` are ids."""

    number: int
    title: str
    area: int
    value_ex_vat: Decimal | None
    value_inc_vat: Decimal | None
    needed_by: date | None
    category: int | None
    purpose: str
    fingerprint: str


@dataclass(frozen=True)
class RefusedLine:
    """One line that does not, with the field that is wrong and why."""

    number: int
    field: str
    why: str
    cells: list[str]


def read_file(name: str, data: bytes) -> File:
    """Take a CSV file or the first sheet of a workbook apart. Raises ``Unreadable``."""
    if len(data) > MOST_BYTES:
        raise Unreadable("The file is larger than 5 MB. Split it, then import the parts.")
    rows = _workbook(data) if name.lower().endswith(".xlsx") else _csv(data)
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if len(rows) < 2:
        raise Unreadable("The file has no line under its header. The first line names the columns.")
    if len(rows) > MOST_LINES + 1:
        raise Unreadable(f"The file has more than {MOST_LINES} lines. Split it, then import the parts.")
    return File(rows[0][1], rows[1:])


def _csv(data: bytes) -> list[tuple[int, list[str]]]:
    text = decoded(data)
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found, before = [], 0
    try:
        for row in reader:
            found.append((before + 1, [_clean(cell) for cell in row[:MOST_COLUMNS]]))
            before = reader.line_num
            if len(found) > MOST_LINES * 2:
                break
    except csv.Error:
        raise Unreadable(f"Line {before + 1} cannot be taken apart into columns. Save the file again as CSV.") from None
    return found


def _workbook(data: bytes) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("The workbook is too large once unpacked. Save the sheet as CSV.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_LINES * 2, max_col=MOST_COLUMNS, values_only=True)
        return [(number, [_clean(_plain(cell)) for cell in row]) for number, row in enumerate(rows, start=1)]
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError):
        raise Unreadable("The workbook cannot be opened. Save it again as XLSX, or as CSV.") from None


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def _clean(words: str) -> str:
    return re.sub(r"\s+", " ", words.replace("\x00", "")).strip()[:LONGEST_CELL]


def guess(header: Sequence[str]) -> dict[str, int]:
    """Which column is what, by its name; each column is used once."""
    keys = [re.sub(r"[^a-z0-9]", "", cell.casefold()) for cell in header]
    found: dict[str, int] = {}
    for name, known in NAMES.items():
        place = next((keys.index(key) for key in known if key in keys and keys.index(key) not in found.values()), None)
        if place is not None:
            found[name] = place
    return found


def plan_lines(
    lines: Sequence[tuple[int, list[str]]],
    columns: Mapping[str, int],
    *,
    areas: Mapping[str, int],
    categories: Mapping[str, int],
    default_area: int | None,
    today: date,
) -> tuple[list[PlannedLine], list[RefusedLine]]:
    """What each line comes to. ``areas`` and ``categories`` are ids by name in small letters."""
    planned: list[PlannedLine] = []
    refused: list[RefusedLine] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        given = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        try:
            line = _line(number, given, areas, categories, default_area, today)
            if line.fingerprint in seen:
                raise _Refusal("title", f"it is the same as line {seen[line.fingerprint]}")
        except _Refusal as fault:
            refused.append(RefusedLine(number, FIELDS[fault.field], fault.why, list(cells)))
        else:
            seen[line.fingerprint] = number
            planned.append(line)
    return planned, refused


class _Refusal(Exception):
    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def _line(
    number: int,
    given: Mapping[str, str],
    areas: Mapping[str, int],
    categories: Mapping[str, int],
    default_area: int | None,
    today: date,
) -> PlannedLine:
    title = given.get("title", "")
    if not title:
        raise _Refusal("title", "it is blank")
    if len(title) > 200:
        raise _Refusal("title", "it is longer than 200 characters")
    named = given.get("service_area", "")
    area = areas.get(named.casefold()) if named else default_area
    if area is None:
        words = f"“{named[:60]}” is not one of your service areas" if named else "it is blank"
        raise _Refusal("service_area", words)
    without, including = _amount(given, "value_ex_vat"), _amount(given, "value_inc_vat")
    if without is not None and including is not None and including < without:
        raise _Refusal("value_inc_vat", "it is less than the value excluding VAT")
    needed_by = _day(given)
    if needed_by is not None and needed_by < today:
        raise _Refusal("needed_by", f"“{given['needed_by'][:20]}” has passed")
    purpose = given.get("purpose", "")
    if without is not None and including is None:
        # Neither value is worked out from the other: the one that is there is kept in words until both are known.
        purpose = f"{purpose}\n\nThe file says £{without:,} excluding VAT.".strip()
        without = None
    own = given.get("reference", "")
    mark = f"ref:{own.casefold()}" if own else f"line:{title.casefold()}:{area}:{given.get('needed_by', '')}"
    return PlannedLine(
        number, title, area, without, including if without is not None else None, needed_by,
        categories.get(given.get("category", "").casefold()), purpose[:3000],
        sha256(mark.encode()).hexdigest(),
    )  # fmt: skip


def _amount(given: Mapping[str, str], name: str) -> Decimal | None:
    if not given.get(name):
        return None
    try:
        found = amount_of(given[name])
    except Wrong as fault:
        raise _Refusal(name, str(fault)) from None
    if found < 0:
        raise _Refusal(name, "it is less than £0")
    return found


def _day(given: Mapping[str, str]) -> date | None:
    if not given.get("needed_by"):
        return None
    try:
        return day_of(given["needed_by"])
    except Wrong as fault:
        raise _Refusal("needed_by", str(fault)) from None
