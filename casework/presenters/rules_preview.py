"""What a change of the rules would do, for the page that shows it before anything counts."""

from __future__ import annotations

from typing import Any

from casework.forms.rules import NewVersionForm
from casework.models import Queue
from casework.rehearsal import moved_by, value_shifts
from casework.selectors.rules import rules_of
from casework.services.rules import rehearse
from organisation.formatting import day
from organisation.models import CommissioningFramework, Person


def preview_of(framework: CommissioningFramework, form: NewVersionForm, viewer: Person) -> dict[str, Any]:
    """The change in words, the values it moves, and the cases it would treat differently, as the viewer may see."""
    rules = rehearse(framework, form.changes())
    names = dict(Queue.objects.filter(framework=framework).values_list("key", "name"))
    moved = moved_by(framework, rules, viewer)
    return {
        "valid_from": day(form.cleaned_data["valid_from"]),
        "number": rules.number,
        "differences": form.differences(),
        "shifts": value_shifts(rules_of(form.latest), rules, names) if form.latest else [],
        "moving": [one for one in moved if not one.stays],
        "staying": [one for one in moved if one.stays],
    }
