"""A form's number belongs to one person, one act and one subject: nobody can swallow somebody else's act."""

import uuid

import pytest

from casework.audit import audited
from casework.refusals import Replayed
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


def test_the_same_form_sent_twice_counts_once() -> None:
    priya, act_id = people.person(), uuid.uuid4()
    with audited(by=priya, act_id=act_id, verb="commission.lesson", subject="1"):
        pass

    with pytest.raises(Replayed), audited(by=priya, act_id=act_id, verb="commission.lesson", subject="1"):
        pytest.fail("The second one must not run")


@pytest.mark.parametrize("change", ["person", "verb", "subject"])
def test_a_number_used_by_or_for_something_else_is_no_replay(change: str) -> None:
    priya, tom, act_id = people.person(), people.person(), uuid.uuid4()
    with audited(by=priya, act_id=act_id, verb="commission.lesson", subject="1"):
        pass
    ran = []

    with audited(
        by=tom if change == "person" else priya,
        act_id=act_id,
        verb="award" if change == "verb" else "commission.lesson",
        subject="2" if change == "subject" else "1",
    ):
        ran.append(change)

    assert ran == [change]
