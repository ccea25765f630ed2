"""The tree of categories: what a branch holds, and how a category is called with the branches above it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from commissioning.models import Category

#: A family, a group and a category: more is hard to choose from, and every level is a join.
DEEPEST = 3


def below(key: str) -> QuerySet[Category]:
    """A category and everything in its branch, for use inside another statement."""
    rows: QuerySet[Category] = Category.objects.order_by()
    return rows.filter(Q(key=key) | Q(parent__key=key) | Q(parent__parent__key=key))


def called(prefix: str = "") -> Any:
    """The name with the branches above it, "Care and health: Home care", as an expression of a statement."""
    name, parent, top = F(f"{prefix}name"), F(f"{prefix}parent__name"), F(f"{prefix}parent__parent__name")
    between = Value(": ")
    return Case(
        When(**{f"{prefix}parent__isnull": True}, then=name),
        When(**{f"{prefix}parent__parent__isnull": True}, then=Concat(parent, between, name)),
        default=Concat(top, between, parent, between, name),
        output_field=CharField(),
    )


def categories_of(organisations: Collection[int]) -> list[tuple[str, str]]:
    """Every category of some organisations by its key, each branch before what it holds. One statement."""
    rows = Category.objects.filter(framework__organisations__in=organisations).order_by("pk")
    return sorted(dict(rows.values_list("key", called())).items(), key=lambda row: row[1])


def depth_above(parent: Category | None, itself: int | None) -> int:
    """How many levels there are above a category. Raises ``ValueError`` where it would hang below itself."""
    depth = 0
    while parent is not None:
        if parent.pk == itself:
            raise ValueError("A category cannot be in its own branch")
        depth += 1
        parent = parent.parent
    return depth


def depth_below(itself: int | None) -> int:
    """How many levels there are below a category."""
    if itself is None:
        return 0
    children = list(Category.objects.filter(parent=itself).values_list("pk", flat=True))
    return 1 + max((depth_below(pk) for pk in children), default=0) if children else 0
