"""Who owns each activity of a commission, and when it runs."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.ownership import HandOverForm, LeadForm
from commissioning.models import CommissionActivity
from commissioning.selectors import people
from commissioning.services import ownership
from commissioning.states import STAGES, ActivityState
from commissioning.views.base import CommissionAct, ReadableAct
from organisation.formatting import counted
from organisation.forms import PageForm

WRITE = "activity.write"


class Owners(ReadableAct):
    """The relevant activities with who leads each, its owner and its days; one owner for several at once."""

    template_name = "commissioning/owners.html"
    form_class = HandOverForm
    write_act = WRITE
    page_title = "Owners and dates"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people who may own activities."""
        return super().get_form_kwargs() | {"people": people.choosable(self.subject)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The activities by stage."""
        leaves_out = (ActivityState.PROPOSED, ActivityState.NOT_RELEVANT)
        rows = list(
            CommissionActivity.objects.filter(commission=self.subject)
            .exclude(state__in=leaves_out)
            .select_related("activity", "lead")
            .order_by("activity__order", "activity_id")
        )
        blank = sum(row.lead_id is None and row.state in ownership.WANTED for row in rows)
        return super().get_context_data(**kwargs) | {
            "stages": [(stage.label, [row for row in rows if row.activity.stage == stage]) for stage in STAGES],
            "rows": rows,
            "blank": f"{counted(blank, 'activity has', 'activities have')} no owner" if blank else "",
            "wanted": ownership.WANTED,
        }

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("commissioning:owners", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Name the owner."""
        given = form.cleaned_data
        count = ownership.hand_over(
            self.subject,
            led_by=given["led_by"],
            owner=given["owner"],
            every=given["which"] == "every",
            by=self.person,
            act_id=given["act_id"],
        )
        if not count:
            return "No activity was waiting for an owner there."
        return f"{given['owner'].name} now owns {counted(count, 'more activity', 'more activities')}."


class ChangeLead(CommissionAct):
    """Who leads one activity, its owner and its days."""

    form_class = LeadForm
    act = WRITE

    @cached_property
    def activity(self) -> CommissionActivity:
        """The activity, within this commission."""
        rows = self.subject.activities.select_related("activity", "lead", "commission__case_file")
        found = get_object_or_404(rows, pk=self.kwargs["activity"])
        if found.state not in ownership.WANTED:
            raise Http404("Only an activity that is relevant and not completed is planned")
        return found

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the activity."""
        return f"Who leads: {self.activity.activity.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from what is planned."""
        row = self.activity
        return super().get_form_kwargs() | {
            "people": people.choosable(self.subject, with_lead=row.lead_id),
            "version": row.version,
            "cancel_url": self.get_success_url(),
            "initial": {
                "led_by": row.leader, "lead": row.lead_id, "starts_on": row.starts_on, "due_on": row.due_on,
            },
        }  # fmt: skip

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("commissioning:owners", args=[self.subject.pk])

    def current_version(self) -> int:
        """After both values were shown."""
        return CommissionActivity.objects.values_list("version", flat=True).get(pk=self.activity.pk)

    def perform(self, form: PageForm) -> str:
        """Change it."""
        saved = ownership.change_lead(self.activity, by=self.person, **form.cleaned_data)
        return f"{saved.activity.name}: owned by {saved.lead}."
