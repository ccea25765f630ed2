"""Pieces of form layout that crispy-forms-gds lacks."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import LayoutObject, TemplateNameMixin
from django.template.loader import render_to_string


class Actions(LayoutObject, TemplateNameMixin):
    """The buttons under a form: one primary, perhaps "later", perhaps a cancel link.

    The stock buttons compile their label as a template, so that a title typed by a person would be run; these do not.
    """

    template = "%s/layout/actions.html"

    def __init__(self, form: Any) -> None:
        """Take the form whose labels the buttons carry."""
        self.form = form
        self.fields: list[Any] = []

    def render(self, form: Any, context: Any, template_pack: str = "gds", **kwargs: Any) -> str:
        """Render the row of buttons."""
        return render_to_string(self.get_template_name(template_pack), {"form": self.form})
