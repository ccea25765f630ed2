"""The administration pages of the catalogues, through the HTTP client, and what a change of rules would move."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import AuditEvent
from casework.rehearsal import Moved, moved_by
from casework.services.rules import Changes, publish, rehearse, with_amount
from commissioning.models import (
    Activity,
    Category,
    DeliveryModel,
    GovernanceRoute,
    GuidancePage,
    KeyQuestion,
    Objective,
    RiskCriterion,
    Stage,
)
from commissioning.selectors import dossiers
from commissioning.services import questions
from commissioning.services.questions import Given
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import casework as cases
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]

CATALOGUES = [
    Stage,
    Category,
    Objective,
    GovernanceRoute,
    DeliveryModel,
    RiskCriterion,
    Activity,
    KeyQuestion,
    GuidancePage,
]
TOMORROW = TODAY + timedelta(days=1)


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:commissioning_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def client(alder: Alder, sign_in: SignIn) -> Client:
    return sign_in(alder.by_role[Role.ADMINISTRATOR])


def sent(client: Client, model: Any, row: Any = None, **fields: Any) -> dict[str, Any]:
    """What the form would send if nothing but the fields named was touched."""
    address = page(model, "change", row.pk) if row else page(model, "add")
    form = client.get(address).context["adminform"].form
    given = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            given[name] = "on"
        elif value is not None and value is not False:
            given[name] = value.isoformat() if isinstance(value, date) else value
    return {name: value for name, value in (given | fields).items() if value is not None}


def change(client: Client, row: Any, **fields: Any) -> Any:
    return client.post(page(type(row), "change", row.pk), sent(client, type(row), row, **fields))


def add(client: Client, model: Any, alder: Alder, **fields: Any) -> Any:
    given = {"framework": alder.council.framework.pk, "order": "90"} | fields
    return client.post(page(model, "add"), sent(client, model, **given))


def faults(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "the form was taken"
    return dict(answer.context["adminform"].form.errors)


# --- Who and what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", CATALOGUES)
def test_every_catalogue_is_listed_and_opened(client: Client, alder: Alder, model: Any) -> None:
    row = model.objects.filter(framework=alder.council.framework).first()

    listed = client.get(page(model, "changelist"))

    assert listed.status_code == 200
    assert str(row.name)[:20] in listed.content.decode()
    assert client.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", CATALOGUES)
def test_only_keepers_of_the_framework_change_it(client: Client, alder: Alder, sign_in: SignIn, model: Any) -> None:
    framework = alder.council.framework
    row = model.objects.filter(framework=framework).first()
    address = page(model, "change", row.pk)
    stranger = sign_in(people.person(Role.ADMINISTRATOR, at=people.organisation()))
    for method in (stranger.get, stranger.post):
        assert method(address).status_code == 404
    assert sign_in(alder.priya).get(address).status_code == 302, "no administrator, no administration"

    neighbour = sign_in(people.person(Role.ADMINISTRATOR, at=alder.westmere))
    assert neighbour.get(address).status_code == 200, "nobody keeps it, so each council that follows it may"
    framework.kept_by = alder.council
    framework.save()
    assert neighbour.get(address).status_code == 404
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("model", CATALOGUES)
def test_auditor_reads_and_changes_nothing(alder: Alder, sign_in: SignIn, model: Any) -> None:
    row = model.objects.filter(framework=alder.council.framework).first()
    auditor = sign_in(alder.by_role[Role.AUDITOR])

    assert auditor.get(page(model, "change", row.pk)).status_code == 200
    assert auditor.post(page(model, "change", row.pk), {"name": "Changed"}).status_code == 403
    assert auditor.get(page(model, "add")).status_code == 403
    row.refresh_from_db()
    assert row.name != "Changed"


@pytest.mark.parametrize("model", CATALOGUES)
def test_nothing_is_deleted(client: Client, alder: Alder, model: Any) -> None:
    row = model.objects.filter(framework=alder.council.framework).first()

    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    listed = client.post(
        page(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )
    assert listed.status_code in (200, 302, 403)
    assert model.objects.filter(pk=row.pk).exists()


def test_row_of_a_framework_that_one_does_not_keep_cannot_be_made(client: Client, alder: Alder) -> None:
    foreign = people.framework(kept_by=people.organisation())

    answer = add(client, Category, alder, framework=foreign.pk, key="new", name="New")

    assert "framework" in faults(answer)
    assert not Category.objects.filter(key="new").exists()


# --- What is written down ---------------------------------------------------------------------------------------------


def test_new_row_is_written_down(client: Client, alder: Alder) -> None:
    answer = add(client, Category, alder, key="drones", name="Drones", code="999000")

    assert answer.status_code == 302
    made = Category.objects.get(key="drones")
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_id, event.subject_kind, event.subject_id) == (
        alder.by_role[Role.ADMINISTRATOR].pk,
        "commissioning.category",
        str(made.pk),
    )
    assert event.changes["name"] == [None, "Drones"]
    assert event.changes["valid_from"] == [None, "2026-09-07"]


def test_change_is_written_down_from_what_to_what(client: Client, alder: Alder) -> None:
    row = Category.objects.get(framework=alder.council.framework, key="adult_social_care")

    assert change(client, row, name="Adult social care and health").status_code == 302

    event = AuditEvent.objects.latest("pk")
    assert event.changes == {"name": ["Adult social care", "Adult social care and health"]}


def test_unchanged_form_writes_nothing_down(client: Client, alder: Alder) -> None:
    before = AuditEvent.objects.count()

    for model in CATALOGUES:
        row = model.objects.filter(framework=alder.council.framework).first()
        assert change(client, row).status_code == 302, model

    assert AuditEvent.objects.count() == before


# --- Dates ------------------------------------------------------------------------------------------------------------


def test_row_is_ended_by_a_date_and_stays_on_what_chose_it(client: Client, alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    row = commission.category

    assert change(client, row, valid_to=TODAY.isoformat()).status_code == 302
    clock.move_to(TOMORROW)

    offered = sign_in(alder.priya).get("/commissions/new/").context["form"].fields["category"].queryset
    assert row not in offered
    form = sign_in(alder.priya).get(f"/commissions/{commission.pk}/details/").context["form"]
    assert row in form.fields["category"].queryset
    assert form["category"].value() == row.pk


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Category, "This must be 7 September 2026 or later: what has begun is not changed"),
        (RiskCriterion, "This must be 8 September 2026 or later: what has begun is not changed"),
        (KeyQuestion, "This must be 8 September 2026 or later: what has begun is not changed"),
    ],
)
def test_nothing_begins_in_the_past(client: Client, alder: Alder, model: Any, words: str) -> None:
    first = date(2026, 9, 7 if model is Category else 8)
    extra = {"stage": "plan", "number": "7", "text": "New?"} if model is KeyQuestion else {}
    extra |= {"question": "Is it?"} if model is RiskCriterion else {}

    answer = add(
        client, model, alder, key="new", name="New", valid_from=(first - timedelta(days=1)).isoformat(), **extra
    )

    assert faults(answer) == {"valid_from": [words]}
    assert add(client, model, alder, key="new", name="New", valid_from=first.isoformat(), **extra).status_code == 302


def test_nothing_ends_in_the_past_or_before_it_begins(client: Client, alder: Alder) -> None:
    row = Category.objects.filter(framework=alder.council.framework).first()

    answer = change(client, row, valid_to=(TODAY - timedelta(days=1)).isoformat())
    assert faults(answer) == {"valid_to": ["This must be today or later: what has begun is not changed"]}

    later = Category.objects.create(
        framework=alder.council.framework, key="later", name="Later", valid_from=TODAY + timedelta(days=30)
    )
    answer = change(client, later, valid_to=TOMORROW.isoformat())
    assert faults(answer) == {"valid_to": ["This must be on or after 7 October 2026, when it begins"]}


def test_what_has_ended_stays_ended(client: Client, alder: Alder) -> None:
    row = RiskCriterion.objects.get(framework=alder.council.framework, key="outage")
    RiskCriterion.objects.filter(pk=row.pk).update(valid_to=TODAY - timedelta(days=1))

    answer = change(client, row, valid_to=None)

    assert faults(answer) == {"valid_to": ["This ended on 6 September 2026 and stays ended: add another row instead"]}


def test_end_that_is_still_to_come_can_be_moved(client: Client, alder: Alder) -> None:
    row = Category.objects.filter(framework=alder.council.framework).first()
    change(client, row, valid_to=TOMORROW.isoformat())

    assert change(client, row, valid_to=None).status_code == 302
    row.refresh_from_db()
    assert row.valid_to is None


def test_key_and_start_are_fixed_once_made(client: Client, alder: Alder) -> None:
    row = Category.objects.filter(framework=alder.council.framework).first()

    change(client, row, key="other", valid_from=TOMORROW.isoformat(), framework=people.framework().pk)

    now = Category.objects.get(pk=row.pk)
    assert (now.key, now.valid_from, now.framework) == (row.key, row.valid_from, row.framework)


def test_key_is_used_once(client: Client, alder: Alder) -> None:
    answer = add(client, Category, alder, key="adult_social_care", name="Twice")

    assert "__all__" in faults(answer)


# --- What started commissions stand on --------------------------------------------------------------------------------


@pytest.mark.requirement("N-054")
def test_criteria_are_added_reworded_retired_and_put_in_order(client: Client, alder: Alder) -> None:
    live = steps.in_analyse(alder, ticked=("outage",))
    framework = alder.council.framework
    outage = RiskCriterion.objects.get(framework=framework, key="outage")
    thin = RiskCriterion.objects.get(framework=framework, key="thin_market")

    assert (
        add(client, RiskCriterion, alder, key="climate", name="Climate", question="Is it?", order="0").status_code
        == 302
    )
    assert change(client, outage, name="Down for a day", question="Could it be down for a day?").status_code == 302
    assert change(client, thin, valid_to=TODAY.isoformat()).status_code == 302
    clock.move_to(TODAY + timedelta(days=2))
    draft = make.registered_commission(alder.priya, service_area=alder.area)

    asked = {line.key: line.name for line in dossiers.criteria_of(steps.read(live))}
    assert (asked["outage"], "thin_market" in asked, "climate" in asked) == ("Loss of critical functions", True, False)
    anew = {line.key: line.name for line in dossiers.criteria_of(steps.read(draft))}
    assert (anew["outage"], "thin_market" in anew) == ("Down for a day", False)
    assert "climate" in list(anew)[:2], "put at the front"


def test_examples_are_typed_a_line_each(client: Client, alder: Alder) -> None:
    row = RiskCriterion.objects.get(framework=alder.council.framework, key="outage")

    change(client, row, examples="Payroll\n\n  999 calls  \n")

    row.refresh_from_db()
    assert row.examples == ["Payroll", "999 calls"]
    shown = client.get(page(RiskCriterion, "change", row.pk)).context["adminform"].form["examples"].value()
    assert "Payroll" in str(shown)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Legal team", "“Legal team” is not a key: use letters, figures and _"),
        ("\n".join(f"queue_{n}" for n in range(21)), "List 20 at most. There are 21"),
    ],
)
def test_functions_to_ask_are_keys(client: Client, alder: Alder, typed: str, words: str) -> None:
    row = Activity.objects.get(framework=alder.council.framework, key="needs_assessment")

    assert faults(change(client, row, others=typed)) == {"others": [words]}


def test_no_activity_is_proposed_less_as_value_rises(client: Client, alder: Alder) -> None:
    row = Activity.objects.get(framework=alder.council.framework, key="needs_assessment")

    assert faults(change(client, row, in_standard=None)) == {
        "in_standard": ["What is in the short set must be in the standard set too"]
    }
    assert faults(change(client, row, in_full=None)) == {
        "in_full": ["What is in the standard set must be in the full set too"]
    }
    assert change(client, row, in_short=None, in_standard=None, in_full=None).status_code == 302


def test_change_of_the_sets_counts_for_the_next_commission_only(client: Client, alder: Alder) -> None:
    live = steps.in_analyse(alder)
    row = Activity.objects.get(framework=alder.council.framework, key="gap_analysis")

    change(client, row, in_short=None)

    assert live.activities.get(activity=row).is_suggested
    assert not steps.in_analyse(alder).activities.get(activity=row).is_suggested


def test_new_activity_is_in_the_plan_of_the_next_commission_only(client: Client, alder: Alder) -> None:
    live = steps.in_analyse(alder)
    answer = add(
        client, Activity, alder, key="site_visit", name="Site visit", stage="analyse", group="research",
        kind="commissioning", owner="service", definition="Go and look.", in_short="on", in_standard="on",
    )  # fmt: skip

    assert answer.status_code == 302
    assert live.activities.count() == 35
    assert steps.in_analyse(alder).activities.get(activity__key="site_visit").is_suggested


def test_answered_question_keeps_its_words(client: Client, alder: Alder) -> None:
    commission = steps.in_analyse(alder)
    asked = KeyQuestion.objects.get(framework=alder.council.framework, key="analyse_money")
    other = KeyQuestion.objects.get(framework=alder.council.framework, key="analyse_place")
    questions.answer(commission, {asked.pk: Given("£18,000.")}, by=alder.priya)

    change(client, asked, text="How much?", hint="In pounds.")
    change(client, other, text="Where?")

    asked.refresh_from_db()
    other.refresh_from_db()
    assert asked.text != "How much?"
    assert asked.hint == "In pounds."
    assert (other.text, other.name) == ("Where?", "Where?")


def test_one_number_is_one_question_at_a_time(client: Client, alder: Alder) -> None:
    fields = {"key": "new", "stage": "analyse", "number": "4", "text": "How much, and from whom?"}
    old = KeyQuestion.objects.get(framework=alder.council.framework, key="analyse_money")

    answer = add(client, KeyQuestion, alder, **fields)
    assert faults(answer) == {"number": [f"Question 4 of this stage is “{old.text}”. End that one first"]}

    change(client, old, valid_to=TODAY.isoformat())
    assert add(client, KeyQuestion, alder, **fields).status_code == 302


def test_whether_a_way_of_delivering_buys_is_fixed(client: Client, alder: Alder) -> None:
    row = DeliveryModel.objects.get(framework=alder.council.framework, key="buy")

    change(client, row, buys=None, summary="From a supplier.")

    row.refresh_from_db()
    assert (row.buys, row.summary) == (True, "From a supplier.")


def test_stages_are_renamed_and_neither_added_nor_ended(client: Client, alder: Alder) -> None:
    row = Stage.objects.get(framework=alder.council.framework, key="secure")

    assert change(client, row, name="Procure", valid_to=TODAY.isoformat(), key="buy").status_code == 302

    row.refresh_from_db()
    assert (row.name, row.key, row.valid_to) == ("Procure", "secure", None)
    assert client.get(page(Stage, "add")).status_code == 403


def test_guidance_is_about_something_there_is(client: Client, alder: Alder) -> None:
    fields = {"key": "new", "name": "New", "target": "analyse", "body": "Words."}

    assert "about" in faults(add(client, GuidancePage, alder, about="the weather", **fields))
    assert add(client, GuidancePage, alder, about="stage", **fields).status_code == 302


def test_bad_input_is_answered_and_never_breaks(client: Client, alder: Alder) -> None:
    for model in (Category, RiskCriterion, Activity, KeyQuestion, GuidancePage):
        for typed in ("x" * 1_000_000, "a\x00b", "💥" * 200):
            answer = add(client, model, alder, key=typed[:70], name=typed, text=typed, question=typed, body=typed[:9])
            assert answer.status_code == 200, (model, typed[:5])


# --- What a change of the rules would move ----------------------------------------------------------------------------


def rehearsed(alder: Alder, viewer: Person, **amounts: int) -> list[Moved]:
    framework = alder.council.framework
    changes = Changes(thresholds=[with_amount(framework, key, Decimal(value)) for key, value in amounts.items()])
    return moved_by(framework, rehearse(framework, changes), viewer)


@pytest.mark.requirement("N-336")
def test_drafts_would_move_and_started_ones_stay(alder: Alder) -> None:
    ada = alder.by_role[Role.ADMINISTRATOR]
    live = steps.in_analyse(alder)
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    risky = make.answered_risk(make.registered_commission(alder.priya, service_area=alder.area), "outage")
    make.registered_commission(alder.priya, service_area=alder.area, value=Decimal(5000))
    make.registered_commission(alder.priya, service_area=alder.area, value=None)
    ended = steps.go(make.registered_commission(alder.priya, service_area=alder.area), "stop", alder.tom, note="No.")

    found = rehearsed(alder, ada, quotation=15_000)

    assert [(row.reference, row.before, row.after, row.stays) for row in found] == [
        (risky.case_file.reference, "Service buys, high risk", "Quotation, high risk", False),
        (draft.case_file.reference, "Service buys", "Quotation", False),
        (live.case_file.reference, "Service buys", "Quotation", True),
    ]
    assert found[0].url == risky.get_absolute_url()
    assert ended.case_file.reference not in {row.reference for row in found}
    assert rehearsed(alder, ada) == []


def test_started_ones_are_weighed_against_the_rules_they_keep(alder: Alder) -> None:
    ada = alder.by_role[Role.ADMINISTRATOR]
    live = steps.in_analyse(alder)
    framework = alder.council.framework
    publish(
        framework,
        Changes(thresholds=[with_amount(framework, "quotation", Decimal(15_000))]),
        by=ada,
        valid_from=clock.today(),
        reason="Lower.",
    )

    # The new rules would be those under which it started, so it would be treated no differently.
    assert rehearsed(alder, ada, quotation=25_000) == []
    assert [row.reference for row in rehearsed(alder, ada, quotation=16_000)] == [live.case_file.reference]


def test_same_tier_with_other_demands_is_told(alder: Alder) -> None:
    ada = alder.by_role[Role.ADMINISTRATOR]
    draft = make.registered_commission(alder.priya, service_area=alder.area, value=Decimal(150_000))
    framework = alder.council.framework
    rules = rehearse(framework, Changes(removed_routes=["early_notice"]))

    found = moved_by(framework, rules, ada)

    assert [(row.reference, row.before, row.after) for row in found] == [
        (draft.case_file.reference, "Sourcing", "Sourcing: no longer Early notice at start")
    ]


def test_rehearsal_shows_only_what_the_viewer_may_see(alder: Alder) -> None:
    ada = alder.by_role[Role.ADMINISTRATOR]
    make.registered_commission(alder.olive)
    walled = make.registered_commission(alder.priya, service_area=alder.area)
    cases.wall(walled.case_file, ada)

    assert rehearsed(alder, ada, quotation=15_000) == []


def test_cost_of_the_rehearsal_does_not_grow(alder: Alder, queries_of: Callable[..., list[str]]) -> None:
    ada = alder.by_role[Role.ADMINISTRATOR]
    make.registered_commission(alder.priya, service_area=alder.area)
    rules = rehearse(
        alder.council.framework,
        Changes(thresholds=[with_amount(alder.council.framework, "quotation", Decimal(15_000))]),
    )
    few = queries_of(lambda: moved_by(alder.council.framework, rules, ada))
    for _ in range(5):
        make.registered_commission(alder.priya, service_area=alder.area)

    many = queries_of(lambda: moved_by(alder.council.framework, rules, ada))

    assert len(many) == len(few) <= 5, many


def test_preview_of_a_threshold_lists_the_drafts(client: Client, alder: Alder) -> None:
    draft = make.registered_commission(alder.priya, service_area=alder.area)
    threshold = alder.council.framework.rules_versions.get()
    row = with_amount(alder.council.framework, "quotation", Decimal(25_000))
    address = reverse("admin:casework_threshold_change", args=[row.pk])
    form = client.get(address).context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    given |= {"amount": "15000", "valid_from": TODAY.isoformat(), "reason": "Lower.", "act_id": str(uuid.uuid4())}

    shown = client.post(address, given | {"_preview": "1"}).content.decode()

    assert threshold.number == 1
    assert draft.case_file.reference in shown
    assert "Drafts that would be treated differently" in shown
