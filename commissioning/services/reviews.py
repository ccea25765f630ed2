"""Asking somebody to review or approve a key document before it goes to a gate: a task of that person."""

from __future__ import annotations

import uuid
from datetime import date

from casework import notifications
from casework.audit import audited, record
from casework.blockers import Blocker
from casework.lifecycle import exit_check
from casework.models import WorkItem
from casework.refusals import AlreadyDone, Blocked
from casework.services import work_items
from casework.states import OUTSTANDING
from commissioning.models import Commission
from commissioning.selectors.key_documents import APPROVE, REVIEW, STAGE_OF
from commissioning.services.gates import NUMBER_OF
from commissioning.services.values import locked_open, refuse
from documents.models import Paper
from organisation import clock
from organisation.models import Person

ASK = "commission.ask"


def ask_review(
    commission: Commission,
    paper: Paper,
    *,
    reviewer: Person,
    asks: str,
    needed_by: date,
    question: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> WorkItem:
    """Mark a key document for review (``asks`` is "advise") or approval ("approve") by one person.

    Raises ``Blocked`` for its own author and for a day that has passed, ``AlreadyDone`` while they are still asked.
    """
    verb = "document.review_asked"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{paper.pk}:{reviewer.pk}"):
        commission = locked_open(commission, by=by, act=ASK, verb=verb, stands="its documents stand")
        blockers = []
        if reviewer.pk in (paper.begun_by_id, paper.submitted_by_id):
            words = f"{reviewer.name} writes this document: choose somebody else"
            blockers.append(Blocker("reviewer", words, anchor="id_reviewer"))
        if needed_by < clock.today():
            blockers.append(Blocker("needed_by", "Date the review is needed: it has passed", anchor="id_needed_by"))
        if blockers:
            refuse(Blocked(blockers, "Nobody was asked."), verb=verb, subject=commission, by=by)
        prefix = f"{REVIEW}:{STAGE_OF[paper.template_key]}:{paper.pk}:"
        earlier = WorkItem.objects.filter(case_file=commission.case_file, key__startswith=prefix)
        if earlier.filter(assignee=reviewer, state__in=OUTSTANDING).exists():
            refuse(AlreadyDone(f"{reviewer.name} is asked already."), verb=verb, subject=commission, by=by)
        what = "Approve" if asks == APPROVE else "Review"
        item = work_items.open_item(
            commission.case_file,
            by=by,
            kind=REVIEW,
            key=f"{prefix}{earlier.count() + 1}",
            title=f"{what} a document: {paper.name}",
            asks=asks,
            assignee=reviewer,
            needed_by=needed_by,
            question=question,
            because="It goes to no gate until you have answered",
            path=paper.get_absolute_url(),
        )
        record(verb=verb, subject=commission, changes={"document": paper.name, "assignee_id": reviewer.pk})
        notifications.assigned(item, by)
        return item


@exit_check(Paper, "submit")
def _review_is_open(paper: Paper) -> list[Blocker]:
    """A key document under review is not submitted; what keeps a gate's own paper is said with its gate."""
    stage = STAGE_OF.get(paper.template_key)
    if stage is None or paper.template_key in NUMBER_OF:
        return []
    case_id = paper.case_file.root_id or paper.case_file_id
    rows = WorkItem.objects.filter(
        case_file=case_id, key__startswith=f"{REVIEW}:{stage}:{paper.pk}:", state__in=OUTSTANDING
    )
    return [
        Blocker(f"review:{pk}", f"Review: open with {who}. Wait for it, or withdraw it", "casework:item", (pk,))
        for pk, who in rows.values_list("pk", "assignee__name")
    ]
