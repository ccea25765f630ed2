"""What a contract will say can be changed until somebody has signed it; nothing that was agreed is overwritten."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.models import AuditEvent
from casework.refusals import NotPermitted, Refused, Stale
from contracts.forms.contracts import FactsForm
from contracts.models import Contract
from contracts.services import facts
from contracts.services.facts import Option
from organisation.models import Person
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.procurement.filling import fields_of, fill, opened, words_of

START, END = date(2026, 4, 1), date(2028, 3, 31)


def edit(contract: Contract, where: Any, **changes: Any) -> Contract:
    given_: dict[str, Any] = {
        "version": contract.version,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "manager": contract.case_file.holder,
        "review_on": contract.review_on,
        "execution": contract.execution,
        "options": [],
        "by": where.priya,
    }
    return facts.edit(contract, **given_ | changes)


def test_facts_change_and_the_history_says_how(where) -> None:
    contract = make.drafted(where)
    before = contract.starts_on

    edit(contract, where, starts_on=START, ends_on=END, execution="sealed", options=[Option(12, date(2027, 9, 30))])

    contract = Contract.objects.get()
    assert (contract.starts_on, contract.ends_on, contract.execution, contract.version) == (START, END, "sealed", 2)
    assert [(row.number, row.months, row.notice_by) for row in contract.options.all()] == [(1, 12, date(2027, 9, 30))]
    changes = AuditEvent.objects.get(verb="contract.facts").changes
    assert changes["Starts"][1] == "1 April 2026"
    assert changes["How it is executed"] == ["Signed underhand", "Under seal"]
    assert changes["Extension options"] == ["None", "12 months, notice by 30 September 2027"]
    assert before != START


def test_nothing_is_written_when_nothing_changed(where) -> None:
    contract = edit(make.drafted(where), where)

    assert contract.version == 1
    assert not AuditEvent.objects.filter(verb="contract.facts").exists()


def test_stale_form_is_refused_with_the_other_values(where) -> None:
    contract = make.drafted(where)
    edit(contract, where, starts_on=START, ends_on=END)

    with pytest.raises(Stale) as refused:
        edit(contract, where, starts_on=date(2026, 5, 1), ends_on=END)

    assert refused.value.theirs == {"Starts": "1 April 2026"}
    assert Contract.objects.get().starts_on == START


@pytest.mark.parametrize("party", ["council", "supplier"])
def test_one_signature_is_enough_to_fix_them(where, party) -> None:
    contract = make.awarded(where)
    sign = {"council": make.sign_for_council, "supplier": make.sign_for_supplier}[party]
    sign(contract, where)

    with pytest.raises(Refused, match="change only by a variation"):
        edit(contract, where, ends_on=END)


def test_signed_contract_is_fixed(where) -> None:
    contract = make.mobilising(where)

    with pytest.raises(Refused, match="change only by a variation"):
        edit(contract, where, ends_on=date(2040, 1, 1))

    contract.refresh_from_db()
    assert contract.ends_on == contract.terms.get().ends_on


def test_end_before_start_is_refused(where) -> None:
    with pytest.raises(Refused, match="cannot end before it starts"):
        edit(make.drafted(where), where, starts_on=END, ends_on=START)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COMMISSIONER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER}))
def test_who_may_not_change_them(where, role) -> None:
    with pytest.raises(NotPermitted):
        edit(make.drafted(where), where, by=people.person(role, at=where.organisation), ends_on=END)


def url_of(contract: Contract) -> str:
    return f"/contracts/{contract.pk}/facts/"


def test_page_changes_them(where, client) -> None:
    contract = make.drafted(where)
    client.force_login(where.priya)

    reply = fill(
        client,
        url_of(contract),
        starts_on=START,
        ends_on=END,
        manager=where.sam,
        review_on=date(2026, 10, 1),
        execution="underhand",
        months_1="12",
        notice_1=date(2027, 9, 30),
        months_2="6",
    )

    assert reply.status_code == 302
    contract.refresh_from_db()
    assert (contract.starts_on, contract.review_on) == (START, date(2026, 10, 1))
    assert [row.months for row in contract.options.order_by("number")] == [12, 6]


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"ends_on": START - timedelta(days=1)}, "ends_on", "on or after the start date, 1 April 2026"),
        ({"review_on": START - timedelta(days=1)}, "review_on", "on or after the start date, 1 April 2026"),
        ({"months_1": "-1"}, "months_1", "must be 1 or more"),
        ({"months_1": "241"}, "months_1", "must be 240 or less"),
        ({"months_1": "9" * 1_000_000}, "months_1", "must be a whole number"),
        ({"months_1": "a year"}, "months_1", "must be a whole number"),
        ({"months_2": "12"}, "months_2", "Fill in the options in order"),
        ({"notice_1": date(2027, 1, 1)}, "months_1", "Enter how many months option 1 is for"),
        ({"months_1": "12", "notice_1": END + timedelta(days=1)}, "notice_1", "on or before 31 March 2028"),
        ({"execution": "pinky"}, "execution", "Select"),
        ({"manager": 999_999}, "manager", "Choose a contract manager from the list"),
    ],
)
def test_bad_facts_get_a_message_by_their_field(where, client, bad, field, words) -> None:
    contract = make.drafted(where)
    client.force_login(where.priya)
    good = {"starts_on": START, "ends_on": END, "execution": "underhand", "manager": where.sam}

    reply = fill(client, url_of(contract), **good | bad)

    assert words in " ".join(reply.context["form"].errors[field])
    assert 'value="2028"' in words_of(reply) or field == "ends_on"
    assert Contract.objects.get().version == 1


def test_manager_of_another_organisation_cannot_be_chosen(where, client) -> None:
    contract = make.drafted(where)
    client.force_login(where.priya)

    reply = fill(client, url_of(contract), execution="underhand", manager=people.person(Role.CONTRACT_MANAGER))

    assert reply.context["form"].errors["manager"] == ["Choose a contract manager from the list"]


def test_two_people_who_edit_at_once_are_both_heard(where, client) -> None:
    contract = make.drafted(where)
    client.force_login(where.priya)
    sent = opened(client, url_of(contract)) | fields_of(
        starts_on=START, ends_on=END, execution="underhand", manager=where.sam
    )
    edit(contract, where, starts_on=date(2026, 5, 1), ends_on=END)

    refused = client.post(url_of(contract), sent)
    kept = client.post(url_of(contract), refused.context["form"].data)

    assert (refused.status_code, kept.status_code) == (409, 302)
    assert "1 May 2026" in words_of(refused)
    assert Contract.objects.get().starts_on == START


def test_page_of_a_signed_contract_shows_no_form(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)

    page = words_of(client.get(url_of(contract)))

    assert "This contract is signed. Its value and dates change only by a variation." in page
    assert "id_ends_on" not in page


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 12, 31))
months = st.integers(min_value=-5, max_value=300)


@given(days, days, days, st.none() | months, st.none() | months)
def test_whatever_is_typed_a_term_that_passes_is_in_order(
    starts_on: date, ends_on: date, review_on: date, first: int | None, second: int | None
) -> None:
    sent = fields_of(starts_on=starts_on, ends_on=ends_on, review_on=review_on, months_1=first, months_2=second)
    form = FactsForm(sent | {"execution": "underhand"}, managers=Person.objects.none())
    form.fields["manager"].queryset = Person.objects.none()

    if form.is_valid():
        assert starts_on <= ends_on
        assert review_on >= starts_on
        assert all(option.months >= 1 for option in form.options)
        assert first is not None or second is None
    else:
        in_order = starts_on <= ends_on and review_on >= starts_on
        allowed = all(value is None or 1 <= value <= 240 for value in (first, second))
        assert not (in_order and allowed and not (first is None and second is not None))
