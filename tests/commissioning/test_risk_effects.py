"""The risk form measures what it can: figures tick their criteria, and each yes says why (framework 4.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework.models import WorkItem
from commissioning.models import Commission, CommissionActivity, RiskAnswer, RiskCriterion, RiskFigures
from commissioning.risk_ticks import Measured, tick_of
from commissioning.selectors.dossiers import rules_of, rules_version_of
from commissioning.services import activities
from organisation import clock
from organisation.models import Person, Supplier, SupplierConcern
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def draft(alder: Alder, **fields: Any) -> Commission:
    """A draft whose risk form is blank."""
    return make.registered_commission(alder.priya, service_area=alder.area, **fields)


def answers(**other: str) -> dict[str, str]:
    """The form with no to everything but what is named."""
    keys = RiskCriterion.objects.values_list("key", flat=True)
    return dict.fromkeys(keys, "no") | {"challenge": "low", "version": "1"} | other


def applies(commission: Commission) -> dict[str, str]:
    """The criteria that apply, with their explanations."""
    rows = RiskAnswer.objects.filter(commission=commission, applies=True)
    return {row.criterion.key: row.explanation for row in rows.select_related("criterion")}


def send(client: Client, commission: Commission, **other: str) -> str:
    """Send the form, and read the page it leads to."""
    return client.post(f"/commissions/{commission.pk}/risk/form/", answers(**other), follow=True).content.decode()


# --- Every yes says why -----------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-042", "N-043", "N-044", "N-046")
@pytest.mark.parametrize(
    ("key", "asks"),
    [
        ("strategic", "What would stop if the contract failed?"),
        ("visibility", "Which people, services or programmes?"),
        ("control_loss", "What control could be lost, and how would you get it back?"),
        ("reputation", "What harm could it do, and with whom?"),
    ],
)
def test_criterion_is_asked_and_a_yes_is_explained(alder: Alder, sign_in: SignIn, key: str, asks: str) -> None:
    commission, priya = draft(alder), sign_in(alder.priya)
    form = priya.get(f"/commissions/{commission.pk}/risk/form/").content.decode()
    assert RiskCriterion.objects.get(key=key).question.replace("'", "&#x27;") in form
    assert asks in form

    assert f"Explain why this applies: {RiskCriterion.objects.get(key=key).name}" in send(
        priya, commission, **{key: "yes"}
    )
    assert not RiskAnswer.objects.exists(), "a form with a fault saves nothing"

    send(priya, commission, **{key: "yes", f"{key}_why": "Payments to carers."})
    assert applies(commission) == {key: "Payments to carers."}
    assert steps.read(commission).case_file.is_high_risk


def test_whole_form_takes_a_fixed_number_of_statements(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission, priya = draft(alder), sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/risk/form/"
    few = queries_of(lambda: priya.get(address))
    for number in range(30):
        supplier = Supplier.objects.create(organisation=alder.council, name=f"Supplier {number}")
        SupplierConcern.objects.create(supplier=supplier, kind="financial", words="Accounts filed late")
    many = queries_of(lambda: priya.get(address))
    assert len(many) == len(few) <= 8, many


def test_effect_of_every_yes_is_said_once_and_only_what_goes_beyond_it_stands_beside_a_question(
    alder: Alder, sign_in: SignIn
) -> None:
    page = sign_in(alder.priya).get(f"/commissions/{draft(alder).pk}/risk/form/").content.decode()

    assert page.count("Any yes makes this commission high risk") == 1
    assert "The commission becomes high risk" not in page
    assert "If yes: ICT is asked to advise." in page
    assert "If it is medium or high, the commission becomes high risk." in page


# --- The longest outage -----------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-047")
@pytest.mark.parametrize(("days", "ticked"), [("2", False), ("3", True)])
def test_outage_over_the_rules_days_ticks_by_itself(alder: Alder, sign_in: SignIn, days: str, ticked: bool) -> None:
    commission = draft(alder)
    said = send(sign_in(alder.priya), commission, outage="no", outage_days=days)

    assert ("outage" in applies(commission)) is ticked
    assert RiskFigures.objects.get(commission=commission).outage_days == int(days)
    page = sign_in(alder.tom).get(f"/commissions/{commission.pk}/risk/").content.decode()
    assert f"Longest outage: {days} days" in page
    if ticked:
        assert "high risk: Loss of critical functions" in said
        assert "The longest outage is 3 days, over 2 days" in page


def test_what_was_typed_stays_as_the_explanation(alder: Alder, sign_in: SignIn) -> None:
    commission = draft(alder)
    send(sign_in(alder.priya), commission, outage="yes", outage_days="9", outage_why="The rota system.")
    assert applies(commission) == {"outage": "The rota system."}


# --- Dependency -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-048")
@pytest.mark.parametrize(
    ("yearly", "turnover", "ticked"), [("30000", "100000", False), ("30,001", "£100,000", True), ("30000", "", False)]
)
def test_share_of_turnover_over_the_rules_share_ticks(
    alder: Alder, sign_in: SignIn, yearly: str, turnover: str, ticked: bool
) -> None:
    commission = draft(alder)
    send(sign_in(alder.priya), commission, dependency_yearly=yearly, dependency_turnover=turnover)
    assert ("dependency" in applies(commission)) is ticked


@pytest.mark.requirement("N-048")
def test_dependency_the_other_way_round_is_ticked_by_hand(alder: Alder, sign_in: SignIn) -> None:
    commission = draft(alder)
    send(sign_in(alder.priya), commission, dependency="yes", dependency_why="We have nobody else.")
    assert applies(commission) == {"dependency": "We have nobody else."}


def test_figures_come_from_the_rules_that_are_pinned(alder: Alder) -> None:
    commission = draft(alder)
    rules = rules_of(rules_version_of(commission))
    share = Measured(yearly_value=Decimal(31), turnover=Decimal(100))
    assert tick_of("dependency", share, rules) == "£31 a year of a turnover of £100 is 31%, over 30%"
    without = type(rules)(rules.number, {}, rules.bands, rules.routes)
    assert tick_of("dependency", share, without) == "", "rules without the figure tick nothing"


# --- Legal challenge --------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-051")
@pytest.mark.parametrize(("chance", "ticked"), [("low", False), ("medium", True), ("high", True)])
def test_chance_of_a_challenge_decides(alder: Alder, sign_in: SignIn, chance: str, ticked: bool) -> None:
    commission, priya = draft(alder), sign_in(alder.priya)
    if ticked:
        assert "Explain why this applies: Legal challenge" in send(priya, commission, challenge=chance)
    send(priya, commission, challenge=chance, challenge_why="The incumbent." if ticked else "")
    assert ("challenge" in applies(commission)) is ticked
    form = priya.get(f"/commissions/{commission.pk}/risk/form/").content.decode()
    assert form.count('name="challenge"') == 3


# --- Supplier concerns ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-050")
def test_open_concern_about_the_supplier_ticks(alder: Alder, sign_in: SignIn) -> None:
    supplier = Supplier.objects.create(organisation=alder.council, name="Ashgrove Care")
    concern = SupplierConcern.objects.create(supplier=supplier, kind="performance", words="Missed visits in June")
    commission, priya = draft(alder), sign_in(alder.priya)

    send(priya, commission, supplier_concern="no", supplier_concern_supplier=str(supplier.pk))
    assert applies(commission) == {
        "supplier_concern": "Open concern about Ashgrove Care: Performance: Missed visits in June"
    }

    concern.closed_on = clock.today()
    concern.save()
    other = draft(alder)
    send(priya, other, supplier_concern="no", supplier_concern_supplier=str(supplier.pk))
    assert applies(other) == {}


@pytest.mark.requirement("N-050")
def test_concern_shows_as_ticked_before_anybody_answers(alder: Alder, sign_in: SignIn) -> None:
    supplier = Supplier.objects.create(organisation=alder.council, name="Ashgrove Care")
    SupplierConcern.objects.create(supplier=supplier, kind="financial", words="Accounts filed late")
    commission = draft(alder)
    RiskFigures.objects.create(commission=commission, supplier=supplier)
    form = sign_in(alder.priya).get(f"/commissions/{commission.pk}/risk/form/").context["form"]
    assert form["supplier_concern"].value() == "yes"


def test_supplier_of_another_council_cannot_be_named(alder: Alder, sign_in: SignIn) -> None:
    stranger = Supplier.objects.create(organisation=alder.westmere, name="Westmere Only")
    commission, priya = draft(alder), sign_in(alder.priya)
    assert "Westmere Only" not in priya.get(f"/commissions/{commission.pk}/risk/form/").content.decode()
    send(priya, commission, supplier_concern_supplier=str(stranger.pk))
    assert not RiskFigures.objects.exists()


# --- From elsewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-053")
def test_market_analysis_can_say_that_the_market_is_thin(alder: Alder) -> None:
    commission = steps.in_analyse(alder, value=Decimal(60000))
    CommissionActivity.objects.filter(commission=commission).update(state="relevant")
    analysis = commission.activities.get(activity__key="market_analysis")
    assert not steps.read(commission).case_file.is_high_risk

    activities.write_output(
        analysis,
        output="Two providers will travel.",
        output_link="",
        flags={"thin_market"},
        version=analysis.version,
        by=alder.maria,
    )

    assert applies(commission)["thin_market"] == "Market analysis says so: Two providers will travel."
    assert steps.read(commission).case_file.is_high_risk
    assert WorkItem.objects.filter(queue__key="ccps", kind="early_notice").exists(), "CCPS hears of it at once"


@pytest.mark.requirement("N-053")
def test_risk_form_asks_about_the_market(alder: Alder, sign_in: SignIn) -> None:
    commission = draft(alder)
    send(sign_in(alder.priya), commission, thin_market="yes", thin_market_why="Two providers.")
    assert applies(commission) == {"thin_market": "Two providers."}


# --- In the administration pages --------------------------------------------------------------------------------------


def test_concerns_are_kept_in_the_administration_pages(alder: Alder, sign_in: SignIn) -> None:
    from organisation.roles import Role

    supplier = Supplier.objects.create(organisation=alder.council, name="Ashgrove Care")
    ada = sign_in(alder.by_role[Role.ADMINISTRATOR])
    row = SupplierConcern.objects.create(
        supplier=supplier, kind="financial", words="Accounts filed late", raised_on=TODAY - timedelta(days=9)
    )
    assert "Accounts filed late" in ada.get("/admin/organisation/supplierconcern/").content.decode()
    ada.post(
        f"/admin/organisation/supplierconcern/{row.pk}/change/",
        {"closed_on": TODAY.isoformat(), "closed_because": "Accounts are in."},
    )
    row.refresh_from_db()
    assert (row.closed_on, row.words) == (TODAY, "Accounts filed late")
