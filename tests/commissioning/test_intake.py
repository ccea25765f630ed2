"""Registering a need: what is asked, what can wait, who is told the same day, and what the page then says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework.models import AuditEvent, WorkItem
from commissioning.models import Commission, DeliveryModel, Level, Place
from commissioning.services import commissions, specifications
from documents.selectors import contents_of
from organisation.models import Person
from organisation.roles import Role
from procurement.models import ProcurementRequest
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]
Queries = Callable[[Callable[[], Any]], list[str]]
NEW = "/commissions/new/"


def least(alder: Alder, **more: Any) -> dict[str, Any]:
    """The three things that have to be given, and what a test adds."""
    return {
        "title": "Meals at home in the upper dales",
        "service_area": alder.area.pk,
        "amount_ex_vat": "60,000",
        "amount_inc_vat": "72,000",
        "act_id": str(uuid.uuid4()),
    } | more


def registered(client: Client, sent: dict[str, Any]) -> Commission:
    page = client.post(NEW, sent)
    assert page.status_code == 302, page.context["form"].errors
    return Commission.objects.get(case_file__title=sent["title"])


def level(key: str) -> Level:
    return Level.objects.get(key=key)


def test_title_area_and_value_are_enough(alder: Alder, sign_in: SignIn) -> None:
    made = registered(sign_in(alder.priya), least(alder))

    assert (made.priority, made.level, made.shown_to, made.is_reactive) == (None, None, "staff", False)
    assert made.may_buy
    assert not WorkItem.objects.exists()
    for missing in ("title", "service_area", "amount_ex_vat"):
        page = sign_in(alder.priya).post(NEW, least(alder) | {missing: ""})
        assert page.status_code == 200
        assert missing in page.context["form"].errors


@pytest.mark.requirement("N-005")
def test_each_ticked_function_has_a_note_in_its_queue_the_same_day(alder: Alder, sign_in: SignIn) -> None:
    page = sign_in(alder.priya).get(NEW).content.decode()
    for name in ("CCPS", "Finance", "Legal", "ICT", "HR", "Information Governance"):
        assert name in page

    registered(sign_in(alder.priya), least(alder, tell=["finance", "ict", "hr"]))

    told = {item.queue.key: item for item in WorkItem.objects.select_related("queue") if item.queue}
    assert set(told) == {"finance", "ict", "hr"}
    assert {item.asks for item in told.values()} == {"be_informed"}
    queue = sign_in(alder.by_role[Role.FINANCE]).get("/queues/finance/").content.decode()
    assert "Meals at home in the upper dales" in queue


@pytest.mark.requirement("N-013")
def test_overview_shows_priority_outcomes_and_resources(alder: Alder, sign_in: SignIn) -> None:
    sent = least(
        alder,
        priority="2",
        priority_reason="People wait for meals.",
        resources="20 days of a commissioner",
        impact="1",
    )
    priya = sign_in(alder.priya)
    made = registered(priya, sent)
    measures = f"/commissions/{made.pk}/measures/"
    priya.post(
        measures,
        {
            "outcome": "Nobody goes without a hot meal",
            "measure": "People served each day",
            "baseline": "40",
            "target": "90",
            "by_when_0": "1",
            "by_when_1": "4",
            "by_when_2": "2027",
        },
    )

    page = priya.get(made.get_absolute_url()).content.decode()

    for words in (
        "People wait for meals.",
        "20 days of a commissioner",
        "Nobody goes without a hot meal",
        "People served each day: from 40 to 90 by 1 April 2027",
        "Impact if not done",
    ):
        assert words in page


@pytest.mark.requirement("N-022")
def test_managers_change_the_priority_and_the_history_keeps_why(alder: Alder, sign_in: SignIn) -> None:
    made = steps.in_analyse(alder)
    address = f"/commissions/{made.pk}/priority/"
    assert sign_in(alder.priya).get(address).status_code == 403, "a commissioner leaves it to managers after the start"

    tom = sign_in(alder.tom)
    assert tom.post(address, {"priority": "1", "reason": ""}).status_code == 200
    tom.post(address, {"priority": "1", "reason": "The law changes in April."})
    sign_in(alder.maria).post(address, {"priority": "3", "reason": "It was put back to 2028."})

    assert steps.read(made).priority == Commission.Priority.MEDIUM
    history = tom.get(f"/commissions/{made.pk}/history/").content.decode()
    assert "set the priority: from Core to Medium" in history
    assert "It was put back to 2028." in history
    assert "The law changes in April." in history
    other = steps.in_analyse(alder, title="Reading groups")
    tom.post(f"/commissions/{other.pk}/priority/", {"priority": "2", "reason": "It can wait a little."})
    page = tom.get("/commissions/?sort=priority").content.decode()
    assert page.index("Reading groups") < page.index(made.case_file.title)
    Commission.objects.filter(pk=made.pk).update(impact=1)
    Commission.objects.filter(pk=other.pk).update(impact=3)
    page = tom.get("/commissions/?sort=impact").content.decode()
    assert page.index(made.case_file.title) < page.index("Reading groups")


def test_commissioner_says_a_priority_with_a_reason_while_it_is_a_draft(alder: Alder, sign_in: SignIn) -> None:
    page = sign_in(alder.priya).post(NEW, least(alder, priority="1"))
    assert page.context["form"].errors["priority_reason"] == ["Say why it has that priority"]

    made = registered(sign_in(alder.priya), least(alder))
    sign_in(alder.priya).post(f"/commissions/{made.pk}/priority/", {"priority": "4", "reason": "It is small."})
    assert steps.read(made).priority == Commission.Priority.LOW


@pytest.mark.requirement("N-014")
def test_six_levels_and_those_that_buy_nothing_hide_request_and_tender(alder: Alder, sign_in: SignIn) -> None:
    assert Level.objects.filter(framework=alder.council.framework).count() == 6
    made = steps.put_in(steps.in_analyse(alder, value=60_000), "plan")
    priya, ask = sign_in(alder.priya), f"/commissions/{made.pk}/requests/new/"
    make.decided_delivery(made)
    Commission.objects.filter(pk=made.pk).update(level=level("commissioned_services"))
    assert ask in priya.get(made.get_absolute_url()).content.decode()

    for key in ("individual_community", "place_shaping", "partnerships", "integrated_health_care", "council_delivered"):
        Commission.objects.filter(pk=made.pk).update(level=level(key))
        page = priya.get(made.get_absolute_url()).content.decode()
        assert level(key).name in page
        assert ask not in page
        priya.post(ask, {"act_id": str(uuid.uuid4())})
        delivery = priya.get(f"/commissions/{made.pk}/delivery/").content.decode()
        for model in DeliveryModel.objects.filter(framework=alder.council.framework, buys=True):
            assert f"{model.name}. {model.summary}" not in delivery
    assert not ProcurementRequest.objects.exists()


@pytest.mark.requirement("N-014")
def test_commission_that_buys_nothing_goes_through_all_four_stages(alder: Alder) -> None:
    made = steps.in_analyse(alder, further={"level": level("partnerships")})
    make.planned_as_suggested(made)
    assert made.level is not None
    assert steps.read(made).may_buy is False
    made = steps.put_in(made, "plan")
    partnership = DeliveryModel.objects.filter(framework=alder.council.framework, buys=False).first()
    assert partnership is not None
    make.decided_delivery(made, partnership.key)
    for stage, verb, after in (("plan", "to_secure", "secure"),):
        make.done_activities(made, stage)
        assert steps.go(made, verb, alder.priya).state == after


@pytest.mark.requirement("N-009")
def test_grant_is_described_on_the_form_and_shown(alder: Alder, sign_in: SignIn) -> None:
    grant = {
        "grant_funder": "Department for Transport",
        "grant_amount": "45,000",
        "grant_spend_by_0": "31",
        "grant_spend_by_1": "3",
        "grant_spend_by_2": "2027",
    }
    page = sign_in(alder.priya).post(NEW, least(alder, **grant))
    assert "is_grant_funded" in page.context["form"].errors

    made = registered(sign_in(alder.priya), least(alder, is_grant_funded="on", amount_ex_vat="160,000",
                                                  amount_inc_vat="160,000", **grant))  # fmt: skip

    assert (made.grant_amount, made.grant_spend_by) == (Decimal(45000), date(2027, 3, 31))
    page_words = sign_in(alder.priya).get(made.get_absolute_url()).content.decode()
    assert "£45,000, from Department for Transport, to be spent by 31 March 2027" in page_words
    started = make.started_commission(
        alder.priya, service_area=alder.area, value=Decimal(160_000), flags={"is_grant_funded": True}, title="Grant bus"
    )
    plain = make.started_commission(alder.priya, service_area=alder.area, value=Decimal(160_000), title="Plain work")
    queue = sign_in(alder.maria).get("/queues/ccps/?kind=early_notice&flag=grant").content.decode()
    assert started.case_file.title in queue
    assert plain.case_file.title not in queue


@pytest.mark.requirement("N-023")
def test_places_served_are_recorded_and_the_workplan_is_filtered_by_them(alder: Alder, sign_in: SignIn) -> None:
    north, town = Place.objects.get(key="north"), Place.objects.get(key="county_town")
    made = registered(sign_in(alder.priya), least(alder, places=[north.pk]))
    registered(sign_in(alder.priya), least(alder, title="Buses in town", places=[town.pk]))

    assert "The rural north" in sign_in(alder.priya).get(made.get_absolute_url()).content.decode()
    listed = sign_in(alder.priya).get("/commissions/?place=north").content.decode()
    assert made.case_file.title in listed
    assert "Buses in town" not in listed
    rural = sign_in(alder.priya).get("/commissions/?place=rural").content.decode()
    assert made.case_file.title in rural
    assert "Buses in town" not in rural


def test_statutory_duty_is_named_and_carries_a_badge(alder: Alder, sign_in: SignIn) -> None:
    made = registered(sign_in(alder.priya), least(alder, statutory_duty="Care Act 2014, section 18",
                                                  serves_vulnerable="on"))  # fmt: skip

    page = sign_in(alder.by_role[Role.FINANCE]).get(made.get_absolute_url()).content.decode()

    assert "Care Act 2014, section 18" in page
    assert ">Statutory</strong>" in page
    assert "People who may be vulnerable" in page


def test_what_was_left_out_is_added_on_the_details_page_and_told(alder: Alder, sign_in: SignIn) -> None:
    made = registered(sign_in(alder.priya), least(alder))
    priya, address = sign_in(alder.priya), f"/commissions/{made.pk}/details/"
    form = priya.get(address).context["form"]
    assert form.initial["shown_to"] == "staff"

    priya.post(
        address,
        {
            "title": made.case_file.title,
            "service_area": alder.area.pk,
            "version": made.version,
            "level": level("partnerships").pk,
            "impact": "2",
            "shown_to": "public",
            "places": [Place.objects.get(key="coast").pk],
            "is_internal_use": "on",
        },
    )

    made = steps.read(made)
    assert (made.level, made.impact, made.shown_to, made.is_internal_use) == (level("partnerships"), 2, "public", True)
    changes = AuditEvent.objects.get(verb="commission.facts").changes
    assert changes["Impact if it is not done"] == ["", "Medium"]
    assert changes["Shown to"] == ["Staff only", "The public, suppliers among them"]
    assert changes["Areas and communities served"] == ["", "The coast"]


def test_new_commission_page_keeps_to_its_budget(alder: Alder, sign_in: SignIn, queries_of: Queries) -> None:
    client = sign_in(alder.priya)
    few = queries_of(lambda: client.get(NEW))
    framework = alder.council.framework
    Place.objects.bulk_create(
        Place(framework=framework, key=f"p{n}", name=f"Place {n}", setting="rural", order=90) for n in range(30)
    )
    many = queries_of(lambda: client.get(NEW))
    assert len(few) == len(many)
    assert len(few) <= 8, few


def test_what_no_list_offers_is_refused(alder: Alder, sign_in: SignIn) -> None:
    page = sign_in(alder.priya).post(NEW, least(alder, level=10**12, places=[10**12], tell=["nobody"]))
    assert {"level", "places", "tell"} <= set(page.context["form"].errors)


def test_service_takes_the_same_facts_without_a_page(alder: Alder) -> None:
    made = commissions.register(
        title="Quiet work",
        service_area=alder.area,
        by=alder.priya,
        further={"priority": 1, "priority_reason": "The law asks."},
    )
    assert made.case_file.value_ex_vat is None
    assert made.get_priority_display() == "Core"


def test_specification_asks_how_vulnerable_people_are_kept_safe(alder: Alder) -> None:
    made = steps.put_in(steps.in_analyse(alder), "plan")
    paper = specifications.open_specification(made, by=alder.priya).paper

    def asked() -> bool:
        contents = contents_of(paper)
        return contents.conditions.is_asked(contents.shape.questions["safeguarding_plan"])

    assert not asked()
    Commission.objects.filter(pk=made.pk).update(serves_vulnerable=True)
    assert asked()
