"""Every page of a commission: who sees it, at what cost, and what bad input gets."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.audit import audited, record
from casework.models import AuditEvent, Wall
from commissioning.models import (
    Activity,
    AuthorityRecord,
    Category,
    Commission,
    CommissionActivity,
    GovernanceRoute,
    Lesson,
    LikelyDuplicate,
    Objective,
    ValueEstimate,
)
from commissioning.services import decisions
from organisation.actors import System
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import casework as cases
from tests.factories import commissioning as make
from tests.factories import documents as files
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]
Queries = Callable[[Callable[[], Any]], list[str]]

#: Pages that everyone who sees the commission opens.
READ = (
    "", "tasks/", "people/", "money/", "history/", "risk/", "authority/", "duplicates/", "plan/", "delivery/",
    "specification/", "lessons/", "end/", "questions/analyse/", "questions/plan/", "questions/secure/",
    "questions/review/", "papers/impact_screening/",
)  # fmt: skip
#: Pages that only some may open, and one of those who may.
WRITE = {
    "details/": Role.COMMISSIONER,
    "value/": Role.COMMISSIONER,
    "risk/form/": Role.COMMISSIONER,
    "authority/record/": Role.COMMISSIONER,
    "authority/{authority}/withdraw/": Role.SERVICE_LEADER,
    "duplicates/{likely}/": Role.COMMISSIONER,
    "delivery/confirm/": Role.SERVICE_LEADER,
    "papers/outcomes_assessment/": Role.COMMISSIONER,
    "lessons/none/": Role.CONTRACT_MANAGER,
    "recommission/": Role.COMMISSIONER,
    "do/start/": Role.COMMISSIONER,
    "do/to_plan/": Role.COMMISSIONER,
    "do/to_secure/": Role.COMMISSIONER,
    "do/close_no_change/": Role.COMMISSIONER,
    "do/return_to_analyse/": Role.LEADERSHIP_APPROVER,
    "do/return_to_plan/": Role.LEADERSHIP_APPROVER,
    "do/to_review/": Role.CONTRACT_MANAGER,
    "do/close/": Role.SERVICE_LEADER,
    "do/hold/": Role.CCPS_MANAGER,
    "do/resume/": Role.CCPS_MANAGER,
    "do/stop/": Role.SERVICE_LEADER,
}
VERB_PAGES = [name for name in WRITE if name.startswith("do/")]


def every_page(commission: Commission) -> dict[str, Role]:
    """Each page's address with a role that may open it."""
    filled = {
        "authority": commission.authority_records.values_list("pk", flat=True)[0],
        "likely": commission.likely_duplicates.values_list("pk", flat=True)[0],
    }
    pages = dict.fromkeys(READ, Role.FINANCE) | WRITE
    found = {f"/commissions/{commission.pk}/{name.format(**filled)}": role for name, role in pages.items()}
    activity = commission.activities.get(activity__key="gap_analysis").pk
    specification = commission.specifications.values_list("pk", flat=True)[0]
    return found | {
        f"/activities/{activity}/": Role.FINANCE,
        f"/activities/{activity}/do/complete/": Role.COMMISSIONER,
        f"/activities/{activity}/do/reopen/": Role.CCPS_OFFICER,
        f"/specifications/{specification}/do/supersede/": Role.COMMISSIONER,
        f"/specifications/{specification}/do/sign_off/": Role.SERVICE_LEADER,
    }


@pytest.fixture
def commission(alder: Alder) -> Commission:
    """In Plan with everything that a page can show: papers, a specification, a duplicate, a decision."""
    made = steps.ready_for_secure(alder)
    other = make.registered_commission(alder.priya, service_area=alder.area)
    made.likely_duplicates.create(other=other.case_file, because="similar title: home")
    return made


# --- Who sees them ----------------------------------------------------------------------------------------------------


def test_every_page_opens_for_those_who_may(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    clients = {role: sign_in(person) for role, person in alder.by_role.items()}

    for address, role in every_page(commission).items():
        page = clients[role].get(address, follow=True)
        assert page.status_code == 200, address
        if role not in (Role.COMMISSIONER, Role.SERVICE_LEADER):
            continue
        page = clients[role].get(address)
        assert page.status_code in (200, 302), address


def test_pages_for_everyone_open_in_every_role(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    addresses = [address for address, role in every_page(commission).items() if role == Role.FINANCE]
    assert len(addresses) == len(READ) + 1

    for role, person in alder.by_role.items():
        client = sign_in(person)
        for address in addresses:
            assert client.get(address).status_code in (200, 302), (role, address)


def test_nothing_is_there_for_who_is_outside_or_walled_off(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    walled = make.commissioner(alder.council, alder.area)
    cases.wall(commission.case_file, walled)
    strangers = [sign_in(alder.olive), sign_in(walled), sign_in(people.person(Role.ADMINISTRATOR))]

    for address in every_page(commission):
        for client in strangers:
            assert client.get(address).status_code == 404, address
            assert client.post(address, {}).status_code == 404, address
    assert steps.read(commission).state == "plan"


def test_lifted_wall_opens_them_again(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    cases.wall(commission.case_file, alder.tom)
    Wall.objects.update(lifted_at=commission.started_at)

    assert sign_in(alder.tom).get(f"/commissions/{commission.pk}/").status_code == 200


def test_who_is_not_signed_in_is_asked_to(alder: Alder, commission: Commission) -> None:
    client = Client()

    for address in every_page(commission):
        for page in (client.get(address), client.post(address, {})):
            assert (page.status_code, page["Location"].split("?")[0]) == (302, "/accounts/login/"), address


@pytest.mark.parametrize("pk", [0, 999_999, 10**18, 10**40])
def test_number_of_no_commission_is_not_found(alder: Alder, sign_in: SignIn, pk: int) -> None:
    client = sign_in(alder.priya)

    for name in ("", "tasks/", "details/", "plan/", "do/start/", "risk/form/", "specification/"):
        assert client.get(f"/commissions/{pk}/{name}").status_code == 404
        assert client.post(f"/commissions/{pk}/{name}", {}).status_code in (404, 405)
    assert client.get(f"/activities/{pk}/").status_code == 404
    assert client.get(f"/specifications/{pk}/do/sign_off/").status_code == 404


# --- What is offered --------------------------------------------------------------------------------------------------


def test_forged_verb_is_not_found_and_one_not_permitted_names_who_may(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    client = sign_in(alder.sam)
    for verb in ("delete", "save", "start_", "state"):
        assert client.get(f"/commissions/{commission.pk}/do/{verb}/").status_code == 404
        assert client.post(f"/commissions/{commission.pk}/do/{verb}/").status_code == 404

    refused = client.post(f"/commissions/{commission.pk}/do/to_secure/")

    assert refused.status_code == 403
    words = "You cannot move this commission on. Ask Priya Shah, Adult Services."
    assert words in refused.content.decode()
    event = AuditEvent.objects.latest("pk")
    assert (event.is_refusal, event.reason, event.actor_id) == (True, words, alder.sam.pk)
    assert steps.read(commission).state == "plan"


def test_verb_of_another_state_says_so_and_changes_nothing(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    client = sign_in(alder.priya)

    page = client.get(f"/commissions/{commission.pk}/do/start/")
    assert page.status_code == 200
    assert "This is plan now, so nothing was changed." in page.content.decode() or "Already" in page.content.decode()
    posted = client.post(f"/commissions/{commission.pk}/do/to_plan/", follow=True)
    assert "Already plan: Priya Shah did this on 7 September 2026" in posted.content.decode()
    assert steps.read(commission).state == "plan"


def test_blocked_verb_lists_everything_and_offers_no_button(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/do/to_plan/"

    shown, posted = client.get(address), client.post(address)

    assert (shown.status_code, posted.status_code) == (200, 409)
    for page in (shown, posted):
        for words in ("Activity plan: not agreed", "Key questions: 6 not answered", "Impact screening: not submitted"):
            assert words in page.content.decode()
    assert "3 things are missing." in shown.content.decode()
    assert "<form" not in shown.content.decode().split("<main", 1)[1]


def test_every_button_that_is_shown_works(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    """What the menu and the panel offer is what the door lets through, for every role."""
    for role, person in alder.by_role.items():
        page = sign_in(person).get(f"/commissions/{commission.pk}/")
        offered = {link.url for link in page.context["actions"]}
        if page.context["primary"]:
            offered.add(page.context["primary"].url)
        for url in offered:
            assert sign_in(person).get(url).status_code == 200, (role, url)
        verbs = {url.split("/do/")[1].strip("/") for url in offered if "/do/" in url}
        open_ = {offer.verb for offer in door.offers(steps.read(commission), person) if offer.is_open}
        assert verbs == open_, role


def test_links_of_a_page_lead_to_no_refusal(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    for role in (Role.COMMISSIONER, Role.SERVICE_LEADER, Role.CCPS_MANAGER, Role.AUDITOR):
        client = sign_in(alder.by_role[role])
        linked: set[str] = set()
        for name in ("", "risk/", "duplicates/", "authority/", "lessons/", "delivery/", "specification/", "tasks/"):
            linked |= set(_links(client.get(f"/commissions/{commission.pk}/{name}").content.decode()))
        ours = [one for one in linked if one.startswith((commission.get_absolute_url(), "/spec", "/lessons/"))]
        ours += [one for one in sorted(linked) if one.startswith("/activities/")][:2]
        assert len(ours) >= 10
        for address in ours:
            assert client.get(address).status_code in (200, 302), (role, address)


def _links(html: str) -> Iterator[str]:
    for part in html.split("<main", 1)[1].split('href="')[1:]:
        yield part.split('"', 1)[0].split("#")[0]


@pytest.mark.parametrize("state", ["closed", "stopped"])
def test_what_has_ended_offers_no_change(alder: Alder, commission: Commission, sign_in: SignIn, state: str) -> None:
    steps.put_in(commission, state)
    type(commission.case_file).objects.filter(pk=commission.case_file_id).update(is_open=False)
    client = sign_in(alder.priya)

    page = client.get(f"/commissions/{commission.pk}/")

    assert (page.context["actions"], page.context["primary"], page.context["step"]) == ([], None, None)
    for name in ("plan/", "questions/plan/", "delivery/", "end/", "risk/", "duplicates/", "authority/"):
        shown = client.get(f"/commissions/{commission.pk}/{name}").content.decode().split("<main", 1)[1]
        assert "<form" not in shown, name
        assert "Withdraw" not in shown
        assert "Change risk answers" not in shown


def test_held_commission_shows_where_it_stood_and_what_it_waits_for(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    steps.go(commission, "hold", alder.maria, note="Money is short.", resume_needs="A budget for 2027.")

    page = sign_in(alder.maria).get(f"/commissions/{commission.pk}/")

    assert "A budget for 2027." in page.content.decode()
    assert [mark.state for mark in page.context["stages"]] == ["done", "current", "to_come", "to_come"]
    assert page.context["task_groups"], "the tasks of the stage it was held in are still shown"
    assert "Resume" in {link.label for link in page.context["actions"]}


def test_resumed_commission_shows_the_stage_it_has_reached_since(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    steps.go(commission, "hold", alder.maria, note="Wait.", resume_needs="A budget.")
    steps.go(commission, "resume", alder.maria, note="Go.")
    steps.go(commission, "to_secure", alder.priya)

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/")

    assert [mark.state for mark in page.context["stages"]] == ["done", "done", "current", "to_come"]
    names = {task.name for group in page.context["task_groups"] for task in group.tasks}
    assert "Mobilisation" in names


@pytest.mark.requirement("N-086")
def test_page_says_what_the_tier_asks_and_what_would_change_it(alder: Alder, sign_in: SignIn) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/").content.decode()

    for words in (
        "Service buys",
        "£18,000 is under £25,000",
        "Nobody: no rule asks for it",
        "From £25,000: tier Quotation; Gate 2, procurement request: required.",
        "With any high-risk criterion: Gate 1, initiation document: required",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("25000", ["Under £25,000: tier Service buys", "Over £100,000: tier Sourcing"]),
        ("100000", ["Under £25,000: tier Service buys", "Over £100,000: tier Sourcing"]),
        ("100000.01", ["At £100,000 or less: tier Quotation", "Over £500,000: tier Sourcing and Legal"]),
        ("640000", ["At £500,000 or less: tier Sourcing"]),
    ],
)
def test_page_says_on_which_side_of_a_threshold_the_next_tier_begins(
    alder: Alder, sign_in: SignIn, value: str, words: list[str]
) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area, value=Decimal(value))

    said = sign_in(alder.priya).get(f"/commissions/{commission.pk}/").context["meaning"]["would_change"]

    for part in words:
        assert any(line.startswith(part) for line in said), said


def test_tier_that_asks_for_everything_has_no_empty_line_and_unanswered_risk_is_said(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area, value=Decimal(640_000))
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/"
    shown = priya.get(address).context["meaning"]
    assert not [line for line in shown["would_change"] if "any high-risk criterion" in line]
    assert shown["because"].endswith("whether it is high risk is not answered yet")

    make.answered_risk(commission)
    assert priya.get(address).context["meaning"]["because"].endswith("no high-risk criterion applies")
    make.answered_risk(commission, "strategic")
    page = priya.get(address)
    assert page.context["meaning"]["who_buys"] == "CCPS, working with you on a sourcing strategy"
    assert "chooses between quotes" not in page.content.decode()


@pytest.mark.requirement("N-285")
def test_overview_before_the_start_says_what_is_missing(alder: Alder, sign_in: SignIn) -> None:
    commission = make.registered_commission(alder.priya, service_area=alder.area)

    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/").content.decode()

    assert "You cannot start this commission yet. 2 things are missing." in page
    assert "Authority to commission: not recorded" in page
    other = sign_in(alder.tom).get(f"/commissions/{commission.pk}/").content.decode()
    assert "2 things are missing before anyone can start this commission." in other


@pytest.mark.requirement("N-015")
def test_each_stage_counts_its_own_activities(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/")

    notes = [mark.note for mark in page.context["stages"]]
    assert re.fullmatch(r"Done, (\d+) of \1 activities settled", notes[0])
    assert notes[1] == "Since 7 September 2026, 2 of 2 activities settled"
    assert all(re.fullmatch(r"To come, 0 of [1-9] activities settled", note) for note in notes[2:]), notes
    groups = {group.name: group.note for group in page.context["task_groups"]}
    assert groups == {
        "Evaluate": "1 of 1 completed, 3 not needed",
        "Design": "1 of 1 completed, 2 not needed",
        "Develop": "None needed",
    }


# --- Registering ------------------------------------------------------------------------------------------------------


def asked(alder: Alder, **fields: Any) -> dict[str, Any]:
    framework = alder.council.framework
    return {
        "title": "Moving and handling training",
        "service_area": alder.area.pk,
        "purpose": "Staff need it.",
        "amount_ex_vat": "18,000",
        "amount_inc_vat": "£21,600",
        "category": Category.objects.filter(framework=framework)[0].pk,
        "objectives": [Objective.objects.filter(framework=framework)[0].pk],
        "governance_route": GovernanceRoute.objects.filter(framework=framework)[0].pk,
        "needed_by_0": "1",
        "needed_by_1": "3",
        "needed_by_2": "2027",
        "act_id": str(uuid.uuid4()),
    } | fields


@pytest.mark.requirement("N-001")
def test_registered_need_is_a_commission_at_once(alder: Alder, sign_in: SignIn) -> None:
    page = sign_in(alder.priya).post("/commissions/new/", asked(alder, is_grant_funded="on"), follow=True)

    commission = Commission.objects.get()
    case = commission.case_file
    assert page.redirect_chain[-1][0] == f"/commissions/{commission.pk}/"
    assert f"{case.reference} registered. It is in the tier “Service buys”." in page.content.decode()
    assert (case.reference, case.title, case.value_ex_vat, case.value_inc_vat, case.holder) == (
        "COM-2026-0001",
        "Moving and handling training",
        18_000,
        21_600,
        alder.priya,
    )
    assert (commission.state, commission.needed_by, commission.is_grant_funded) == ("draft", date(2027, 3, 1), True)
    assert [row.amount_ex_vat for row in commission.values.all()] == [18_000]


def test_title_area_and_value_are_enough(alder: Alder, sign_in: SignIn) -> None:
    given = {"title": "A need", "service_area": alder.area.pk, "amount_ex_vat": "0", "amount_inc_vat": "0"}

    assert sign_in(alder.priya).post("/commissions/new/", given).status_code == 302
    assert Commission.objects.get().category is None


def test_form_sent_twice_registers_one(alder: Alder, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    given = asked(alder)

    first, second = client.post("/commissions/new/", given), client.post("/commissions/new/", given, follow=True)

    assert Commission.objects.count() == 1
    assert second.redirect_chain[-1][0] == first["Location"]
    assert "This commission was already registered." in second.content.decode()


def test_only_a_commissioner_registers_and_only_for_their_area(alder: Alder, sign_in: SignIn) -> None:
    for role, person in alder.by_role.items():
        expected = 200 if role == Role.COMMISSIONER else 403
        assert sign_in(person).get("/commissions/new/").status_code == expected, role

    page = sign_in(alder.priya).post("/commissions/new/", asked(alder, service_area=alder.other_area.pk))

    assert page.context["form"].errors == {"service_area": ["Choose one of your service areas"]}
    assert not Commission.objects.exists()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def foreign(model: Any) -> Any:
    return model.objects.create(framework=people.framework(), key="foreign", name="Foreign")


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"title": ""}, {"title": "Enter the title"}),
        ({"title": "x" * 1_000_000}, {"title": "Title must be 200 characters or fewer"}),
        ({"purpose": "x" * 1_000_000}, {"purpose": "Purpose must be 3000 characters or fewer"}),
        ({"amount_ex_vat": "-18000"}, {"amount_ex_vat": "Value excluding VAT must be £0 or more"}),
        (
            {"amount_inc_vat": "17,999.99"},
            {"amount_inc_vat": "The value including VAT must be the same as or more than without it"},
        ),
        ({"amount_ex_vat": "lots"}, {"amount_ex_vat": "Enter the value excluding VAT in pounds, like 18000"}),
        ({"amount_ex_vat": "1" * 100_000}, {"amount_ex_vat": "Value excluding VAT must be less than £1,000 billion"}),
        ({"amount_ex_vat": "18000.005"}, {"amount_ex_vat": "Enter the value excluding VAT in pounds, like 18000"}),
        (
            {"needed_by_2": "2026", "needed_by_0": "6", "needed_by_1": "9"},
            {"needed_by": "Date it is needed by must be"},
        ),
        ({"needed_by_0": "31", "needed_by_1": "2"}, {"needed_by": "Date it is needed by must be a real date"}),
        ({"service_area": "999999999999999999999"}, {"service_area": "Choose one of your service areas"}),
        ({"service_area": "x"}, {"service_area": "Choose one of your service areas"}),
        ({"objectives": ["9" * 30]}, {"objectives": "Choose objectives from the list"}),
        ({"objectives": ["x"]}, {"objectives": "Select an answer to “Which strategic objectives"}),
    ],
)
def test_bad_input_gets_a_message_by_the_field_and_nothing_typed_is_lost(
    alder: Alder, sign_in: SignIn, fields: dict[str, Any], faults: dict[str, str]
) -> None:
    given = asked(alder) | {"purpose": "An hour of typing."} | fields

    page = sign_in(alder.priya).post("/commissions/new/", given)

    assert page.status_code == 200
    form = page.context["form"]
    assert set(form.errors) == set(faults)
    for name, words in faults.items():
        assert str(form.errors[name][0]).startswith(words)
        assert f"id_{name}" in page.content.decode()
    for name, value in given.items():
        if name in form.fields and name != "act_id":
            assert [str(one) for one in _listed(form[name].value())] == [str(one) for one in _listed(value)], name
    assert "There is a problem" in page.content.decode()
    assert not Commission.objects.exists()


def test_choices_of_another_framework_are_refused(alder: Alder, sign_in: SignIn) -> None:
    given = asked(
        alder,
        category=foreign(Category).pk,
        governance_route=foreign(GovernanceRoute).pk,
        objectives=[foreign(Objective).pk],
    )

    page = sign_in(alder.priya).post("/commissions/new/", given)

    assert page.context["form"].errors == {
        "category": ["Choose a category from the list"],
        "governance_route": ["Choose a route from the list"],
        "objectives": ["Choose objectives from the list"],
    }


def test_list_of_one_council_does_not_do_for_an_area_of_another(alder: Alder, sign_in: SignIn) -> None:
    """Somebody may be a commissioner of two councils that follow two frameworks."""
    elsewhere = people.organisation()
    mine = Category.objects.create(framework=elsewhere.framework, key="theirs", name="Theirs")
    people.membership(alder.priya, Role.COMMISSIONER, elsewhere, people.service_area(elsewhere))

    page = sign_in(alder.priya).post("/commissions/new/", asked(alder, category=mine.pk))

    assert page.context["form"].errors == {"category": ["Choose one of your own council's list"]}


def test_null_bytes_are_taken_out(alder: Alder, sign_in: SignIn) -> None:
    given = asked(alder, title="Moving\x00 and handling", purpose="Sta\x00ff")

    assert sign_in(alder.priya).post("/commissions/new/", given).status_code == 302
    assert (Commission.objects.get().case_file.title, Commission.objects.get().purpose) == (
        "Moving and handling",
        "Staff",
    )


# --- Bad input on a commission ----------------------------------------------------------------------------------------

LONG = "x" * 1_000_000
MANGLED = ["-1", LONG, "a\x00b", "999999999999999999999999", "💥", "<script>alert(1)</script>", "1'; DROP TABLE x"]


def test_no_form_breaks_on_what_it_is_sent(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    """Every form of the room, all fields mangled in every way: a message, a refusal or a banner; never an error."""
    clients = {role: sign_in(person) for role, person in alder.by_role.items()}
    seen = 0
    for address, reader in every_page(commission).items():
        writes = {"/plan/": Role.COMMISSIONER, "/questions/": Role.COMMISSIONER, "/lessons/": Role.COMMISSIONER}
        role = next((found for part, found in writes.items() if part in address), reader)
        role = Role.COMMISSIONER if role == Role.FINANCE else role
        page = clients[role].get(address)
        form = page.context["form"] if page.status_code == 200 and page.context and "form" in page.context else None
        if form is None or "/do/" in address:
            continue
        for mangled in MANGLED:
            # A million characters in every box at once is more than a request may bring: once is enough.
            sent = dict.fromkeys(form.fields, mangled[:600])
            for name in form.fields:
                sent |= {f"{name}_{part}": mangled[:60] for part in range(3)}
            first = next((name for name in form.fields if name != "act_id"), "act_id")
            answer = clients[role].post(address, sent | {first: mangled})
            assert answer.status_code in (200, 302, 403, 409), (address, mangled[:20])
            assert b"<script>alert(1)</script>" not in answer.content, address
            seen += 1
    assert seen >= 12 * len(MANGLED)
    assert steps.read(commission).state == "plan"


@pytest.mark.parametrize(
    ("name", "fields", "faults"),
    [
        (
            "value/",
            {"amount_ex_vat": "-1", "amount_inc_vat": "0", "reason": ""},
            {"amount_ex_vat": "Value excluding VAT must be £0 or more", "reason": "Enter the reason"},
        ),
        (
            "value/",
            {"amount_ex_vat": "100", "amount_inc_vat": "99", "reason": "Less."},
            {"amount_inc_vat": "The value including VAT must be the same as or more than without it"},
        ),
        (
            "value/",
            {"amount_ex_vat": "1", "amount_inc_vat": "1", "reason": "Won.", "basis": "award"},
            {"basis": "Select an answer to “Where does the figure come from?” from the list"},
        ),
        ("lessons/none/", {"reason": "x" * 501}, {"reason": "Reason must be 500 characters or fewer"}),
        (
            "do/hold/",
            {"note": "", "resume_needs": "x" * 501},
            {
                "note": "Enter the reason",
                "resume_needs": "Your answer to “What must be done before this can resume?” must be 500 characters or",
            },
        ),
    ],
)
def test_message_stands_by_the_field(
    alder: Alder,
    commission: Commission,
    sign_in: SignIn,
    name: str,
    fields: dict[str, str],
    faults: dict[str, str],
) -> None:
    person = alder.maria if name == "do/hold/" else alder.priya
    given = {"basis": "estimate"} | fields if name == "value/" else fields

    page = sign_in(person).post(f"/commissions/{commission.pk}/{name}", given)

    assert page.status_code == 200
    form = page.context["form"]
    assert set(form.errors) == set(faults)
    for field, words in faults.items():
        assert str(form.errors[field][0]).startswith(words), form.errors[field]
    for field, value in given.items():
        assert form[field].value() == value


def test_past_date_is_refused_unless_it_stood_there_before(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/details/"
    yesterday = TODAY - timedelta(days=1)

    def send() -> Any:
        form = client.get(address).context["form"]
        given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        given |= {"needed_by_0": "6", "needed_by_1": "9", "needed_by_2": "2026", "purpose": "Other words."}
        return client.post(address, given)

    refused = send()
    assert refused.context["form"].errors == {"needed_by": ["The date it is needed by must be today or later"]}
    Commission.objects.filter(pk=commission.pk).update(needed_by=yesterday)
    assert send().status_code == 302
    assert steps.read(commission).purpose == "Other words."


def test_tick_without_a_reason_is_refused_by_its_field(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/risk/form/"
    form = client.get(address).context["form"]
    no = {row.key: "low" if row.measure == "likelihood" else "no" for row in form.criteria}
    given = no | {"outage": "yes", "version": form["version"].value()}

    refused = client.post(address, given)

    assert refused.status_code == 200
    assert refused.context["form"].errors == {"outage_why": ["Explain why this applies: Loss of critical functions"]}
    assert not steps.read(commission).case_file.is_high_risk
    done = client.post(address, given | {"outage_why": "Nobody could be moved."}, follow=True)
    assert "Risk form saved. Added: high risk: Loss of critical functions" in done.content.decode()
    assert steps.read(commission).case_file.is_high_risk


def test_started_commission_answers_every_question_of_the_risk_form(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    client = sign_in(alder.priya)

    assert client.post(f"/commissions/{draft.pk}/risk/form/", {"outage": "no", "version": "1"}).status_code == 302
    page = client.post(f"/commissions/{commission.pk}/risk/form/", {"outage": "no"})

    assert len(page.context["form"].errors) == 11
    assert page.context["form"].errors["reputation"] == ["Answer yes or no: Reputation"]


# --- Replays ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields", "count"),
    [
        (
            "value/",
            {"amount_ex_vat": "19000", "amount_inc_vat": "20000", "basis": "estimate", "reason": "More."},
            lambda row: row.values.count(),
        ),
        (
            "lessons/",
            {"context": "Short notice.", "insight": "Ask early.", "recommendation": "Ask in spring."},
            lambda row: row.lessons.count(),
        ),
        (
            "authority/record/",
            {
                "kind": "delegated_decision", "may_award": "on", "decided_by": "Joel Hart", "decided_on_0": "4",
                "decided_on_1": "9", "decided_on_2": "2026", "decision_reference": "DD-1",
            },
            lambda row: row.authority_records.count(),
        ),
    ],
)  # fmt: skip
def test_form_sent_twice_counts_once(
    alder: Alder,
    commission: Commission,
    sign_in: SignIn,
    name: str,
    fields: dict[str, str],
    count: Callable[[Commission], int],
) -> None:
    client = sign_in(alder.priya)
    given = fields | {"act_id": str(uuid.uuid4())}
    before, events = count(commission), AuditEvent.objects.count()

    first = client.post(f"/commissions/{commission.pk}/{name}", given)
    written = AuditEvent.objects.count()
    second = client.post(f"/commissions/{commission.pk}/{name}", given, follow=True)

    assert first.status_code == 302
    assert (second.status_code, "This was already saved." in second.content.decode()) == (200, True)
    assert count(commission) == before + 1
    assert AuditEvent.objects.count() == written > events


def test_verb_sent_twice_counts_once(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    given = {"act_id": str(uuid.uuid4())}

    for _ in range(2):
        assert client.post(f"/commissions/{commission.pk}/do/to_secure/", given).status_code == 302

    assert steps.read(commission).state == "secure"
    assert AuditEvent.objects.filter(verb="commission.to_secure").count() == 1


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_only_get_and_post_are_answered(alder: Alder, commission: Commission, sign_in: SignIn, method: str) -> None:
    client = sign_in(alder.priya)

    for name in ("", "tasks/", "value/", "plan/", "do/stop/"):
        assert getattr(client, method)(f"/commissions/{commission.pk}/{name}").status_code in (403, 405)
    assert client.post(f"/commissions/{commission.pk}/").status_code == 405


def test_looking_changes_nothing(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    before = (AuditEvent.objects.count(), steps.read(commission).version, steps.read(commission).case_file.changed_at)

    for address, role in every_page(commission).items():
        sign_in(alder.by_role[role]).get(address)

    after = steps.read(commission)
    assert (AuditEvent.objects.count(), after.version, after.case_file.changed_at) == before


# --- Cost -------------------------------------------------------------------------------------------------------------


def grown(alder: Alder, commission: Commission) -> Commission:
    """The same commission with forty of everything that can grow."""
    framework = alder.council.framework
    for n in range(40):
        extra = Activity.objects.create(
            framework=framework,
            key=f"extra-{n}",
            name=f"Extra {n}",
            stage="plan",
            group="develop",
            kind="commissioning",
            owner="service",
            definition="More.",
        )
        CommissionActivity.objects.create(commission=commission, activity=extra, state="relevant", lead=alder.priya)
        ValueEstimate.objects.create(
            commission=commission, amount_ex_vat=n, amount_inc_vat=n, reason="Again.", recorded_by=alder.priya
        )
        AuthorityRecord.objects.create(
            commission=commission,
            kind="delegated_decision",
            may_award=True,
            decided_by="Joel",
            decided_on=TODAY,
            decision_reference=f"DD-{n}",
            recorded_by=alder.priya,
        )
        other = make.registered_commission(alder.priya, service_area=alder.area)
        LikelyDuplicate.objects.create(commission=commission, other=other.case_file, because="similar title")
        Lesson.objects.create(
            commission=commission, context="A", insight="B", recommendation="C", recorded_by=alder.priya
        )
        cases.item(commission.case_file, by=alder.priya)
        colleague = people.person(Role.SERVICE_LEADER, at=alder.council, area=alder.area)
        people.membership(colleague, Role.CONTRACT_MANAGER, alder.council, alder.area)
        files.attachment(alder.priya, commission.case_file)
    with audited(by=System("a test")):
        for n in range(40):
            record(verb="commission.lesson", subject=commission, changes={"recommendation": f"Number {n}"})
    return commission


def costs(alder: Alder, commission: Commission, sign_in: SignIn, queries_of: Queries) -> dict[str, list[str]]:
    clients = {role: sign_in(person) for role, person in alder.by_role.items()}
    found = {}
    likely = {row.pk for row in commission.likely_duplicates.all()}
    for address, reader in every_page(commission).items():
        for role in {reader, Role.COMMISSIONER} if reader == Role.FINANCE else {reader}:
            name = address.replace(f"/commissions/{commission.pk}/", "")
            if any(name == f"duplicates/{pk}/" for pk in likely):
                name = "duplicates/N/"
            clients[role].get(address)  # what is read once per process is read now
            found[f"{name} as {role}"] = queries_of(lambda client=clients[role], url=address: client.get(url))
    return found


def test_every_page_keeps_to_its_budget_however_much_there_is(
    alder: Alder, commission: Commission, sign_in: SignIn, queries_of: Queries
) -> None:
    few = costs(alder, commission, sign_in, queries_of)
    many = costs(alder, grown(alder, commission), sign_in, queries_of)

    assert {name: len(found) for name, found in few.items() if len(found) > 8} == {}
    # The history reads names only where an event names somebody.
    grew = {name: (len(few[name]), found) for name, found in many.items() if len(found) > len(few[name])}
    assert grew == {}


@pytest.mark.parametrize("stage", ["draft", "analyse", "secure", "review"])
def test_overview_keeps_to_its_budget_in_every_stage(
    alder: Alder, sign_in: SignIn, queries_of: Queries, stage: str
) -> None:
    builders: dict[str, Callable[[], Commission]] = {
        "draft": lambda: make.registered_commission(alder.priya, service_area=alder.area),
        "analyse": lambda: steps.in_analyse(alder, ticked=("outage",)),
        "secure": lambda: steps.in_secure(alder),
        "review": lambda: steps.in_review(alder),
    }
    commission = builders[stage]()

    for person in (alder.priya, alder.tom, alder.sam):
        client = sign_in(person)
        client.get(f"/commissions/{commission.pk}/")
        found = queries_of(lambda client=client: client.get(f"/commissions/{commission.pk}/"))
        assert len(found) <= 8, found


def test_acts_keep_to_their_budgets(alder: Alder, queries_of: Queries) -> None:
    """Start at most 20 statements, every other verb at most 12, in the service and its effects."""
    people.statutory_figures()  # read once a process where there are any, as an installation has
    warm = steps.in_review(alder)
    costs_of: dict[str, list[str]] = {}

    def act(verb: str, commission: Commission, by: Person, **inputs: Any) -> None:
        act_id = uuid.uuid4()
        person = Person.objects.get(pk=by.pk)
        costs_of[verb] = queries_of(lambda: door.carry_out(commission, verb, by=person, act_id=act_id, **inputs))

    draft = make.registered_commission(alder.priya, service_area=alder.area)
    make.answered_risk(draft, "outage")
    make.with_authority(draft)
    act("start", draft, alder.priya)
    act("to_plan", steps.ready_for_plan(alder), alder.priya)
    act("to_secure", steps.ready_for_secure(alder), alder.priya)
    act("to_review", steps.ready_for_review(alder), alder.sam)
    act("close", steps.ready_to_close(alder), alder.tom)
    held = steps.in_analyse(alder)
    act("hold", held, alder.maria, note="Wait.", resume_needs="Money.")
    act("resume", held, alder.maria, note="Go.")
    act("stop", held, alder.tom, note="No.")
    returned = steps.in_secure(alder)
    act("return_to_plan", returned, alder.tom, note="Again.")
    act("return_to_analyse", returned, alder.tom, note="Again.")
    unchanged = steps.in_plan(alder)
    make.decided_delivery(unchanged, "no_change")
    decisions.confirm_delivery(unchanged.delivery_decisions.get(), by=alder.tom)
    act("close_no_change", unchanged, alder.priya)

    assert set(costs_of) == set(Commission.verbs())
    assert len(costs_of["start"]) <= 20, costs_of["start"]
    over = {verb: found for verb, found in costs_of.items() if verb != "start" and len(found) > 12}
    assert over == {}
    assert warm.state == "review"
