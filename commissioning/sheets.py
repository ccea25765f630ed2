"""Sheets: the lists of typed rows that people fill in for a commission (needs, assets, budget lines, options…).

A sheet is declared once, with its model, its form and its columns. One set of pages lists, adds, changes and takes away
the rows of all of them; one service writes them; each is offered to papers as the fact ``sheet_<key>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef

from casework.blockers import Blocker

if TYPE_CHECKING:
    from commissioning.activity_notes import Note
    from commissioning.forms.sheets import SheetForm
    from commissioning.models import Commission, CommissionActivity
    from commissioning.models.sheet_row import SheetRow


def _no_page(row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its head, and what it shows of a row, in words already formatted.

    ``link`` is the address that the words lead to, or nothing.
    """

    head: str
    shown: Callable[[Any], str]
    is_number: bool = False
    link: Callable[[Any], str] = field(default=_no_page)


@dataclass(frozen=True)
class Sum:
    """A figure under a sheet: "Total, 2027/28" and the amount in words."""

    label: str
    shown: str


def _no_sums(rows: Sequence[Any]) -> Sequence[Sum]:
    return ()


def _no_notes(commission: Commission) -> Sequence[Note]:
    return ()


def _nothing_keeps(row: Any) -> str:
    return ""


def _nothing_follows(row: Any) -> None:
    return None


@dataclass(frozen=True)
class Sheet:
    """One kind of list. The first column names the row.

    ``one`` is a row in words, with its article ("a need"); ``activity`` the key of the catalogue's activity it belongs
    to: who writes in that activity writes here, and the first row begins it. ``rank`` orders the rows; ``related`` is
    read with them; ``sums`` are the figures under the list.

    ``keeps`` says why a row may not be taken away, or nothing; ``on_saved`` and ``on_removed`` write what follows, in
    the same transaction. ``beside`` is another page of the commission that shows these rows: its words and the name
    of its address. ``permission`` is asked for instead, where a sheet belongs to no activity or to other people.
    ``home`` is the name of the address that shows the rows in the place of the plain list: saving leads back there.
    ``also_in`` are further activities whose pages show it; there its rows count as no output. ``only_one`` is a sheet
    of a single row. ``notes`` are shown under the form of a row. ``asked_in`` is a stage whose key questions ask for
    its rows. ``parts`` is a field of whose every choice there is one row, which papers may show by itself as the fact
    ``sheet_<key>_<choice>``.
    """

    key: str
    title: str
    one: str
    model: type[SheetRow]
    form: type[SheetForm]
    columns: tuple[Column, ...]
    intro: str = ""
    empty: str = "Nothing is entered yet."
    activity: str = ""
    rank: tuple[str, ...] = ("pk",)
    related: tuple[str, ...] = ()
    sums: Callable[[Sequence[Any]], Sequence[Sum]] = field(default=_no_sums)
    keeps: Callable[[Any], str] = field(default=_nothing_keeps)
    on_saved: Callable[[Any], None] = field(default=_nothing_follows)
    on_removed: Callable[[Any], None] = field(default=_nothing_follows)
    beside: tuple[str, str] | None = None
    also_in: tuple[str, ...] = ()
    only_one: bool = False
    notes: Callable[[Commission], Sequence[Note]] = field(default=_no_notes)
    asked_in: str = ""
    parts: str = ""
    permission: str = ""
    home: str = ""

    @property
    def act(self) -> str:
        """The permission that writing asks for, on the commission."""
        if self.permission:
            return self.permission
        return "activity.write" if self.activity else "commission.edit"

    @property
    def thing(self) -> str:
        """A row without its article: "need"."""
        return self.one.partition(" ")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of a row that its form fills."""
        return tuple(name for name in self.form.base_fields if name not in ("act_id", "version"))

    def rows(self, commission: Commission | OuterRef) -> Any:
        """The rows of a commission that stand, in order; of the commission of an outer query for a sub-query."""
        found = self.model.objects.filter(commission=commission, removed_at__isnull=True)
        return found.select_related(*self.related).order_by(*self.rank) if self.related else found.order_by(*self.rank)


_sheets: dict[str, Sheet] = {}


def register_sheet(sheet: Sheet) -> None:
    """Add a sheet. Called from ``AppConfig.ready``."""
    if sheet.key in _sheets:
        raise ValueError(f"The sheet {sheet.key!r} is registered twice")
    _sheets[sheet.key] = sheet


def sheet_of(key: str) -> Sheet | None:
    """The sheet of a key."""
    return _sheets.get(key)


def all_sheets() -> tuple[Sheet, ...]:
    """Every sheet, as registered."""
    return tuple(_sheets.values())


def sheets_of_activity(key: str) -> tuple[Sheet, ...]:
    """The sheets that belong to an activity of the catalogue."""
    return tuple(sheet for sheet in _sheets.values() if key and (sheet.activity == key or key in sheet.also_in))


def sheets_of_questions(stage: str) -> tuple[Sheet, ...]:
    """The sheets that the key questions of a stage ask for."""
    return tuple(sheet for sheet in _sheets.values() if stage and sheet.asked_in == stage)


Check = Callable[["CommissionActivity"], Iterable[Blocker]]

_checks: dict[str, list[Check]] = {}


def register_check(activity: str, check: Check) -> None:
    """Add what has to stand before an activity can be completed. A check reads at most one statement."""
    _checks.setdefault(activity, []).append(check)


def checks_of(activity: str) -> Sequence[Check]:
    """What is checked before an activity of this key is completed."""
    return _checks.get(activity, ())
