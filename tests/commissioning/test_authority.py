"""Authority records: what they cover, and that a withdrawn one stays readable and counts no more."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.models import AuditEvent
from casework.refusals import AlreadyDone
from commissioning.models import AuthorityRecord, Commission
from commissioning.services import decisions
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

SignIn = Callable[[Person], Client]


@pytest.fixture
def commission(alder: Alder) -> Commission:
    return make.registered_commission(alder.priya, service_area=alder.area)


def sent(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "delegated_decision",
        "may_commission": "on",
        "decided_by": "Team manager: Joel Hart",
        "decided_on_0": "4",
        "decided_on_1": "9",
        "decided_on_2": "2026",
        "decision_reference": "DD-2026-114",
    } | fields


def faults(client: Client, commission: Commission, **fields: Any) -> dict[str, list[str]]:
    page = client.post(f"/commissions/{commission.pk}/authority/record/", sent(**fields))
    assert page.status_code == 200
    assert not commission.authority_records.exists()
    return dict(page.context["form"].errors)


def test_record_is_kept_and_told(alder: Alder, commission: Commission) -> None:
    supplier = people.supplier(alder.council, name="Safe Hands Training Ltd")
    make.with_authority(
        commission,
        may_procure=False,
        decision_reference="DD-2026-114",
        decided_by="Joel Hart",
        limit_ex_vat=Decimal(20_000),
        provider=supplier,
        note="For one year.",
    )

    event = AuditEvent.objects.get(verb="commission.authority")
    assert event.reason == "For one year."
    assert event.changes == {
        "decision": "Delegated decision DD-2026-114, Joel Hart",
        "covers": ["commission", "award"],
        "limit": "£20,000",
        "provider": "Safe Hands Training Ltd",
    }


@pytest.mark.requirement("N-285")
def test_page_shows_who_decided_what_when_and_up_to_where(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    make.with_authority(commission, may_award=False, decision_reference="DD-2026-114", limit_ex_vat=Decimal(20_000))

    page = sign_in(alder.by_role[Role.AUDITOR]).get(f"/commissions/{commission.pk}/authority/").content.decode()

    for words in (
        "Delegated decision DD-2026-114",
        "Team manager",
        "7 September 2026",
        "Commission<br>Procure",
        "£20,000",
    ):
        assert words in page
    assert "Award</td>" not in page
    assert "Record authority" not in page, "an auditor records nothing"


def test_withdrawn_record_stays_readable_and_counts_no_more(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    make.answered_risk(commission)
    make.with_authority(commission)
    record = commission.authority_records.get()
    client = sign_in(alder.tom)

    page = client.post(
        f"/commissions/{commission.pk}/authority/{record.pk}/withdraw/",
        {"because": "It was for last year."},
        follow=True,
    )

    assert f"{record} withdrawn." in page.content.decode()
    assert "It was for last year." in page.content.decode()
    record.refresh_from_db()
    assert record.withdrawn_at is not None
    assert steps.refused(commission, "start", alder.priya) == ["Authority to commission: not recorded"]
    event = AuditEvent.objects.get(verb="commission.authority_withdrawn")
    assert (event.reason, event.actor_id) == ("It was for last year.", alder.tom.pk)


def test_record_is_withdrawn_once(alder: Alder, commission: Commission) -> None:
    make.with_authority(commission)
    record = commission.authority_records.get()
    decisions.withdraw_authority(record, because="First.", by=alder.tom)

    with pytest.raises(AlreadyDone, match="withdrawn before"):
        decisions.withdraw_authority(record, because="Second.", by=alder.priya)

    record.refresh_from_db()
    assert record.withdrawn_because == "First."


def test_record_of_another_commission_is_not_found(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    other = make.with_authority(make.registered_commission(alder.priya, service_area=alder.area))
    record = other.authority_records.get()
    client = sign_in(alder.priya)

    for method in (client.get, client.post):
        assert method(f"/commissions/{commission.pk}/authority/{record.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"may_commission": ""}, "may_commission", "Choose at least one thing that the decision allows"),
        (
            {"kind": "cabinet_decision", "may_award": "on"},
            "provider",
            "Choose the provider that the cabinet decision names",
        ),
        ({"limit_ex_vat": "-5"}, "limit_ex_vat", "Limit must be £0 or more"),
        ({"decided_on_2": "2027"}, "decided_on", "Date of the decision must be on or before 7 September 2026"),
        ({"kind": "a_whim"}, "kind", None),
        ({"decided_by": ""}, "decided_by", "Enter the name of who decided"),
    ],
)
def test_bad_input_gets_a_message_by_the_field(
    alder: Alder, commission: Commission, sign_in: SignIn, fields: dict[str, str], field: str, words: str | None
) -> None:
    found = faults(sign_in(alder.priya), commission, **fields)

    assert set(found) == {field}
    if words:
        assert found[field] == [words]


def test_supplier_of_another_council_cannot_be_named(alder: Alder, commission: Commission, sign_in: SignIn) -> None:
    theirs = people.supplier(alder.westmere)

    found = faults(sign_in(alder.priya), commission, provider=str(theirs.pk))

    assert found == {"provider": ["Choose a supplier from the list"]}


def test_only_commissioner_and_service_leader_record_authority(
    alder: Alder, commission: Commission, sign_in: SignIn
) -> None:
    for role, person in alder.by_role.items():
        page = sign_in(person).get(f"/commissions/{commission.pk}/authority/record/")
        expected = 200 if role in (Role.COMMISSIONER, Role.SERVICE_LEADER) else 403
        assert page.status_code == expected, role
        if expected == 403:
            assert "You cannot record authority. Ask Priya Shah, Adult Services or Tom Hesketh" in page.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"may_commission": False, "may_procure": False, "may_award": False},
        {"limit_ex_vat": Decimal("-0.01")},
    ],
)
def test_database_refuses_a_record_that_means_nothing(
    alder: Alder, commission: Commission, fields: dict[str, Any]
) -> None:
    given = {
        "commission": commission,
        "kind": "delegated_decision",
        "may_commission": True,
        "decided_by": "Nobody",
        "decided_on": TODAY,
        "decision_reference": "X",
        "recorded_by": alder.priya,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        AuthorityRecord.objects.create(**given | fields)


@pytest.mark.parametrize(
    ("limit", "amount", "reaches"),
    [(None, "1000000", True), ("20000", "20000", True), ("20000", "20000.01", False), ("20000", None, True)],
)
def test_limit_reaches_up_to_and_including_itself(limit: str | None, amount: str | None, reaches: bool) -> None:
    record = AuthorityRecord(limit_ex_vat=Decimal(limit) if limit else None)

    assert record.reaches(Decimal(amount) if amount else None) is reaches
