"""Every sheet as a fact that papers may show: its rows in words.

However many sheets a paper shows, their rows come in one statement, folded into their commissions; a sheet whose
rows name what names other things costs one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Field
from django.urls import reverse
from django.utils.timezone import localdate

from casework.models import CaseFile
from commissioning.fact_places import register_sheet_place
from commissioning.models import Commission
from commissioning.models.sheet_row import SheetRow
from commissioning.selectors.folded_sheets import can_fold, folded, row_of
from commissioning.sheets import Sheet, all_sheets
from documents.fact_tables import FactTable
from documents.facts import FactValue, pks_of, register_keyed_facts
from organisation.prepared import Prepared

PREFIX = "sheet_"
#: The columns of a sheet that a page of A4 holds.
MOST_COLUMNS = 6
#: The id of a case file and of its commission, a sheet, and the rows of it that stand.
Found = Iterator[tuple[int, int, Sheet, list[SheetRow]]]


def load_sheets(case_files: Sequence[CaseFile], keys: Sequence[str]) -> dict[int, dict[str, FactValue]]:
    """The wanted sheets of some case files, and the wanted parts of sheets.

    A sheet without rows is left out; a part that nobody has written has no value, and the page that adds it.
    """
    wanted = [sheet for sheet in all_sheets() if labels_of(sheet).keys() & set(keys)]
    found: dict[int, dict[str, FactValue]] = {}
    for case_id, commission_id, sheet, rows in (*_folded(case_files, wanted), *_with_others(case_files, wanted)):
        of_case = found.setdefault(case_id, {})
        if rows and f"{PREFIX}{sheet.key}" in keys:
            of_case[f"{PREFIX}{sheet.key}"] = _fact(sheet, rows)
        for choice in _choices(sheet):
            if (key := f"{PREFIX}{sheet.key}_{choice}") in keys:
                of_case[key] = _part(sheet, commission_id, choice, rows)
    return found


def labels_of(sheet: Sheet) -> dict[str, str]:
    """The facts that a sheet offers, by key, each with its name."""
    parts = {f"{PREFIX}{sheet.key}_{choice}": label for choice, label in _choices(sheet).items()}
    return {f"{PREFIX}{sheet.key}": sheet.title} | parts


def _choices(sheet: Sheet) -> dict[str, str]:
    if not sheet.parts:
        return {}
    # Only fields of the model's own have choices; mypy cannot tell which a name finds.
    field: Field[Any, Any] = sheet.model._meta.get_field(sheet.parts)  # type: ignore[assignment]
    return {str(value): str(label) for value, label in field.flatchoices}


def _folded(case_files: Sequence[CaseFile], wanted: Sequence[Sheet]) -> Found:
    sheets = [sheet for sheet in wanted if can_fold(sheet)]
    if not sheets:
        return
    keys, ids = tuple(sheet.key for sheet in sheets), pks_of(case_files)
    for commission in _WITH_SHEETS.rows(keys=keys, case_files=ids):
        for sheet in sheets:
            rows = [row_of(sheet, commission, values) for values in getattr(commission, f"st_{sheet.key}")]
            yield commission.case_file_id, commission.pk, sheet, rows


def _with_sheets(keys: tuple[str, ...], case_files: tuple[int, ...]) -> Any:
    columns = {f"st_{sheet.key}": folded(sheet) for sheet in all_sheets() if sheet.key in keys}
    return Commission.objects.filter(case_file__in=case_files).annotate(**columns)


_WITH_SHEETS: Prepared[Any] = Prepared(_with_sheets)


def _with_others(case_files: Sequence[CaseFile], wanted: Sequence[Sheet]) -> Found:
    for sheet in (sheet for sheet in wanted if not can_fold(sheet)):
        rows = sheet.model.objects.filter(commission__case_file__in=case_files, removed_at__isnull=True)
        of_case: dict[tuple[int, int], list[SheetRow]] = {}
        for row in rows.select_related("commission", *sheet.related).order_by(*sheet.rank):
            of_case.setdefault((row.commission.case_file_id, row.commission_id), []).append(row)
        for (case_id, commission_id), found in of_case.items():
            yield case_id, commission_id, sheet, found


def _fact(sheet: Sheet, rows: Sequence[SheetRow]) -> FactValue:
    return FactValue(
        [str(row) for row in rows],
        "\n".join(_line(sheet, row) for row in rows),
        sheet.title,
        localdate(max(row.recorded_at for row in rows)),
        reverse("commissioning:sheet", args=[rows[0].commission_id, sheet.key]),
        "; ".join(f"{total.label}: {total.shown}" for total in sheet.sums(rows)),
        (_table(sheet, rows),),
    )


def _table(sheet: Sheet, rows: Sequence[SheetRow]) -> FactTable:
    """The rows under the sheet's own heads; columns in which nobody wrote anything are left out.

    More columns than a sheet of paper is wide share the last one, each with its head. A sheet of a single row reads
    downwards, a line for each column.
    """
    first, *rest = sheet.columns
    if sheet.only_one:
        (row,) = rows
        lines = [[column.head, words] for column in rest if (words := column.shown(row))]
        return FactTable([first.head, first.shown(row)], lines)
    written = [column for column in rest if any(column.shown(row) for row in rows)]
    apart = len(written) if len(written) < MOST_COLUMNS else MOST_COLUMNS - 2
    own, shared = written[:apart], written[apart:]
    lines = []
    for row in rows:
        cells = [first.shown(row), *(column.shown(row) for column in own)]
        if shared:
            cells.append("\n".join(f"{column.head}: {words}" for column in shared if (words := column.shown(row))))
        lines.append(cells)
    heads = [first.head, *(column.head for column in own), *(["More"] if shared else [])]
    numbers = [place for place, column in enumerate(own, start=1) if column.is_number]
    return FactTable(heads, lines, numbers=numbers)


def _part(sheet: Sheet, commission_id: int, choice: str, rows: Sequence[SheetRow]) -> FactValue:
    """The one row of a choice, in the words of the columns after its name."""
    row = next((row for row in rows if str(getattr(row, sheet.parts)) == choice), None)
    if row is None:
        add = reverse("commissioning:add_sheet_row", args=[commission_id, sheet.key])
        return FactValue(None, "", sheet.title, None, f"{add}?{sheet.parts}={choice}")
    words = ". ".join(said for column in sheet.columns[1:] if (said := column.shown(row)))
    change = reverse("commissioning:sheet_row", args=[commission_id, sheet.key, row.pk])
    return FactValue(str(row), words, sheet.title, localdate(row.recorded_at), change)


def _line(sheet: Sheet, row: SheetRow) -> str:
    """Home care, evenings: 210 people. Priority: high. …"""
    first, *rest = sheet.columns
    said = [f"{column.head}: {words}" for column in rest if (words := column.shown(row))]
    return f"{first.shown(row)}. {'. '.join(said)}" if said else first.shown(row)


def register_facts_of(sheets: Iterable[Sheet]) -> None:
    """Offer each sheet to papers; a higher room does so for its own."""
    offered = list(sheets)
    register_keyed_facts({key: label for sheet in offered for key, label in labels_of(sheet).items()}, load_sheets)
    for sheet in offered:
        register_sheet_place(f"{PREFIX}{sheet.key}", sheet)


def register_own() -> None:
    """Register one fact a sheet. Called once the sheets are registered."""
    register_facts_of(all_sheets())
