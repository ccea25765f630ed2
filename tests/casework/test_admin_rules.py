"""The administration pages of the rules, through the HTTP client: a change is a new dated version, seen before made."""

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework import rehearsal
from casework.models import AuditEvent, Band, Queue, RoutingRule, RulesProposal, RulesVersion, Threshold
from casework.rehearsal import Moved, register_rehearsal, value_shifts
from casework.routing import Facts, requirements, route
from casework.services.rules import Changes, publish, rehearse, rules_of, version_in_force, with_amount
from organisation import clock
from organisation.models import Organisation, Person
from organisation.roles import Role
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db

START = date(2026, 11, 16)


@pytest.fixture
def hall(db: None) -> SimpleNamespace:
    """A council that follows the default framework, its administrator, and one who reads."""
    clock.move_to(START)
    council = make.council()
    return SimpleNamespace(
        council=council,
        framework=council.framework,
        ada=people.person(Role.ADMINISTRATOR, at=council, name="Ada Admin"),
        bea=people.person(Role.ADMINISTRATOR, at=council, name="Bea Admin"),
        olu=people.person(Role.AUDITOR, at=council, name="Olu Auditor"),
    )


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(row: Any) -> str:
    return reverse(f"admin:casework_{row._meta.model_name}_change", args=[row.pk])


def publish_as(hall: SimpleNamespace, url: str, sent: dict[str, Any]) -> Any:
    """Ada proposes a change, Bea publishes it."""
    assert as_(hall.ada).post(url, sent | {"_propose": "1"}).status_code == 302
    proposal = RulesProposal.objects.latest("pk")
    return as_(hall.bea).post(decide(proposal), {"_publish": "1"})


def decide(proposal: RulesProposal) -> str:
    return reverse("admin:casework_rulesproposal_change", args=[proposal.pk])


def standing(hall: SimpleNamespace, model: type[Any], key: str) -> Any:
    return model.objects.get(framework=hall.framework, key=key, until__isnull=True)


def text_of(response: Any) -> str:
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def hidden_in(response: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', response.content.decode()):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] != "csrfmiddlewaretoken":
            found.setdefault(unescape(name[1]), []).append(unescape(value[1]))
    return found


def figure(hall: SimpleNamespace, key: str = "legal", **sent: Any) -> tuple[str, dict[str, Any]]:
    row = standing(hall, Threshold, key)
    return page_of(row), {
        "name": row.name,
        "amount": "600000",
        "valid_from": "2026-11-16",
        "source": "Council, 10 November 2026",
        "reason": "Prices rose",
        "after": "1",
        "act_id": str(uuid.uuid4()),
    } | sent


# --- Changing a threshold ---------------------------------------------------------------------------------------------


def test_list_says_what_counts_now_and_what_is_to_come(hall: SimpleNamespace) -> None:
    change = Changes(thresholds=[with_amount(hall.framework, "legal", Decimal(600_000))])
    publish(hall.framework, change, by=hall.ada, valid_from=date(2027, 4, 1), reason="Later")

    page = text_of(as_(hall.ada).get(reverse("admin:casework_threshold_changelist")))

    assert "Legal threshold £500,000 £600,000 from 1 April 2027" in page
    assert "Sourcing threshold £100,000 None" in page
    assert "Time for CCPS to acknowledge an early notice 5 working days None" in page


@pytest.mark.requirement("N-336")
def test_threshold_edit_is_previewed_then_becomes_a_new_version(hall: SimpleNamespace) -> None:
    client = as_(hall.ada)
    url, sent = figure(hall, "sourcing", amount="120000", valid_from="2027-04-01")
    form = client.get(url)
    assert form.status_code == 200
    assert form.context["form"]["after"].value() == 1

    preview = client.post(url, sent)

    assert preview.status_code == 200
    words = text_of(preview)
    assert "Once another administrator has published it, this would become rules version 2" in words
    assert "for cases that start on or after 1 April 2027" in words
    assert "New amount in pounds: £100,000 now, £120,000 then" in words
    assert "£100,000.01 to £120,000: Sourcing now, Quotation then" in words
    assert "£100,000.01 to £120,000, at “start”: CCPS asked now, nobody then" in words
    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1

    proposed = client.post(url, hidden_in(preview) | {"_propose": "Propose this change"})

    assert "Nothing counts yet: another administrator has to look at it" in text_of(client.get(proposed["Location"]))
    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1

    second_client = as_(hall.bea)
    proposal = RulesProposal.objects.get()
    seen = text_of(second_client.get(decide(proposal)))
    assert "Proposed by Ada Admin" in seen
    assert "£100,000.01 to £120,000: Sourcing now, Quotation then" in seen
    done = second_client.post(decide(proposal), {"_publish": "1"})

    assert "Rules version 2 is published and counts from 1 April 2027." in text_of(second_client.get(done["Location"]))
    first, second = RulesVersion.objects.filter(framework=hall.framework).order_by("number")
    assert (second.valid_from, second.reason, second.published_by) == (date(2027, 4, 1), "Prices rose", hall.bea)
    assert second.token != first.token
    row = standing(hall, Threshold, "sourcing")
    assert (row.amount, row.source, row.since) == (120_000, "Council, 10 November 2026", second)
    assert version_in_force(hall.framework) == first
    assert version_in_force(hall.framework, date(2027, 4, 1)) == second


@pytest.mark.requirement("N-336")
def test_next_case_goes_elsewhere_and_started_ones_stay(hall: SimpleNamespace) -> None:
    """What the issue asks: the edit moves the next commission and leaves live ones alone."""
    pinned = version_in_force(hall.framework)

    publish_as(hall, *figure(hall, "sourcing", amount="120000"))

    case = Facts(Decimal(110_000))
    new = version_in_force(hall.framework)
    assert [way.queue for way in route("start", case, rules_of(pinned))] == ["ccps"]
    assert route("start", case, rules_of(new)) == []
    assert requirements(case, rules_of(pinned)).band.key == "sourcing"
    assert requirements(case, rules_of(new)).band.key == "quotation"


def test_proposing_and_publishing_are_in_the_trail(hall: SimpleNamespace) -> None:
    publish_as(hall, *figure(hall))

    published, settled, proposed = AuditEvent.objects.order_by("-id")[:3]
    assert (published.verb, published.actor_id, published.reason) == (
        "rulesversion.publish",
        hall.bea.pk,
        "Prices rose",
    )
    assert published.changes == {"threshold legal": ["£500,000", "£600,000"]}
    assert (settled.verb, settled.actor_id, settled.to_state) == ("rulesproposal.publish", hall.bea.pk, "published")
    assert (proposed.verb, proposed.actor_id) == ("rulesproposal.propose", hall.ada.pk)


def test_nobody_publishes_what_they_proposed(hall: SimpleNamespace) -> None:
    url, sent = figure(hall)
    client = as_(hall.ada)
    client.post(url, sent | {"_propose": "1"})
    proposal = RulesProposal.objects.get()

    page = client.get(decide(proposal))
    assert "another administrator has to publish it" in text_of(page)
    assert b'name="_publish"' not in page.content
    client.post(decide(proposal), {"_publish": "1"})

    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1
    assert RulesProposal.objects.get().outcome == "waiting"
    refused = AuditEvent.objects.latest("id")
    assert (refused.verb, refused.is_refusal) == ("rulesproposal.publish", True)


def test_proposal_is_turned_down_with_a_reason_or_withdrawn(hall: SimpleNamespace) -> None:
    url, sent = figure(hall)
    as_(hall.ada).post(url, sent | {"_propose": "1"})
    proposal = RulesProposal.objects.get()

    assert "Enter the reason" in text_of(as_(hall.bea).post(decide(proposal), {"answer": " "}))
    as_(hall.bea).post(decide(proposal), {"answer": "Not agreed by Council."})

    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.settled_by, proposal.answer) == (
        "turned_down",
        hall.bea,
        "Not agreed by Council.",
    )
    too_late = as_(hall.ada).post(decide(proposal), {"answer": "Never mind."}, follow=True)
    assert "Bea Admin settled this proposal on 16 November 2026: turned down." in text_of(too_late)


def test_proposal_that_another_version_overtook_can_no_longer_be_published(hall: SimpleNamespace) -> None:
    url, sent = figure(hall)
    as_(hall.ada).post(url, sent | {"_propose": "1"})
    proposal = RulesProposal.objects.get()
    change = Changes(thresholds=[with_amount(hall.framework, "sourcing", Decimal(90_000))])
    publish(hall.framework, change, by=hall.ada, valid_from=START, reason="Meanwhile")

    page = as_(hall.bea).post(decide(proposal), {"_publish": "1"})

    assert "This can no longer be published as it was proposed" in text_of(page)
    assert "Somebody else published version 2 while you were on this page" in text_of(page)
    assert RulesProposal.objects.get().outcome == "waiting"


def test_auditor_reads_proposals_and_settles_none(hall: SimpleNamespace) -> None:
    url, sent = figure(hall)
    as_(hall.ada).post(url, sent | {"_propose": "1"})
    proposal = RulesProposal.objects.get()

    assert "Proposed by Ada Admin" in text_of(as_(hall.olu).get(decide(proposal)))
    assert as_(hall.olu).post(decide(proposal), {"_publish": "1"}).status_code == 403
    elsewhere = people.person(Role.ADMINISTRATOR, at=make.council())
    assert as_(elsewhere).get(decide(proposal)).status_code == 404


def test_form_sent_again_proposes_nothing_more(hall: SimpleNamespace) -> None:
    client = as_(hall.ada)
    url, sent = figure(hall)
    client.post(url, sent | {"_propose": "1"})

    again = client.post(url, sent | {"_propose": "1"}, follow=True)

    assert RulesProposal.objects.count() == 1
    assert "This was already proposed." in text_of(again)


def test_row_that_was_replaced_is_no_page_any_more(hall: SimpleNamespace) -> None:
    url, sent = figure(hall)
    publish_as(hall, url, sent)

    assert as_(hall.ada).get(url).status_code == 404
    assert as_(hall.ada).post(url, sent | {"_propose": "1"}).status_code == 404


def test_preview_shows_drafts_that_move_and_cases_that_stay(
    hall: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def rehearse_(framework: Any, rules: Any, viewer: Person) -> list[Moved]:
        asked.append((framework, rules.amount("sourcing"), viewer))
        return [
            Moved("COM-2026-0001", "Home care", "/commissions/1/", "Sourcing", "Quotation"),
            Moved("COM-2026-0002", "Roads", "/commissions/2/", "Sourcing", "Quotation", stays=True),
        ]

    monkeypatch.setattr(rehearsal, "_rehearsals", [])
    register_rehearsal(rehearse_)
    url, sent = figure(hall, "sourcing", amount="120000")

    words = text_of(as_(hall.ada).post(url, sent))

    assert asked == [(hall.framework, Decimal(120_000), hall.ada)]
    assert "Drafts that would be treated differently Case Now Then COM-2026-0001 Home care Sourcing Quotation" in words
    assert "COM-2026-0002 Roads : stays Sourcing" in words


def test_going_back_keeps_what_was_typed(hall: SimpleNamespace) -> None:
    client = as_(hall.ada)
    url, sent = figure(hall)
    preview = client.post(url, sent)

    back = client.post(url, hidden_in(preview) | {"_back": "1"})

    assert back.context["form"]["amount"].value() == "600000"
    assert back.context["form"]["reason"].value() == "Prices rose"
    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1


# --- Refusals, beside the field ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "sent", "field", "words"),
    [
        ("legal", {"amount": "500000"}, "__all__", "Nothing is different yet"),
        ("legal", {"amount": "-1"}, "amount", "The amount must be 0 or more"),
        ("legal", {"amount": "lots"}, "amount", "Enter a number"),
        ("legal", {"amount": "1e30"}, "amount", "digits"),
        ("legal", {"amount": "\x00"}, "amount", "Enter a number"),
        ("early_notice_days", {"amount": "2.5"}, "amount", "The amount must be a whole number of working days"),
        ("legal", {"reason": ""}, "reason", "Enter the reason"),
        ("legal", {"reason": "x" * 501}, "reason", "at most 500 characters"),
        ("legal", {"valid_from": ""}, "valid_from", "Enter the day from which it counts"),
        ("legal", {"valid_from": "2026-02-30"}, "valid_from", "Enter a real date"),
        ("legal", {"valid_from": "2026-11-15"}, "valid_from", "Rules cannot change in the past"),
        ("sourcing", {"amount": "20000"}, "amount", "£20,000.01 is in 2 bands of rules version 2"),
        ("legal", {"after": "0"}, "__all__", "Somebody else published version 1 while you were on this page"),
    ],
)
@pytest.mark.parametrize("step", ["_preview", "_propose"])
def test_refusal_stands_beside_the_field(
    hall: SimpleNamespace, key: str, sent: dict[str, str], field: str, words: str, step: str
) -> None:
    url, good = figure(hall, key)

    page = as_(hall.ada).post(url, good | sent | {step: "1"})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {field}
    assert words in " ".join(page.context["form"].errors[field])
    assert words in text_of(page)
    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1


def test_unsafe_band_is_refused_in_words(hall: SimpleNamespace) -> None:
    row = standing(hall, Band, "quotation")
    sent = {name: getattr(row, name) for name in ("name", "from_key", "to_key", "who_buys", "request")} | {
        "gate_1": row.gate_1,
        "gate_3": row.gate_3,
        "gate_4": row.gate_4,
        "to_inclusive": "on",
        "summary": row.summary,
        "legal": row.legal,
        "authority": row.authority,
        "source": row.source,
        "valid_from": "2026-11-16",
        "reason": "Tidying",
        "after": "1",
    }

    page = as_(hall.ada).post(page_of(row), sent)

    assert page.context["form"].errors["from_key"] == [
        (
            "These rules cannot be published. £25,000 is in 0 bands of rules version 2. "
            "Every value must be in exactly one band."
        )
    ]
    safe = publish_as(hall, page_of(row), sent | {"from_inclusive": "on", "who_buys": "The team"})
    assert safe.status_code == 302
    assert standing(hall, Band, "quotation").who_buys == "The team"


def rule_form(row: RoutingRule, **sent: Any) -> dict[str, Any]:
    fields = ("name", "trigger", "from_key", "to_key", "risk", "needed_flag", "queue_key", "item_kind", "asks")
    told = {name: getattr(row, name) for name in (*fields, "title", "within_key", "question_effect", "source")}
    ticked = {name: "on" for name in ("from_inclusive", "to_inclusive") if getattr(row, name)}
    more = {"valid_from": "2026-11-16", "reason": "Because", "after": "1", "act_id": str(uuid.uuid4())}
    return told | ticked | more | {"enough_flags": ", ".join(row.enough_flags), "why": row.reason} | sent


def test_routing_rule_is_changed_and_its_own_words_are_kept(hall: SimpleNamespace) -> None:
    row = standing(hall, RoutingRule, "early_notice")

    done = publish_as(hall, page_of(row), rule_form(row, enough_flags="grant_funded"))

    assert done.status_code == 302
    new = standing(hall, RoutingRule, "early_notice")
    assert (new.enough_flags, new.reason, new.name) == (["grant_funded"], row.reason, row.name)
    ways = route(
        "start", Facts(Decimal(1), flags=frozenset({"grant_funded"})), rules_of(version_in_force(hall.framework))
    )
    assert [way.queue for way in ways] == ["ccps"]
    assert version_in_force(hall.framework).reason == "Because"


def test_rule_that_takes_a_function_away_is_refused_beside_its_queue(hall: SimpleNamespace) -> None:
    row = standing(hall, RoutingRule, "request_sourcing")

    page = as_(hall.ada).post(page_of(row), rule_form(row, queue_key="legal"))

    assert "The ccps queue would be taken away when the value rises" in page.context["form"].errors["queue_key"][0]


def test_rule_can_be_ended_unless_that_takes_a_function_away(hall: SimpleNamespace) -> None:
    client = as_(hall.ada)
    needed = standing(hall, RoutingRule, "request_sourcing")
    page = client.post(page_of(needed), rule_form(needed, ends="on", _propose="1"))
    assert "would be taken away" in page.context["form"].errors["queue_key"][0]

    spare = standing(hall, RoutingRule, "staff_transfer")
    assert publish_as(hall, page_of(spare), rule_form(spare, ends="on")).status_code == 302

    assert not RoutingRule.objects.filter(framework=hall.framework, key="staff_transfer", until__isnull=True).exists()
    assert RoutingRule.objects.filter(framework=hall.framework, key="staff_transfer").count() == 1


def test_new_rule_is_added_as_a_version(hall: SimpleNamespace) -> None:
    client = as_(hall.ada)
    url = reverse("admin:casework_routingrule_add")
    assert client.get(url).status_code == 200
    model = standing(hall, RoutingRule, "early_notice")
    sent = rule_form(model, key="grants", name="Grants", needed_flag="grant_funded", queue_key="finance", risk="any")

    assert client.post(url, sent | {"key": "early_notice"}).context["form"].errors["key"] == [
        "A rule has this key already"
    ]
    done = publish_as(hall, url, sent)

    assert done.status_code == 302
    assert standing(hall, RoutingRule, "grants").since.number == 2


# --- Who may ----------------------------------------------------------------------------------------------------------

PAGES = [("threshold", Threshold, "legal"), ("band", Band, "quotation"), ("routingrule", RoutingRule, "early_notice")]


@pytest.mark.parametrize(("name", "model", "key"), PAGES)
def test_auditor_reads_and_changes_nothing(hall: SimpleNamespace, name: str, model: type[Any], key: str) -> None:
    client = as_(hall.olu)
    row = standing(hall, model, key)

    assert client.get(reverse(f"admin:casework_{name}_changelist")).status_code == 200
    page = client.get(page_of(row))
    assert page.status_code == 200
    assert 'name="amount"' not in page.content.decode()
    assert client.post(page_of(row), {"_propose": "1"}).status_code == 403
    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1


@pytest.mark.parametrize(("name", "model", "key"), PAGES)
def test_administrator_of_another_framework_finds_nothing(
    hall: SimpleNamespace, name: str, model: type[Any], key: str
) -> None:
    elsewhere = people.person(Role.ADMINISTRATOR, at=make.council())
    client = as_(elsewhere)
    row = standing(hall, model, key)

    assert client.get(page_of(row)).status_code == 404
    assert client.post(page_of(row), {"_propose": "1"}).status_code == 404
    listed = client.get(reverse(f"admin:casework_{name}_changelist"))
    assert row.pk not in {shown.pk for shown in listed.context["cl"].result_list}


def test_framework_that_somebody_keeps_is_changed_by_them_alone(hall: SimpleNamespace) -> None:
    keeper = people.organisation(framework=hall.framework)
    hall.framework.kept_by = keeper
    hall.framework.save()
    url, sent = figure(hall)

    assert as_(hall.ada).post(url, sent | {"_propose": "1"}).status_code in (403, 404)
    keeping = people.person(Role.ADMINISTRATOR, at=keeper)
    assert as_(keeping).post(url, sent | {"_propose": "1"}).status_code == 302


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.AUDITOR)])
def test_nobody_else_enters(hall: SimpleNamespace, role: Role) -> None:
    person = people.person(role, at=hall.council)
    url, sent = figure(hall)

    assert as_(person).get(url).status_code in (302, 403)
    assert as_(person).post(url, sent | {"_propose": "1"}).status_code in (302, 403)
    assert RulesVersion.objects.filter(framework=hall.framework).count() == 1


@pytest.mark.parametrize(
    "path", ["admin:casework_threshold_add", "admin:casework_band_add", "admin:casework_rulesversion_add"]
)
def test_rows_that_cannot_be_added(hall: SimpleNamespace, path: str) -> None:
    assert as_(hall.ada).get(reverse(path)).status_code == 403
    assert as_(hall.ada).post(reverse(path), {"_propose": "1"}).status_code == 403


@pytest.mark.parametrize(("name", "model", "key"), PAGES)
def test_nothing_is_deleted(hall: SimpleNamespace, name: str, model: type[Any], key: str) -> None:
    row = standing(hall, model, key)

    assert (
        as_(hall.ada).post(reverse(f"admin:casework_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert standing(hall, model, key) == row


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_versions_are_listed_and_compared(hall: SimpleNamespace) -> None:
    client = as_(hall.olu)
    url, sent = figure(hall)
    publish_as(hall, url, sent)
    second = RulesVersion.objects.get(framework=hall.framework, number=2)

    listed = text_of(client.get(reverse("admin:casework_rulesversion_changelist")))
    page = client.get(reverse("admin:casework_rulesversion_change", args=[second.pk]))

    assert "Rules version 2" in listed
    words = text_of(page)
    assert "What it changed, compared with version 1" in words
    assert "Threshold: Legal threshold Field Before From this version" in words
    assert "Amount £500,000 £600,000" in words
    assert "Prices rose" in words
    assert (
        client.post(reverse("admin:casework_rulesversion_change", args=[second.pk]), {"number": 9}).status_code == 403
    )
    assert as_(hall.ada).post(reverse("admin:casework_rulesversion_change", args=[second.pk]), {}).status_code == 403


def test_version_of_another_framework_is_404(hall: SimpleNamespace) -> None:
    other: Organisation = make.council()
    version = other.framework.rules_versions.get()

    assert as_(hall.ada).get(reverse("admin:casework_rulesversion_change", args=[version.pk])).status_code == 404


def test_full_rules_are_read_by_those_they_decide_for(hall: SimpleNamespace) -> None:
    person = people.person(Role.COMMISSIONER, at=hall.council)
    url = reverse("casework:rules", args=[hall.council.pk, 1])

    page = as_(person).get(url)

    words = text_of(page)
    assert page.status_code == 200
    assert "Sourcing threshold £100,000" in words
    assert "Quotation at least £25,000 and no more than £100,000" in words
    assert (
        "Early notice at start Start The value is over £100,000; High risk is enough by itself CCPS: acknowledge"
        in words
    )
    assert as_(person).get(reverse("casework:rules", args=[hall.council.pk, 2])).status_code == 404
    stranger = people.person(Role.COMMISSIONER, at=people.organisation())
    assert as_(stranger).get(url).status_code == 404


# --- Queues -----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-341")
def test_queue_is_edited_and_the_change_is_in_the_trail(hall: SimpleNamespace) -> None:
    queue = Queue.objects.get(framework=hall.framework, key="legal")
    url = page_of(queue)
    sent = {
        "name": "Legal team",
        "role": queue.role,
        "function": "",
        "manager_role": "ccps_manager",
        "order": queue.order,
    }

    done = as_(hall.ada).post(url, sent | {"summary": queue.summary, "key": "hacked", "framework": "999"})

    assert done.status_code == 302
    queue.refresh_from_db()
    assert (queue.name, queue.manager_role, queue.key, queue.framework) == (
        "Legal team",
        "ccps_manager",
        "legal",
        hall.framework,
    )
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.verb, event.actor_id) == ("changed", hall.ada.pk)
    assert event.changes == {"name": ["Legal", "Legal team"], "manager_role": ["", "ccps_manager"]}
    assert as_(hall.olu).post(url, sent).status_code == 403
    assert (
        as_(hall.ada).post(reverse("admin:casework_queue_delete", args=[queue.pk]), {"post": "yes"}).status_code == 403
    )


# --- What a change does to values -------------------------------------------------------------------------------------


def test_value_shifts_name_exactly_the_values_that_move(hall: SimpleNamespace) -> None:
    before = rules_of(version_in_force(hall.framework))
    names = dict(Queue.objects.filter(framework=hall.framework).values_list("key", "name"))

    def shifts(key: str, amount: str) -> list[str]:
        change = Changes(thresholds=[with_amount(hall.framework, key, Decimal(amount))])
        return value_shifts(before, rehearse(hall.framework, change), names)

    assert shifts("legal", "600000") == [
        "£500,000.01 to £600,000: Sourcing and Legal now, Sourcing then",
        "£500,000.01 to £600,000, at “request accepted”: Legal asked now, nobody then",
    ]
    assert shifts("quotation", "20000")[0] == "£20,000 to £24,999.99: Service buys now, Quotation then"
    assert shifts("early_notice_days", "9") == []


def test_day_the_form_offers_is_never_refused(hall: SimpleNamespace) -> None:
    change = Changes(thresholds=[with_amount(hall.framework, "legal", Decimal(600_000))])
    publish(hall.framework, change, by=hall.ada, valid_from=START + timedelta(days=30), reason="Later")

    page = as_(hall.ada).get(figure(hall)[0])

    assert page.context["form"]["valid_from"].value() == START + timedelta(days=30)
    assert 'value="2026-12-16"' in page.content.decode()
