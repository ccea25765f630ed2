"""Analyse's key questions: what is delivered already, evidence beside answers, and where it will be needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import CaseFile
from commissioning.models import Commission, ExistingDelivery, KeyAnswer, KeyQuestion, Place
from documents.models import Attachment
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import contracts as running
from tests.factories import organisation as people
from tests.factories import procurement as buying

SignIn = Callable[[Person], Client]
MEALS = "Meals at home"


def questions_of(commission: Commission) -> str:
    return f"/commissions/{commission.pk}/questions/analyse/"


def question(key: str) -> int:
    return int(KeyQuestion.objects.get(key=key).pk)


def contract(alder: Alder, title: str, supplier: str, **fields: Any) -> CaseFile:
    """A line of the contracts register."""
    where = buying.Place(
        organisation=alder.council, area=alder.area, priya=alder.priya, tom=alder.tom, sam=alder.sam, ann=alder.tom
    )
    firm = people.supplier(alder.council, name=supplier)
    return running.in_register(where, title=title, supplier=firm, **fields).case_file


def in_house(alder: Alder, title: str) -> Commission:
    """A service that the council runs itself."""
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    CaseFile.objects.filter(pk=commission.case_file_id).update(title=title)  # its name is no likely duplicate
    make.decided_delivery(commission, "in_house")
    return steps.put_in(commission, "review")


@pytest.mark.requirement("N-061")
def test_answer_on_existing_delivery_leads_to_a_search_whose_finds_are_linked(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    meals = contract(alder, MEALS, "Fellside Kitchens")
    contract(alder, "Road salt", "Grit and Co")
    contract(alder, "Meals long ago", "Fellside Kitchens and Sons", state="ended")
    own = in_house(alder, "Meals in day centres")
    priya, asked = sign_in(alder.priya), question("analyse_existing")
    search = f"/commissions/{commission.pk}/existing/"
    assert f'action="{search}"' in priya.get(questions_of(commission)).content.decode()

    answered = priya.post(questions_of(commission), {f"answer_{asked}": "Yes, two services."})

    assert answered["Location"] == search
    found = priya.get(search, {"q": "fellside kitchens"}).content.decode()
    assert MEALS in found
    assert "Meals long ago" not in found
    found = priya.get(search, {"q": "meals"}).content.decode()
    assert found.index("Contracts register") < found.index(MEALS) < found.index("In-house services")
    assert found.index("In-house services") < found.index("Meals in day centres")
    assert "Road salt" not in found
    for record, kind in ((meals, "contract"), (own.case_file, "in_house")):
        link = f"/commissions/{commission.pk}/sheets/existing/add/?name="
        assert f"kind={kind}&amp;record={record.pk}" in found
        form = priya.get(link + "x", {"name": record.title, "kind": kind, "record": record.pk}).content.decode()
        assert f'<option value="{record.pk}" selected>{record.reference} {record.title}' in form
        sent = {"name": record.title, "kind": kind, "record": record.pk, "note": "Full"}
        assert priya.post(link + "x", sent).status_code == 302
    again = priya.get(search, {"q": "meals"}).content.decode()
    assert again.count(">Linked</strong>") == 2
    page = priya.get(questions_of(commission)).content.decode()
    assert f'<a class="govuk-link" href="{meals.path}">{meals.reference}</a>' in page
    assert own.case_file.reference in page
    assert set(ExistingDelivery.objects.values_list("record", flat=True)) == {meals.pk, own.case_file_id}


def test_search_links_only_what_the_person_may_see_and_once(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    meals = contract(alder, MEALS, "Fellside Kitchens")
    foreign = steps.read(make.registered_commission(alder.olive))
    priya, add = sign_in(alder.priya), f"/commissions/{commission.pk}/sheets/existing/add/"
    sent = {"name": MEALS, "kind": "contract", "record": meals.pk}

    refused = priya.post(add, sent | {"record": foreign.case_file_id}).content.decode()
    assert "Choose the record through the search" in refused
    assert foreign.case_file.title not in refused
    assert priya.post(add, sent).status_code == 302
    assert "This record is linked already" in priya.post(add, sent).content.decode()
    for name in ("A team of volunteers", "Another team"):
        assert priya.post(add, {"name": name, "kind": "in_house", "record": ""}).status_code == 302
    assert ExistingDelivery.objects.count() == 3


def test_only_a_new_answer_without_a_link_leads_to_the_search(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya, asked = sign_in(alder.priya), question("analyse_existing")
    none = priya.post(questions_of(commission), {f"answer_{asked}": "Nobody does.", f"without_{asked}": "on"})
    assert none["Location"] == commission.get_absolute_url()
    other = priya.post(questions_of(commission), {f"answer_{question('analyse_money')}": "£1",
                                                  f"answer_{asked}": "Nobody does.", f"without_{asked}": "on",
                                                  f"version_{asked}": 1})  # fmt: skip
    assert other["Location"] == commission.get_absolute_url()


def test_search_asks_the_same_however_much_there_is(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission = steps.in_analyse(alder)
    priya, search = sign_in(alder.priya), f"/commissions/{commission.pk}/existing/?q=meals"
    priya.get("/")
    few = queries_of(lambda: priya.get(search))
    for number in range(5):
        contract(alder, f"{MEALS} {number}", f"Kitchen {number}")
    in_house(alder, "Meals in day centres")
    assert len(queries_of(lambda: priya.get(search))) == len(few) <= 8, few


@pytest.mark.requirement("N-062")
def test_answer_on_access_use_and_feedback_holds_links_and_files(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya, asked = sign_in(alder.priya), question("analyse_access")
    address = questions_of(commission)
    text = KeyQuestion.objects.get(pk=asked).text
    assert ("reach it" in text, "use it" in text, "say" in text) == (True, True, True)
    link = "https://intranet.example/survey-2026"
    sent = {f"answer_{asked}": "Two thirds can.", f"links_{asked}": f"{link}\nour survey"}
    wrong = priya.post(address, sent).content.decode()
    assert "“our survey” is not a web address" in wrong
    assert "our survey</textarea>" in wrong
    assert not KeyAnswer.objects.exists()

    priya.post(address, sent | {f"links_{asked}": f"{link}\n\n{link}\n"})
    assert KeyAnswer.objects.get().links == [link]
    page = priya.get(address).content.decode()
    attach = next(part for part in page.split('"') if f"answer:{asked}/" in part)
    upload = SimpleUploadedFile("users.csv", b"who,says\nAmy,fine\n", content_type="text/csv")
    done = priya.post(attach, {"file": upload, "classification": "official"})
    assert (done.status_code, done["Location"]) == (302, address)

    assert Attachment.objects.get().purpose == f"answer:{asked}"
    for reader in (alder.priya, alder.by_role[Role.FINANCE]):
        page = sign_in(reader).get(address).content.decode()
        own = page[page.index('aria-label="Evidence for question 2"') : page.index("Evidence for question 3")]
        assert "users.csv" in own
        assert f'href="{link}"' in page
    other = page[page.index('aria-label="Evidence for question 3"') :]
    assert "users.csv" not in other
    assert sign_in(alder.by_role[Role.FINANCE]).get(attach).status_code == 403


def test_evidence_is_of_a_question_of_the_councils_own_framework(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    foreign = steps.foreign_question()
    page = sign_in(alder.priya).get(questions_of(commission)).content.decode()
    asked = question("analyse_access")
    attach = next(part for part in page.split('"') if f"answer:{asked}/" in part)
    client = sign_in(alder.priya)
    assert client.get(attach).status_code == 200
    assert client.get(attach.replace(f"answer:{asked}/", f"answer:{foreign.pk}/")).status_code == 404


@pytest.mark.requirement("N-066")
def test_future_locations_come_from_the_list_of_areas_and_stand_on_the_overview(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya, add = sign_in(alder.priya), f"/commissions/{commission.pk}/sheets/future_locations/add/"
    assert add in priya.get(questions_of(commission)).content.decode()
    north = Place.objects.get(key="north", framework=alder.council.framework)
    foreign = Place.objects.create(framework=people.framework(), key="far", name="Far away", setting="rural")
    form = priya.get(add).content.decode()
    assert f"{north.name} (rural)" in form
    assert "Far away" not in form
    refused = priya.post(add, {"place": foreign.pk, "why": "Because"}).content.decode()
    assert "Choose an area from the list" in refused

    priya.post(add, {"place": north.pk, "why": "Most of the need is there"})

    overview = sign_in(alder.tom).get(commission.get_absolute_url()).content.decode()
    assert north.name in overview[overview.index("Where in future") :][:200]
    assert "Most of the need is there" in priya.get(questions_of(commission)).content.decode()
    assert "This is written down already" in priya.post(add, {"place": north.pk, "why": "Twice"}).content.decode()
