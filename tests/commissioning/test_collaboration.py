"""Principles, partners, teams and partnerships: commissioning with others (framework 9; R. collaboration)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework.models import AuditEvent, Deadline
from commissioning.models import (
    Commission,
    JointConsideration,
    Partner,
    Partnership,
    Principle,
    PrincipleConflict,
    PrincipleMet,
    RiskLogEntry,
)
from commissioning.selectors.collaboration import shares_of
from organisation import clock
from organisation.models import Person
from organisation.permissions import may
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


def on(name: str, day: date) -> dict[str, int]:
    """Three boxes."""
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def sheet(commission: Commission, key: str, part: str = "") -> str:
    """A page of a sheet."""
    return f"/commissions/{commission.pk}/sheets/{key}/{part}"


def partner(client: Client, commission: Commission, **other: Any) -> Any:
    """Add a partner through its form."""
    given = {"name": "Alder Health Board", "kind": "health", "role": "partner"} | other
    return client.post(sheet(commission, "partners", "add/"), given)


# --- The six principles -----------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-292")
def test_six_principles_are_one_list_without_rank_or_weight(alder: Alder, sign_in: SignIn) -> None:
    commission, client = steps.in_analyse(alder), sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/principles/"
    rows = list(Principle.objects.in_force().filter(framework=alder.council.framework))
    assert [row.name for row in rows] == [
        "Planning and quality", "Residents at the heart", "Tackling inequalities",
        "Value for money and social value", "Collaboration", "Transparency",
    ]  # fmt: skip
    form = client.get(address).context["form"]
    assert {name for name in form.fields if name != "act_id"} == {f"how_{row.pk}" for row in rows}, "nothing to weigh"

    client.post(address, {f"how_{row.pk}": f"By way {n}." for n, row in enumerate(rows)})
    assert PrincipleMet.objects.filter(commission=commission).count() == 6
    page = sign_in(alder.tom).get(address).content.decode()
    assert page.count("By way ") == 6
    client.post(address, {f"how_{rows[0].pk}": "Another way."})
    assert "Another way." in sign_in(alder.tom).get(address).content.decode()
    history = client.get(f"/commissions/{commission.pk}/history/").content.decode()
    assert "wrote how the commissioning principles are met" in history
    assert sign_in(alder.tom).post(address, {}).status_code == 403
    assert sign_in(alder.olive).get(address).status_code == 404


@pytest.mark.requirement("N-293")
def test_conflict_between_principles_keeps_choice_reason_and_who_decided_and_shows_at_the_gate(
    alder: Alder, sign_in: SignIn
) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    first, second = Principle.objects.order_by("order")[:2]
    given = {
        "first": first.pk, "second": second.pk, "choice": "Open a month later", "reason": "Residents are asked first.",
        "decided_by": alder.tom.pk, **on("decided_on", TODAY),
    }  # fmt: skip
    client = sign_in(alder.priya)
    same = client.post(sheet(commission, "conflicts", "add/"), given | {"second": first.pk}).content.decode()
    assert "Choose a principle other than the first" in same
    client.post(sheet(commission, "conflicts", "add/"), given)
    row = PrincipleConflict.objects.get()
    assert (row.choice, row.decided_by) == ("Open a month later", alder.tom)
    helen = sign_in(alder.by_role[Role.LEADERSHIP_APPROVER])
    gate = helen.get(f"/commissions/{commission.pk}/gates/1/").content.decode()
    for words in ("Open a month later", "Residents are asked first.", "Tom Hesketh"):
        assert words in gate


# --- Joint commissioning ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-302")
def test_plan_is_not_left_before_joint_commissioning_was_considered(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder, ticked=("strategic",)), "plan")
    words = "Joint commissioning: not considered yet"
    assert words in steps.refused(commission, "to_secure", alder.priya)
    client = sign_in(alder.priya)
    address = f"/commissions/{commission.pk}/partners/consider/"
    blank = client.post(address, {"outcome": "alone", "with_whom": "", "benefit": ""})
    assert blank.status_code == 200
    assert not JointConsideration.objects.exists()
    client.post(address, {"outcome": "joint", "with_whom": "Alder Health Board", "benefit": "One visit, not two."})
    assert words not in steps.refused(steps.read(commission), "to_secure", alder.priya)
    assert "One visit, not two." in client.get(f"/commissions/{commission.pk}/partners/").content.decode()


@pytest.mark.requirement("N-302")
def test_small_commission_is_not_held_up_by_it(alder: Alder) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    assert not [words for words in steps.refused(commission, "to_secure", alder.priya) if "Joint" in words]


@pytest.mark.requirement("N-303")
def test_partners_are_listed_and_missing_confirmations_shown(alder: Alder, sign_in: SignIn) -> None:
    commission, client = steps.in_analyse(alder), sign_in(alder.priya)
    partner(client, commission)
    partner(client, commission, name="Westmere", kind="council", confirmed_by="Olive", **on("confirmed_on", TODAY))
    page = client.get(f"/commissions/{commission.pk}/partners/").content.decode()
    assert page.count("Not confirmed yet") == 1
    assert "Olive, 7 September 2026" in page
    half = partner(client, commission, name="Half", confirmed_by="Nobody")
    assert "Enter both who confirmed and when" in half.content.decode()


def test_partner_of_the_same_installation_sees_a_summary_and_confirms_there(alder: Alder, sign_in: SignIn) -> None:
    commission, other = steps.in_analyse(alder), steps.in_analyse(alder)
    partner(sign_in(alder.priya), commission, name="Westmere", kind="council", organisation=alder.westmere.pk,
            share_ex_vat="4000", conditions="Spend by March")  # fmt: skip
    row = Partner.objects.get()
    olive = sign_in(alder.olive)
    listed = olive.get("/shared/").content.decode()
    assert commission.case_file.reference in listed
    assert other.case_file.reference not in listed
    page = olive.get(f"/shared/{row.pk}/").content.decode()
    for words in ("Staff need it.", "£4,000", "Spend by March", "Confirm the principles"):
        assert words in page
    assert olive.get(f"/commissions/{commission.pk}/").status_code == 404, "the summary, and nothing else"
    olive.post(f"/shared/{row.pk}/", {})
    row.refresh_from_db()
    assert (row.confirmed_on, row.confirmed_by) == (TODAY, "Olive Outside, Westmere Borough Council")
    assert AuditEvent.objects.filter(verb="partner.confirmed").count() == 1
    assert sign_in(alder.priya).get(f"/shared/{row.pk}/").status_code == 404, "its own council opens the commission"
    stranger = people.person(Role.COMMISSIONER, at=people.organisation(name="Far", framework=alder.council.framework))
    assert sign_in(stranger).get(f"/shared/{row.pk}/").status_code == 404
    reader = people.person(Role.AUDITOR, at=alder.westmere)
    assert sign_in(reader).post(f"/shared/{row.pk}/", {}).status_code in (302, 403)


# --- Teams ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-304")
def test_team_of_another_area_sees_and_contributes_and_others_do_not(alder: Alder, sign_in: SignIn) -> None:
    commission = make.planned_as_suggested(steps.in_analyse(alder, ticked=("strategic",)))
    rose = people.person(Role.COMMISSIONER, at=alder.council, area=alder.other_area, name="Rose Team")
    activity = commission.activities.get(activity__key="needs_assessment")
    assert sign_in(rose).get(activity.get_absolute_url()).status_code == 200
    assert not may(rose, "activity.write", activity)

    page = sign_in(alder.priya).post(
        sheet(commission, "teams", "add/"), {"service_area": alder.other_area.pk, "brings": "Home visits"}, follow=True
    )
    assert "Home and Community Care" in page.content.decode()
    activity = commission.activities.select_related("commission__case_file", "activity").get(pk=activity.pk)
    assert may(Person.objects.get(pk=rose.pk), "activity.write", activity)
    need = {
        "nature": "Help", "extent": "4", "priority": "1", "met": "unmet", "source": "Returns", **on("source_on", TODAY),
    }  # fmt: skip
    assert sign_in(rose).post(sheet(commission, "needs", "add/"), need).status_code == 302
    assert sign_in(rose).post(f"/commissions/{commission.pk}/value/", {}).status_code == 403, "the rest stays"
    third = people.service_area(directorate=alder.area.directorate, name="Housing")
    stranger = people.person(Role.COMMISSIONER, at=alder.council, area=third)
    assert sign_in(stranger).post(sheet(commission, "needs", "add/"), need).status_code == 403

    team = commission.memberteam_rows.get()
    sign_in(alder.priya).post(sheet(commission, "teams", f"{team.pk}/remove/"), {})
    assert sign_in(rose).post(sheet(commission, "needs", "add/"), need).status_code == 403


# --- Partnerships -----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-305")
def test_partnership_has_partners_purpose_contributions_meetings_and_commissions(alder: Alder, sign_in: SignIn) -> None:
    client = sign_in(alder.priya)
    given = {
        "name": "Ageing well", "purpose": "Fewer falls.", "partners": "Alder Health Board\nAge Alder",
        "contributions": "Rooms and a nurse.", "is_open": "on",
    }  # fmt: skip
    client.post("/partnerships/add/", given)
    row = Partnership.objects.get()
    assert client.post("/partnerships/add/", given).status_code in (302, 409)
    assert Partnership.objects.count() == 1
    client.post(f"/partnerships/{row.pk}/meetings/add/", {"words": "Agreed the plan.", **on("held_on", TODAY)})
    commission = steps.in_analyse(alder)
    client.post(sheet(commission, "partnerships", "add/"), {"partnership": row.pk, "note": "Shapes it."})
    page = sign_in(alder.tom).get(f"/partnerships/{row.pk}/").content.decode()
    for words in (
        "Fewer falls.",
        "Age Alder",
        "Rooms and a nurse.",
        "Agreed the plan.",
        commission.case_file.reference,
    ):
        assert words in page
    assert "Ageing well" in client.get(f"/commissions/{commission.pk}/partners/").content.decode()
    assert sign_in(alder.olive).get(f"/partnerships/{row.pk}/").status_code == 404
    assert sign_in(alder.sam).get("/partnerships/add/").status_code == 403
    client.post(f"/partnerships/{row.pk}/change/", given | {"purpose": "No falls.", "version": "1"})
    assert Partnership.objects.get().purpose == "No falls."
    late = client.post(f"/partnerships/{row.pk}/change/", given | {"version": "1"})
    assert late.status_code == 409


# --- Other people's money ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-306")
def test_commission_on_behalf_of_a_health_body_names_agreement_amount_and_clients(
    alder: Alder, sign_in: SignIn
) -> None:
    commission, client = steps.in_analyse(alder), sign_in(alder.priya)
    bare = partner(client, commission, role="on_behalf").content.decode()
    for words in ("under which you commission", "whom the agreement covers", "managed on its behalf"):
        assert words in bare
    partner(
        client, commission, role="on_behalf", agreement="Section 75, 1 April 2026", client_group="Hospital leavers",
        share_ex_vat="12000",
    )  # fmt: skip
    page = client.get(f"/commissions/{commission.pk}/partners/").content.decode()
    for words in ("Section 75, 1 April 2026", "Hospital leavers", "£12,000", "We commission on its behalf"):
        assert words in page


def test_shares_conditions_and_payments_stand_apart_from_our_budget(alder: Alder, sign_in: SignIn) -> None:
    commission, client = steps.in_analyse(alder), sign_in(alder.priya)
    partner(client, commission, share_ex_vat="3000", conditions="Rural wards only")
    partner(
        client, commission, name="ICB", role="on_behalf", agreement="S75", client_group="Leavers", share_ex_vat="5000"
    )
    payer = Partner.objects.get(name="Alder Health Board")
    for amount, received in (("1000", on("received_on", TODAY)), ("2000", {})):
        client.post(
            sheet(commission, "partner_payments", "add/"),
            {"partner": payer.pk, "amount_ex_vat": amount, **on("due_on", TODAY), **received},
        )
    found = shares_of(commission)
    assert (found.total, found.own, found.partners, found.managed) == (18000, 10000, 3000, 5000)
    page = client.get(f"/commissions/{commission.pk}/partners/").content.decode()
    for words in ("Rural wards only", "£10,000", "Managed on behalf of others, never our budget", "£1,000, £2,000"):
        assert words in page


def test_funds_managed_for_others_have_a_total_of_their_own(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission, client = steps.in_analyse(alder), sign_in(alder.priya)
    given = {"role": "on_behalf", "agreement": "S75", "client_group": "Leavers", "share_ex_vat": "5000"}
    partner(client, commission, **given)
    money = client.get(f"/commissions/{commission.pk}/money/").content.decode()
    assert "£13,000" in money, "our own budget"
    few = queries_of(lambda: client.get("/partnerships/funds/"))
    partner(client, steps.in_analyse(alder), **given | {"share_ex_vat": "2000"})
    page = client.get("/partnerships/funds/").content.decode()
    assert "£7,000" in page
    assert len(queries_of(lambda: client.get("/partnerships/funds/"))) == len(few) <= 8
    assert "£5,000" not in sign_in(alder.olive).get("/partnerships/funds/").content.decode()


def test_page_of_others_costs_the_same_however_many_there_are(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission, client = steps.in_analyse(alder), sign_in(alder.priya)
    partner(client, commission)
    few = queries_of(lambda: client.get(f"/commissions/{commission.pk}/partners/"))
    Partner.objects.bulk_create(
        [
            Partner(commission=commission, name=f"P{n}", kind="other", role="partner", share_ex_vat=Decimal(1))
            for n in range(30)
        ]
    )
    many = queries_of(lambda: client.get(f"/commissions/{commission.pk}/partners/"))
    assert len(many) == len(few) <= 8, many


# --- The risk log -----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-058")
def test_risk_log_flags_a_review_that_is_past_and_reminds_its_owner(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "review")
    client = sign_in(alder.sam)
    given = {
        "risk": "The provider loses staff", "likelihood": "3", "impact": "2", "owner": alder.sam.pk,
        "mitigation": "Monthly look at rotas", **on("review_on", date(2026, 9, 20)),
    }  # fmt: skip
    client.post(sheet(commission, "risks", "add/"), given)
    row = RiskLogEntry.objects.get()
    deadline = Deadline.objects.get(kind="risk_review")
    assert (deadline.due_on, deadline.holder, deadline.done_at) == (date(2026, 9, 20), alder.sam, None)
    assert "20 September 2026" in client.get(sheet(commission, "risks")).content.decode()
    clock.move_to(date(2026, 9, 21))
    assert "20 September 2026, overdue" in client.get(sheet(commission, "risks")).content.decode()

    client.post(
        sheet(commission, "risks", f"{row.pk}/"), given | {"version": "1"} | on("review_on", date(2026, 10, 20))
    )
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 10, 20)
    client.post(sheet(commission, "risks", f"{row.pk}/"), given | {"version": "2", "is_closed": "on"})
    deadline.refresh_from_db()
    assert deadline.done_at is not None
    assert sign_in(alder.tom).post(sheet(commission, "risks", "add/"), given).status_code == 403


def test_reviews_that_stand_are_proved_against_the_log(alder: Alder, sign_in: SignIn) -> None:
    from commissioning.governance_sheets import risks_due

    commission = steps.put_in(steps.in_analyse(alder), "secure")
    for day in (20, 25):
        sign_in(alder.sam).post(
            sheet(commission, "risks", "add/"),
            {"risk": f"Risk {day}", "likelihood": "1", "impact": "1", "owner": alder.sam.pk, "mitigation": "Watch",
             **on("review_on", date(2026, 9, day))},
        )  # fmt: skip
    assert {one.identity for one in risks_due()} == {
        (row.case_file_id, row.kind, row.key) for row in Deadline.objects.filter(kind="risk_review")
    }
