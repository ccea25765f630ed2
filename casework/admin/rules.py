"""Pages for figures, bands and routing rules. Each change is a new version of the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from casework.admin.new_versions import NewVersionAdmin
from casework.figures import amount_words
from casework.forms.rules import BandForm, RoutingRuleForm, ThresholdForm
from casework.models import Band, RoutingRule, Threshold
from organisation import clock
from organisation.formatting import day


@admin.register(Threshold)
class ThresholdAdmin(NewVersionAdmin):
    """Figures: what counts now, and what is to come."""

    form_class = ThresholdForm
    fields = ("framework", "key", "name", "amount", "unit", "since", "source")
    list_display = ("name", "now", "to_come", "framework", "source")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read with each figure what counts today, which a version to come may not be."""
        counting = Threshold.objects.filter(
            framework=OuterRef("framework"), key=OuterRef("key"), since__valid_from__lte=clock.today()
        ).order_by("-since__number")
        return super().get_queryset(request).annotate(counts_now=Subquery(counting.values("amount")[:1]))

    @admin.display(description="Counts now")
    def now(self, row: Any) -> str:
        """The figure in force today."""
        return amount_words(row.counts_now, row.unit) if row.counts_now is not None else "Nothing yet"

    @admin.display(description="To come")
    def to_come(self, row: Any) -> str:
        """The next figure and its day, when there is one."""
        if row.since.valid_from <= clock.today():
            return "None"
        return f"{amount_words(row.amount, row.unit)} from {day(row.since.valid_from)}"


@admin.register(Band)
class BandAdmin(NewVersionAdmin):
    """Bands of value, and the high-risk overlay."""

    form_class = BandForm
    fields = ("framework", "key", *BandForm.Meta.fields, "since")
    list_display = ("name", "who_buys", "request", "gate_1", "gate_3", "gate_4", "framework")


@admin.register(RoutingRule)
class RoutingRuleAdmin(NewVersionAdmin):
    """Who is asked, when, for what, within what time."""

    form_class = RoutingRuleForm
    can_add = True
    fields = ("framework", *RoutingRuleForm.Meta.fields, "reason", "since")
    list_display = ("name", "trigger", "queue_key", "asks", "within_key", "framework")
    list_filter = ("framework", "trigger", "queue_key")
