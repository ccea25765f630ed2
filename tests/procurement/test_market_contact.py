"""While CCPS asks the market, nobody talks to bidders but in structured engagement; what had no notice is explained."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casework import door
from casework.models import WorkItem
from casework.refusals import Blocked
from commissioning.models import Commission, Engagement
from organisation import clock
from procurement.models import Exercise
from procurement.services import tenders
from tests.factories import commissioning
from tests.factories import sourcing as make

pytestmark = pytest.mark.django_db
BANNER, LIFTED = "Do not talk to possible bidders about this.", "Today bidders may be met in “Site visit”"


def talk(commission: Commission, **fields: Any) -> Engagement:
    """A talk with suppliers, held today after a notice."""
    notice = {"notice_reference": "2026/S 1", "notice_on": clock.today() - timedelta(days=9)}
    market = {"title": "Site visit", "group": "suppliers", "kind": "supplier_event", "stage": "secure"}
    return commissioning.engaged(commission, **market | notice | fields)


@pytest.mark.requirement("N-147", "N-271")
def test_only_a_structured_talk_lifts_the_banner_and_only_on_its_day(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    client.force_login(where.priya)
    exercise = make.tender(where, ccps.lewis)
    commission = Commission.objects.get(pk=exercise.commission_id)

    def shown() -> list[bool]:
        pages = [commission.get_absolute_url(), f"/commissions/{commission.pk}/engagement/"]
        found = [client.get(page).content.decode() for page in pages]
        assert (BANNER in found[0], LIFTED in found[0]) == (BANNER in found[1], LIFTED in found[1])
        return [BANNER in found[0], LIFTED in found[0]]

    assert shown() == [True, False], "before it is published"
    Exercise.objects.update(state="open")
    assert shown() == [True, False], "while bids can come"
    Exercise.objects.update(state="planned")
    talk(commission, is_structured=False)
    assert shown() == [True, False]
    talk(commission, is_structured=True, title="Site visit")
    assert shown() == [False, True]
    clock.move_to(clock.today() + timedelta(days=1))
    assert shown() == [True, False]

    clock.move_to(clock.today() - timedelta(days=1))
    Engagement.objects.all().delete()
    make.awarded(where, ccps.lewis, exercise)
    assert shown() == [False, False]


@pytest.mark.requirement("N-147")
def test_talk_outside_structured_engagement_is_explained_and_ccps_is_told(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    client.force_login(where.priya)
    commission = Commission.objects.get(pk=make.tender(where, ccps.lewis).commission_id)
    today = clock.today()
    sent = {
        "title": "Call from a provider",
        "stage": "secure",
        "group": "suppliers",
        "kind": "one_to_one",
        "method": "phone",
        "takes_place_on_0": str(today.day),
        "takes_place_on_1": str(today.month),
        "takes_place_on_2": str(today.year),
        "standing_is": "held",
        "purpose": "They rang",
        "heard": "They asked about lots",
        "changed": "Nothing",
        "no_notice_reason": "It was not planned.",
        "attendees": "One provider",
        "told": "That the tender says everything",
        "interest": "They would bid",
    }
    add = f"/commissions/{commission.pk}/sheets/engagement/add/"

    refused = client.post(add, sent).content.decode()
    assert "bidders are met only in structured talks. Say why this one was not" in refused
    assert client.post(add, sent | {"direct_contact_reason": "A provider rang the team."}).status_code == 302

    item = WorkItem.objects.get(kind="direct_contact")
    assert item.queue is not None
    assert (item.queue.key, item.question) == ("ccps", "A provider rang the team.")
    row = Engagement.objects.get()
    client.post(f"{add.removesuffix('add/')}{row.pk}/", sent | {"direct_contact_reason": "They rang.", "version": "1"})
    assert WorkItem.objects.filter(kind="direct_contact").count() == 1


@pytest.mark.requirement("N-270")
def test_tender_is_not_published_before_it_explains_a_talk_without_notice(
    where: Any, ccps: SimpleNamespace, client: Client
) -> None:
    client.force_login(ccps.lewis)
    exercise = make.tender(where, ccps.lewis)
    commission = Commission.objects.get(pk=exercise.commission_id)
    talk(commission, is_structured=True, direct_contact_reason="")
    assert "explanation" not in client.get(f"/exercises/{exercise.pk}/do/publish/").content.decode()
    talk(commission, is_structured=True, notice_reference="", notice_on=None, no_notice_reason="A fair came up.")

    words = "Market engagement: the log has 1 talk without a notice before. Write the explanation to be published"
    with pytest.raises(Blocked) as refusal:
        door.carry_out(exercise, "publish", by=ccps.lewis, notice_reference="2026/S 2")
    assert [blocker.words for blocker in refusal.value.blockers] == [words]
    assert words in client.get(f"/exercises/{exercise.pk}/").content.decode()

    why = "A provider met us at a fair before the notice was out."
    exercise = Exercise.objects.get()
    tenders.write_tender(exercise, version=exercise.version, by=ccps.lewis, engagement_explanation=why)
    page = client.get(f"/exercises/{exercise.pk}/").content.decode()
    assert f"The tender publishes why there was no notice before: {why}" in page
    door.carry_out(exercise, "publish", by=ccps.lewis, notice_reference="2026/S 2")
    assert Exercise.objects.get().state == "open"
