"""What goes out of engagement: prices that only CCPS reads, findings passed on, messages, counts, facts for papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import OutboxMessage
from commissioning.models import Communication, PassedFinding, PriceFeedback
from documents.facts import load_facts
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
SECRET = "About £21.40 an hour, and not below £20"


def market_talk(commission: Any, **fields: Any) -> Any:
    """A soft market test, held."""
    given = {
        "kind": "soft_market_test",
        "group": "suppliers",
        "title": "Soft market test",
        "no_notice_reason": "Small.",
    }
    return make.engaged(commission, **given | fields)


@pytest.mark.requirement("N-274")
def test_soft_market_test_keeps_its_prices_to_the_sourcing_team(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    talk = market_talk(commission, asked="What drives the price?", heard="Travel", changed="Lots by area")
    log = f"/commissions/{commission.pk}/engagement/"
    prices = f"{log}{talk.pk}/prices/"
    maria, priya = sign_in(alder.maria), sign_in(alder.priya)

    assert maria.post(prices, {"words": SECRET, "version": "0"}).status_code == 302
    assert SECRET in maria.get(prices).content.decode()
    page = priya.get(log).content.decode()
    assert all(words in page for words in ("What drives the price?", "Travel", "Lots by area"))
    assert priya.get(prices).status_code == priya.post(prices, {"words": "x", "version": "1"}).status_code == 403
    assert sign_in(alder.olive).get(prices).status_code == 404
    assert prices not in page
    assert prices in maria.get(log).content.decode()
    assert PriceFeedback.objects.get().words == SECRET

    stale = maria.post(prices, {"words": "Another", "version": "0"})
    assert stale.status_code == 409
    told = [log, f"/commissions/{commission.pk}/history/", f"/commissions/{commission.pk}/sheets/engagement/"]
    for client in (priya, maria):
        assert all("21.40" not in client.get(address).content.decode() for address in told)
    case = commission.case_file
    assert "21.40" not in str(load_facts([case], ["sheet_engagement"]))


@pytest.mark.requirement("N-266")
def test_finding_goes_to_another_area_and_comes_back_as_used(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    talk = make.engaged(commission, heard="Carers need evening buses")
    there = people.person(Role.SERVICE_LEADER, at=alder.council, area=alder.other_area, name="Lena Other")
    priya, lena = sign_in(alder.priya), sign_in(there)
    form = f"/commissions/{commission.pk}/engagement/{talk.pk}/pass-on/"
    assert "Carers need evening buses" in priya.get(form).content.decode()

    assert priya.post(form, {"words": "Evening buses", "area": str(alder.other_area.pk)}).status_code == 302
    finding = PassedFinding.objects.get()
    address = f"/findings/{finding.pk}/"
    message = OutboxMessage.objects.get(kind="finding_passed")
    assert (message.person, message.path) == (there, address)
    assert "Not read" in priya.get(f"/commissions/{commission.pk}/engagement/").content.decode()

    assert sign_in(alder.tom).post(address, {"read": "yes"}).status_code == 403
    assert sign_in(alder.olive).get(address).status_code == 404
    assert lena.post(address, {"read": "yes"}).status_code == 302
    finding.refresh_from_db()
    assert (finding.read_by, finding.was_used) == (there, None)

    answer = {"was_used": "yes", "used_how": "Buses are in our tender"}
    assert lena.post(address, answer).status_code == 302
    again = lena.post(address, answer, follow=True).content.decode()
    assert "answered already" in again
    finding.refresh_from_db()
    assert finding.was_used is True
    assert OutboxMessage.objects.get(kind="finding_answered").person == alder.priya
    log = priya.get(f"/commissions/{commission.pk}/engagement/").content.decode()
    assert ">Used<" in log
    assert "said that a finding was used" in priya.get(f"/commissions/{commission.pk}/history/").content.decode()


@pytest.mark.requirement("N-266")
def test_finding_goes_to_another_commission_that_the_sender_can_see(alder: Alder, sign_in: SignIn) -> None:
    commission, other = steps.in_analyse(alder), steps.in_analyse(alder)
    talk = make.engaged(commission)
    priya = sign_in(alder.priya)
    form = f"/commissions/{commission.pk}/engagement/{talk.pk}/pass-on/"

    for sent in ({"reference": "COM-1999-0001"}, {"reference": commission.case_file.reference}, {}):
        page = priya.post(form, {"words": "Evening buses"} | sent)
        assert page.status_code == 200, sent
    assert not PassedFinding.objects.exists()
    priya.post(form, {"words": "Evening buses", "reference": other.case_file.reference.lower()})

    page = priya.get(f"/commissions/{other.pk}/engagement/").content.decode()
    assert f"From {commission.case_file.reference}" in page
    refused = priya.post(f"/findings/{PassedFinding.objects.get().pk}/", {"was_used": "no", "used_how": "Too late"})
    assert refused.status_code == 302
    assert "Not used" in priya.get(f"/commissions/{commission.pk}/engagement/").content.decode()


@pytest.mark.requirement("N-272")
def test_messages_to_suppliers_and_the_community_are_planned_and_sent(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya = sign_in(alder.priya)
    sent = {
        "message": "The tender is out",
        "audience": "suppliers",
        "channel": "portal",
        "planned_on_0": "7",
        "planned_on_1": "9",
        "planned_on_2": "2026",
    }
    address = f"/commissions/{commission.pk}/sheets/communications/"

    priya.post(f"{address}add/", sent)
    assert "Planned" in priya.get(address).content.decode()
    row = Communication.objects.get()
    when = {"sent_on_0": "7", "sent_on_1": "9", "sent_on_2": "2026", "version": "1"}
    priya.post(f"{address}{row.pk}/", sent | when)
    priya.post(f"{address}add/", sent | {"message": "Posters in libraries", "audience": "community"})

    page = priya.get(address).content.decode()
    for words in (
        "The tender is out",
        "Suppliers",
        "Posters in libraries",
        "The community",
        "7 September 2026",
        "Sent",
    ):
        assert words in page
    future = priya.post(f"{address}add/", sent | when | {"sent_on_2": "2031"}).content.decode()
    assert "must be on or before 7 September 2026" in future


@pytest.mark.requirement("N-275")
def test_what_users_say_of_the_contract_now_is_cited_in_the_specification(alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    case = commission.case_file
    assert "end_user_feedback" not in load_facts([case], ["end_user_feedback"]).get(case.pk, {})

    make.engaged(
        commission, kind="user_feedback", title="Talks in the day centres", heard="Meals are late", took_part=9
    )
    made = steps.signed_off(steps.put_in(commission, "plan"), alder)

    shown = load_facts([case], ["end_user_feedback"])[case.pk]["end_user_feedback"]
    assert shown.shown == "Talks in the day centres, 7 September 2026, 9 took part: Meals are late"
    assert "Meals are late" in str(made.paper.revisions.get().content)


@pytest.mark.requirement("N-268")
def test_report_counts_by_type_what_the_reader_may_see(alder: Alder, sign_in: SignIn, queries_of: Any) -> None:
    commission = steps.in_analyse(alder)
    for number in range(3):
        make.engaged(commission, title=f"Survey {number}", took_part=10)
    make.engaged(steps.in_analyse(alder), title="Planned one", standing_is="planned")
    tom = sign_in(alder.tom)

    page = tom.get("/engagement/").content.decode()
    row = page.split("Resident survey")[1].split("</tr>")[0]
    assert [part.split("<")[0] for part in row.split('data-label="')[1:]] == [
        'Held">3',
        'Commissions">1',
        'People who took part">30',
    ]
    assert "Survey 2" in tom.get("/engagement/?kind=resident_survey").content.decode()
    assert "Survey 2" not in tom.get("/engagement/?kind=resident_survey&year=2024").content.decode()
    assert "Survey 2" not in sign_in(alder.olive).get("/engagement/?kind=resident_survey").content.decode()
    assert len(queries_of(lambda: tom.get("/engagement/"))) <= 3
