"""What other rooms' pages show of papers and files: {% load papers %}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from documents.panels import FilePanel
from organisation.formatting import NOT_RECORDED

register = template.Library()


@register.inclusion_tag("documents/_file_panel.html")
def file_panel(panel: FilePanel) -> dict[str, Any]:
    """Draw the files of one purpose, made by ``documents.panels.file_panel`` in the view."""
    return {"panel": panel}


@register.filter
def under(cells: Sequence[Any], columns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each cell of a row with the label of its column and whether it holds a number."""
    return [
        {"words": cell, "label": column["label"], "is_number": column["is_number"]}
        for cell, column in zip(cells, columns, strict=False)
    ]


@register.filter
def dashed(words: str) -> str:
    """The words of a cell in a print: a dash where nothing is recorded, so that what is recorded stands out."""
    return "–" if words == NOT_RECORDED else words


@register.filter
def open_in(pk: int, open_files: frozenset[int]) -> bool:
    """Whether a file is one of those that this person may open."""
    return pk in open_files
