"""An agreed plan is one line of the history, which opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from commissioning.models import CommissionActivity
from organisation.models import Person
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize("page", ["/commissions/{commission}/history/", "/history/{case}/"])
def test_activities_agreed_in_one_act_are_one_line_with_each_of_them_inside(
    alder: Alder, sign_in: SignIn, page: str
) -> None:
    commission = steps.in_analyse(alder, ticked=("strategic",))
    make.planned_as_suggested(commission)
    wanted = CommissionActivity.objects.filter(commission=commission, state="relevant").count()
    assert wanted > 10

    address = page.format(commission=commission.pk, case=commission.case_file_id)
    events = sign_in(alder.priya).get(address).context["events"]

    folded = [event for event in events if event.inside]
    assert len(folded) == 1
    assert f"marked {wanted} activities as relevant" in folded[0].sentence
    assert any("Needs / asset assessment" in line.strong + line.sentence for line in folded[0].inside)
    assert not any("marked this activity as relevant" in event.strong + event.sentence for event in events)
    assert any("agreed the activity plan" in event.strong + event.sentence for event in events)
