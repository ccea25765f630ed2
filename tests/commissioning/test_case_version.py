"""The outline business case has a short and a full version: the rules set the least, its authors may write more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.refusals import Blocked
from commissioning.models import Commission, Gate
from commissioning.services import gates
from documents.selectors import contents_of
from organisation.models import Person
from tests.commissioning import gates as walk
from tests.commissioning import steps
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make

SignIn = Callable[[Person], Client]


def begun(alder: Alder, **fields: object) -> Gate:
    planned = steps.put_in(steps.in_analyse(alder, **fields), "plan")
    make.decided_delivery(planned, "in_house")
    return walk.begun(planned, 3, alder.priya)


def asked(gate: Gate) -> set[str]:
    assert gate.paper is not None
    contents = contents_of(walk.read(Commission.objects.get(pk=gate.commission_id), 3).paper)
    return {question.key for section in contents.shape.sections for question in contents.asked_in(section)}


@pytest.mark.requirement("N-142")
def test_small_case_is_short_may_be_made_full_and_a_large_one_never_short(alder: Alder, sign_in: SignIn) -> None:
    page = sign_in(alder.priya)
    small = begun(alder, value=60000)
    assert "governance" not in asked(small)
    address = f"/commissions/{small.commission_id}/gates/3/version/"
    assert address in page.get(small.get_absolute_url()).content.decode()
    page.post(address, {"version": "full"})
    assert "governance" in asked(small)
    page.post(address, {"version": "short"})
    assert "governance" not in asked(small)

    large = begun(alder, value=640000, ticked=("strategic",))
    assert "governance" in asked(large)
    address = f"/commissions/{large.commission_id}/gates/3/version/"
    assert address not in page.get(large.get_absolute_url()).content.decode()
    refused = page.post(address, {"version": "short"})
    assert refused.status_code == 409
    assert "Full version: needed at this value and risk" in refused.content.decode()
    with pytest.raises(Blocked):
        gates.choose_version(large, full=False, by=alder.priya)
    assert "governance" in asked(large)
    assert sign_in(alder.sam).post(address, {"version": "full"}).status_code == 403


@pytest.mark.requirement("N-143")
def test_green_book_stands_beside_the_section_it_helps(alder: Alder, sign_in: SignIn) -> None:
    gate = begun(alder, value=640000, ticked=("strategic",))

    for section in ("strategic", "economic", "commercial", "financial", "management"):
        page = sign_in(alder.priya).get(f"/papers/{gate.paper_id}/sections/{section}/").content.decode()
        assert "https://www.gov.uk/government/" in page, section
        assert "Green Book" in page


@pytest.mark.requirement("N-093")
def test_page_says_who_will_approve_and_in_what_order_before_submission(alder: Alder, sign_in: SignIn) -> None:
    commission = steps.in_analyse(alder, value=640000, ticked=("strategic",))
    gate = walk.begun(commission, 1, alder.priya)

    for address in (f"/papers/{gate.paper_id}/check/", gate.get_absolute_url()):
        page = sign_in(alder.priya).get(address).content.decode()
        assert "Service leader: Tom Hesketh" in page
        assert "Leadership approver: Helen Moss" in page
        assert page.index("Tom Hesketh") < page.index("Leadership approver: Helen Moss")
    assert "Download this draft as a PDF" in sign_in(alder.priya).get(f"/papers/{gate.paper_id}/read/").content.decode()
