"""The words of what blocks an award, and that no amount slips past them."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.guards import authority_to_award

WINNER, OTHER = 1, 2
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def record(**fields: Any) -> Any:
    given_: dict[str, Any] = {"may_award": True, "withdrawn_at": None, "provider_id": None, "limit_ex_vat": None}
    given_["kind"] = "delegated_decision"
    made = SimpleNamespace(**given_ | fields)
    made.provider = {None: None, WINNER: "Ridgeway Training", OTHER: "Vale Care Ltd", 3: "Acre CIC"}[made.provider_id]
    made.reaches = lambda amount: made.limit_ex_vat is None or amount is None or amount <= made.limit_ex_vat
    return made


def words(*records: Any, amount: Any = Decimal(18000)) -> list[str]:
    return [blocker.words for blocker in authority_to_award(records, WINNER, amount, 7)]


def test_no_record_at_all() -> None:
    assert words() == ["Authority to award: not recorded"]


def test_record_that_covers_other_acts_or_was_withdrawn_does_not_count() -> None:
    assert words(record(may_award=False), record(withdrawn_at="yesterday")) == ["Authority to award: not recorded"]


def test_record_that_names_another_provider() -> None:
    assert words(record(provider_id=OTHER)) == ["Authority to award names another provider: Vale Care Ltd"]
    assert words(record(provider_id=OTHER), record(provider_id=3)) == [
        "Authority to award names another provider: Acre CIC and Vale Care Ltd"
    ]


@pytest.mark.requirement("N-287")
def test_cabinet_decision_stands_in_only_when_it_names_the_provider() -> None:
    assert words(record(kind="cabinet_decision", provider_id=WINNER)) == []
    assert words(record(kind="cabinet_decision", provider_id=OTHER)) == [
        "Authority to award names another provider: Vale Care Ltd"
    ]
    assert words(record(kind="cabinet_decision")) == ["Authority to award: the cabinet decision names no provider"]


def test_record_that_stops_short() -> None:
    assert words(record(limit_ex_vat=Decimal(15000)), record(limit_ex_vat=Decimal(9000))) == [
        "Authority to award stops at £15,000; the award is £18,000"
    ]


def test_reach_of_a_record_for_another_provider_does_not_count() -> None:
    assert words(record(provider_id=OTHER), record(limit_ex_vat=Decimal(15000))) == [
        "Authority to award stops at £15,000; the award is £18,000"
    ]


def test_exactly_the_limit_is_within_it() -> None:
    assert words(record(limit_ex_vat=Decimal(18000), provider_id=WINNER)) == []
    assert words(record(limit_ex_vat=Decimal("17999.99"))) != []


def test_blocker_leads_to_the_authority_page() -> None:
    blocker = next(iter(authority_to_award([], WINNER, Decimal(1), 7)))

    assert (blocker.link, blocker.link_args) == ("commissioning:authority", (7,))


records = st.lists(
    st.builds(
        record,
        may_award=st.booleans(),
        kind=st.sampled_from(["delegated_decision", "cabinet_decision"]),
        withdrawn_at=st.sampled_from([None, "then"]),
        provider_id=st.sampled_from([None, WINNER, OTHER]),
        limit_ex_vat=st.none() | amounts,
    ),
    max_size=5,
)


@given(records, amounts)
def test_an_award_passes_only_with_a_standing_record_for_this_provider_and_amount(held: list[Any], amount: Any) -> None:
    allowed = any(
        one.may_award
        and one.withdrawn_at is None
        and (one.provider_id == WINNER or (one.provider_id is None and one.kind == "delegated_decision"))
        and (one.limit_ex_vat is None or amount <= one.limit_ex_vat)
        for one in held
    )

    assert (words(*held, amount=amount) == []) == allowed
