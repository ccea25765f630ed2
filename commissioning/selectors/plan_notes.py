"""What other records offer to the activities of Plan: needs that are not met, the options side by side."""

from __future__ import annotations

from django.urls import reverse

from commissioning.activity_notes import Line, Note
from commissioning.models import CommissionActivity, Engagement
from commissioning.return_pages import with_back
from commissioning.selectors.open_needs import open_needs
from organisation.formatting import counted, day
from organisation.models import Person
from organisation.permissions import may


def notes_on_needs(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """Needs that are not met and are no gap yet, for whoever can take them over."""
    needs = list(open_needs(activity.commission)[:20])
    if not needs:
        return []
    lines = [Line(need.nature, detail=str(need.get_met_display())) for need in needs]
    if activity.commission.case_file.is_open and may(viewer, "activity.write", activity):
        url = reverse("commissioning:gaps_from_needs", args=[activity.commission_id])
        lines.insert(0, Line(f"Take over {counted(len(needs), 'need')}", url))
    return [Note("Needs that are not met", "They are not in the gap analysis yet.", lines)]


def notes_on_options(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """The way to the comparison."""
    url = reverse("commissioning:options", args=[activity.commission_id])
    return [Note("Options", lines=[Line("Compare the options side by side", url)])]


def notes_on_business_case(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """Where the case is written, and what it begins with. No statement of its own."""
    url = reverse("commissioning:gate", args=[activity.commission_id, 3])
    words = (
        "It takes the costs by year, the timescales, the benefits, the risks, people's time and the preferred route. "
        "It begins with what the other activities of Plan found."
    )
    return [Note("The case itself", words, [Line("Outline business case, gate 3", url)])]


def notes_on_market_events(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """The talks with the market in the engagement log, newest first, and the way to enter one. One statement."""
    pk = activity.commission_id
    rows = Engagement.objects.standing().filter(Engagement.OF_MARKET, commission=pk).order_by("-takes_place_on", "-pk")
    log = reverse("commissioning:engagement", args=[pk])
    lines = [Line(row.title, log, _event(row)) for row in rows[:20]]
    words = "" if lines else "No event is entered yet."
    if activity.commission.case_file.is_open and may(viewer, "activity.write", activity):
        add = reverse("commissioning:add_sheet_row", args=[pk, Engagement.SHEET])
        asked = "stage=plan&group=suppliers&kind=supplier_event"
        enter = with_back(f"{add}?{asked}", activity.get_absolute_url())
        lines.insert(0, Line("Enter an event or a talk with providers", enter))
    return [Note("Events and talks with providers", words, lines)]


def _event(row: Engagement) -> str:
    parts = [str(row.get_kind_display()), f"{day(row.takes_place_on)}, {row.get_standing_is_display().lower()}"]
    said = (("Who came", row.attendees), ("We told them", row.told), ("Interest shown", row.interest))
    return ". ".join([*parts, *(f"{head}: {words.rstrip('.')}" for head, words in said if words)])


def notes_on_areas(activity: CommissionActivity, viewer: Person) -> list[Note]:
    """The way to the report by area. No statement of its own."""
    url = reverse("commissioning:market_actions")
    return [Note("Across commissions", lines=[Line("Actions in the market by area, rural areas apart", url)])]
