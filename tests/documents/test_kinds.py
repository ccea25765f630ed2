"""How each kind of question is read, refused and shown. A draft keeps whatever was typed."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from documents.kinds import KINDS, TABLE, cleaned, digest, financial_years, kind_of
from documents.shape import Choice, Column, QuestionShape

CHOICES = (Choice("a", "Apples"), Choice("b", "Bread"))


def question(kind: str, **fields) -> QuestionShape:
    return QuestionShape(key="it", kind=kind, label="Annual value", **fields)


def posted(**sent) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in sent.items():
        data.setlist(name, values if isinstance(values, list) else [values])
    return data


def read(kind: str, fields=None, **sent):
    return kind_of(kind).read(question(kind, **(fields or {})), posted(**sent), "it")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("18000", "18000.00"),
        ("£18,000.50", "18000.50"),
        (" 1 000 ", "1000.00"),
        ("0", "0.00"),
        ("", None),
        ("   ", None),
        ("about 5k", {"typed": "about 5k"}),
        ("-5", {"typed": "-5"}),
        ("1" * 40, {"typed": "1" * 40}),
        ("1e9", {"typed": "1e9"}),
        ("NaN", {"typed": "NaN"}),
    ],
)
def test_money_is_kept_to_the_penny_or_as_typed(typed, kept):
    assert read("money", it=typed) == kept


def test_money_that_cannot_be_read_says_how_to_mend_it():
    it = question("money")

    assert kind_of("money").faults(it, {"typed": "about 5k"}) == ["Enter the annual value in pounds, like 18000"]
    assert kind_of("money").faults(it, {"typed": "-5"}) == ["Annual value must be £0 or more"]
    assert kind_of("money").faults(it, "18000.00") == []


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (("27", "3", "2027"), "2027-03-27"),
        (("27", "March", "2027"), "2027-03-27"),
        (("", "", ""), None),
        (("31", "2", "2027"), {"typed": ["31", "2", "2027"]}),
        (("27", "", "2027"), {"typed": ["27", "", "2027"]}),
        (("١", "3", "2027"), {"typed": ["١", "3", "2027"]}),
        (("x" * 1000, "3", "2027"), {"typed": ["x" * 1000, "3", "2027"]}),
    ],
)
def test_dates_are_read_from_three_boxes_or_kept_as_typed(parts, kept):
    assert read("date", it_0=parts[0], it_1=parts[1], it_2=parts[2]) == kept


def test_a_date_with_a_part_missing_says_which():
    faults = kind_of("date").faults(question("date"), {"typed": ["27", "", "2027"]})

    assert faults == ["Annual value must include a month"]


def test_choices_that_are_not_offered_are_kept_as_typed_and_refused():
    fields = {"choices": CHOICES}
    assert read("choice", fields, it="a") == "a"
    assert read("choice", fields, it="z") == {"typed": "z"}
    assert read("choices", fields, it=["b", "a"]) == ["a", "b"]
    assert read("choices", fields, it=["a", "z"]) == {"typed": ["a", "z"]}
    assert read("choices", fields) is None
    assert kind_of("choice").faults(question("choice", **fields), {"typed": "z"})
    assert kind_of("choices").faults(question("choices", **fields), {"typed": ["a", "z"]})


def test_text_is_one_line_and_long_text_keeps_its_lines():
    assert read("text", it=" one\r\ntwo ") == "one two"
    assert read("long_text", it=" one\r\n\r\ntwo\r ") == "one\n\ntwo"
    assert kind_of("long_text").show(question("long_text"), "one\n\ntwo") == {
        "form": "prose",
        "paragraphs": ["one", "two"],
    }


def test_a_word_limit_is_told_with_the_count():
    it = question("long_text", word_limit=3)

    assert kind_of("long_text").faults(it, "one two three") == []
    assert kind_of("long_text").faults(it, "one two three four") == ["Annual value must be 3 words or fewer. It has 4"]


def test_amounts_by_year_add_up_and_keep_what_was_typed():
    fields = {"choices": financial_years(date(2026, 11, 21))}
    value = read("money_by_year", fields, it_0="100", it_1="x", it_2="", it_5="0.50")
    it = question("money_by_year", **fields)

    assert value == {"2026/27": "100.00", "2027/28": {"typed": "x"}, "2031/32": "0.50"}
    assert kind_of("money_by_year").faults(it, value) == ["Enter the annual value, 2027/28 in pounds, like 18000"]
    assert kind_of("money_by_year").show(it, value)["total"] == ["Total", "£100.50"]


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 3, 31), "2025/26"), (date(2026, 4, 1), "2026/27"), (date(1999, 12, 31), "1999/00")],
)
def test_financial_years_begin_on_the_first_of_april(day, first):
    assert financial_years(day)[0].value == first


def test_a_row_adds_up_its_amounts_and_shows_its_marks():
    columns = (
        Column("option", "Option", "text"),
        Column("a", "A", "money"),
        Column("b", "B", "money"),
        Column("sum", "Sum", "sum", sums=("a", "b")),
        Column("best", "Preferred", "flag"),
    )
    it = question("table", columns=columns)
    cells = TABLE.read_row(it, posted(option="Carry on", a="1", b="2.50", best="on"))

    shown = TABLE.show(it, [{"id": "r", "cells": cells}])

    assert shown["rows"] == [{"id": "r", "cells": ["Carry on", "£1", "£2.50", "£3.50"], "marks": ["Preferred"]}]
    wrong = [{"id": "r", "cells": {"option": "Carry on", "a": {"typed": "x"}}}]
    assert TABLE.faults(it, wrong) == ["Carry on: Enter the a in pounds, like 18000"]


def test_facts_fill_in_only_answers_of_their_own_kind():
    assert kind_of("money").from_fact(Decimal("640000")) == "640000.00"
    assert kind_of("money").from_fact("a lot") is None
    assert kind_of("date").from_fact(date(2027, 4, 1)) == "2027-04-01"
    assert kind_of("date").from_fact("tomorrow") is None
    assert kind_of("choice").from_fact(True) == "yes"
    assert kind_of("person").from_fact({"id": 1, "name": "Priya"}) == {"id": 1, "name": "Priya"}
    assert kind_of("person").from_fact("Priya") is None
    assert kind_of("table").from_fact([1]) is None


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_leaves_no_null_byte(typed):
    once = cleaned(typed)

    assert cleaned(once) == once
    assert "\x00" not in once


@given(st.sampled_from(["text", "long_text", "money", "choice"]), st.text(max_size=300))
@example("money", "£")
def test_whatever_is_typed_is_read_shown_and_checked_without_a_crash(key, typed):
    kind, it = kind_of(key), question(key, choices=CHOICES)
    value = kind.read(it, posted(it=typed), "it")

    assert kind.show(it, value)["form"] in {"blank", "words", "prose", "typed"}
    assert isinstance(kind.faults(it, value) if value is not None else [], list)
    # What a page shows and gets back untouched is the same answer: two tabs must not meet over nothing.
    again = kind.for_field(value)
    again = again if again is not None else ""
    assert digest(kind.read(it, posted(it=str(again)), "it")) == digest(value)


@given(st.lists(st.text(max_size=20), min_size=3, max_size=3))
def test_any_date_comes_back_as_it_went(parts):
    kind, it = kind_of("date"), question("date")
    value = kind.read(it, posted(it_0=parts[0], it_1=parts[1], it_2=parts[2]), "it")
    shown = kind.for_field(value) or ["", "", ""]

    assert digest(kind.read(it, posted(it_0=shown[0], it_1=shown[1], it_2=shown[2]), "it")) == digest(value)


def test_every_kind_shows_a_blank():
    for key, kind in KINDS.items():
        assert kind.show(question(key), None) == {"form": "blank"}
