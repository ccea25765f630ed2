"""Pages for what a framework offers: rows end by date, are never deleted, and every change is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from commissioning.admin.forms import (
    ActivityForm,
    CatalogueForm,
    CategoryForm,
    GuidancePageForm,
    KeyQuestionForm,
    RiskCriterionForm,
)
from commissioning.models import (
    Activity,
    Category,
    DeliveryModel,
    GovernanceRoute,
    GuidancePage,
    KeyQuestion,
    Level,
    Objective,
    Place,
    Principle,
    RiskCriterion,
    Stage,
    UrgencyGround,
)
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework


class CatalogueAdmin(AuditedAdmin):
    """A list to choose from. ``own_fields`` are what this list adds to the key, the name and the dates."""

    scope = OfFramework()
    form = CatalogueForm
    own_fields: ClassVar[Sequence[str]] = ()
    fixed_once_made: ClassVar[Sequence[str]] = ("framework", "key", "valid_from")
    list_display: Any = ("name", "key", "framework", "order", "valid_from", "valid_to")
    list_select_related: ClassVar[Any] = ("framework",)
    list_filter: ClassVar[Any] = ("framework",)
    search_fields: ClassVar[Any] = ("name", "key")
    ordering: ClassVar[Any] = ("framework", "order", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The key and the name, what is particular to this list, then order and dates."""
        return ["framework", "key", "name", *self.own_fields, "order", "valid_from", "valid_to"]


@admin.register(Stage)
class StageAdmin(CatalogueAdmin):
    """A council's words for the four stages. The stages themselves are fixed."""

    fields = ("framework", "key", "name", "summary")
    list_display = ("name", "key", "framework")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A stage neither begins nor ends."""
        return list(self.fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A framework is loaded with its four stages."""
        return False


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    """Families of spend and the categories in them: a tree."""

    form = CategoryForm
    own_fields = ("code", "parent")
    list_display = ("name", "parent", "code", "framework", "valid_from", "valid_to")
    list_select_related = ("framework", "parent")
    search_fields = ("name", "key", "code")


@admin.register(Objective)
class ObjectiveAdmin(CatalogueAdmin):
    """Strategic objectives, grouped by corporate priority."""

    own_fields = ("priority",)
    list_display = ("name", "priority", "framework", "valid_from", "valid_to")


@admin.register(Level)
class LevelAdmin(CatalogueAdmin):
    """Levels of commissioning. Whether work at one leads to a purchase is fixed once it is made."""

    own_fields = ("buys", "summary")
    fixed_once_made = (*CatalogueAdmin.fixed_once_made, "buys")
    list_display = ("name", "buys", "framework", "valid_from", "valid_to")


@admin.register(Place)
class PlaceAdmin(CatalogueAdmin):
    """Areas and communities that commissions serve."""

    own_fields = ("setting",)
    list_display = ("name", "setting", "framework", "valid_from", "valid_to")
    list_filter = ("framework", "setting")


@admin.register(GovernanceRoute)
class GovernanceRouteAdmin(CatalogueAdmin):
    """Who decides for the council."""

    own_fields = ("summary",)


@admin.register(UrgencyGround)
class UrgencyGroundAdmin(CatalogueAdmin):
    """Grounds for the urgent route. Poor planning is none."""

    own_fields = ("summary", "ccps_may_follow")


@admin.register(Principle)
class PrincipleAdmin(CatalogueAdmin):
    """The commissioning principles. They are equal: there is nothing to weigh."""

    own_fields = ("summary",)


@admin.register(DeliveryModel)
class DeliveryModelAdmin(CatalogueAdmin):
    """Ways to meet a need. Whether one leads to a purchase is fixed once it is made: decisions rest on it."""

    own_fields = ("buys", "summary")
    fixed_once_made = (*CatalogueAdmin.fixed_once_made, "buys")
    list_display = ("name", "buys", "framework", "valid_from", "valid_to")


@admin.register(RiskCriterion)
class RiskCriterionAdmin(CatalogueAdmin):
    """High-risk criteria. Rewording one leaves the answers given so far in the words they were given to."""

    form = RiskCriterionForm
    own_fields = ("question", "help", "examples", "explain_label", "effect", "measure")
    search_fields = ("name", "key", "question")


@admin.register(Activity)
class ActivityAdmin(CatalogueAdmin):
    """The catalogue of activities, and the sets in which each is proposed."""

    form = ActivityForm
    own_fields = (
        "stage", "group", "kind", "owner", "others", "in_short", "in_standard", "in_full", "relevant_when",
        "definition", "guidance", "output_prompt", "typical_duration", "short_form",
    )  # fmt: skip
    fixed_once_made = (*CatalogueAdmin.fixed_once_made, "stage")
    list_display = ("name", "stage", "kind", "owner", "in_short", "in_standard", "in_full", "valid_to")
    list_filter = ("framework", "stage", "kind", "owner")
    search_fields = ("name", "key", "definition")


@admin.register(KeyQuestion)
class KeyQuestionAdmin(CatalogueAdmin):
    """The questions of each stage. Once one was answered its words stand: end it and add another."""

    form = KeyQuestionForm
    own_fields = ("stage", "number", "text", "hint")
    fixed_once_made = (*CatalogueAdmin.fixed_once_made, "stage")
    list_display = ("text", "stage", "number", "framework", "valid_from", "valid_to")
    list_filter = ("framework", "stage")
    search_fields = ("text", "key")
    ordering = ("framework", "order", "stage", "number", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A question is called what it asks."""
        return [name for name in super().get_fields(request, obj) if name != "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the words that somebody answered."""
        found = super().get_readonly_fields(request, obj)
        return [*found, "text", "number"] if obj is not None and obj.answers.exists() else found

    def save_model(self, request: HttpRequest, obj: KeyQuestion, form: ModelForm[Any], change: bool) -> None:
        """Call the question what it asks."""
        obj.name = obj.text[:150]
        super().save_model(request, obj, form, change)


@admin.register(GuidancePage)
class GuidancePageAdmin(CatalogueAdmin):
    """Short pages about stages, activities and gates."""

    form = GuidancePageForm
    own_fields = ("about", "target", "body")
    list_display = ("name", "about", "target", "framework", "valid_to")
    list_filter = ("framework", "about")
    search_fields = ("name", "key", "target", "body")
