"""What base.html and the form templates need: {% load frame %}."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import Context

from organisation import navigation

register = template.Library()


@dataclass(frozen=True)
class Problem:
    """One line of the error summary, and the id of the box it leads to."""

    words: str
    target: str


@register.simple_tag(takes_context=True)
def nav_items(context: Context, at_end: bool = False) -> list[navigation.NavItem]:
    """List the navigation of this page. A page outside its section's address says `nav_current` in its context."""
    frame = context.get("frame")
    if frame is None or not frame.person.is_authenticated:
        return []
    return navigation.items_for(frame.person, frame.path, str(context.get("nav_current", "")), at_end)


@register.simple_tag
def summary_of(form: Any) -> list[Problem]:
    """List what is wrong with a form (or each form of a list), in page order, each problem once."""
    problems: list[Problem] = []
    for one in form if isinstance(form, list | tuple) else [form]:
        if isinstance(one, forms.BaseFormSet):
            problems += [Problem(str(words), "") for words in one.non_form_errors()]
            problems += [problem for inner in one.forms for problem in _problems(inner)]
        elif isinstance(one, forms.BaseForm):
            problems += _problems(one)
    return list(dict.fromkeys(problems))


def _problems(form: forms.BaseForm) -> list[Problem]:
    if not form.errors:
        return []
    shown = form.visible_fields()
    first = _target(shown[0]) if shown else ""
    found = [Problem(str(words), first) for words in form.non_field_errors()]
    found += [Problem(str(words), _target(box)) for box in shown for words in box.errors]
    found += [Problem(str(words), "") for box in form.hidden_fields() for words in box.errors]
    return found


def _target(box: BoundField) -> str:
    """Return the id of the first box of a field: a date has three, and the wrong one is wanted."""
    if isinstance(box.field, forms.MultiValueField):
        wrong = [place for place, part in enumerate(box.field.fields) if getattr(part.widget, "errors", None)]
        return f"{box.auto_id}_{wrong[0] if wrong else 0}"
    return str(box.auto_id)


@register.filter
def has_current(items: Iterable[tuple[str, str, bool]]) -> bool:
    """Whether one of the pages of a record is the page that is shown."""
    return any(is_current for _, _, is_current in items)
