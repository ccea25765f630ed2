"""What the pages of one paper share: the paper with everything in it, its frame and its sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from casework.views.base import CasePage
from documents import guidance, purposes
from documents.changes import DRAFT, Comparison, comparisons, predecessors_of
from documents.contents import PaperContents
from documents.freezing import freeze
from documents.models import Paper
from documents.purposes import Aside, PaperPages
from documents.selectors import contents_of, day_of, shape_of
from documents.shape import SectionShape, TemplateShape
from documents.states import SectionStatus
from organisation import clock, formatting
from organisation.permissions import may

TONES = {
    SectionStatus.NOT_STARTED: "grey",
    SectionStatus.IN_PROGRESS: "blue",
    SectionStatus.COMPLETED: "green",
    SectionStatus.NOT_NEEDED: "grey",
    SectionStatus.CANNOT_START: "outline",
}


@dataclass(frozen=True)
class SectionLine:
    """One section in the list beside the form and on the paper's own page."""

    key: str
    title: str
    url: str
    status: str
    tone: str
    note: str = ""
    is_current: bool = False
    is_done: bool = False


class PaperPage(CasePage):
    """A page of one paper. Whoever sees the case reads it; writing is asked for where something is written."""

    model = Paper
    act = "paper.read"
    related = (
        "case_file__organisation",
        "case_file__root",
        "case_file__service_area",
        "case_file__holder",
        "template",
        "begun_by",
        "submitted_by",
    )

    subject: Paper
    _contents: PaperContents | None = None

    @property
    def contents(self) -> PaperContents:
        """Everything in the paper."""
        if self._contents is None:
            self._contents = contents_of(self.subject)
        return self._contents

    def read_again(self, paper: Paper) -> None:
        """Take the paper as a service left it."""
        self.subject = paper
        self._contents = None

    @cached_property
    def pages(self) -> PaperPages:
        """What the room that this kind of paper belongs to adds."""
        return purposes.pages_of(self.subject.template_key)

    @cached_property
    def may_write(self) -> bool:
        """Whether this person writes the paper, and it is a draft."""
        return self.subject.is_draft and may(self.person, "paper.write", self.subject)

    @cached_property
    def shape(self) -> TemplateShape:
        """What the paper asks."""
        return shape_of(self.subject.template, begun_on=day_of(self.subject))

    def section_named(self, key: str) -> SectionShape:
        """A section of this paper, or 404."""
        section = self.shape.section(key)
        if section is None:
            raise Http404("This paper has no such section")
        return section

    def url(self, name: str, *args: object) -> str:
        """The address of another page of this paper."""
        return reverse(f"documents:{name}", args=[self.subject.pk, *args])

    def heading(self) -> str:
        """What this page is called under the paper's name; nothing for the paper's own page."""
        return self.page_title

    def crumbs(self) -> list[tuple[str, str]]:
        """The case, the paper, this page."""
        way = [step for step in super().crumbs() if step[1]]
        heading = self.heading()
        paper = (self.subject.name, self.subject.get_absolute_url() if heading else "")
        return [*way, paper, (heading, "")] if heading else [*way, paper]

    def lines(self, current: str = "") -> list[SectionLine]:
        """The sections with where each stands, then the check of the answers."""
        lines = [self._line(section, current) for section in self.contents.shape.sections]
        to_finish = self.contents.progress.needed - self.contents.progress.done
        waits = bool(to_finish or self.contents.problems)
        status = SectionStatus.CANNOT_START if waits else SectionStatus.NOT_STARTED
        return [
            *lines,
            SectionLine(
                key="check",
                title="Check your answers",
                url="" if waits or current == "check" else self.url("check"),
                status="Cannot start yet" if waits else "Ready",
                tone="outline" if waits else TONES[status],
                note=f"{formatting.counted(to_finish, 'section')} to finish" if waits else "",
                is_current=current == "check",
            ),
        ]

    def _line(self, section: SectionShape, current: str) -> SectionLine:
        status = self.contents.statuses[section.key]
        note = ""
        if status == SectionStatus.NOT_NEEDED and section.questions:
            note = self.contents.conditions.why_not(section.questions[0])
        return SectionLine(
            key=section.key,
            title=section.title,
            url="" if status == SectionStatus.NOT_NEEDED else self.url("section", section.key),
            status=str(status.label),
            tone=TONES[status],
            note=note,
            is_current=section.key == current,
            is_done=status == SectionStatus.COMPLETED,
        )

    def open_files(self) -> frozenset[int]:
        """The paper's files that this person may open."""
        files = (attachment for found in self.contents.files.values() for attachment in found)
        return frozenset(file.pk for file in files if may(self.person, "attachment.read", file))

    @cached_property
    def compared(self) -> list[Comparison]:
        """What the draft changes, since it was last submitted and since the paper it grew out of; one statement."""
        paper = self.subject
        if not paper.is_draft or not (paper.revision_number or predecessors_of(paper.template_key)):
            return []
        return comparisons(paper, freeze(self.contents), before=paper.revision_number, to=DRAFT)

    def asides(self) -> Sequence[Aside]:
        """What the right-hand column says under the guidance."""
        return self.pages.asides(self.subject)

    def deadline(self) -> dict[str, str] | None:
        """By when the paper is wanted, for the line at the top."""
        due = self.pages.due(self.subject) if self.subject.is_draft else None
        if due is None:
            return None
        today = clock.today()
        tone = "late" if due.on < today else "soon" if (due.on - today).days <= 7 else "calm"
        return {"day": f"{due.words} {formatting.day(due.on)}", "words": formatting.in_days(due.on), "tone": tone}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name what every page of a paper shows."""
        context = super().get_context_data(**kwargs)
        context |= {
            "page_title": self.heading() or self.subject.name,
            "paper": self.subject,
            "lowered_name": formatting.in_sentence(self.subject.name),
            "stage": self.pages.stage(self.subject),
            "may_write": self.may_write,
            "deadline": self.deadline(),
            "paper_tags": [(self.subject.get_state_display(), "blue" if self.subject.is_draft else "green")],
        }
        return context


def guidance_blocks(section: SectionShape) -> list[guidance.Block]:
    """The guidance of a section, ready to be written out."""
    return guidance.blocks(section.guidance)
