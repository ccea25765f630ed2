"""What changed between two revisions, and guidance without HTML. Both pure."""

import time

from hypothesis import given
from hypothesis import strategies as st

from documents import comparing, guidance
from documents.comparing import ADDED, REMOVED, SAME, Part, word_parts


def content(**shown):
    return {
        "sections": [
            {"title": "One", "questions": [{"key": key, "label": key, "shown": one} for key, one in shown.items()]}
        ]
    }


def prose(*paragraphs):
    return {"form": "prose", "paragraphs": list(paragraphs)}


def table(*rows):
    return {
        "form": "table",
        "columns": [{"label": "Option", "is_number": False}, {"label": "Cost", "is_number": True}],
        "rows": [{"id": id_, "cells": cells, "marks": []} for id_, cells in rows],
        "total": [],
    }


def test_words_that_came_and_went_are_told_apart():
    assert word_parts("the old plan", "the new plan") == [
        Part(SAME, "the "),
        Part(REMOVED, "old "),
        Part(ADDED, "new "),
        Part(SAME, "plan"),
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_parts_put_together_are_the_two_texts(before, after):
    parts = word_parts(before, after)

    assert "".join(part.text for part in parts if part.how != ADDED) == before
    assert "".join(part.text for part in parts if part.how != REMOVED) == after


def test_very_long_texts_are_compared_in_bounded_time():
    before = "\n".join(f"line {number} of a long paper" for number in range(5_000))
    started = time.process_time()

    word_parts(before, before.replace("line 77 ", "row 77 "))

    assert time.process_time() - started < 5


def test_answers_added_removed_changed_and_left_alone():
    blank = {"form": "blank"}
    before = content(a=prose("same"), b=prose("old"), c=blank, d=prose("gone"), e=prose("no longer asked"))
    after = content(a=prose("same"), b=prose("new"), c=prose("now"), d=blank)

    found = comparing.compare(before, after)

    assert [(section.title, [(change.label, change.how) for change in section.changes]) for section in found] == [
        ("One", [("b", "changed"), ("c", "added"), ("d", "removed")]),
        ("No longer asked", [("e", "removed")]),
    ]


def test_rows_are_followed_by_their_id_wherever_they_stand():
    before = content(t=table(("1", ["A", "£1"]), ("2", ["B", "£2"]), ("3", ["C", "£3"])))
    after = content(t=table(("3", ["C", "£3"]), ("1", ["A", "£9"]), ("4", ["D", "£4"])))

    rows = comparing.compare(before, after)[0].changes[0].rows

    assert [(row.how, [[part.text for part in cell] for cell in row.cells]) for row in rows] == [
        ("changed", [["A"], ["£1", "£9"]]),
        ("added", [["D"], ["£4"]]),
        ("removed", [["B"], ["£2"]]),
    ]


def test_rows_that_another_paper_copied_afresh_are_the_same_rows():
    before = content(t=table(("a", ["Gate 1", "1 May"]), ("b", ["Gate 3", "2 June"])))
    copied = content(t=table(("x", ["Gate 1", "1 May"]), ("y", ["Gate 3", "2 June"])))
    assert comparing.compare(before, copied) == []

    moved = content(t=table(("x", ["Gate 1", "1 May"]), ("y", ["Gate 3", "9 June"]), ("z", ["Award", "1 July"])))
    rows = comparing.compare(before, moved)[0].changes[0].rows
    assert [(row.how, [[part.text for part in cell] for cell in row.cells]) for row in rows] == [
        ("changed", [["Gate 3"], ["2 June", "9 June"]]),
        ("added", [["Award"], ["1 July"]]),
    ]


def test_nothing_changed_is_nothing():
    assert comparing.compare(content(a=prose("x")), content(a=prose("x"))) == []


def test_guidance_is_headings_lists_paragraphs_and_links():
    text = "## Look for\n- one\n- two\n\nSee [the book](https://example.org/x) first.\n[bad](javascript:alert(1)) <b>"

    found = guidance.blocks(text)

    assert [block.kind for block in found] == ["heading", "list", "paragraph"]
    assert [words.url for line in found[2].lines for words in line if words.url] == ["https://example.org/x"]
    assert found[2].lines[1] == [guidance.Words("[bad](javascript:alert(1)) <b>")]
