"""What the pages of one commission share: its scope, its frame, and the pages beside it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework import door
from casework.views.base import ActPage, RecordPage
from commissioning.models import Commission
from commissioning.selectors.overview import tags_of
from organisation.permissions import may

PAGES = (
    ("Overview", "commission"),
    ("Tasks and documents", "tasks"),
    ("Timeline", "timeline"),
    ("People", "people"),
    ("Engagement", "engagement"),
    ("Money", "money"),
    ("Risk", "risk"),
    ("Authority", "authority"),
    ("History", "history"),
)


class CommissionMixin:
    """A page of a commission."""

    model = Commission
    related: ClassVar[tuple[str, ...]] = (
        "case_file__organisation__framework",
        "case_file__service_area__directorate",
        "case_file__holder",
        "category",
        "governance_route",
        "level",
        "rules_version",
    )
    tab: ClassVar[str] = ""

    subject: Commission
    person: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pages beside this one, and the tags."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        pk = self.subject.pk
        context["pages"] = [
            (label, reverse(f"commissioning:{name}", args=[pk]), name == self.tab) for label, name in PAGES
        ]
        context["tags"] = tags_of(self.subject)
        context["may_edit"] = self.may_now("commission.edit")
        context["may_review"] = self.may_now("commission.review")
        return context

    def may_now(self, act: str) -> bool:
        """Whether the person may do this to the commission while it can still be changed: no link leads to a no."""
        return self.subject.case_file.is_open and may(self.person, act, self.subject)


class CommissionPage(CommissionMixin, RecordPage):
    """A page of a commission that only shows."""


class CommissionAct(CommissionMixin, ActPage):
    """A form that does one act on a commission."""


class ReadableAct(CommissionAct):
    """A form over a record that everyone who sees the commission may read; only writing is asked for."""

    write_act: ClassVar[str]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever may not write, naming who may."""
        if not may(self.person, self.write_act, self.subject):
            raise PermissionDenied(door.who_words(self.write_act, self.subject))
        return super().post(request, *args, **kwargs)

    @property
    def may_write(self) -> bool:
        """Whether the form is shown. After a refusal it is, with all that was typed."""
        return self.refusal is not None or self.may_now(self.write_act)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether the form is shown."""
        return super().get_context_data(**kwargs) | {"may_write": self.may_write}
