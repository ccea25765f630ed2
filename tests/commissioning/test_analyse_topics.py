"""Analyse at a glance: its six topics, and what gate 1 says of those that are missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from commissioning.models import AnalyseTopic
from documents.models import Paper
from documents.selectors import contents_of
from documents.services import papers
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder

SignIn = Callable[[Person], Client]
NAMES = [str(topic.label) for topic in AnalyseTopic.Topic]


@pytest.mark.requirement("N-060")
def test_six_topics_are_each_written_or_do_not_apply_with_a_reason(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder)
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/analyse/"
    add = f"/commissions/{commission.pk}/sheets/topics/add/"
    assert address in priya.get(commission.get_absolute_url()).content.decode()
    page = priya.get(address).content.decode()
    assert [name for name in NAMES if f'<section aria-label="{name}">' in page] == NAMES
    assert page.count(">Missing</strong>") == 6
    assert "legislation, guidance, best practice, current provision, resident engagement and root causes" in page

    assert 'value="root_causes"' in priya.get(f"{add}?topic=root_causes").content.decode()
    without = priya.post(add, {"topic": "root_causes", "does_not_apply": "on", "words": " "})
    assert "Write what you found, or why it does not apply" in without.content.decode()
    done = priya.post(add, {"topic": "root_causes", "does_not_apply": "on", "words": "Nobody can change them."})
    assert done["Location"] == address
    priya.post(add, {"topic": "legislation", "words": "The Care Act binds us."})
    again = priya.post(add, {"topic": "legislation", "words": "Twice."}).content.decode()
    assert "This is written down already" in again

    page = priya.get(address).content.decode()
    assert (page.count(">Missing</strong>"), page.count(">Written</strong>")) == (4, 1)
    causes = page[page.index('<section aria-label="Root causes">') :]
    assert ">Does not apply</strong>" in causes[:600]
    assert "Nobody can change them." in causes[:600]
    assert "guidance, best practice, current provision and resident engagement" in page
    reader = sign_in(alder.by_role[Role.FINANCE]).get(address).content.decode()
    assert "The Care Act binds us." in reader
    assert add not in reader
    assert sign_in(alder.olive).get(address).status_code == 404


@pytest.mark.parametrize(("value", "is_held_up"), [(640_000, True), (60_000, False)])
def test_required_gate_1_names_the_topics_that_are_missing(
    alder: Alder, sign_in: SignIn, value: int, is_held_up: bool
) -> None:
    commission = steps.in_analyse(alder, value=value)
    if is_held_up:
        paper = walk.begun(commission, 1, alder.priya).paper
    else:
        paper = papers.begin(commission.case_file, "initiation_document", by=alder.priya)
    assert paper is not None

    def missing() -> list[str]:
        found = [problem.words for problem in contents_of(Paper.objects.get(pk=paper.pk)).problems]
        return [name for name in NAMES if f"{name}: not recorded" in found]

    assert missing() == (NAMES if is_held_up else [])
    if is_held_up:
        check = sign_in(alder.priya).get(f"{paper.get_absolute_url()}check/").content.decode()
        assert "What Analyse looked at: Root causes: not recorded" in check
    steps.topics_written(commission, alder.priya)
    glance = sign_in(alder.priya).get(f"/commissions/{commission.pk}/analyse/").content.decode()
    assert "Still missing" not in glance
    assert missing() == []


def test_analyse_at_a_glance_asks_the_same_whatever_the_rows(
    alder: Alder, sign_in: SignIn, queries_of: Callable[..., list[str]]
) -> None:
    commission = steps.in_analyse(alder)
    priya, address = sign_in(alder.priya), f"/commissions/{commission.pk}/analyse/"
    priya.get("/")
    few = queries_of(lambda: priya.get(address))
    steps.topics_written(commission, alder.priya)
    assert len(queries_of(lambda: priya.get(address))) == len(few) <= 8, few
