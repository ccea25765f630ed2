"""What pages and guards read, each in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q

from casework.blockers import Blocker
from casework.lifecycle import dossier_of
from casework.models import CaseFile
from documents import facts
from documents.contents import PaperContents, Problem, Progress
from documents.kinds import Json, financial_years
from documents.models import Answer, Attachment, FactConfirmation, Paper, Question, Section, Template
from documents.shape import Choice, Column, QuestionShape, SectionShape, TemplateShape, When
from documents.states import ProblemKind
from organisation import formatting
from organisation.clock import LONDON
from organisation.models import Membership, Person
from organisation.prepared import Prepared


def shape_of(template: Template, begun_on: date | None = None) -> TemplateShape:
    """The fixed picture of a template version. A published one can't change, so it is read once a process.

    A paper's amounts by year run from the financial year in which it was begun, unless the template names years.
    """
    shape = _published_shape(template) if template.is_published else read_shape(template)
    return _with_years(shape, begun_on) if begun_on else shape


@lru_cache(maxsize=500)
def _published_shape(template: Template) -> TemplateShape:
    return read_shape(template)


def forget_shapes() -> None:
    """Read every template again: for tests, whose databases number templates afresh."""
    _published_shape.cache_clear()


def read_shape(template: Template) -> TemplateShape:
    """The picture of a template version, read now: one statement for a published one, two for a draft."""
    titles: dict[int, Section] = {}
    by_section: dict[int, list[Question]] = defaultdict(list)
    if not template.is_published:
        # Only a draft can have a section without questions.
        titles = {section.pk: section for section in Section.objects.filter(template=template).order_by("order", "id")}
    questions = Question.objects.filter(section__template=template).select_related("section")
    for question in questions.order_by("section__order", "section_id", "order", "id"):
        titles.setdefault(question.section_id, question.section)
        by_section[question.section_id].append(question)
    return shape_from(template, ((section, by_section[section.pk]) for section in titles.values()))


def shape_from(template: Template, sections: Iterable[tuple[Section, Iterable[Question]]]) -> TemplateShape:
    """The picture of a template whose sections and questions are at hand, saved or not."""
    return TemplateShape(
        id=template.pk,
        key=template.key,
        name=template.name,
        version=template.version,
        purpose=template.purpose,
        written_by=tuple(template.written_by),
        sections=tuple(
            SectionShape(section.key, section.title, section.guidance, tuple(map(_question_shape, questions)))
            for section, questions in sections
        ),
    )


@dossier_of(Paper)
def contents_for_guards(paper: Paper) -> PaperContents:
    """The contents that the door's guards read; kept on the row, so that freezing does not read them twice."""
    paper.contents_read = contents_of(paper)  # type: ignore[attr-defined]
    return paper.contents_read  # type: ignore[attr-defined]


def contents_of(paper: Paper) -> PaperContents:
    """Everything in one paper."""
    return contents_of_all([paper])[paper.pk]


_ANSWERS = Prepared(lambda papers: Answer.objects.filter(paper_id__in=papers).select_related("saved_by").order_by("id"))
_CONFIRMED = Prepared(
    lambda papers: FactConfirmation.objects.filter(paper_id__in=papers).select_related("confirmed_by")
)
_UPLOADS = Prepared(
    lambda papers: (
        Attachment.objects.filter(paper_id__in=papers).select_related("uploaded_by", "removed_by").order_by("id")
    )
)


def contents_of_all(papers: Collection[Paper]) -> dict[int, PaperContents]:
    """Everything in several papers, in as many statements as for one."""
    by_id = {paper.pk: paper for paper in papers}
    ids = tuple(by_id)
    shapes = {paper.pk: shape_of(paper.template, begun_on=day_of(paper)) for paper in papers}
    answers: dict[int, dict[str, Answer]] = defaultdict(dict)
    others: dict[int, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in _ANSWERS.rows(papers=ids):
        if answer.is_offered:
            others[answer.paper_id][answer.question_key].append(answer)
        else:
            answers[answer.paper_id][answer.question_key] = answer
    confirmed: dict[int, dict[str, FactConfirmation]] = defaultdict(dict)
    for confirmation in _CONFIRMED.rows(papers=ids):
        confirmed[confirmation.paper_id][confirmation.fact] = confirmation
    files: dict[int, dict[str, list[Attachment]]] = defaultdict(lambda: defaultdict(list))
    earlier: dict[int, dict[str, list[Attachment]]] = defaultdict(lambda: defaultdict(list))
    for attachment in _UPLOADS.rows(papers=ids):
        # Who may open it is asked of the paper and its case, which are at hand.
        attachment.paper = by_id[attachment.paper_id]
        attachment.case_file = attachment.paper.case_file
        pile = files if attachment.is_current else earlier
        pile[attachment.paper_id][attachment.question_key].append(attachment)
    case_files = {paper.case_file_id: paper.case_file for paper in papers}
    keys = dict.fromkeys(key for shape in shapes.values() for key in shape.fact_keys())
    known = facts.load_facts(case_files.values(), keys)
    strangers = _strangers(papers, shapes, answers)
    return {
        paper.pk: PaperContents(
            paper=paper,
            shape=shapes[paper.pk],
            answers=answers[paper.pk],
            others=others[paper.pk],
            facts=known[paper.case_file_id],
            confirmed=confirmed[paper.pk],
            files=files[paper.pk],
            earlier_files=earlier[paper.pk],
            strangers=strangers,
        )
        for paper in papers
    }


def standing_value(paper: Paper, question_key: str) -> Json:
    """The answer that stands to one question, for a page about it alone."""
    rows = Answer.objects.filter(paper=paper, question_key=question_key, is_offered=False)
    return rows.values_list("value", flat=True).first()


def day_of(paper: Paper) -> date:
    """The day on which a paper was begun, in London."""
    return paper.begun_at.astimezone(LONDON).date()


# --- for other rooms ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperRow:
    """One paper as a list on another room's page shows it."""

    paper: Paper
    progress: Progress
    problems: int

    @property
    def name(self) -> str:
        """What the paper is called."""
        return self.paper.name

    @property
    def url(self) -> str:
        """The paper's page."""
        return self.paper.get_absolute_url()

    @property
    def version_words(self) -> str:
        """Draft 2, or revision 1."""
        if self.paper.is_draft:
            return f"Draft {self.paper.revision_number + 1}"
        return f"Revision {self.paper.revision_number}"


def papers_of(case_file: CaseFile) -> list[PaperRow]:
    """The papers of one case file with how far each has come: a fixed number of statements, however many there are."""
    papers = list(Paper.objects.filter(case_file=case_file).with_case().order_by("begun_at", "id"))
    contents = contents_of_all(papers)
    return [PaperRow(paper, contents[paper.pk].progress, len(contents[paper.pk].problems)) for paper in papers]


def section_blockers(contents: PaperContents) -> list[Blocker]:
    """What stops a paper from being submitted, one line a section: "Economic case: confirm 2 facts"."""
    by_section: dict[str, list[Problem]] = defaultdict(list)
    for problem in contents.problems:
        by_section[problem.section.key].append(problem)
    return [
        Blocker(
            key=key,
            words=f"{found[0].section.title}: {_summed_up(found)}",
            link="documents:section",
            link_args=(contents.paper.pk, key),
            anchor=found[0].anchor,
        )
        for key, found in by_section.items()
    ]


def attachments_of(
    case_file: CaseFile, purpose: str | Collection[str] | None = None, *, with_earlier: bool = False
) -> list[Attachment]:
    """The files that stand on a case file, newest first; only those of one purpose, or of some, where they are named.

    ``with_earlier`` adds those that were replaced or removed.
    """
    found = Attachment.objects.filter(case_file=case_file) if with_earlier else Attachment.objects.current()
    found = found.filter(case_file=case_file).select_related("uploaded_by", "removed_by")
    if purpose is not None:
        found = found.filter(purpose__in=[purpose] if isinstance(purpose, str) else purpose)
    return list(found.order_by("-uploaded_at", "-id"))


# --- people ---------------------------------------------------------------------------------------------------------


def people_of(organisation_id: int) -> Any:
    """The people who can be named in a paper of an organisation: those who work in it today."""
    held = Membership.objects.in_force().filter(organisation_id=organisation_id)
    return Person.objects.filter(is_active=True, pk__in=held.values("person_id")).order_by("name", "pk")


def _strangers(
    papers: Iterable[Paper], shapes: Mapping[int, TemplateShape], answers: Mapping[int, Mapping[str, Answer]]
) -> frozenset[int]:
    named: dict[int, set[int]] = defaultdict(set)
    for paper in papers:
        for key, answer in answers[paper.pk].items():
            question = shapes[paper.pk].questions.get(key)
            if question and question.kind == "person" and isinstance(answer.value, dict) and "id" in answer.value:
                named[paper.case_file.organisation_id].add(answer.value["id"])
    if not named:
        return frozenset()
    wanted = set().union(*named.values())
    within = Q()
    for organisation_id, ids in named.items():
        held = Membership.objects.in_force().filter(organisation_id=organisation_id)
        within |= Q(pk__in=ids, memberships__in=held)
    known = set(Person.objects.filter(within, is_active=True).values_list("pk", flat=True))
    return frozenset(wanted - known)


# --- reading a template ---------------------------------------------------------------------------------------------


def _question_shape(question: Question) -> QuestionShape:
    return QuestionShape(
        key=question.key,
        kind=question.kind,
        label=question.label or facts.label_of(question.fact),
        hint=question.hint,
        required=question.required,
        word_limit=question.word_limit,
        choices=choices_in(question.choices),
        columns=columns_in(question.columns),
        fact=question.fact,
        asked_when=When(question.asked_when_kind, question.asked_when_key, tuple(question.asked_when_values)),
        required_when=When(
            question.required_when_kind, question.required_when_key, tuple(question.required_when_values)
        ),
    )


def choices_in(rows: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """Choices as a template's JSON holds them."""
    return tuple(Choice(str(row["value"]), str(row.get("label", row["value"]))) for row in rows)


def columns_in(rows: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Columns as a template's JSON holds them."""
    return tuple(
        Column(
            key=str(row["key"]),
            label=str(row.get("label", row["key"])),
            kind=str(row.get("kind", "text")),
            choices=choices_in(row.get("choices", ())),
            sums=tuple(str(key) for key in row.get("sums", ())),
            row=str(row.get("row", "")),
        )
        for row in rows
    )


def _with_years(shape: TemplateShape, begun_on: date) -> TemplateShape:
    def with_years(question: QuestionShape) -> QuestionShape:
        if question.kind != "money_by_year" or question.choices:
            return question
        return replace(question, choices=financial_years(begun_on))

    if all(with_years(question) is question for question in shape.questions.values()):
        return shape
    sections = tuple(
        replace(section, questions=tuple(with_years(question) for question in section.questions))
        for section in shape.sections
    )
    return replace(shape, sections=sections)


def _summed_up(problems: list[Problem]) -> str:
    def count(*kinds: ProblemKind) -> int:
        return sum(problem.kind in kinds for problem in problems)

    parts = []
    if unconfirmed := count(ProblemKind.UNCONFIRMED):
        parts.append(f"confirm {formatting.counted(unconfirmed, 'fact')}")
    if len(problems) == 1 and not parts:
        return problems[0].words
    if missing := count(ProblemKind.MISSING):
        parts.append(f"{formatting.counted(missing, 'answer')} missing")
    if wrong := count(ProblemKind.WRONG, ProblemKind.TWO_ANSWERS):
        parts.append(f"{formatting.counted(wrong, 'answer')} to correct")
    return ", ".join(parts)
