"""Formal decisions: notice, clear days, call-in, and what waits for them (regulations of 2012)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from casework.refusals import Refused
from commissioning.decision_clock import Periods, call_in_ends, earliest_decision, implement_from, notice_ends
from commissioning.models import Commission, DecisionEntry
from commissioning.selectors.clearance import binding_blockers
from commissioning.services import governance
from organisation import clock
from organisation.models import Person, StatutoryFigure
from organisation.statutory_figures import forget_figures
from organisation.working_days import is_working_day, working_days_between
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
PERIODS = Periods(28, 5)
DAYS = st.dates(date(2025, 1, 1), date(2029, 12, 31))
HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2026, 8, 31)})


# --- The clocks -------------------------------------------------------------------------------------------------------


def test_forward_plan_entry_of_23_november_2026_lets_it_be_decided_from_22_december() -> None:
    earliest = earliest_decision("forward_plan", date(2026, 11, 23), None, PERIODS)
    assert earliest == date(2026, 12, 22)
    assert notice_ends(earliest) == date(2026, 12, 21)


@given(DAYS, st.integers(1, 60))
def test_as_many_clear_days_lie_between_as_the_law_asks(published: date, days: int) -> None:
    found = earliest_decision("forward_plan", published, None, Periods(days, 5))
    assert found is not None
    assert (found - published).days - 1 == days, "neither the day of the notice nor that of the decision counts"


@given(DAYS)
def test_exceptions_are_shorter_and_urgency_waits_for_the_chair_alone(day: date) -> None:
    usual = earliest_decision("forward_plan", day, None, PERIODS)
    exception = earliest_decision("general_exception", day, None, PERIODS)
    assert exception is not None
    assert usual is not None
    assert day < exception < usual
    assert earliest_decision("special_urgency", None, day, PERIODS) == day
    assert earliest_decision("not_key", day, None, PERIODS) is None


@given(DAYS, st.integers(1, 15))
def test_call_in_is_so_many_working_days_after_publication(published: date, days: int) -> None:
    last = call_in_ends(published, days, HOLIDAYS)
    assert is_working_day(last, HOLIDAYS)
    assert working_days_between(published, last, HOLIDAYS) == days


@given(DAYS, st.integers(0, 5), st.integers(1, 10))
def test_nothing_is_done_before_call_in_has_ended(decided: date, later: int, days: int) -> None:
    published = decided + timedelta(days=later)
    free = implement_from(
        decided, published, days, call_in_waived=False, called_in_on=None, settled_on=None, holidays=HOLIDAYS
    )
    assert free == call_in_ends(published, days, HOLIDAYS) + timedelta(days=1)
    assert free > published


def test_a_call_in_holds_until_it_is_settled_and_without_call_in_nothing_waits() -> None:
    day = date(2026, 9, 7)
    usual: dict[str, Any] = {"holidays": HOLIDAYS, "call_in_waived": False, "settled_on": None}
    assert implement_from(day, day, 5, called_in_on=day, **usual) is None
    assert implement_from(day, day, 5, called_in_on=day, **usual | {"settled_on": date(2026, 10, 1)}) == date(
        2026, 10, 1
    )
    assert implement_from(day, None, 5, called_in_on=None, **usual) is None, "unpublished, so nobody can say"
    assert implement_from(day, day, None, called_in_on=None, **usual) == day
    assert implement_from(day, day, 5, called_in_on=None, **usual | {"call_in_waived": True}) == day


# --- On the record ----------------------------------------------------------------------------------------------------


@pytest.fixture
def figures(alder: Alder) -> None:
    """The clear days of the law."""
    for key, amount in (("key_decision.notice", 28), ("key_decision.general_exception", 5)):
        StatutoryFigure.objects.get_or_create(
            key=key, valid_from=date(2012, 9, 10), defaults={"amount": amount, "unit": "clear_days", "source": "2012"}
        )
    forget_figures()


def on(name: str, day: date) -> dict[str, int]:
    """Three boxes."""
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def entered(commission: Commission, by: Person, **other: Any) -> DecisionEntry:
    """In the forward plan since 7 September 2026."""
    given_: dict[str, Any] = {"notice": "forward_plan", "title": "Award home care", "published_on": date(2026, 9, 7)}
    return governance.enter(commission, by=by, **given_ | other)


def test_decision_runs_from_entry_to_the_end_of_call_in(alder: Alder, sign_in: SignIn, figures: None) -> None:
    commission = steps.in_analyse(alder)
    client, page = sign_in(alder.priya), f"/commissions/{commission.pk}/authority/"
    client.post(
        f"/commissions/{commission.pk}/decision/enter/",
        {"notice": "forward_plan", "what": "Award home care", **on("published_on", date(2026, 9, 7))},
    )
    shown = client.get(page).content.decode()
    for words in ("Entry published", "7 September 2026", "Notice ends", "5 October 2026", "from 6 October 2026 on"):
        assert words in shown
    assert [one.key for one in binding_blockers(pk=commission.pk)] == ["decision"]

    early = {"decided_by": "Cabinet", "decision_reference": "CAB 12", **on("decided_on", date(2026, 9, 7))}
    refused = client.post(f"/commissions/{commission.pk}/decision/decide/", early)
    assert refused.status_code == 409
    assert "it may be taken from 6 October 2026 on" in refused.content.decode()

    clock.move_to(date(2026, 10, 6))
    taken = early | on("decided_on", date(2026, 10, 6)) | on("decision_published_on", date(2026, 10, 6))
    client.post(f"/commissions/{commission.pk}/decision/decide/", taken)
    shown = client.get(page).content.decode()
    for words in ("Call-in ends", "13 October 2026", "May be put into effect", "14 October 2026", "CAB 12"):
        assert words in shown
    assert "nothing is awarded or signed before 14 October 2026" in binding_blockers(pk=commission.pk)[0].words
    clock.move_to(date(2026, 10, 13))
    assert binding_blockers(pk=commission.pk), "the last day of call-in still counts"
    clock.move_to(date(2026, 10, 14))
    assert binding_blockers(pk=commission.pk) == []
    history = client.get(f"/commissions/{commission.pk}/history/").content.decode()
    assert "recorded a decision: Award home care, CAB 12, by Cabinet" in history


def test_called_in_decision_waits_until_that_is_settled(alder: Alder, sign_in: SignIn, figures: None) -> None:
    commission = steps.in_analyse(alder)
    entry = entered(commission, alder.priya)
    clock.move_to(date(2026, 10, 6))
    governance.decide(
        entry, decided_on=date(2026, 10, 6), decided_by="Cabinet", decision_reference="CAB 12",
        decision_published_on=date(2026, 10, 6), by=alder.priya,
    )  # fmt: skip
    client = sign_in(alder.priya)
    clock.move_to(date(2026, 10, 8))
    client.post(f"/commissions/{commission.pk}/decision/call-in/", on("on", date(2026, 10, 8)))
    clock.move_to(date(2026, 11, 20))
    assert [one.key for one in binding_blockers(pk=commission.pk)] == ["called_in"]
    client.post(
        f"/commissions/{commission.pk}/decision/settle/", {"outcome": "Upheld.", **on("on", date(2026, 11, 19))}
    )
    assert binding_blockers(pk=commission.pk) == []


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"notice": "forward_plan", "published_on": None}, "Date the notice was published: not given"),
        ({"notice": "general_exception"}, "Reason why the usual notice cannot be given: not written"),
        ({"notice": "special_urgency", "reason": "Flood."}, "say which chair agreed, and when"),
        ({"planned_on": date(2026, 10, 5)}, "the decision may be taken from 6 October 2026 on"),
    ],
)
def test_notice_that_is_not_complete_is_refused(
    alder: Alder, figures: None, given_: dict[str, Any], words: str
) -> None:
    commission = steps.in_analyse(alder)
    with pytest.raises(Refused, match=words):
        entered(commission, alder.priya, **given_)
    assert not DecisionEntry.objects.exists()


def test_exception_and_urgency_shorten_the_notice(alder: Alder, figures: None) -> None:
    commission = steps.in_analyse(alder)
    first = entered(commission, alder.priya, notice="general_exception", reason="The roof fell in.")
    assert entered_from(first) == date(2026, 9, 13)
    governance.withdraw(first, because="Urgent after all.", by=alder.tom)
    urgent = entered(
        commission, alder.priya, notice="special_urgency", published_on=None, reason="The roof fell in.",
        agreed_by="Cllr Ada Reed, scrutiny", agreed_on=date(2026, 9, 7),
    )  # fmt: skip
    assert entered_from(urgent) == date(2026, 9, 7)
    assert DecisionEntry.objects.filter(withdrawn_at=None).count() == 1


def entered_from(entry: DecisionEntry) -> date | None:
    """From when it may be decided."""
    return earliest_decision(entry.notice, entry.published_on, entry.agreed_on, PERIODS)


def test_only_those_who_keep_authority_enter_decisions(alder: Alder, sign_in: SignIn, figures: None) -> None:
    commission = steps.in_analyse(alder)
    given_ = {"notice": "not_key", "what": "Award"}
    assert sign_in(alder.sam).post(f"/commissions/{commission.pk}/decision/enter/", given_).status_code == 403
    assert sign_in(alder.olive).post(f"/commissions/{commission.pk}/decision/enter/", given_).status_code == 404
    assert sign_in(alder.tom).post(f"/commissions/{commission.pk}/decision/enter/", given_).status_code == 302


def test_value_over_the_councils_level_says_that_it_is_a_key_decision(
    alder: Alder, sign_in: SignIn, figures: None, queries_of: Callable[..., list[str]]
) -> None:
    small, large = steps.in_analyse(alder), steps.in_analyse(alder, value=640000, ticked=("strategic",))
    client = sign_in(alder.tom)
    words = "reaches this council&#x27;s level for a key decision (£500,000)"
    assert words not in client.get(f"/commissions/{small.pk}/authority/").content.decode()
    assert words in client.get(f"/commissions/{large.pk}/authority/").content.decode()
    assert len(queries_of(lambda: client.get(f"/commissions/{large.pk}/authority/"))) <= 8
