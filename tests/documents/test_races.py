"""Two people at the same instant, on PostgreSQL with real threads: what matters is the count of effects."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection

from casework.refusals import Refused
from documents.models import Answer, Paper, Rendering, Revision
from documents.services import papers
from tests.factories import documents as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def at_once(act: Callable[[int], Any], times: int = 4) -> list[Any]:
    barrier, came = threading.Barrier(times), [None] * times

    def run(place: int) -> None:
        barrier.wait()
        try:
            came[place] = act(place)
        except Refused as refusal:
            came[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came


def test_beginning_at_once_makes_one_paper(writer):
    make.template(writer.organisation)
    case = make.case_file(writer.organisation)

    begun = at_once(lambda place: papers.begin(case, "initiation", writer))

    assert len({paper.pk for paper in begun}) == 1
    assert Paper.objects.count() == 1


def test_submitting_at_once_makes_one_revision(paper, writer):
    make.filled(paper, writer)

    came = at_once(lambda place: papers.submit(paper, writer))

    assert Revision.objects.count() == 1
    assert sum(isinstance(one, Refused) for one in came) == 3


def test_the_database_refuses_to_change_a_revision(paper, writer):
    papers.submit(make.filled(paper, writer), writer)

    with pytest.raises(DatabaseError, match="never changes"):
        Revision.objects.update(number=2)
    Rendering.objects.all().delete()
    with pytest.raises(DatabaseError, match="never changes"):
        Revision.objects.all().delete()


def test_saving_at_once_keeps_every_answer(paper, writer):
    at_once(lambda place: papers.save_answers(paper, "facts_and_aims", {"summary": f"Tab {place}"}, writer, 1))

    kept = set(Answer.objects.filter(paper=paper, question_key="summary").values_list("value", flat=True))
    assert kept == {f"Tab {place}" for place in range(4)}
    assert Answer.objects.filter(paper=paper, question_key="summary", is_offered=False).count() == 1


def test_adding_rows_at_once_keeps_every_row(paper, writer):
    at_once(lambda place: papers.save_row(paper, "money", "options", "", {"option": f"Option {place}"}, writer))

    rows = Answer.objects.get(paper=paper, question_key="options").value
    assert {row["cells"]["option"] for row in rows} == {f"Option {place}" for place in range(4)}
