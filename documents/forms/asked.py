"""Pieces of layout for a question: why it is asked, where its answer came from, and the boxes to answer in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms_gds.layout import Field
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Asked(LayoutObject):
    """One question, drawn by a template of its own around the fields that answer it."""

    def __init__(self, template: str, fields: Sequence[Field] = (), **shown: Any) -> None:
        """Take the template, the fields inside, and what the template shows."""
        self.template = template
        self.fields = list(fields)
        self.shown = shown

    def render(self, form: Any, context: Any, template_pack: str = "gds", **kwargs: Any) -> SafeString:
        """Draw the question."""
        boxes = [field.render(form, context, template_pack=template_pack, **kwargs) for field in self.fields]
        drawn = {"boxes": boxes, "form": form, "is_paper": True} | self.shown
        return render_to_string(self.template, drawn)
