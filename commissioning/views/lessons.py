"""The lessons log, open to all staff."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from casework.views.base import SignedIn
from commissioning.models import Category, Lesson
from organisation.standing import standing_of

MOST_SHOWN = 100


class LessonLog(SignedIn, TemplateView):
    """What other teams learnt, newest first, by category if wanted."""

    template_name = "commissioning/lesson_log.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lessons the person may see."""
        rows = Lesson.objects.visible_to(self.person).select_related("commission__case_file", "commission__category")
        wanted = self.request.GET.get("category", "").replace("\x00", "")
        if wanted:
            rows = rows.filter(commission__category__key=wanted)
        return super().get_context_data(**kwargs) | {
            "lessons": rows.order_by("-pk")[:MOST_SHOWN],
            "categories": Category.objects.in_force()
            .filter(framework__organisations__in=standing_of(self.person).organisations)
            .distinct(),
            "wanted": wanted,
        }
