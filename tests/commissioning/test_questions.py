"""Key questions: answered, not applicable, and two people answering at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent
from casework.refusals import Stale
from commissioning.models import Commission, KeyAnswer, KeyQuestion
from commissioning.selectors import dossiers
from commissioning.services import questions
from commissioning.services.questions import Given
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]


def question(key: str) -> KeyQuestion:
    return KeyQuestion.objects.get(key=key)


def open_in(commission: Commission, stage: str) -> int:
    return dossiers.load(steps.read(commission)).open_questions[stage]


def address(commission: Commission, stage: str = "analyse") -> str:
    return f"/commissions/{commission.pk}/questions/{stage}/"


def test_each_stage_asks_its_six(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    for stage in ("analyse", "plan", "secure", "review"):
        lines = dossiers.questions_of(commission, stage)
        assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]
    assert (open_in(commission, "analyse"), open_in(commission, "review")) == (6, 6)


def test_answer_settles_and_blank_opens_again(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    asked = question("analyse_money")

    questions.answer(commission, {asked.pk: Given("£18,000 a year.")}, by=alder.priya)
    assert open_in(commission, "analyse") == 5

    questions.answer(commission, {asked.pk: Given("", version=1)}, by=alder.priya)
    assert open_in(commission, "analyse") == 6
    kept = KeyAnswer.objects.get()
    assert (kept.answer, kept.version, kept.answered_by) == ("", 2, alder.priya)


def test_history_says_which_were_answered_and_not_what(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    questions.answer(
        commission,
        {
            question("analyse_money").pk: Given("£18,000 a year."),
            question("analyse_place").pk: Given("It is online.", does_not_apply=True),
            question("analyse_users").pk: Given(""),
        },
        by=alder.priya,
    )

    event = AuditEvent.objects.get(verb="commission.questions")
    assert event.changes == {"analyse 4": "answered", "analyse 6": "does not apply"}


def test_two_tabs_that_answer_different_questions_are_both_kept(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    money, place = question("analyse_money").pk, question("analyse_place").pk
    first = {money: Given("£18,000."), place: Given("")}
    second = {money: Given(""), place: Given("Ashby.")}

    questions.answer(commission, first, by=alder.priya)
    questions.answer(commission, {place: second[place]}, by=alder.sam)

    assert dict(KeyAnswer.objects.values_list("question", "answer")) == {money: "£18,000.", place: "Ashby."}


def test_two_tabs_that_answer_the_same_question_overwrite_nothing(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    asked, other = question("analyse_money"), question("analyse_place")
    questions.answer(commission, {asked.pk: Given("Theirs.")}, by=alder.sam)

    with pytest.raises(Stale) as refusal:
        questions.answer(commission, {asked.pk: Given("Mine."), other.pk: Given("Ashby.")}, by=alder.priya)

    assert refusal.value.theirs == {asked.text: "Theirs."}
    assert list(KeyAnswer.objects.values_list("answer", flat=True)) == ["Theirs."], "nothing of a refused form is kept"


def test_page_shows_both_answers_and_the_next_attempt_goes_through(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    client = sign_in(alder.priya)
    asked = question("analyse_money")
    form = client.get(address(commission)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if not name.startswith("without_")}
    sent |= {f"answer_{asked.pk}": "Mine."}
    questions.answer(commission, {asked.pk: Given("Theirs.")}, by=alder.sam)

    page = client.post(address(commission), sent)

    assert page.status_code == 409
    assert "<dd>Theirs.</dd>" in page.content.decode()
    assert page.context["form"][f"answer_{asked.pk}"].value() == "Mine."
    again = sent | {f"version_{asked.pk}": page.context["form"][f"version_{asked.pk}"].value()}
    page = client.post(address(commission), again, follow=True)
    assert "Answers saved. 5 still to answer." in page.content.decode()
    assert KeyAnswer.objects.get(question=asked).answer == "Mine."


def test_what_does_not_apply_says_why(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    asked = question("analyse_money")

    page = sign_in(alder.priya).post(address(commission), {f"without_{asked.pk}": "on", f"answer_{asked.pk}": " "})

    assert page.context["form"].errors == {f"answer_{asked.pk}": ["Question 4: say why it does not apply"]}
    assert not KeyAnswer.objects.exists()


def test_everyone_who_sees_the_commission_reads_the_answers(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    given = Given("It is online.", does_not_apply=True)
    questions.answer(commission, {question("analyse_place").pk: given}, by=alder.priya)
    client = sign_in(alder.by_role[Role.LEGAL])

    page = client.get(address(commission))

    assert "<strong>Does not apply.</strong> It is online." in page.content.decode()
    assert "<textarea" not in page.content.decode()
    refused = client.post(address(commission), {})
    assert refused.status_code == 403
    assert "Ask Priya Shah" in refused.content.decode()


@pytest.mark.parametrize("stage", ["draft", "closed", "on_hold", "nothing"])
def test_no_page_for_what_is_not_a_stage(alder: Alder, sign_in: SignIn, stage: str) -> None:
    commission = steps.in_analyse(alder)

    assert sign_in(alder.priya).get(address(commission, stage)).status_code == 404


def test_question_added_later_does_not_hold_up_what_has_started(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    KeyQuestion.objects.create(
        framework=alder.council.framework,
        key="new",
        name="New",
        stage="analyse",
        number=7,
        text="New?",
        valid_from=clock.today().replace(day=20),
    )

    clock.move_to(clock.today().replace(day=25))
    assert open_in(commission, "analyse") == 6


def test_question_of_another_framework_is_not_answered(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    foreign = steps.foreign_question()

    with pytest.raises(KeyError):
        questions.answer(commission, {foreign.pk: Given("Sneaked in.")}, by=alder.priya)

    assert not KeyAnswer.objects.exists()
