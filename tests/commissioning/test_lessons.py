"""Lessons learnt: open to all staff of the council, found by category, kept after the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import AuditEvent
from commissioning.models import Category, Commission, Lesson
from commissioning.services import decisions
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import casework as cases
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return steps.in_analyse(alder)


def learnt(commission: Commission, by: Person, recommendation: str = "Ask in spring.") -> Lesson:
    return decisions.add_lesson(
        commission, context="Short notice.", insight="Ask early.", recommendation=recommendation, by=by
    )


def test_lesson_is_kept_and_told(alder: Alder, commission: Commission) -> None:
    made = learnt(commission, alder.priya)

    assert (made.context, made.insight, made.recorded_by) == ("Short notice.", "Ask early.", alder.priya)
    assert AuditEvent.objects.get(verb="commission.lesson").changes == {"recommendation": "Ask in spring."}


def test_everyone_of_the_council_finds_it_and_nobody_else(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    learnt(commission, alder.priya)

    for role, person in alder.by_role.items():
        page = sign_in(person).get("/lessons/")
        assert (page.status_code, "Ask in spring." in page.content.decode()) == (200, True), role
    assert "Ask in spring." not in sign_in(alder.olive).get("/lessons/").content.decode()


def test_walled_person_does_not_find_it(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    learnt(commission, alder.priya)
    cases.wall(commission.case_file, alder.tom)

    assert "Ask in spring." not in sign_in(alder.tom).get("/lessons/").content.decode()


def test_lessons_are_found_by_category(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    other = Category.objects.filter(framework=alder.council.framework).order_by("order")[2]
    learnt(commission, alder.priya)
    learnt(steps.in_analyse(alder, category=other), alder.priya, "Count them first.")
    client = sign_in(alder.tom)

    page = client.get("/lessons/", {"category": other.key})

    assert "Count them first." in page.content.decode()
    assert "Ask in spring." not in page.content.decode()
    assert f'<option value="{other.key}" selected>' in page.content.decode()
    for strange in ("no_such", "a\x00b", "x" * 5000):
        assert client.get("/lessons/", {"category": strange}).status_code == 200


def test_categories_offered_are_those_of_the_councils_one_works_for(alder: Alder, sign_in: SignIn) -> None:
    """Also for somebody employed elsewhere, who works here by a role alone."""
    visitor = make.commissioner(alder.council, alder.area, organisation=None)

    page = sign_in(visitor).get("/lessons/")

    assert len(page.context["categories"]) == 31


def test_cost_of_the_log_does_not_grow(
    alder: Alder, commission: Commission, sign_in: SignIn, queries_of: Callable
) -> None:
    client = sign_in(alder.tom)
    learnt(commission, alder.priya)
    few = queries_of(lambda: client.get("/lessons/"))
    for _ in range(20):
        learnt(commission, alder.priya)

    many = queries_of(lambda: client.get("/lessons/"))

    assert len(many) == len(few) <= 8, many


def test_page_of_the_commission_takes_lessons_from_those_who_review_it(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    address = f"/commissions/{commission.pk}/lessons/"
    said = {"context": "Short notice.", "insight": "Ask early.", "recommendation": "Ask in spring."}

    page = sign_in(alder.sam).post(address, said, follow=True)

    assert "Lesson saved. Everyone can find it." in page.content.decode()
    reader = sign_in(alder.by_role[Role.LEGAL])
    shown = reader.get(address).content.decode()
    assert "Ask in spring." in shown
    assert "Add a lesson" not in shown
    assert reader.post(address, said).status_code == 403
    assert Lesson.objects.count() == 1


def test_each_part_is_asked_for(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    page = sign_in(alder.priya).post(f"/commissions/{commission.pk}/lessons/", {"context": "Only this."})

    assert page.context["form"].errors == {
        "insight": ["Enter the lesson"],
        "recommendation": ["Enter the recommendation"],
    }
    assert "Only this." in page.content.decode()


def test_reason_for_none_is_shown_until_there_is_one(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/lessons/"
    assert f'href="{address}none/"' in client.get(address).content.decode()

    page = client.post(f"{address}none/", {"reason": "It was the same course."}, follow=True)
    assert "Reason saved." in page.content.decode()
    assert "No lesson was recorded: It was the same course." in client.get(address).content.decode()

    learnt(commission, alder.priya)
    assert "No lesson was recorded" not in client.get(address).content.decode()


def test_lessons_can_still_be_added_to_what_has_ended(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    steps.put_in(commission, "closed")
    said = {"context": "A year on.", "insight": "It lasted.", "recommendation": "Do it again."}

    page = sign_in(alder.priya).post(f"/commissions/{commission.pk}/lessons/", said, follow=True)

    assert "Do it again." in page.content.decode()
