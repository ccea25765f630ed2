"""The timeline of a commission: when each step has to run, whether the date can be kept, and what is left out."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from commissioning.forms.timeline import LeaveOutForm, TakeBackForm, WorkOutForm
from commissioning.models import Commission, PlannedStep
from commissioning.selectors import dossiers
from commissioning.selectors import timeline as selector
from commissioning.selectors.step_records import with_records
from commissioning.selectors.timeline_bars import bars_of, today_mark
from commissioning.services import timeline as service
from commissioning.views.base import CommissionAct, ReadableAct
from organisation.formatting import counted
from organisation.forms import PageForm
from organisation.prepared import Prepared

_WITH_RECORDS = Prepared(lambda **asked: with_records(dossiers.seen(**asked)))


class Timeline(ReadableAct):
    """Read by everyone who sees the commission; worked out again by whoever edits it."""

    template_name = "commissioning/timeline.html"
    form_class = WorkOutForm
    write_act = "commission.edit"
    tab = "timeline"
    page_title = "Timeline"

    def load(self) -> Commission:
        """The commission with what its timeline follows, in one statement."""
        found: Commission = self.or_404(_WITH_RECORDS.first(related=self.related, **self.asking()))
        return found

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("commissioning:timeline", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Work it out."""
        made = service.work_out(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"Dates worked out for {counted(made, 'step')}."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The steps, the drawing, and whether the date can be kept."""
        context = super().get_context_data(**kwargs)
        commission, rows = self.subject, selector.planned(self.subject)
        by_lane = self.request.GET.get("by") == "lane"
        seen = selector.outlook_of(commission)
        steps, verdict, earliest, short = [], None, None, None
        progress = selector.Progress({}, frozenset())
        if seen is not None:
            every = selector.steps_for(commission.case_file.organisation.framework_id, seen)
            left_out = {row.key for row in rows if row.left_out_reason}
            steps = selector.without(every, left_out)
            progress = selector.progress_of(commission, steps)
            verdict = selector.verdict_of(commission, steps, progress)
            earliest = selector.earliest_of(commission, steps, progress)
            short = selector.plan_is_short(rows, seen)
        stands = {row.key: (row.starts_on, row.ends_on) for row in rows if not row.left_out_reason}
        now = selector.spans_of(commission, steps) if steps and commission.needed_by else {}
        here = self.get_success_url()
        return context | {
            "groups": bars_of(rows, progress, by_lane=by_lane),
            "by_lane": by_lane,
            "other_url": here if by_lane else f"{here}?by=lane",
            "today_mark": today_mark(rows, progress),
            "verdict": verdict,
            "earliest": earliest,
            "short": short,
            "short_words": f"It has {counted(short[0], 'day')}, and at least {counted(short[1], 'day')} are wanted. "
            "Check that the right people can be asked, the market warmed and social value thought through."
            if short
            else "",
            "left_out": [row for row in rows if row.left_out_reason],
            "has_rows": bool(rows),
            "under_way": selector.under_way(commission) if commission.has_started else [],
            "is_out_of_date": bool(rows)
            and bool(now)
            and stands != {key: (span.starts_on, span.ends_on) for key, span in now.items()},
        }


class _OneStep(CommissionAct):
    """One step of the timeline."""

    act = "commission.edit"

    @cached_property
    def step(self) -> PlannedStep:
        """The step in the address, if it may be left out."""
        found = PlannedStep.objects.filter(commission=self.subject, key=self.kwargs["key"], may_leave_out=True).first()
        if found is None:
            raise Http404("There is no such step to leave out")
        return found

    def back_url(self) -> str:
        """Back to the timeline."""
        return reverse("commissioning:timeline", args=[self.subject.pk])


class LeaveOut(_OneStep):
    """Do without a step, with the reason."""

    form_class = LeaveOutForm
    page_title = "Leave a step out"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the step."""
        return super().get_context_data(**kwargs) | {
            "intro": f"{self.step.name}. The steps before it then have its time. The reason stays in the history."
        }

    def perform(self, form: PageForm) -> str:
        """Leave it out."""
        given = form.cleaned_data
        row = service.leave_out(
            self.subject, key=self.step.key, reason=given["reason"], by=self.person, act_id=given["act_id"]
        )
        return f"{row.name} is left out. The other dates were worked out again."


class TakeBack(_OneStep):
    """Take a step in again."""

    form_class = TakeBackForm
    page_title = "Take a step in again"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the step and why it was left out."""
        return super().get_context_data(**kwargs) | {
            "intro": f"{self.step.name}. It was left out because: {self.step.left_out_reason}"
        }

    def perform(self, form: PageForm) -> str:
        """Take it in."""
        row = service.take_back(self.subject, key=self.step.key, by=self.person, act_id=form.cleaned_data["act_id"])
        return f"{row.name} is part of the timeline again."
