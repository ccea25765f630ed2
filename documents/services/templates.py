"""Making, copying and publishing template versions. A published one is never edited: every write refuses to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from casework.audit import audited, record
from casework.door import who_words
from casework.refusals import AlreadyDone, NotPermitted, Refused
from documents import facts
from documents.models import Question, Section, Template
from documents.rules import WRITERS
from documents.selectors import read_shape, shape_from
from documents.template_checks import faults_of
from organisation import clock
from organisation.actors import Actor
from organisation.models import CommissioningFramework, Person
from organisation.permissions import may

_SECTION_FIELDS = ("order", "key", "title", "guidance")
_QUESTION_FIELDS = tuple(field.name for field in Question._meta.concrete_fields if field.name not in ("id", "section"))
_COPIED = ("key", "name", "purpose", "written_by", "statement")


class TemplateFaulty(Refused):
    """A template can't be published as it is; the words say why."""

    def __init__(self, template: Template, faults: Sequence[str]) -> None:
        super().__init__(f"{template.name} cannot be published yet. {' '.join(faults)}")
        self.faults = list(faults)


def faults_in(template: Template, *, checks_facts: bool = True) -> list[str]:
    """Every reason why a draft can't be published."""
    return faults_of(read_shape(template), facts.is_registered if checks_facts else _any_fact, _roles())


def _roles() -> frozenset[str]:
    return frozenset(role.value for role in WRITERS)


def _any_fact(key: str) -> bool:
    return True


def publish(template: Template, *, by: Actor, checks_facts: bool = True) -> Template:
    """Publish a draft: papers may be begun on it, and nobody may edit it any more.

    Locks the row; refuses a version that is published already, or that has faults; audits. A file may name facts of
    rooms that are not installed: ``checks_facts`` is then off, and such a fact reads "not recorded".
    """
    with audited(by=by):
        row = _draft(template, by)
        faults = faults_in(row, checks_facts=checks_facts)
        if faults:
            raise TemplateFaulty(row, faults)
        row.published_at = clock.now()
        row.published_by = by if isinstance(by, Person) else None
        row.save(update_fields=["published_at", "published_by"])
        record(verb="template.publish", subject=row)
        return row


def new_version(template: Template, *, by: Actor) -> Template:
    """Copy a version into an unpublished draft that can be edited, with the next number; audits.

    An unpublished draft of the same paper is returned as it is: two drafts would race each other.
    """
    with audited(by=by):
        _ask(template, by)
        last = Template.objects.select_for_update().filter(framework=template.framework, key=template.key)
        standing = last.filter(published_at__isnull=True).first()
        if standing is not None:
            return standing
        copy = Template(framework=template.framework, version=_next_version(template.framework, template.key))
        for name in _COPIED:
            setattr(copy, name, getattr(template, name))
        copy.save()
        for section in template.sections.order_by("order", "id").prefetch_related("questions"):
            copied = Section.objects.create(template=copy, **{name: getattr(section, name) for name in _SECTION_FIELDS})
            Question.objects.bulk_create(
                Question(section=copied, **{name: getattr(question, name) for name in _QUESTION_FIELDS})
                for question in section.questions.all()
            )
        record(verb="template.new_version", subject=copy, changes={"version": [template.version, copy.version]})
        return copy


def refuse_if_published(template: Template) -> None:
    """Raise unless the version is still a draft. The admin asks before it saves anything under it."""
    if Template.objects.filter(pk=template.pk, published_at__isnull=False).exists():
        raise AlreadyDone(f"{template} is published, so it cannot be changed. Make a new version.")


# --- from a file ----------------------------------------------------------------------------------------------------


def publish_from_file(
    framework: CommissioningFramework, rows: Iterable[Mapping[str, Any]], *, by: Actor
) -> list[Template]:
    """Make and publish the templates of a file whose words differ from those loaded last; audits; returns them.

    Everything is checked before anything is written, in a handful of statements however many templates there are.
    Raises ``TemplateFaulty``. Facts are not checked: a file may name those of rooms that are not installed.
    """
    with audited(by=by), transaction.atomic():
        templates, sections, questions = [], [], []
        for template, row in _fresh(framework, rows):
            _ask(template, by)
            own = [_section(template, order, part) for order, part in enumerate(row["sections"], start=1)]
            asked = [
                [_question(section, place, one) for place, one in enumerate(part["questions"], start=1)]
                for section, part in zip(own, row["sections"], strict=True)
            ]
            faults = faults_of(shape_from(template, zip(own, asked, strict=True)), _any_fact, _roles())
            if faults:
                raise TemplateFaulty(template, faults)
            template.published_at = clock.now()
            templates.append(template)
            sections += own
            questions += [question for of_section in asked for question in of_section]
        Template.objects.bulk_create(templates)
        Section.objects.bulk_create(sections)
        Question.objects.bulk_create(questions)
        for template in templates:
            record(verb="template.load", subject=template)
            record(verb="template.publish", subject=template)
        return templates


def _fresh(
    framework: CommissioningFramework, rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Template, Mapping[str, Any]]]:
    """The rows that are new or changed, each with its template, not saved yet."""
    versions: dict[str, int] = {}
    loaded: dict[str, str] = {}
    known = Template.objects.filter(framework=framework).order_by("version")
    for key, version, fingerprint in known.values_list("key", "version", "file_sha256"):
        versions[key] = version
        if fingerprint:
            loaded[key] = fingerprint
    for row in rows:
        fingerprint = _fingerprint(row)
        if loaded.get(row["key"]) == fingerprint:
            continue
        loaded[row["key"]] = fingerprint
        versions[row["key"]] = versions.get(row["key"], 0) + 1
        yield (
            Template(
                framework=framework,
                key=row["key"],
                name=row["name"],
                version=versions[row["key"]],
                purpose=row.get("purpose", ""),
                written_by=list(row.get("written_by") or []),
                statement=row.get("statement", ""),
                file_sha256=fingerprint,
            ),
            row,
        )


def _section(template: Template, order: int, row: Mapping[str, Any]) -> Section:
    return Section(template=template, order=order, key=row["key"], title=row["title"], guidance=row.get("guidance", ""))


def _question(section: Section, order: int, row: Mapping[str, Any]) -> Question:
    asked, needed = _condition(row.get("asked_when")), _condition(row.get("required_when"))
    return Question(
        section=section,
        order=order,
        key=row["key"],
        kind=row["kind"],
        label=row.get("label", ""),
        hint=row.get("hint", ""),
        required=bool(row.get("required")),
        word_limit=row.get("word_limit"),
        choices=list(row.get("choices") or []),
        columns=list(row.get("columns") or []),
        fact=row.get("fact") or "",
        asked_when_kind=asked[0],
        asked_when_key=asked[1],
        asked_when_values=asked[2],
        required_when_kind=needed[0],
        required_when_key=needed[1],
        required_when_values=needed[2],
    )


def _condition(row: Mapping[str, Any] | None) -> tuple[str, str, list[str]]:
    """A file's ``{"fact" or "question": key, "is": [values]}`` as the three columns."""
    for kind in ("fact", "question"):
        if row and row.get(kind):
            return kind, str(row[kind]), [_value(value) for value in row.get("is", [])]
    return "", "", []


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _fingerprint(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _next_version(framework: CommissioningFramework, key: str) -> int:
    last = Template.objects.filter(framework=framework, key=key).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def _ask(template: Template, by: Actor) -> None:
    if not may(by, "admin.edit", template):
        raise NotPermitted(who_words("admin.edit", template))


def _draft(template: Template, by: Actor) -> Template:
    _ask(template, by)
    row: Template = Template.objects.select_for_update(of=("self",)).select_related("framework").get(pk=template.pk)
    if row.is_published:
        raise AlreadyDone(f"{row} is published, so it cannot be changed. Make a new version.")
    return row
