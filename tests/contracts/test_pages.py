"""The pages of a contract: what they show to whom, at a constant cost."""

import re
import uuid
from datetime import date

import pytest

from casework import door
from casework.audit import audited, record
from contracts.models import ContractValue
from contracts.services import facts, mobilisation
from contracts.services.facts import Option
from organisation import clock
from organisation.actors import System
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.procurement.filling import words_of

STATES = ["drafted", "awarded", "mobilising", "live", "terminated"]
PAGES = ["", "history/", "facts/", "do/sign_for_council/", "do/go_live/"]


def contract_in(state: str, where: buying.Place):
    if state == "terminated":
        contract = make.drafted(where)
        door.carry_out(contract.exercise, "abandon", by=where.priya, note="No")
        contract.refresh_from_db()
        return contract
    return getattr(make, state)(where)


def buttons_of(page) -> list[str]:
    head = words_of(page).split('<div class="gh-identity">')[1].split('<nav class="gh-subnav"')[0]
    menu = re.findall(r'<li><a href="[^"]+">([^<]+)</a></li>', head)
    return re.findall(r'role="button"[^>]*>([^<]+)</a>', head) + menu


@pytest.mark.parametrize("state", STATES)
def test_page_in_every_state_costs_the_same_whatever_hangs_on_it(where, client, queries_of, state) -> None:
    contract = contract_in(state, where)
    client.force_login(where.priya)
    url = contract.get_absolute_url()
    client.get(url)
    few = queries_of(lambda: client.get(url))
    for number in range(15):
        ContractValue.objects.create(
            contract=contract, amount_ex_vat=number, amount_inc_vat=number, valid_from=clock.today()
        )
        contract.options.create(number=number + 1, months=12)
        if state in ("awarded", "mobilising", "live"):
            mobilisation.add_task(contract.case_file, title=f"Task {number}", side="provider", by=where.sam)
        with audited(by=System(because="A test")):
            record(verb="contract.facts", subject=contract)

    lots = queries_of(lambda: client.get(url))

    assert client.get(url).status_code == 200
    assert len(few) == len(lots) <= 8, lots


def test_at_high_risk_too(where, client, queries_of) -> None:
    contract = make.awarded(where)
    buying.high_risk(contract.commission)
    client.force_login(where.tom)
    client.get(contract.get_absolute_url())

    found = queries_of(lambda: client.get(contract.get_absolute_url()))

    assert len(found) <= 8, found


def test_other_pages_stay_within_the_budget(where, client, queries_of) -> None:
    contract = make.awarded(where)
    client.force_login(where.tom)
    people.membership(where.tom, Role.CONTRACT_MANAGER, where.organisation)
    for page in PAGES:
        client.get(contract.get_absolute_url() + page)

    for page in PAGES[1:]:
        found = queries_of(lambda page=page: client.get(contract.get_absolute_url() + page))
        assert len(found) <= 8, (page, found)


@pytest.mark.parametrize("page", PAGES)
def test_outsider_finds_nothing(where, client, page) -> None:
    contract = make.awarded(where)
    client.force_login(people.person(Role.SERVICE_LEADER))

    assert client.get(contract.get_absolute_url() + page).status_code == 404
    assert client.post(contract.get_absolute_url() + page, {"act_id": str(uuid.uuid4())}).status_code in (404, 405)


@pytest.mark.parametrize(
    ("state", "person", "buttons"),
    [
        ("drafted", "priya", ["Change term, manager and options"]),
        ("drafted", "tom", []),
        ("awarded", "tom", ["Sign for the council", "Record the supplier's signature"]),
        ("awarded", "ann", ["Sign for the council"]),
        ("awarded", "sam", ["Record the supplier's signature", "Change term, manager and options"]),
        ("mobilising", "sam", ["Enter in the register", "Go live"]),
        ("mobilising", "ann", []),
        ("live", "sam", []),
    ],
)
def test_each_is_offered_what_they_may_do(where, client, state, person, buttons) -> None:
    contract = contract_in(state, where)
    client.force_login(getattr(where, person))

    assert buttons_of(client.get(contract.get_absolute_url())) == buttons


def test_signed_side_is_not_offered_again(where, client) -> None:
    contract = make.awarded(where)
    make.sign_for_council(contract, where)
    client.force_login(where.tom)

    assert buttons_of(client.get(contract.get_absolute_url())) == ["Record the supplier's signature"]


def test_page_says_what_stands_in_the_way(where, client) -> None:
    contract = make.awarded(where)
    contract.commission.authority_records.update(withdrawn_at=clock.now())
    client.force_login(where.tom)

    text = words_of(client.get(contract.get_absolute_url()))

    assert text.count("Authority to award: not recorded") == 2
    assert "1 thing stands in the way." in text


def test_page_tells_money_dates_signatures_and_where_it_came_from(where, client) -> None:
    clock.move_to(date(2026, 3, 2))
    exercise = buying.ready_to_decide(where, amount="17950")
    buying.write(exercise, where, starts_on=date(2026, 4, 1), ends_on=date(2028, 3, 31))
    exercise = door.carry_out(exercise, "decide", by=where.priya).subject
    buying.authority(exercise.commission)
    door.carry_out(exercise, "award", by=where.priya)
    contract = exercise.contracts.get()
    facts.edit(
        contract,
        version=1,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        manager=where.sam,
        review_on=date(2026, 10, 1),
        execution="underhand",
        options=[Option(12, date(2027, 9, 30))],
        by=where.priya,
    )
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)
    client.force_login(where.ann)

    text = words_of(client.get(contract.get_absolute_url()))

    for words in (
        "Give notice by 30 September 2027 to use option 1, or the contract ends on 31 March 2028.",
        "From 1 April 2026 to 31 March 2028, then Option 1, 1 year",
        "£17,950 excluding VAT over the whole term, as signed.",
        "Tom Hesketh",
        "Director, electronically",
        "Not due: CCPS did not buy this",
        "Service-managed",
        str(contract.commission.case_file),
        str(exercise.case_file),
        "0 of 3 done",
    ):
        assert words in text, words


def test_history_tells_of_the_contract_alone_and_in_sentences(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)

    text = words_of(client.get(f"{contract.get_absolute_url()}history/"))

    assert "Tom Hesketh recorded the council's signature." in text
    assert "Gatehouse drafted" in text
    assert "asked for prices" not in text


def test_commission_page_shows_its_contracts_and_mobilisation(where, client) -> None:
    commission = buying.commission(where)
    contract = make.mobilising(where, commission)
    client.force_login(where.priya)

    text = words_of(client.get(commission.get_absolute_url()))

    assert f"{contract.case_file.reference} {contract.case_file.title}" in text
    assert "Mobilisation: 0 of 3 tasks done" in text


def test_commission_that_buys_nothing_shows_its_own_mobilisation(where, client) -> None:
    commission = buying.commission(where, buys=False)
    mobilisation.add_task(commission.case_file, title="Move the team", side="council", by=where.priya)
    client.force_login(where.priya)

    page = words_of(client.get(commission.get_absolute_url()))
    tasks = client.get(f"/mobilisation/{commission.case_file_id}/")

    assert "0 of 1 task done" in page
    assert "Move the team" in words_of(tasks)


def test_commission_page_stays_within_the_budget_with_everything_on_it(where, client, queries_of) -> None:
    commission = buying.commission(where)
    make.mobilising(where, commission)
    client.force_login(where.sam)
    client.get(commission.get_absolute_url())

    found = queries_of(lambda: client.get(commission.get_absolute_url()))

    assert len(found) <= 8, found
