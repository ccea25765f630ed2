"""The nightly proof: what the facts say against what the deadlines say, mended and told."""

from datetime import date
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework import deadlines as kinds
from casework.deadlines import Due, due, register_deadline_kind
from casework.models import Deadline, WorkItem
from casework.services import deadlines, proof
from casework.tasks import prove_deadlines
from organisation import clock
from tests.factories import casework as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Due]:
    """A kind of deadline of the test's own, and the facts behind it."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    facts: list[Due] = []
    register_deadline_kind("reading", "Reading", source=lambda: list(facts))
    return facts


def check(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command("check_deadlines", *args, stdout=out, **options)
    return out.getvalue()


def test_queue_items_and_their_deadlines_agree(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    for kind, queue in (("early_notice", "ccps"), ("legal_query", "legal"), ("information", "finance")):
        make.item(case, kind=kind, queue_key=queue)
    assert proof.prove(mend=False) == []
    assert sorted(Deadline.objects.values_list("kind", flat=True)) == ["early_notice", "legal_item", "work_item"]

    WorkItem.objects.filter(kind="legal_query").update(due_on=date(2027, 1, 5))
    WorkItem.objects.filter(kind="early_notice").update(state="closed")
    found = proof.prove(mend=True)

    assert [difference.kind for difference in found] == ["early_notice", "legal_item"]
    assert proof.prove(mend=False) == []
    assert Deadline.objects.get(kind="legal_item").due_on == date(2027, 1, 5)
    assert Deadline.objects.get(kind="early_notice").done_at is not None


def test_command_says_what_differs_and_mends_it(alder: SimpleNamespace, readings: list[Due]) -> None:
    clock.move_to(date(2026, 3, 2))
    case = make.case_file(holder=alder.priya)
    for n, on in enumerate([date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]):
        readings.append(due(case, "reading", str(n), due_on=on, title="Enter the reading", holder=alder.priya))
    deadlines.put(readings[0])
    deadlines.set_deadline(case, "reading", "1", due_on=date(2026, 5, 9), holder=None, title="Enter the reading")
    deadlines.set_deadline(case, "reading", "gone", due_on=date(2026, 5, 9), holder=None, title="Enter the reading")
    deadlines.finish_deadline(case, "reading", "0")

    with pytest.raises(CommandError, match="Deadlines that differ: 4"):
        check("reading", look=True)
    said = check("reading")

    place = f"Reading, case file {case.pk}"
    assert f"{place}, 0: it was finished although it still stands" in said
    assert f"{place}, 1: it said 9 May 2026, and the facts say 1 May 2026" in said
    assert f"{place}, 2: it was missing (due 1 June 2026)" in said
    assert f"{place}, gone: it stood although nothing asks for it" in said
    assert "Reading: no reminder step is in use, so nobody is reminded" in said
    assert check("reading").endswith("Every deadline is right\n")
    assert Deadline.objects.running().count() == 3
    assert Deadline.objects.get(key="1").holder == alder.priya
    assert prove_deadlines() == 0
    with pytest.raises(CommandError, match="No such kind of deadline: nonsense"):
        check("nonsense")
