"""Templates from a framework's file: loaded once, a change makes a new version, faults are named."""

from pathlib import Path

import pytest

from casework import framework_loading
from documents import facts
from documents.loading import load_templates
from documents.models import Template
from documents.selectors import shape_of
from documents.services.templates import TemplateFaulty
from tests.factories import documents as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def row(**changes):
    return {
        "key": "initiation",
        "name": "Initiation document",
        "purpose": "Says why.",
        "written_by": ["commissioner"],
        "sections": [make.section("one", make.question("a"))],
    } | changes


def test_loading_twice_makes_one_version():
    framework = people.framework()

    assert len(load_templates(framework, [row()])) == 1
    assert load_templates(framework, [row()]) == []
    assert Template.objects.get(framework=framework).is_published


def test_a_change_in_the_file_makes_a_new_version_and_back_again_another():
    framework = people.framework()
    for name in ("First", "Second", "First"):
        load_templates(framework, [row(name=name)])

    made = Template.objects.filter(framework=framework).order_by("version")
    assert list(made.values_list("version", "name")) == [
        (1, "First"),
        (2, "Second"),
        (3, "First"),
    ]


def test_conditions_choices_and_columns_are_read():
    when = {"fact": "case_high_risk", "is": [True]}
    columns = [{"key": "a", "label": "A", "kind": "choice", "choices": make.YES_NO}]
    asked = make.question("b", "table", columns=columns, asked_when={}, required_when=when)

    made = load_templates(people.framework(), [row(sections=[make.section("one", make.question("a"), asked)])])[0]

    question = shape_of(made).questions["b"]
    assert (question.required_when.kind, question.required_when.values) == ("fact", ("yes",))
    assert [choice.label for choice in question.columns[0].choices] == ["Yes", "No"]


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ([], "Add at least one section."),
        ([make.section("one")], "Section “One” has no questions."),
        ([make.section("one", make.question("a"), make.question("b", "choice"))], "“B” needs choices."),
        ([make.section("one", make.question("a", "fact"))], "“A” needs a fact to show."),
        ([make.section("one", make.question("a", "table"))], "“A” needs columns."),
        ([make.section("one", make.question("Bad Key"))], "needs a key of small letters"),
        (
            [make.section("one", make.question("a")), make.section("two", make.question("a"))],
            "The key “a” is used 2 times",
        ),
        (
            [make.section("one", make.question("a", asked_when={"question": "later", "is": ["x"]}))],
            "hangs on “later”, which is not a question before it.",
        ),
        (
            [
                make.section(
                    "one",
                    make.question("a", "choice", choices=make.YES_NO),
                    make.question("b", asked_when={"question": "a", "is": ["maybe"]}),
                )
            ],
            "hangs on an answer that “A” does not offer.",
        ),
    ],
)
def test_a_faulty_file_is_refused_whole_and_says_why(sections, fault):
    framework = people.framework()

    with pytest.raises(TemplateFaulty) as refusal:
        load_templates(framework, [row(), row(key="other", sections=sections)])

    assert fault in refusal.value.words
    assert not Template.objects.filter(framework=framework).exists()


def test_the_default_framework_loads_and_its_conditions_hold_together():
    content = framework_loading.read(ROOT / "fixtures/frameworks/default")

    made = load_templates(people.framework(), content["templates"])

    assert {template.key for template in made} == {row["key"] for row in content["templates"]}


def test_a_fact_no_room_offers_is_named_by_its_key():
    assert facts.label_of("unheard_of") == "unheard_of"
    assert facts.load_facts([], ["unheard_of"]) == {}


def test_several_facts_of_one_loader_cost_one_call():
    calls = []

    def load(files):
        calls.append(len(files))
        return {file.pk: {"x": facts.FactValue(1, "1"), "y": facts.FactValue(2, "2")} for file in files}

    facts.register_facts({"x": "X", "y": "Y"}, load)
    try:
        cases = [make.case_file(), make.case_file()]
        found = facts.load_facts(cases, ["x", "y"])
    finally:
        del facts._facts["x"], facts._facts["y"]

    assert calls == [2]
    assert {key: fact.shown for key, fact in found[cases[1].pk].items()} == {"x": "1", "y": "2"}
