"""Fields that most people leave alone, folded under a line that opens without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.layout import HTML


def folded(form: Any, summary: str, names: Sequence[str]) -> list[Any]:
    """Lay fields out inside a fold that stands open where one of them is wrong or filled. ``summary`` is our own."""
    is_open = any(name in form.errors for name in names) if form.is_bound else False
    if not is_open:
        is_open = any(_is_filled(form, name) for name in names)
    head = (
        f'<details class="govuk-details"{" open" if is_open else ""}><summary class="govuk-details__summary">'
        f'<span class="govuk-details__summary-text">{summary}</span></summary><div class="govuk-details__text">'
    )
    return [HTML(head), *[form.laid_out(name) for name in names], HTML("</div></details>")]


def _is_filled(form: Any, name: str) -> bool:
    value = form[name].value()
    if isinstance(value, list | tuple):
        return any(value)
    return bool(value) and value != form.fields[name].initial
