"""Commenting on a section of a paper, answering a comment, and settling it."""

from __future__ import annotations

import uuid

from django.conf import settings

from casework.audit import audited, record, record_refusal
from casework.door import who_words
from casework.querysets import people_seeing
from casework.refusals import AlreadyDone, NotPermitted, Refused
from casework.services import outbox
from documents.commenting import capacity_for
from documents.models import Paper, SectionComment
from documents.selectors import day_of, shape_of
from organisation import clock
from organisation.formatting import day
from organisation.models import Person
from organisation.permissions import may

MADE, ANSWERED, SETTLED = "paper_comment", "paper_comment_answered", "paper_comment_settled"


def comment(
    paper: Paper, section_key: str, words: str, *, by: Person, about: str = "", act_id: uuid.UUID | None = None
) -> SectionComment:
    """Comment on a section as it reads now; its author is told.

    Raises ``NotPermitted`` for whoever may not review this paper, ``Refused`` once its case is closed.
    """
    verb = "paper.comment"
    with audited(by=by, act_id=act_id, verb=verb, subject=f"{paper.pk}:{section_key}"):
        row = _locked(paper)
        if not may(by, verb, row):
            _refuse(NotPermitted(who_words(verb, row)), verb, row, by)
        _refuse_if_closed(row, verb, by)
        section = shape_of(row.template, begun_on=day_of(row)).section(section_key)
        if section is None:
            raise Refused("This paper has no such section.")
        made = SectionComment.objects.create(
            paper=row,
            section_key=section_key,
            about=about[:300],
            words=words[:2000],
            revision_number=_number_of(row),
            on_draft=row.is_draft,
            made_by=by,
            made_as=capacity_for(by, row)[:60],
        )
        record(verb=verb, subject=row, changes={"section": section.title, "comment": [None, made.words[:200]]})
        _tell(
            made,
            authors_of(row),
            kind=MADE,
            act=f"A comment on {row.name}",
            why=f"{by.name} ({made.made_as}) commented on “{section.title}”:\n\n{made.words}",
            by=by,
        )
        return made


def reply(found: SectionComment, words: str, *, by: Person, act_id: uuid.UUID | None = None) -> SectionComment:
    """Answer a comment, or ask back; the other side is told. Raises ``AlreadyDone`` once it is settled."""
    verb = "paper.answer_comment"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(found.pk)):
        row = _open_comment(found, verb=verb, by=by)
        is_commenter = by.pk == row.made_by_id
        made = SectionComment.objects.create(
            paper=row.paper,
            answers=row,
            section_key=row.section_key,
            words=words[:2000],
            revision_number=_number_of(row.paper),
            on_draft=row.paper.is_draft,
            made_by=by,
            made_as=row.made_as if is_commenter else "",
        )
        record(verb=verb, subject=row.paper, changes={"comment": str(row), "answer": [None, made.words[:200]]})
        _tell(
            row,
            authors_of(row.paper) if is_commenter else [row.made_by_id],
            kind=MADE if is_commenter else ANSWERED,
            act=f"{'More on a comment' if is_commenter else 'Your comment is answered'}: {row.paper.name}",
            why=f"{by.name} answered the comment “{row.words}”:\n\n{made.words}",
            by=by,
        )
        return made


def settle(found: SectionComment, *, because: str, by: Person, act_id: uuid.UUID | None = None) -> SectionComment:
    """Close a comment. Whoever made it need not say why; the author of the paper must, and the commenter is told.

    Raises ``Refused`` without a reason where one is needed, and ``AlreadyDone`` once it is settled.
    """
    verb = "paper.settle_comment"
    with audited(by=by, act_id=act_id, verb=verb, subject=str(found.pk)):
        row = _open_comment(found, verb=verb, by=by)
        is_own = by.pk == row.made_by_id
        if not is_own and not because.strip():
            _refuse(Refused("Say why this comment is settled. Whoever made it reads your reason."), verb, row.paper, by)
        row.settled_by, row.settled_at, row.settled_because = by, clock.now(), because[:500]
        row.save(update_fields=["settled_by", "settled_at", "settled_because"])
        record(verb=verb, subject=row.paper, reason=because, changes={"comment": str(row)})
        if not is_own:
            _tell(
                row,
                [row.made_by_id],
                kind=SETTLED,
                act=f"Your comment is settled: {row.paper.name}",
                why=f"{by.name} settled your comment “{row.words}”:\n\n{because}",
                by=by,
            )
        return row


def authors_of(paper: Paper) -> list[int]:
    """Whoever began or submitted a paper, and whoever holds its case."""
    return sorted({pk for pk in (paper.begun_by_id, paper.submitted_by_id, paper.case_file.holder_id) if pk})


def _number_of(paper: Paper) -> int:
    """The revision that is read, or that the draft is to become."""
    return paper.revision_number + 1 if paper.is_draft else paper.revision_number


def _open_comment(found: SectionComment, *, verb: str, by: Person) -> SectionComment:
    paper = _locked(found.paper)
    row: SectionComment = SectionComment.objects.select_for_update(of=("self",)).get(pk=found.pk, answers=None)
    row.paper = paper
    if not may(by, verb, row):
        _refuse(NotPermitted(who_words(verb, row)), verb, paper, by)
    if row.settled_at is not None:
        who = row.settled_by.name if row.settled_by else "Somebody"
        _refuse(AlreadyDone(f"{who} settled this comment on {day(row.settled_at)}."), verb, paper, by)
    _refuse_if_closed(paper, verb, by)
    return row


def _locked(paper: Paper) -> Paper:
    return (
        Paper.objects.select_for_update(of=("self",))
        .select_related("case_file__organisation", "case_file__root", "template")
        .get(pk=paper.pk)
    )


def _refuse_if_closed(paper: Paper, verb: str, by: Person) -> None:
    if not (paper.case_file.root or paper.case_file).is_open:
        _refuse(Refused("This commission has ended, so its papers can only be read."), verb, paper, by)


def _refuse(refusal: Refused, verb: str, paper: Paper, by: Person) -> None:
    record_refusal(verb=verb, subject=paper, by=by, words=refusal.words)
    raise refusal


def _tell(row: SectionComment, ids: list[int], *, kind: str, act: str, why: str, by: Person) -> None:
    """One message to each of these people who may see the case, but for whoever did it."""
    case = row.paper.case_file
    path = row.paper.get_absolute_url()
    for person in people_seeing(case).filter(pk__in=[pk for pk in ids if pk != by.pk]).order_by("pk"):
        outbox.post(
            person,
            kind=kind,
            subject=f"{act}: {case.reference} {case.title}",
            body=(
                f"{why}\n\n{case.reference} {case.title}\n\n{settings.SITE_URL}{path}\n\n"
                "A comment that stays open is shown to whoever decides on the paper.\n\n"
                f"Questions go to whoever holds {case.reference}.\n"
            ),
            case_file=case,
            path=path,
        )
