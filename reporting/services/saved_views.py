"""Keeping a list under a name, and letting it go again."""

from __future__ import annotations

import uuid

from casework.audit import audited, record
from casework.refusals import Refused
from organisation.models import Organisation, Person
from organisation.standing import standing_of
from reporting.models import SavedView

MOST_VIEWS = 25


def save_view(
    person: Person, *, name: str, query: str, shared_with: Organisation | None, act_id: uuid.UUID | None = None
) -> SavedView:
    """Keep the address of a list; a name that this person used before is given to the new address.

    Raises ``Refused`` for an organisation they do not work in, and beyond twenty-five views.
    """
    with audited(by=person, act_id=act_id, verb="view.save", subject=name):
        if shared_with is not None and not standing_of(person).works_in(shared_with.pk):
            raise Refused("You can share a view only with an organisation you work in.")
        Person.objects.select_for_update().get(pk=person.pk)
        mine = SavedView.objects.filter(person=person)
        view = mine.filter(name=name).first()
        if view is None and mine.count() >= MOST_VIEWS:
            raise Refused(f"You have {MOST_VIEWS} saved views. Delete one of them first.")
        view = view or SavedView(person=person, name=name)
        view.query, view.shared_with = query, shared_with
        view.save()
        if shared_with is not None:
            record(verb="view.share", subject=shared_with, changes={"view": name, "query": query})
        return view


def delete_view(person: Person, pk: int) -> str:
    """Let one of one's own views go; its name, or nothing when there was none."""
    view = SavedView.objects.filter(person=person, pk=pk).first()
    if view is None:
        return ""
    with audited(by=person):
        if view.shared_with is not None:
            record(verb="view.unshare", subject=view.shared_with, changes={"view": view.name})
        view.delete()
    return view.name
