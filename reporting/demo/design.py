"""Plan: what future users said of a design."""

from __future__ import annotations

from commissioning.models import DesignFeedback, Engagement
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from reporting.demo.stage import Story

SAID = "The first visit should come sooner, and the letter should be shorter."
CHANGED = "The first visit comes within a week. The letter is one page."
WHY_NONE = "Users drew it with the provider before this commission began."


def show_design(story: Story) -> None:
    """Link what users said in the engagement log, or say why there is nothing to link."""
    commission = story.commission
    sheet = sheet_of("design_feedback")
    if sheet is None or DesignFeedback.objects.filter(commission=commission).exists():
        return
    users = Engagement.objects.filter(commission=commission, group=Engagement.Group.USERS, removed_at__isnull=True)
    found = users.order_by("pk").first()
    fields = {"engagement": found, "said": SAID, "changed": CHANGED, "why_none": ""}
    save_row(
        commission,
        sheet,
        fields if found else fields | {"said": "", "changed": "", "why_none": WHY_NONE},
        by=story.holder,
    )
