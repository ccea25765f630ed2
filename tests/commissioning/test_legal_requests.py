"""Legal's work: asked by either side and seen by the other, shortest time first, and waited for by a specification."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from casework import door
from casework.models import WorkItem
from commissioning.services import asks, specifications
from commissioning.states import STAGES
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import TODAY, Alder

SignIn = Callable[[Person], Client]


def on(field: str, day: date) -> dict[str, int]:
    return {f"{field}_0": day.day, f"{field}_1": day.month, f"{field}_2": day.year}


def page(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


@pytest.mark.requirement("N-039")
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("who", "other"), [(Role.COMMISSIONER, Role.CCPS_OFFICER), (Role.CCPS_OFFICER, Role.COMMISSIONER)]
)
def test_legal_is_asked_from_any_commission_and_the_other_side_sees_when_and_why(
    alder: Alder, sign_in: SignIn, stage: str, who: Role, other: Role
) -> None:
    commission = steps.put_in(steps.in_analyse(alder), stage)
    asker, reader = alder.by_role[who], sign_in(alder.by_role[other])
    address = f"/commissions/{commission.pk}/legal/"
    assert address in page(sign_in(asker), commission.get_absolute_url())
    clock.move_to(TODAY + timedelta(days=2))
    sent = {"question": "May we vary the terms?", **on("needed_by", TODAY + timedelta(days=40))}

    assert sign_in(asker).post(address, sent).status_code == 302

    shown = page(reader, commission.get_absolute_url()).split("Why these queues")[1]
    legal = next(row for row in shown.split("<tr>") if "Legal question" in row)
    for words in ("asked for legal advice", "May we vary the terms?", f"{asker.name}, 9 September 2026"):
        assert words in legal, words
    if other == Role.CCPS_OFFICER:
        copy = WorkItem.objects.get(queue__key="ccps", kind="information")
        assert "a service area asked Legal directly" in page(reader, "/queues/ccps/")
        seen = page(reader, f"/work/{copy.pk}/")
        for words in ("May we vary the terms?", "9 September 2026", "service area went to Legal directly"):
            assert words in seen, words


@pytest.mark.requirement("N-040")
def test_legal_sees_the_days_left_shortest_first_and_what_is_below_the_minimum(alder: Alder, sign_in: SignIn) -> None:
    for title, days, urgent in (("Long", 40, ""), ("Least", 14, ""), ("Short", 9, "The provider is closing.")):
        asks.ask_legal(
            steps.in_analyse(alder, title=title),
            question="May we?",
            needed_by=TODAY + timedelta(days=days),
            urgent_reason=urgent,
            by=alder.priya,
        )
    hal = sign_in(alder.by_role[Role.LEGAL])

    def rows() -> list[tuple[str, str, bool]]:
        found = page(hal, "/queues/legal/").split("<tr data-row")[1:]
        return [
            (
                row.split("data-open>")[1].split("<")[0],
                row.split("<strong>")[1].split("<")[0],
                ">Under 14 days<" in row,
            )
            for row in found
        ]

    assert rows() == [
        ("Short", "9 of 21 calendar days left", True),
        ("Least", "14 of 21 calendar days left", False),
        ("Long", "40 calendar days left", False),
    ]
    clock.move_to(TODAY + timedelta(days=1))
    assert [(title, marked) for title, _, marked in rows()] == [("Short", True), ("Least", True), ("Long", False)]


@pytest.mark.requirement("N-120")
def test_specification_marked_for_legal_waits_for_its_answer(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.put_in(steps.in_analyse(alder), "plan")
    made = specifications.open_specification(commission, by=alder.priya)
    steps.submit(made.paper, alder.priya)
    made = door.carry_out(made, "send_for_sign_off", by=alder.priya).subject
    lewis, hal, tom = (sign_in(alder.by_role[role]) for role in (Role.CCPS_OFFICER, Role.LEGAL, Role.SERVICE_LEADER))
    sent = {"question": "Do the special terms hold?", **on("needed_by", TODAY + timedelta(days=40))}
    lewis.post(f"/commissions/{commission.pk}/specification/legal/", sent)

    item = WorkItem.objects.get(queue__key="legal")
    queue = page(hal, "/queues/legal/")
    assert "Review a specification" in queue
    assert "Signing off the specification" in queue, "what waits for the answer"
    sign_off = door.verb_url(made, "sign_off")
    waits = "Legal: answer on the specification awaited"
    assert waits in page(tom, made.get_absolute_url())
    assert sign_off not in page(tom, made.get_absolute_url())

    answer = hal.post(f"/work/{item.pk}/do/respond/", {"answer": "agreed", "text": "They hold."})

    assert answer.status_code == 302
    assert waits not in page(tom, made.get_absolute_url())
    assert tom.post(sign_off, {}).status_code == 302
    made.refresh_from_db()
    assert made.state == "signed_off"
