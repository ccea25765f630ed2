"""What a section's page sent, read without asking the database: every save begins here, and most need no more."""

from __future__ import annotations

import uuid
from functools import cached_property

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from documents.kinds import Json, kind_of
from documents.shape import QuestionShape, SectionShape

_LONGEST_DIGEST = 64


class SectionSent:
    """One submitted form of one section. Only what the page showed is read: each answer comes with its digest."""

    def __init__(self, section: SectionShape, data: QueryDict, files: MultiValueDict[str, UploadedFile]) -> None:
        """Take the section and the request's form."""
        self.section = section
        self.data = data
        self.files = files

    @cached_property
    def tab(self) -> uuid.UUID:
        """What tells this open page from another; a damaged one counts as a page of its own."""
        try:
            return uuid.UUID(str(self.data.get("act_id", "")))
        except ValueError:
            return uuid.uuid4()

    @cached_property
    def version(self) -> int:
        """The paper's version that the page showed; a damaged one counts as out of date."""
        sent = str(self.data.get("version", ""))
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1

    @cached_property
    def was(self) -> dict[str, str]:
        """The digest of each answer that the page showed."""
        return {
            question.key: str(self.data[f"was_{question.key}"])[:_LONGEST_DIGEST]
            for question in self.section.questions
            if f"was_{question.key}" in self.data
        }

    @cached_property
    def asked(self) -> frozenset[str]:
        """The questions that the page asked, of whatever kind."""
        return frozenset(str(self.data.get("asked", "")).split())

    @cached_property
    def answers(self) -> dict[str, Json]:
        """The answers by question."""
        return {
            question.key: kind_of(question.kind).read(question, self.data, f"q_{question.key}")
            for question in self.section.questions
            if question.key in self.was and kind_of(question.kind).in_form
        }

    @cached_property
    def ticked(self) -> dict[str, str]:
        """The facts that were ticked, each with the digest of the words that stood beside the box."""
        return {
            question.fact: str(self.data[f"fact_{question.key}"])[:_LONGEST_DIGEST]
            for question in self.section.questions
            if question.kind == "fact" and self.data.get(f"fact_{question.key}")
        }

    @cached_property
    def uploads(self) -> list[tuple[QuestionShape, UploadedFile, str]]:
        """The files that came with the form: the question, the file and who it is for."""
        return [
            (question, upload, str(self.data.get(f"class_{question.key}", "")))
            for question in self.section.questions
            if question.kind == "file"
            for upload in self.files.getlist(f"file_{question.key}")
        ]

    def has_faults(self) -> bool:
        """Whether an answer is wrong in itself."""
        return any(
            value is not None and kind_of(question.kind).faults(question, value)
            for question in self.section.questions
            if question.kind != "person" and (value := self.answers.get(question.key)) is not None
        )
