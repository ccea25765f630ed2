"""A frozen content made ready for a page or a PDF: instants and sizes in words, everything a template needs by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from documents.kinds import TABLE
from documents.purposes import Remark
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
                **_printed(section["questions"], is_draft=content["number"] is None),
                "place": place,
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


def remarked(read: dict[str, Any], remarks: Sequence[Remark]) -> dict[str, Any]:
    """The same with what is remarked beside each question."""
    for section in read["sections"]:
        for question in section["questions"]:
            question["remarks"] = [remark for remark in remarks if remark.question == question["key"]]
    return read


def size_words(size: int) -> str:
    """A file's size: 812 bytes, 18 KB, 2.4 MB."""
    if size < 1000:
        return formatting.counted(size, "byte")
    if size < 999_500:
        return f"{round(size / 1000):,} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".0 ", " ")


def _printed(questions: Sequence[Mapping[str, Any]], *, is_draft: bool) -> dict[str, Any]:
    """A section as a print lays it out: short facts in one table, lists as tables, then the answers.

    Where the facts come from and who confirmed them is said once, in ``origin``. ``left_blank`` names what nobody had
    to fill in and nobody did; what is required and missing keeps its place, and says so.
    """
    facts = [_fact(question) for question in questions if question["kind"] == "fact"]
    answers = [question for question in questions if question["kind"] != "fact"]
    return {
        "facts": facts,
        "short_facts": [fact for fact in facts if not fact.get("tables") and _is_printed(fact)],
        "fact_tables": [fact for fact in facts if fact.get("tables")],
        "answers": answers,
        "printed_answers": [question for question in answers if _is_printed(question)],
        "left_blank": _blank_words([question["label"] for question in (*facts, *answers) if not _is_printed(question)]),
        "origin": _origin([fact for fact in facts if fact["shown"]["form"] != "blank"], is_draft=is_draft),
    }


def _blank_words(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    words = f"Left blank, and not required: {'; '.join(labels)}"
    return words if words.endswith("?") else f"{words}."


def _is_printed(question: Mapping[str, Any]) -> bool:
    return question["shown"]["form"] != "blank" or bool(question.get("required"))


def _origin(facts: Sequence[Mapping[str, Any]], *, is_draft: bool) -> str:
    """Where the facts of a section come from, who confirmed them and when, and which nobody has confirmed."""
    if not facts:
        return ""
    held = "Held in the records now" if is_draft else "Held in the records when this was submitted"
    newest: dict[str, str] = {}
    for fact in facts:
        if fact["source"]:
            newest[fact["source"]] = max(newest.get(fact["source"], ""), fact["on"])
    sources = [f"{source}, {formatting.day(date.fromisoformat(on))}" if on else source for source, on in newest.items()]
    said = [f"{held}: {'; '.join(sources)}." if sources else f"{held}."]
    confirmed = list(dict.fromkeys(fact["confirmed"] for fact in facts if fact["confirmed_by"]))
    said += [f"{words}." for words in confirmed]
    if open_ones := [fact["label"] for fact in facts if not fact["confirmed_by"]]:
        said.append("Not confirmed." if not confirmed else f"Not confirmed: {'; '.join(open_ones)}.")
    return " ".join(said)


def _fact(question: Mapping[str, Any]) -> dict[str, Any]:
    where = [question["source"], formatting.day(date.fromisoformat(question["on"])) if question["on"] else ""]
    return {
        **question,
        "where": ", ".join(filter(None, where)),
        "confirmed": (
            f"Confirmed by {question['confirmed_by']}, {_moment(question['confirmed_at'])}"
            if question["confirmed_by"]
            else "Not confirmed"
        ),
    }


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
