"""What a contract's page says about its end: what was decided, and what can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from commissioning.models import Commission, EndDecision
from commissioning.states import CommissionState
from contracts.models import Contract, ExtensionOption
from contracts.months import end_after, months_words
from contracts.selectors.due import rules_for
from contracts.states import RUNNING
from contracts.steps import step_of, steps_of
from organisation.formatting import day, in_days
from organisation.models import Person
from organisation.permissions import may

Choice = EndDecision.Choice


@dataclass(frozen=True)
class Ending:
    """The section on the end of a contract. ``choices`` are (name, what it does, whether it is the one decided)."""

    sentence: str
    choices: list[tuple[str, str, bool]]
    link_label: str
    link_url: str
    words: str


def with_end_decision(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate contracts with what stands decided on their commission, and whether the next one is open."""
    standing = EndDecision.objects.filter(commission=OuterRef("commission"), superseded_at__isnull=True)
    following = Commission.objects.filter(follows=OuterRef("commission"))
    return rows.annotate(
        end_choice=Subquery(standing.values("choice")[:1]), next_commission=Subquery(following.values("pk")[:1])
    )


def ending_of(contract: Any, options: Sequence[ExtensionOption], person: Person, today: date) -> Ending | None:
    """What to say once the first step before the end has come; no statement of its own."""
    if contract.state not in RUNNING or contract.ends_on is None:
        return None
    if step_of(contract.ends_on, steps_of(rules_for(contract)), today) is None:
        return None
    label, url, words = _next_act(contract, person)
    return Ending(
        sentence=f"It ends on {day(contract.ends_on)}, {in_days(contract.ends_on, today)}. {_decided(contract)}",
        choices=[(*choice, key == contract.end_choice) for key, choice in _choices(contract, options).items()],
        link_label=label,
        link_url=url,
        words=words,
    )


def _decided(contract: Any) -> str:
    if not contract.end_choice:
        return "Nobody has decided yet what follows."
    return f"Decided: {Choice(contract.end_choice).label.lower()}."


def _choices(contract: Contract, options: Sequence[ExtensionOption]) -> dict[str, tuple[str, str]]:
    found = {}
    coming = next((option for option in options if option.used_at is None), None)
    if coming and contract.ends_on:
        notice = f", with notice by {day(coming.notice_by)}" if coming.notice_by else ""
        until = day(end_after(contract.ends_on, coming.months))
        words = f"The contract then runs to {until}, {months_words(coming.months)} longer{notice}."
        found[Choice.EXTEND.value] = (f"Use option {coming.number}", words)
    return found | {
        Choice.RECOMMISSION.value: ("Recommission", "The next commission opens in draft, and this contract runs on."),
        Choice.DECOMMISSION.value: ("Decommission", "The service is withdrawn or closed, with a plan for its users."),
        Choice.END.value: ("Let it end", "Nothing follows."),
    }


def _next_act(contract: Any, person: Person) -> tuple[str, str, str]:
    """The page where it is decided, or why it cannot be decided yet."""
    commission = contract.commission
    if commission is None:
        return "", "", "No commission is linked to this contract, so nothing can be decided here."
    if commission.state != CommissionState.REVIEW:
        in_stage = commission.state in (CommissionState.ANALYSE, CommissionState.PLAN, CommissionState.SECURE)
        stage = CommissionState(commission.state).label
        return "", "", f"It is decided in Review. The commission is {f'in {stage}' if in_stage else stage.lower()}."
    if contract.end_choice == Choice.RECOMMISSION and contract.next_commission is None:
        if may(person, "commission.edit", commission):
            return "Open the next commission", reverse("commissioning:recommission", args=[commission.pk]), ""
        return "", "", "The commissioner opens the next commission."
    label = "Change the end decision" if contract.end_choice else "Decide what follows"
    if may(person, "commission.review", commission):
        return label, reverse("commissioning:end_decision", args=[commission.pk]), ""
    return "See the end decision", reverse("commissioning:end_decision", args=[commission.pk]), ""
