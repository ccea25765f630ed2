"""A frozen content made ready for a page or a PDF: instants and sizes in words, everything a template needs by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from documents.kinds import TABLE
from documents.shape import QuestionShape
from organisation import formatting


def as_read(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its formats written out once, so that templates only print."""
    return {
        **content,
        "is_draft": content["number"] is None,
        "title": f"{content['paper']} – {content['reference']}",
        "submitted_on": _moment(content["submitted_at"]),
        "submitted_day": formatting.day(_instant(content["submitted_at"])) if content["submitted_at"] else "",
        "sections": [
            {
                **section,
                **_facts(section["questions"]),
                "place": place,
                "answers": [question for question in section["questions"] if question["kind"] != "fact"],
            }
            for place, section in enumerate(content["sections"], start=1)
        ],
        "attachments": [
            {
                **attachment,
                "size_words": size_words(attachment["size"]),
                "uploaded_on": _moment(attachment["uploaded_at"]),
            }
            for attachment in content["attachments"]
        ],
    }


def size_words(size: int) -> str:
    """A file's size: 812 bytes, 18 KB, 2.4 MB."""
    if size < 1000:
        return formatting.counted(size, "byte")
    if size < 999_500:
        return f"{round(size / 1000):,} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".0 ", " ")


def _facts(questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of a section, and what most of them have in common: where they come from and who confirmed them.

    Each fact's ``own_source`` is what has to be said of it beside that, so that a print need not repeat it.
    """
    facts = [_fact(question) for question in questions if question["kind"] == "fact"]
    said = Counter(fact["source_words"] for fact in facts if fact["shown"]["form"] != "blank")
    shared = next((words for words, count in said.most_common(1) if count > 1), "")
    own = ["" if fact["source_words"] == shared else fact["source_words"] for fact in facts]
    return {
        "facts": [fact | {"own_source": words} for fact, words in zip(facts, own, strict=True)],
        "facts_source": shared,
    }


def _fact(question: Mapping[str, Any]) -> dict[str, Any]:
    where = [question["source"], formatting.day(date.fromisoformat(question["on"])) if question["on"] else ""]
    shown = {
        "where": ", ".join(filter(None, where)),
        "confirmed": (
            f"Confirmed by {question['confirmed_by']}, {_moment(question['confirmed_at'])}"
            if question["confirmed_by"]
            else "Not confirmed"
        ),
    }
    return {**question, **shown, "source_words": ". ".join(filter(None, shown.values()))}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment(text: str) -> str:
    return formatting.moment(_instant(text)) if text else ""


@dataclass(frozen=True)
class TableCell:
    """One cell: its column's name, its words, and how long a bar from zero it deserves (0 to 100), if it has one."""

    label: str
    words: str
    is_number: bool
    bar: int | None = None


@dataclass(frozen=True)
class TableRow:
    """One row of a table answer, as its page draws it."""

    id: str
    name: str
    marks: list[str]
    cells: list[TableCell]


def table_rows(question: QuestionShape, rows: Sequence[Mapping[str, Any]]) -> list[TableRow]:
    """The rows of a table answer; sums carry a bar that compares them with the largest."""
    shown = TABLE.show_answer(question, list(rows))
    columns = [column for column in question.columns if column.kind != "flag"]
    sums = {
        column.key: [TABLE.row_sum(question, column, row["cells"]) or Decimal(0) for row in rows]
        for column in columns
        if column.kind == "sum"
    }
    found = []
    for place, (row, drawn) in enumerate(zip(rows, shown["rows"], strict=True)):
        cells = [
            TableCell(
                column.label,
                words,
                column.kind in ("money", "number", "sum"),
                _bar(sums[column.key], place) if column.key in sums else None,
            )
            for column, words in zip(columns, drawn["cells"], strict=True)
        ]
        found.append(TableRow(str(row["id"]), TABLE.name_of(question, row, place + 1), drawn["marks"], cells))
    return found


def _bar(amounts: Sequence[Decimal], place: int) -> int:
    most = max(amounts)
    return int(amounts[place] * 100 / most) if most > 0 else 0
