"""The papers that come with the default framework: what they share stays the same, so that answers carry forward."""

from itertools import groupby
from pathlib import Path

import pytest

from casework import framework_loading

ROOT = Path(__file__).resolve().parents[2]
PAPERS = {row["key"]: row for row in framework_loading.read(ROOT / "fixtures/frameworks/default")["templates"]}
# These ask for something else under the same words: they are written after the fact.
APART = {"outcomes_assessment"}


def questions(paper):
    return [question for section in PAPERS[paper]["sections"] for question in section["questions"]]


def test_a_question_that_several_papers_ask_has_the_same_answers_in_each():
    asked = [
        (question["key"], paper, question) for paper in PAPERS if paper not in APART for question in questions(paper)
    ]

    for key, same in groupby(sorted(asked, key=lambda row: row[:2]), key=lambda row: row[0]):
        forms = [(row["kind"], row.get("choices", []), row.get("columns", [])) for _, _, row in same]
        assert all(form == forms[0] for form in forms), key


def test_the_full_business_case_asks_all_that_the_outline_asks_but_what_is_decided():
    outline = {question["key"] for question in questions("outline_business_case") if question["kind"] != "fact"}
    full = {question["key"] for question in questions("full_business_case")}

    assert outline - full == {"commits_effort", "depends_on"}
    assert {"winner", "winning_price", "changes", "exit_plan"} <= full


@pytest.mark.parametrize("paper", ["outline_business_case", "full_business_case"])
def test_business_cases_make_five_cases_in_order(paper):
    five = ["strategic", "economic", "commercial", "financial", "management"]

    assert [section["key"] for section in PAPERS[paper]["sections"] if section["key"] in five] == five


def test_objectives_scope_and_deliverables_cannot_be_left_out_of_gate_1():
    needed = {question["key"] for question in questions("initiation_document") if question["required"]}

    assert {"aims", "outcomes", "success_measures", "in_scope", "deliverables", "milestones"} <= needed


def test_every_protected_characteristic_and_every_gap_is_answered():
    characteristics = [
        "age",
        "disability",
        "sex",
        "race",
        "religion",
        "orientation",
        "gender_reassignment",
        "pregnancy",
        "marriage",
    ]
    gaps = ["gap_income", "gap_place", "gap_groups", "gap_equality"]
    needed = {question["key"] for question in questions("full_impact_assessment") if question["required"]}

    assert {*characteristics, *gaps, "carbon", "due_regard", "overall"} <= needed


def test_a_paper_keeps_to_what_a_person_can_finish():
    for paper in PAPERS:
        always = [
            row
            for row in questions(paper)
            if row.get("required") and not row.get("asked_when") and row["kind"] != "fact"
        ]
        assert len(always) <= 32, paper


def test_every_table_of_a_shipped_paper_says_what_a_row_is():
    tables = [question for paper in PAPERS for question in questions(paper) if question["kind"] == "table"]

    assert len(tables) > 20
    assert [question["label"] for question in tables if not question["columns"][0].get("row")] == []
