"""What adds up past a threshold, and what another value or risk would ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from casework.models import AuditEvent, WorkItem
from casework.routing import Facts
from commissioning.aggregation import Part, added_up, thresholds_that_matter
from commissioning.models import AggregationSeen, Commission, RiskFigures
from commissioning.selectors.aggregation import warnings_of
from commissioning.selectors.dossiers import rules_of, rules_version_of
from organisation import clock
from organisation.models import Person, Supplier
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def worth(alder: Alder, value: int, **fields: object) -> Commission:
    """A draft of this value."""
    return make.registered_commission(alder.priya, service_area=alder.area, value=Decimal(value), **fields)


def part(number: int, value: Decimal) -> Part:
    """One that adds up."""
    return Part(number, f"COM-{number}", "", "", value, TODAY)


def test_small_purchases_of_one_category_that_pass_a_threshold_are_listed(alder: Alder, sign_in: SignIn) -> None:
    first, second = worth(alder, 60000), worth(alder, 50000)
    large = worth(alder, 640000)
    page = sign_in(alder.priya).get(f"/commissions/{first.pk}/adds-up/").content.decode()
    assert "With the same category: £110,000, over £100,000" in page
    assert second.case_file.reference in page
    assert large.case_file.reference not in page, "it faced what the threshold asks already"


def test_supplier_and_cost_centre_add_up_too(alder: Alder) -> None:
    alder.area.cost_centre = "CC-310"
    alder.area.save()
    supplier = Supplier.objects.create(organisation=alder.council, name="Ashgrove Care")
    first, second = worth(alder, 20000), worth(alder, 15000)
    for row in (first, second):
        RiskFigures.objects.create(commission=row, supplier=supplier)
    found = warnings_of(first, alder.priya)
    assert {one.basis for one in found} == {"supplier", "category", "cost_centre"}
    assert {(one.added.threshold, one.added.total) for one in found} == {("quotation", Decimal(35000))}


def test_others_of_another_council_or_year_or_stopped_do_not_count(alder: Alder) -> None:
    first = worth(alder, 60000)
    stopped = worth(alder, 60000)
    steps.put_in(stopped, "stopped")
    assert warnings_of(first, alder.priya) == []
    clock.move_to(TODAY + timedelta(days=400))
    late = worth(alder, 60000)
    assert warnings_of(first, alder.priya) == warnings_of(late, alder.priya) == []


def test_reason_is_recorded_once_and_a_higher_threshold_asks_again(alder: Alder, sign_in: SignIn) -> None:
    first = worth(alder, 20000)
    worth(alder, 15000)
    client, address = sign_in(alder.priya), f"/commissions/{first.pk}/adds-up/"
    client.post(f"{address}category/", {"reason": "Other users and other months."})
    assert AggregationSeen.objects.get().threshold == "quotation"
    page = client.get(address).content.decode()
    assert "Seen by Priya Shah" in page
    assert "Other users and other months." in page
    assert client.post(f"{address}category/", {"reason": "Again."}).status_code in (302, 409)
    assert AggregationSeen.objects.count() == 1
    assert AuditEvent.objects.filter(verb="commission.aggregation", is_refusal=False).count() == 1

    for _ in range(4):
        worth(alder, 20000)
    warning = warnings_of(steps.read(first), alder.priya)[0]
    assert (warning.added.threshold, warning.seen_by) == ("sourcing", "")
    assert sign_in(alder.tom).post(f"{address}category/", {"reason": "x"}).status_code == 403
    assert sign_in(alder.olive).get(address).status_code == 404


def test_page_costs_the_same_however_many_add_up(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    first = worth(alder, 20000)
    worth(alder, 15000)
    client = sign_in(alder.priya)
    few = queries_of(lambda: client.get(f"/commissions/{first.pk}/adds-up/"))
    for _ in range(30):
        worth(alder, 1000)
    many = queries_of(lambda: client.get(f"/commissions/{first.pk}/adds-up/"))
    assert len(many) == len(few) <= 8, many


@pytest.mark.django_db
def test_only_figures_that_change_something_are_thresholds(alder: Alder) -> None:
    rules = rules_of(rules_version_of(worth(alder, 1000)))
    keys = [key for key, _ in thresholds_that_matter(Facts(Decimal(1000)), rules)]
    assert keys == ["quotation", "sourcing", "legal"]


@pytest.mark.django_db
def test_adding_up_never_counts_what_is_above_and_never_warns_alone(alder: Alder) -> None:
    rules = rules_of(rules_version_of(worth(alder, 1000)))

    @given(st.lists(st.integers(0, 700_000), min_size=0, max_size=8), st.integers(0, 700_000))
    def check(values: list[int], own: int) -> None:
        facts = Facts(Decimal(own))
        others = [part(number, Decimal(value)) for number, value in enumerate(values, start=1)]
        found = added_up("category", part(0, Decimal(own)), others, facts, rules)
        if found is not None:
            assert len(found.parts) > 1
            assert found.total > found.amount
            assert all(one.value <= found.amount for one in found.parts)
        if not others:
            assert found is None

    check()


# --- What if ----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-030")
def test_another_value_says_what_would_be_added_and_saves_nothing(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=Decimal(90000))
    before = Commission.objects.values().get(pk=commission.pk)
    events, items = AuditEvent.objects.count(), WorkItem.objects.count()
    page = sign_in(alder.priya).get(f"/commissions/{commission.pk}/what-if/?value=105000&risk=").content.decode()
    assert "At £105,000, at low risk you would also need:" in page
    assert "Gate 1, initiation document: required" in page
    assert Commission.objects.values().get(pk=commission.pk) == before
    assert (AuditEvent.objects.count(), WorkItem.objects.count()) == (events, items)


def test_another_risk_and_less_value_say_what_moves(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=Decimal(150000))
    client, address = sign_in(alder.tom), f"/commissions/{commission.pk}/what-if/"
    risky = client.get(f"{address}?value=&risk=government_it").content.decode()
    assert "At £150,000, with high risk you would also need:" in risky
    less = client.get(f"{address}?value=20000&risk=").content.decode()
    assert "You would no longer need:" in less
    same = client.get(f"{address}?value=151000&risk=").content.decode()
    assert "nothing would change" in same
    wrong = client.get(f"{address}?value=lots&risk=").content.decode()
    assert "in pounds, like 18000" in wrong
    assert client.post(address, {"value": "1"}).status_code == 405
    assert sign_in(alder.olive).get(address).status_code == 404


def test_what_if_costs_few_statements(alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]) -> None:
    commission = steps.in_analyse(alder, value=Decimal(90000))
    client = sign_in(alder.priya)
    asked = queries_of(lambda: client.get(f"/commissions/{commission.pk}/what-if/?value=105000&risk=outage"))
    assert len(asked) <= 8, asked
