"""What changed between two frozen revisions: question by question, word by word in long text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

SAME, ADDED, REMOVED = "same", "added", "removed"

# Beyond this many words the exact comparison of two texts takes seconds; whole paragraphs are compared instead.
_WORDS_COMPARED_SINGLY = 4_000


@dataclass(frozen=True)
class Part:
    """A stretch of text that is the same in both, only in the later, or only in the earlier one."""

    how: str
    text: str


@dataclass(frozen=True)
class RowChange:
    """One row of a table that was added, removed or changed; each cell is compared by itself."""

    how: str
    cells: list[list[Part]]


@dataclass(frozen=True)
class Change:
    """What happened to one question. ``parts`` for text, ``rows`` (under ``columns``) for tables."""

    label: str
    how: str
    parts: list[Part] = field(default_factory=list)
    columns: list[Mapping[str, Any]] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)
    key: str = ""


@dataclass(frozen=True)
class SectionChanges:
    """The changes under one heading. ``key`` is the later paper's section, empty for what it asks no longer."""

    title: str
    changes: list[Change]
    key: str = ""


def compare(earlier: Mapping[str, Any], later: Mapping[str, Any], *, shared_only: bool = False) -> list[SectionChanges]:
    """Every difference between two frozen contents. Questions are matched by key, so an outline business case can be
    compared with the full one that grew out of it; ``shared_only`` leaves out what only one of them asks.
    """
    before = {question["key"]: question for section in earlier["sections"] for question in section["questions"]}
    seen: set[str] = set()
    found: list[SectionChanges] = []
    for section in later["sections"]:
        changes = []
        for question in section["questions"]:
            seen.add(question["key"])
            if shared_only and question["key"] not in before:
                continue
            change = _change(before.get(question["key"]), question)
            if change:
                changes.append(change)
        if changes:
            found.append(SectionChanges(section["title"], changes, str(section.get("key", ""))))
    if shared_only:
        return found
    gone = [
        change
        for section in earlier["sections"]
        for question in section["questions"]
        if question["key"] not in seen and (change := _change(question, None))
    ]
    if gone:
        found.append(SectionChanges("No longer asked", gone))
    return found


def word_parts(before: str, after: str) -> list[Part]:
    """Two texts as stretches of words that stayed, came or went."""
    if before == after:
        return [Part(SAME, after)] if after else []
    split = _by_words if len(before.split()) + len(after.split()) <= _WORDS_COMPARED_SINGLY else _by_lines
    old, new = split(before), split(after)
    parts: list[Part] = []
    for how, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if how == "equal":
            parts.append(Part(SAME, "".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            parts.append(Part(REMOVED, "".join(old[old_from:old_to])))
        if new_to > new_from:
            parts.append(Part(ADDED, "".join(new[new_from:new_to])))
    return parts


def _by_words(text: str) -> list[str]:
    # A word travels with the space after it, so that a changed sentence reads as one stretch, not as every other word.
    return re.findall(r"\S+\s*|\s+", text)


def _by_lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Change | None:
    old: Mapping[str, Any] = before["shown"] if before else {"form": "blank"}
    new: Mapping[str, Any] = after["shown"] if after else {"form": "blank"}
    if old == new:
        return None
    label, key = str((after or before or {})["label"]), str((after or before or {})["key"])
    how = ADDED if old["form"] == "blank" else REMOVED if new["form"] == "blank" else "changed"
    if "table" in (old["form"], new["form"]):
        table = new if new["form"] == "table" else old
        columns = list(table["columns"])
        rows = _row_changes(_rows(old), _rows(new))
        # Rows that a second paper copied afresh carry other ids; where all read the same, nothing changed.
        if not rows and old["form"] == new["form"] and columns == list(old["columns"]):
            return None
        return Change(label, how, columns=columns, rows=rows, key=key)
    return Change(label, how, parts=word_parts(plain(old), plain(new)), key=key)


def plain(shown: Mapping[str, Any]) -> str:
    """A shown answer as text."""
    match shown["form"]:
        case "blank":
            return ""
        case "prose":
            return "\n".join(shown["paragraphs"])
        case "list":
            return "\n".join(shown["items"])
        case "table":
            return "\n".join(", ".join(row["cells"]) for row in shown["rows"])
        case _:
            return str(shown["words"])


def _rows(shown: Mapping[str, Any]) -> dict[str, list[str]]:
    if shown["form"] != "table":
        return {}
    rows = {str(row["id"]): _with_marks(row) for row in shown["rows"]}
    return rows | ({"total": list(shown["total"])} if shown.get("total") else {})


def _with_marks(row: Mapping[str, Any]) -> list[str]:
    cells = [str(cell) for cell in row["cells"]]
    marks = ", ".join(row.get("marks", []))
    return [f"{cells[0]} ({marks})", *cells[1:]] if marks and cells else cells


def _under_later_ids(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The earlier rows, those that only changed their id under their later one.

    A paper that copies rows from a list gives them ids of its own, so the same row in two papers is found by what it
    says: first by every cell, then by the first one, which names it.
    """
    renamed: dict[str, str] = {}
    lost = [key for key in before if key not in after]
    fresh = [key for key in after if key not in before]
    for width in (None, 1):
        for key in [key for key in lost if key not in renamed]:
            said = before[key][:width]
            same = next((one for one in fresh if after[one][:width] == said), None)
            if same is not None and any(said):
                renamed[key] = same
                fresh.remove(same)
    return {renamed.get(key, key): cells for key, cells in before.items()}


def _row_changes(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[RowChange]:
    before = _under_later_ids(before, after)
    changes = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        how = ADDED if old is None else REMOVED if new is None else "changed"
        width = max(len(old or []), len(new or []))
        cells = [_cell_parts(_cell(old, place), _cell(new, place)) for place in range(width)]
        changes.append(RowChange(how, cells))
    return changes


def _cell(row: Sequence[str] | None, place: int) -> str:
    return row[place] if row and place < len(row) else ""


def _cell_parts(before: str, after: str) -> list[Part]:
    # Figures are replaced whole: "£1" crossed out inside "£12" would only confuse.
    if before == after:
        return [Part(SAME, after)]
    return [part for part in (Part(REMOVED, before), Part(ADDED, after)) if part.text]
