"""Market warming: events with date, type, who came, what was shared and the interest shown; actions by area."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commissioning.models import Commission, CommissionActivity, Engagement
from commissioning.models.plan import MarketAction
from commissioning.states import ActivityState
from organisation import clock
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    made = steps.put_in(steps.in_analyse(alder), "plan")
    CommissionActivity.objects.filter(commission=made).update(state=ActivityState.RELEVANT)
    return made


def page_of(client: Client, commission: Commission, key: str) -> str:
    row = CommissionActivity.objects.get(commission=commission, activity__key=key)
    return client.get(row.get_absolute_url()).content.decode()


def event(**fields: str) -> dict[str, Any]:
    on = clock.today()
    given = {
        "title": "Open morning for care firms", "stage": "plan", "group": "suppliers", "kind": "supplier_event",
        "method": "in_person", "standing_is": "held", "purpose": "Raise interest", "heard": "Rotas are hard to fill",
        "changed": "Longer shifts", "no_notice_reason": "It came about at a trade fair.",
        "attendees": "Vale Care\nFern",
        "told": "Four lots, open books", "interest": "Both would bid for two lots",
        "takes_place_on_0": str(on.day), "takes_place_on_1": str(on.month), "takes_place_on_2": str(on.year),
    }  # fmt: skip
    return given | fields


@pytest.mark.requirement("N-122")
def test_market_warming_logs_events_with_who_came_what_was_shared_and_the_interest_shown(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    activity = CommissionActivity.objects.select_related("activity").get(
        commission=commission, activity__key="market_warming"
    )
    assert activity.activity.kind == "procurement"
    page = page_of(priya, commission, "market_warming")
    assert "Procurement activity" in page
    assert "No event is entered yet." in page
    add = f"/commissions/{commission.pk}/sheets/engagement/add/"
    assert f"{add}?stage=plan&amp;group=suppliers&amp;kind=supplier_event" in page

    silent = priya.post(add, event(attendees="", told="", interest="")).content.decode()
    for words in ("Say who came", "Say what the council told them", "Say what interest they showed"):
        assert words in silent
    assert "Rotas are hard to fill" in silent
    assert not Engagement.objects.exists()
    assert priya.post(add, event()).status_code == 302

    page = page_of(priya, commission, "market_warming")
    log = priya.get(f"/commissions/{commission.pk}/engagement/").content.decode()
    for words in ("Open morning for care firms", "Supplier event", "7 September 2026", "Vale Care", "Four lots, open",
                  "Both would bid for two lots"):  # fmt: skip
        assert words in page, words
        assert words in log, words


def test_talk_with_residents_is_not_asked_for_their_interest(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    sent = event(group="users", kind="resident_survey", attendees="", interest="", told="", no_notice_reason="")

    assert sign_in(alder.priya).post(f"/commissions/{commission.pk}/sheets/engagement/add/", sent).status_code == 302


@pytest.mark.requirement("N-108")
def test_report_by_area_is_reached_from_the_activity_and_opens_the_actions_behind_each_number(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    priya = sign_in(alder.priya)
    for area, rural, action in (("Upper Dale", True, "Open morning"), ("Upper Dale", False, "Town fair")):
        MarketAction.objects.create(
            commission=commission,
            action=action,
            providers="Small firms",
            area=area,
            is_rural=rural,
            due_on="2026-10-01",
        )

    assert '"/market-actions/"' in page_of(priya, commission, "market_development")
    report = priya.get("/market-actions/").content.decode()
    rural = report[report.index("Rural areas") : report.index("Other areas")]
    assert "?area=Upper+Dale&amp;rural=1" in rural
    behind = priya.get("/market-actions/?area=Upper+Dale&rural=1").content.decode()
    assert "Open morning" in behind
    assert commission.case_file.reference in behind
    assert "Town fair" not in behind
    assert "Town fair" in priya.get("/market-actions/?area=Upper+Dale").content.decode()
    assert "Open morning" not in sign_in(alder.olive).get("/market-actions/?area=Upper+Dale&rural=1").content.decode()


@pytest.mark.requirement("N-124")
def test_plan_asks_for_voluntary_skills_beside_the_directory_of_voluntary_providers(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    people.supplier(alder.council, name="Befrienders of Upper Dale", is_vcse=True)
    people.supplier(alder.council, name="Vale Care Ltd")
    people.supplier(alder.westmere, name="Westmere Volunteers", is_vcse=True)
    priya = sign_in(alder.priya)
    form = f"/commissions/{commission.pk}/sheets/voluntary_skills/add/"
    link = "/providers/?kind=voluntary"
    glance = priya.get(f"/commissions/{commission.pk}/plan-stage/").content.decode()
    assert "Which community or voluntary-sector skills could contribute?" in glance
    assert link in glance
    assert link in priya.get(form).content.decode()

    directory = priya.get(link).content.decode()
    assert "Befrienders of Upper Dale" in directory
    assert "Vale Care" not in directory
    assert "Westmere Volunteers" not in directory
    assert "Vale Care" in priya.get("/providers/?q=vale").content.decode()
    blank = priya.post(form, {}).content.decode()
    assert "Name the skills, or say below why none could contribute" in blank
    assert priya.post(form, {"why_none": "It is a licence for software."}).status_code == 302
    glance = priya.get(f"/commissions/{commission.pk}/plan-stage/").content.decode()
    assert "None: It is a licence for software." in glance


@pytest.mark.requirement("N-124")
def test_plan_is_not_left_with_the_question_blank_where_the_full_set_is_asked(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, ticked=("strategic",)), "plan")
    small = steps.put_in(steps.in_analyse(alder), "plan")
    words = "Community and voluntary-sector skills: not answered, and no reason why none could contribute"
    assert words in steps.refused(commission, "to_secure", alder.priya)
    assert words not in steps.refused(small, "to_secure", alder.priya)

    form = f"/commissions/{commission.pk}/sheets/voluntary_skills/add/"
    sign_in(alder.priya).post(form, {"why_none": "It is a licence for software."})

    assert words not in steps.refused(steps.read(commission), "to_secure", alder.priya)


def test_directory_goes_on_page_by_page_at_the_same_cost(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    priya = sign_in(alder.priya)
    people.supplier(alder.council, name="Care 000")
    priya.get("/")
    few = queries_of(lambda: priya.get("/providers/"))
    for number in range(1, 61):
        people.supplier(alder.council, name=f"Care {number:03}")

    many = queries_of(lambda: priya.get("/providers/"))
    first = priya.get("/providers/")
    second = priya.get(f"/providers/{first.context['next_url']}")

    assert len(few) == len(many) <= 8, many
    names = [row.name for page in (first, second) for row in page.context["rows"]]
    assert names == [f"Care {number:03}" for number in range(61)]
    assert second.context["next_url"] == ""
    assert priya.get("/providers/?after=x&kind=nonsense").status_code == 200
