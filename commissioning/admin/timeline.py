"""The pages for planning ahead: the steps of a timeline with their dated durations, and what suppliers may see."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from commissioning.admin.catalogues import CatalogueAdmin
from commissioning.admin.forms import CatalogueForm, LinesField
from commissioning.models import PublicPipeline, StepDuration, TimelineStep
from commissioning.timeline import Step, in_order
from organisation import clock
from organisation.admin.base import AuditedAdmin, ScopedInline
from organisation.admin.scopes import OfOrganisation
from organisation.formatting import day


class StepForm(CatalogueForm):
    """A step of the timeline."""

    after = LinesField(are_keys=True, help_text="The steps that must be over before it begins, a key a line.")
    routes = LinesField(
        are_keys=True,
        help_text="The ways of buying that take it, a line each: none, service, quotes, tender. Blank means all.",
    )

    shown_by = LinesField(
        help_text="The records that show it is over, a line each: activity:KEY, answer:RULE, answer:RULE:ACTIVITY, "
        "input:1, plan, specification, request_accepted, notice_published, offers_in, purchase_decided, awarded, "
        "standstill_over, contract_signed, service_live. A gate shows itself."
    )

    def clean_routes(self) -> list[str]:
        """Refuse a way of buying that there is not."""
        routes: list[str] = self.cleaned_data["routes"]
        for route in routes:
            if route not in TimelineStep.Route.values:
                raise forms.ValidationError(f"“{route}” is not a way of buying: use none, service, quotes or tender")
        return routes

    def clean(self) -> dict[str, Any] | None:
        """Refuse steps that wait for each other in a circle."""
        given = super().clean() or self.cleaned_data
        framework = given.get("framework") or (self.instance.framework if self.instance.pk else None)
        key = given.get("key") or self.instance.key
        if framework is None or "after" not in given:
            return given
        others = TimelineStep.objects.in_force().filter(framework=framework).exclude(pk=self.instance.pk)
        steps = [Step(row.key, row.name, row.stage, row.lane, 1, after=tuple(row.after)) for row in others]
        try:
            in_order([*steps, Step(key, key, "", "", 1, after=tuple(given["after"]))])
        except ValueError:
            self.add_error("after", "These steps would wait for each other in a circle")
        return given


class DurationForm(forms.ModelForm):
    """A new length from a date on; lengths that hold already are not changed."""

    class Meta:
        model = StepDuration
        fields = ("valid_from", "unit", "short", "standard", "full", "source")

    def clean_valid_from(self) -> Any:
        """Refuse a start that reaches back."""
        begins = self.cleaned_data["valid_from"]
        if begins < clock.today():
            raise forms.ValidationError(f"This must be {day(clock.today())} or later: what has begun is not changed")
        return begins


class DurationInline(ScopedInline, admin.TabularInline):
    """The lengths of a step, each from its date on."""

    model = StepDuration
    form = DurationForm
    fields = ("valid_from", "unit", "short", "standard", "full", "source")
    extra = 1

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A length that was planned by stays as it is: add another from a later date."""
        return False


@admin.register(TimelineStep)
class TimelineStepAdmin(CatalogueAdmin):
    """Steps of a timeline. A new length counts for timelines that are worked out from its date on."""

    form = StepForm
    own_fields = (
        "stage", "lane", "after", "gate", "routes", "figure", "statutory", "shown_by", "may_leave_out", "is_milestone",
        "is_tender",
    )  # fmt: skip
    inlines = (DurationInline,)
    list_display = ("name", "stage", "lane", "gate", "framework", "valid_from", "valid_to")
    list_filter: ClassVar[Any] = ("framework", "stage", "lane")


@admin.register(PublicPipeline)
class PublicPipelineAdmin(AuditedAdmin):
    """Whether a council shows suppliers what it plans to buy."""

    scope = OfOrganisation()
    fixed_once_made = ("organisation",)
    fields = ("organisation", "is_published", "mailbox", "intro")
    list_display = ("organisation", "is_published", "mailbox")
    list_select_related: ClassVar[Any] = ("organisation",)
