"""The engagement log: entries by stage, talks with the market after a notice, groups that were not reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework import door
from casework.lifecycle import blockers_of, load_dossier
from commissioning.models import Commission, Engagement, StageWithoutEngagement
from documents.models import Paper
from documents.selectors import contents_of
from organisation import clock
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def sent(on: date | None = None, **fields: str) -> dict[str, str]:
    """What the form of an entry sends: a survey of residents that was held today, unless told otherwise."""
    on = on or clock.today()
    given = {
        "title": "Survey of learners",
        "stage": "analyse",
        "group": "users",
        "kind": "resident_survey",
        "method": "written",
        "takes_place_on_0": str(on.day),
        "takes_place_on_1": str(on.month),
        "takes_place_on_2": str(on.year),
        "standing_is": "held",
        "purpose": "Hear what keeps people from coming",
        "took_part": "112",
        "told": "Money is tight until April",
        "heard": "Evening courses are too far away",
        "changed": "Two more places to learn",
    }
    return given | fields


def address(commission: Commission) -> str:
    """Where the log is."""
    return f"/commissions/{commission.pk}/engagement/"


def added(client: Client, commission: Commission, **fields: str) -> Any:
    """Send the form of an entry."""
    return client.post(f"/commissions/{commission.pk}/sheets/engagement/add/", sent(**fields))


@pytest.mark.requirement("N-267", "N-268")
def test_entry_says_who_when_what_was_told_heard_and_changed(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)

    assert added(priya, commission).status_code == 302
    page = priya.get(address(commission)).content.decode()

    for words in (
        "Survey of learners",
        "Resident survey, users and residents, in writing, or with a form, 7 September 2026, 112 took part",
        "Money is tight until April",
        "Evening courses are too far away",
        "Two more places to learn",
    ):
        assert words in page
    kinds = [str(label) for _, label in Engagement.Kind.choices]
    form = priya.get(f"/commissions/{commission.pk}/sheets/engagement/add/").content.decode()
    assert all(kind.replace("'", "&#x27;") in form for kind in kinds)


@pytest.mark.requirement("N-269")
def test_talk_with_the_market_is_held_only_after_a_notice_or_with_the_reason_for_none(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)
    event = {"title": "Open morning", "group": "suppliers", "kind": "supplier_event", "method": "in_person"}
    event |= {"attendees": "Six firms", "interest": "Four would bid"}
    notice = {"notice_reference": "2026/S 000-123456", "notice_on_1": "9", "notice_on_2": "2026"}

    without = added(priya, commission, **event).content.decode()
    assert "Enter the notice that came before this talk with the market, or say why there was none" in without
    late = added(priya, commission, **event, **notice, notice_on_0="7").content.decode()
    assert "The notice must be published before 7 September 2026" in late
    assert not Engagement.objects.exists()

    planned = added(priya, commission, **event | {"standing_is": "planned"})
    explained = added(priya, commission, **event, no_notice_reason="It came about at a trade fair.")
    before = added(priya, commission, **event, **notice, notice_on_0="1")
    assert [planned.status_code, explained.status_code, before.status_code] == [302, 302, 302]
    assert "2026/S 000-123456, published 1 September 2026" in priya.get(address(commission)).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.filter(standing_is="planned").update(standing_is="held")


def test_what_has_not_taken_place_is_not_held_and_what_was_held_has_words(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)

    page = priya.post(
        f"/commissions/{commission.pk}/sheets/engagement/add/",
        sent(date(2026, 9, 8), heard="", changed="", kind="soft_market_test"),
    ).content.decode()

    for words in ("the day is in the future", "Say what you heard", "Say what changed because of it", "Enter the q"):
        assert words in page
    assert not Engagement.objects.exists()


@pytest.mark.requirement("N-263")
def test_groups_are_measured_against_the_start_and_flagged_once_analyse_is_over(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)
    clock.move_to(date(2026, 9, 17))
    added(priya, commission)

    early = priya.get(address(commission)).content.decode()
    assert "17 September 2026, 10 days after the start" in early
    assert "Not reached in Analyse" not in early

    steps.put_in(commission, "plan")
    late = priya.get(address(commission)).content.decode()
    assert late.count("Not reached in Analyse") == 5
    for group in ("Voluntary and community sector", "Suppliers", "CCPS", "Finance", "Legal"):
        assert group in late


def test_internal_use_measures_internal_users_in_the_place_of_residents(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    Commission.objects.update(is_internal_use=True)

    page = sign_in(alder.priya).get(address(commission)).content.decode()

    assert "Internal users" in page
    assert "Users and residents" not in page


def test_log_is_written_by_those_who_do_the_work_and_seen_by_staff_only(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    reason = f"{address(commission)}none/analyse/"
    tom, olive = sign_in(alder.tom), sign_in(alder.olive)

    assert "Add an entry" not in tom.get(address(commission)).content.decode()
    assert added(tom, commission).status_code == 403
    assert tom.post(reason, {"reason": "None"}).status_code == 403
    assert olive.get(address(commission)).status_code == added(olive, commission).status_code == 404
    assert olive.post(reason, {"reason": "None"}).status_code == 404
    assert sign_in(alder.priya).get(f"{address(commission)}none/nonsense/").status_code == 404
    assert not StageWithoutEngagement.objects.exists()


def test_page_of_the_log_asks_the_same_whatever_the_entries(alder: Alder, sign_in: SignIn, queries_of: Any) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)
    added(priya, commission)
    priya.get("/")

    one = queries_of(lambda: priya.get(address(commission)))
    for number in range(30):
        make.engaged(commission, title=f"Talk {number}")
    many = queries_of(lambda: priya.get(address(commission)))

    assert len(one) == len(many) <= 8, many


@pytest.mark.requirement("N-262")
@pytest.mark.parametrize("excused", [False, True])
def test_no_stage_of_the_full_set_is_left_without_an_entry_or_a_reason(
    alder: Alder, sign_in: SignIn, excused: bool
) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    missing = "Engagement in {}: nothing held, and no reason"
    priya = sign_in(alder.priya)
    for state, verb, stage in (
        ("analyse", "to_plan", "Analyse"),
        ("plan", "to_secure", "Plan"),
        ("secure", "to_review", "Secure Services"),
        ("review", "close", "Review"),
    ):
        commission = steps.put_in(commission, state)
        assert missing.format(stage) in blockers(commission, verb)
        added(priya, commission, stage=state, standing_is="planned")
        assert missing.format(stage) in blockers(commission, verb), "a plan is not yet engagement"
        if excused:
            reason = {"reason": "Nothing here touches anybody outside."}
            assert priya.post(f"{address(commission)}none/{state}/", reason).status_code == 302
            assert reason["reason"] in priya.get(address(commission)).content.decode()
        else:
            added(priya, commission, stage=state)
        assert missing.format(stage) not in blockers(commission, verb)


def test_small_purchase_is_not_asked_for_an_entry(alder: Alder) -> None:
    commission = steps.in_analyse(alder)

    assert not [words for words in blockers(commission, "to_plan") if words.startswith("Engagement")]


@pytest.mark.requirement("N-265")
def test_internal_use_needs_the_word_of_internal_users_in_the_place_of_residents(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    Commission.objects.update(is_internal_use=True)
    commission, priya = steps.read(commission), sign_in(alder.priya)
    missing = "Engagement in Analyse: nothing held with internal users, and no reason"

    added(priya, commission)
    assert missing in blockers(commission, "to_plan")
    make.planned_as_suggested(commission)
    activity = commission.activities.get(activity__key="resident_engagement")
    page = priya.get(activity.get_absolute_url()).content.decode()
    assert "ask internal users in the place of residents" in page
    words = "Internal users: nothing held with them is in the engagement log"
    assert words in steps.refused(activity, "complete", alder.priya)

    added(priya, commission, title="Talk with the care teams", group="internal", kind="meeting")
    assert missing not in blockers(commission, "to_plan")
    make.done_activities(commission, "analyse")
    activity.refresh_from_db()
    assert activity.state == "done"


def blockers(commission: Commission, verb: str) -> list[str]:
    """What stands in the way of a verb now."""
    found = steps.read(commission)
    rules = door.rules_of(Commission, verb)
    return [blocker.words for blocker in blockers_of(found, rules, load_dossier(found), {})]


@pytest.mark.requirement("N-264")
def test_residents_are_asked_about_today_wishes_hopes_and_expectations_and_the_result_is_linked(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    make.planned_as_suggested(commission)
    added(sign_in(alder.priya), commission)
    activity = commission.activities.get(activity__key="resident_engagement")
    sign_in(alder.priya).post(f"/commissions/{commission.pk}/papers/activity_resident_engagement/", {})
    paper = Paper.objects.get(template_key="activity_resident_engagement")
    asked = [question.label for section in contents_of(paper).shape.sections for question in section.questions]

    for words in ("What works for them today?", "What do they want in future?", "What do they hope for", "they expect"):
        assert [label for label in asked if words in label], words
    steps.submit(paper, alder.priya, residents_conclusion="Evening visits come first.")
    content = str(paper.revisions.get().content)
    assert "Survey of learners" in content
    assert "Evening visits come first." in content
    link = f"/commissions/{commission.pk}/papers/activity_resident_engagement/"
    assert link in sign_in(alder.tom).get(activity.get_absolute_url()).content.decode()
