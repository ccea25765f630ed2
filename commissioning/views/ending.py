"""What happens at the end: the decision, the lessons, the next commission."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from commissioning.forms.confirm import ConfirmForm
from commissioning.forms.decisions import (
    EndDecisionForm,
    LessonForm,
    NoLessonsForm,
)
from commissioning.models import (
    Commission,
)
from commissioning.services import decisions
from commissioning.states import CommissionState
from commissioning.views.base import CommissionAct, ReadableAct
from organisation.forms import PageForm
from organisation.permissions import may


class DecideEnd(ReadableAct):
    """What happens when the term ends."""

    template_name = "commissioning/end_decision.html"
    form_class = EndDecisionForm
    write_act = "commission.review"
    page_title = "End decision"

    @property
    def may_write(self) -> bool:
        """Whether the person decides, now."""
        return super().may_write and (self.subject.state == CommissionState.REVIEW or self.refusal is not None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The standing decision."""
        rows = self.subject.end_decisions.filter(superseded_at__isnull=True).select_related("decided_by")
        return super().get_context_data(**kwargs) | {"standing": rows.first()}

    def perform(self, form: PageForm) -> str:
        """Decide."""
        made = decisions.decide_end(self.subject, by=self.person, **form.cleaned_data)
        more = " Open the next commission when you are ready." if made.choice == "recommission" else ""
        return f"End decision made: {made.get_choice_display()}.{more}"


class Lessons(ReadableAct):
    """What was learnt. It can be written down after the end, too."""

    template_name = "commissioning/lessons.html"
    form_class = LessonForm
    write_act = "commission.review"
    page_title = "Lessons learnt"

    @property
    def may_write(self) -> bool:
        """Whether the person writes lessons here, at any time."""
        return may(self.person, self.write_act, self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those recorded so far."""
        rows = self.subject.lessons.select_related("recorded_by").order_by("-pk")[:50]
        return super().get_context_data(**kwargs) | {"lessons": rows}

    def get_success_url(self) -> str:
        """Stay here: there may be another."""
        return reverse("commissioning:lessons", args=[self.subject.pk])

    def perform(self, form: PageForm) -> str:
        """Keep it."""
        decisions.add_lesson(self.subject, by=self.person, **form.cleaned_data)
        return "Lesson saved. Everyone can find it."


class NoLessons(CommissionAct):
    """Why there is nothing to learn."""

    form_class = NoLessonsForm
    act = "commission.review"
    page_title = "No lessons to record"

    def perform(self, form: PageForm) -> str:
        """Keep the reason."""
        decisions.no_lessons(self.subject, by=self.person, **form.cleaned_data)
        return "Reason saved."


class Recommission(CommissionAct):
    """Open the next commission while this one runs to its end."""

    form_class = ConfirmForm
    act = "commission.edit"
    page_title = "Open the next commission"
    intro = (
        "A new commission opens in draft with the purpose, category, objectives and value of this one. "
        "This one runs to its end and is closed separately."
    )

    def perform(self, form: PageForm) -> str:
        """Open it."""
        made = decisions.recommission(self.subject, by=self.person, act_id=form.cleaned_data["act_id"])
        self.made: Commission = made
        return f"{made.case_file.reference} opened in draft."

    def get_success_url(self) -> str:
        """On to the new one."""
        made: Commission | None = getattr(self, "made", None) or self.subject.followed_by.first()
        return made.get_absolute_url() if made else self.back_url()
