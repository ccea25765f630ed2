"""The needs assessment in rows, and the functions that an activity touches: each asked from it, answering on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from casework import door
from casework.models import WorkItem
from commissioning.models import Activity, CommissionActivity, Objective
from commissioning.selectors import dossiers
from commissioning.states import ActivityState
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
WORKED_BY = {"ccps": Role.CCPS_OFFICER, "finance": Role.FINANCE, "legal": Role.LEGAL}
FUNCTIONS = ("ccps", "finance", "legal", "ict", "hr", "organisational_design", "information_governance")


def who_works(alder: Alder, function: str) -> Person:
    """Somebody who works the queue of a function."""
    if function in WORKED_BY:
        return alder.by_role[WORKED_BY[function]]
    found = people.person(at=alder.council, name="Una Reed")
    people.membership(found, Role.OTHER_FUNCTION, alder.council, function=function)
    return found


@pytest.mark.requirement("N-074")
def test_needs_assessment_holds_needs_priorities_preferences_and_objectives_as_rows(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    activity = CommissionActivity.objects.get(commission=commission, activity__key="needs_assessment")
    priya, base = sign_in(alder.priya), f"/commissions/{commission.pk}/sheets/"
    objective = Objective.objects.filter(framework=alder.council.framework).order_by("order")[0]
    source = {"source": "Survey of carers", "source_on_0": "1", "source_on_1": "3", "source_on_2": "2026"}
    need = {"nature": "Help with meals", "extent": "210 people", "priority": "1", "met": "unmet"} | source
    for sheet, fields in {
        "needs": need,
        "need_priorities": {"place": "1", "words": "Those who live alone", "reason": "Nobody else looks in"},
        "preferences": {"words": "Eat with others", "group": "People over 80", "source": "Three sessions, May 2026"},
        "objectives_served": {"objective": objective.pk, "how": "Fewer stays in hospital"},
    }.items():
        assert f"{base}{sheet}/add/" in priya.get(activity.get_absolute_url()).content.decode()
        assert priya.post(f"{base}{sheet}/add/", fields).status_code == 302, sheet

    page = sign_in(alder.tom).get(activity.get_absolute_url()).content.decode()
    for title, *words in (
        ("Needs", "Help with meals", "210 people", "Survey of carers, 1 March 2026"),
        ("Priorities", "Those who live alone", "Nobody else looks in"),
        ("Preferences", "Eat with others", "People over 80", "Three sessions, May 2026"),
        ("Objectives of the council", objective.name, "Fewer stays in hospital"),
    ):
        table = page[page.index(f'<caption class="govuk-visually-hidden">{title}</caption>') :]
        table = table[: table.index("</table>")]
        assert all(word in table for word in words), title
    assert steps.read(commission).activities.get(pk=activity.pk).state == ActivityState.IN_PROGRESS


def test_priorities_stand_in_their_order_and_nothing_is_saved_half(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya, base = sign_in(alder.priya), f"/commissions/{commission.pk}/sheets/"
    for place, words in (("2", "Second"), ("1", "First")):
        priya.post(f"{base}need_priorities/add/", {"place": place, "words": words, "reason": "So"})
    priya.get("/")
    page = priya.get(f"{base}need_priorities/").content.decode()
    assert page.index("First") < page.index("Second")
    half = priya.post(f"{base}preferences/add/", {"words": "Eat with others", "group": "", "source": ""})
    assert half.status_code == 200
    assert "Eat with others" in half.content.decode()
    assert not commission.preference_rows.exists()


@pytest.mark.requirement("N-069")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_named_for_an_activity_is_asked_from_it_and_answers_on_it(
    alder: Alder, sign_in: SignIn, function: str
) -> None:
    commission = steps.in_analyse(alder, value=640_000)
    CommissionActivity.objects.filter(commission=commission).update(state=ActivityState.RELEVANT)
    named = [row for row in Activity.objects.filter(framework=alder.council.framework) if function in row.others]
    assert named, "the catalogue names it for some activity"
    activity = CommissionActivity.objects.get(commission=commission, activity=named[0])
    priya, ask = sign_in(alder.priya), f"/activities/{activity.pk}/ask/"
    page = priya.get(activity.get_absolute_url()).content.decode()
    for key in named[0].others:
        assert f'href="{ask}?function={key}"' in page
    chosen = [line for line in priya.get(f"{ask}?function={function}").content.decode().split("<input") if
              'name="function"' in line and "checked" in line]  # fmt: skip
    assert [f'value="{function}"' in line for line in chosen] == [True]
    needed_by = clock.today() + timedelta(days=30)
    day = {"needed_by_0": needed_by.day, "needed_by_1": needed_by.month, "needed_by_2": needed_by.year}

    priya.post(ask, {"function": function, "question": "What would it take?"} | day)

    item = WorkItem.objects.get(kind="activity_request")
    worker = who_works(alder, function)
    queue = sign_in(worker).get(f"/queues/{function}/?kind=activity_request").content.decode()
    assert f'href="/work/{item.pk}/' in queue
    clock.move_to(clock.today() + timedelta(days=2))
    door.carry_out(item, "respond", by=worker, answer="agreed", text="Two weeks of one person.")
    page = priya.get(activity.get_absolute_url()).content.decode()
    answer = page[page.index("What would it take?") :]
    assert f"Answered by {worker.name}, 9 September 2026" in answer
    assert "Two weeks of one person." in answer


def test_every_function_that_the_catalogue_names_can_be_asked(alder: Alder) -> None:
    rules = {
        rule.queue for rule in dossiers.load(steps.in_analyse(alder)).rules.routes if rule.trigger == "activity_asked"
    }
    named = {key for row in Activity.objects.filter(framework=alder.council.framework) for key in row.others}
    assert named <= rules
