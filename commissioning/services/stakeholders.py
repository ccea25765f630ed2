"""Naming whose agreement to the target outcomes is asked for, and giving one's view of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from casework import door
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.door import who_words
from casework.models import WorkItem
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from casework.services import work_items
from casework.states import OUTSTANDING, Answer
from commissioning import notifications
from commissioning.models import Gate, GateStakeholder, OutcomeView
from commissioning.selectors.outcome_views import outcomes_of
from commissioning.services.values import locked, locked_open, refuse
from documents.models import Paper
from documents.services import comments
from organisation import clock
from organisation.actors import System
from organisation.models import Person
from organisation.permissions import may

TASK = "outcome_view"
SECTION = "aims"


@dataclass(frozen=True)
class View:
    """What somebody says of one outcome: that they agree, or what they miss."""

    agrees: bool
    words: str = ""


def name_stakeholder(
    gate: Gate, person: Person, *, stake: str, by: Person, act_id: uuid.UUID | None = None
) -> GateStakeholder:
    """Ask somebody for their view of the target outcomes. They are told, and it is among their work.

    Raises ``Refused`` for whoever writes the paper or was named before.
    """
    verb = "gate.name_stakeholder"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{gate.pk}:{person.pk}"):
        gate = _locked(gate, verb, by)
        paper = gate.paper
        if paper is not None and person.pk in (paper.begun_by_id, paper.submitted_by_id):
            words = f"{person.name} writes this paper, and need not be asked to agree with it"
            refuse(Blocked([Blocker("person", words, anchor="id_person")]), verb=verb, subject=gate, by=by)
        if GateStakeholder.objects.filter(gate=gate, person=person, removed_at__isnull=True).exists():
            refuse(AlreadyDone(f"{person.name} is on the list already."), verb=verb, subject=gate, by=by)
        made = GateStakeholder.objects.create(gate=gate, person=person, stake=stake[:200], named_by=by)
        record(verb=verb, subject=gate, changes={"person_id": person.pk})
        item = work_items.open_item(
            gate.commission.case_file,
            by=by,
            kind=TASK,
            key=_key(made),
            title="Say what you think of the target outcomes",
            asks="advise",
            assignee=person,
            because=f"You were named as having a stake in them{f': {stake}' if stake else ''}"[:1000],
            path=reverse("commissioning:gate_outcomes", args=[gate.commission_id, gate.number]),
        )
        notifications.outcomes_asked(item, gate)
        return made


def remove_stakeholder(row: GateStakeholder, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Ask somebody no more. What they said stays."""
    verb = "gate.remove_stakeholder"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        gate = _locked(row.gate, verb, by)
        if GateStakeholder.objects.filter(pk=row.pk, removed_at__isnull=True).update(removed_at=clock.now()):
            record(verb=verb, subject=gate, changes={"person_id": row.person_id})
            _settle_task(row, None)


def give_views(
    row: GateStakeholder, views: Mapping[str, View], *, by: Person, act_id: uuid.UUID | None = None
) -> list[OutcomeView]:
    """Say of each outcome, by its row in the paper, whether one agrees; a comment goes to the paper's author.

    Raises ``NotPermitted`` for anyone but the person named, ``Blocked`` where a comment has no words.
    """
    verb = "gate.outcome_views"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(row.pk)):
        gate = Gate.objects.select_related(*Gate.door_reads).get(pk=row.gate_id)
        locked(gate.commission)
        row.gate = gate
        if not may(by, "gate.view_outcomes", row):
            refuse(NotPermitted(who_words("gate.view_outcomes", row)), verb=verb, subject=gate, by=by)
        paper = Paper.objects.get(pk=gate.paper_id)
        outcomes = dict(outcomes_of(paper))
        given = {key: view for key, view in views.items() if key in outcomes}
        silent = [key for key, view in given.items() if not view.agrees and not view.words.strip()]
        if silent or not given:
            blockers = [Blocker(key, f"{outcomes[key]}: your comment is not written") for key in silent]
            refuse(Blocked(blockers or [Blocker("outcomes", "Nothing was said")]), verb=verb, subject=gate, by=by)
        made = []
        for key, view in given.items():
            comment = None
            if not view.agrees:
                comment = comments.comment(paper, SECTION, view.words, by=by, about=outcomes[key])
            made.append(
                OutcomeView.objects.create(
                    stakeholder=row, row_id=key, outcome=outcomes[key][:500], agrees=view.agrees, comment=comment
                )
            )
        agreed = sum(view.agrees for view in given.values())
        record(verb=verb, subject=gate, changes={"agreed": str(agreed), "outcomes": str(len(given))})
        _settle_task(row, Answer.AGREED if agreed == len(given) else Answer.AGREED_WITH_CONDITIONS)
        return made


def _locked(gate: Gate, verb: str, by: Person) -> Gate:
    commission = locked_open(
        gate.commission, by=by, act="commission.edit", verb=verb, stands="nobody is asked any more"
    )
    found: Gate = Gate.objects.select_related(*Gate.door_reads).get(pk=gate.pk)
    found.commission = commission
    return found


def _key(row: GateStakeholder) -> str:
    return f"outcomes:{row.gate_id}:{row.pk}"


def _settle_task(row: GateStakeholder, answer: str | None) -> None:
    tasks = WorkItem.objects.filter(case_file_id=row.gate.commission.case_file_id, key=_key(row), state__in=OUTSTANDING)
    for item in tasks.select_related("case_file"):
        if answer is None:
            because = "Somebody else is asked instead"
            door.carry_out(item, "close", by=System(because=because), note=because)
        else:
            said = str(Answer(answer).label)
            door.carry_out(
                item,
                "respond",
                by=System(because="A view was given on the target outcomes"),
                answer=answer,
                text=said,
                from_room=True,
            )
