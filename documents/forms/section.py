"""The form of one section, built from the template. Saving a draft never fails; the errors are for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from crispy_forms_gds.layout import Field
from django import forms

from documents.contents import PaperContents, fact_label, fact_words
from documents.facts import place_of
from documents.file_checks import ACCEPT, PERMITTED_WORDS
from documents.forms.asked import Asked
from documents.kinds import KINDS, Json, MoneyByYearKind, digest, kind_of, typed_in
from documents.models import Attachment
from documents.panels import FileLine, lines_for
from documents.presenting import TableRow, table_rows
from documents.shape import QuestionShape, SectionShape
from documents.states import Classification
from organisation import formatting
from organisation.forms import VersionedPageForm


class SectionForm(VersionedPageForm):
    """The questions of one section that are asked now.

    Every question that is shown sends the digest of the answer it was shown with, so that the service knows what this
    page changed and what it left alone.
    """

    submit_label = "Save and continue"
    later_label = "Save and come back later"

    def __init__(
        self,
        *args: Any,
        contents: PaperContents,
        section: SectionShape,
        people: Iterable[tuple[int, str]] = (),
        autosave_url: str = "",
        **kwargs: Any,
    ) -> None:
        """Take the paper's contents, the section, and the people who can be chosen."""
        super().__init__(*args, version=contents.paper.version, **kwargs)
        self.contents = contents
        self.section = section
        self.autosave_url = autosave_url
        self.people = [("", "Choose a person"), *((str(pk), label) for pk, label in people)]
        self.asked = contents.asked_in(section)
        self.fields["asked"] = _hidden(" ".join(question.key for question in self.asked))
        for question in self.asked:
            self._add(question)

    # --- the fields -------------------------------------------------------------------------------------------------

    def _add(self, question: QuestionShape) -> None:
        name, kind = f"q_{question.key}", kind_of(question.kind)
        value = self.contents.value(question.key)
        if question.kind == "file":
            self.fields[f"file_{question.key}"] = self._file_field(question)
            self.fields[f"class_{question.key}"] = forms.ChoiceField(
                label="Who it is for", choices=Classification.choices, required=False
            )
        if not kind.in_form or self.contents.others.get(question.key):
            return
        self.fields[f"was_{question.key}"] = _hidden(digest(value))
        if isinstance(kind, MoneyByYearKind):
            for year, box in kind.field_names(question, name):
                self.fields[box] = kind.year_field(question, year)
                self.fields[box].initial = KINDS["money"].for_field((value or {}).get(year.value))
            return
        field = kind.field(question)
        field.label = self._label(question)
        field.help_text = question.hint or field.help_text
        field.initial = kind.for_field(value)
        if isinstance(field, forms.ChoiceField) and question.kind == "person":
            field.choices = self._people_for(value)
        self.fields[name] = field

    def _file_field(self, question: QuestionShape) -> forms.Field:
        return forms.FileField(
            label=f"Add a file: {question.label}",
            help_text=f"{PERMITTED_WORDS}.",
            required=False,
            widget=forms.ClearableFileInput(attrs={"accept": ACCEPT, "class": "govuk-file-upload"}),
        )

    def _people_for(self, value: Json) -> list[tuple[str, str]]:
        chosen = str(value["id"]) if isinstance(value, dict) and "id" in value else ""
        if chosen and chosen not in dict(self.people):
            return [*self.people, (chosen, f"{value['name']} (no longer works here)")]
        return self.people

    def _label(self, question: QuestionShape) -> str:
        return question.label if self.contents.conditions.is_required(question) else f"{question.label} (optional)"

    # --- the layout -------------------------------------------------------------------------------------------------

    def build_layout(self) -> list[Any]:
        """The questions in order; facts that follow each other make one list."""
        laid: list[Any] = [Asked("documents/_default_button.html")]
        for is_fact, group in groupby(self.asked, key=lambda question: question.kind == "fact"):
            questions = list(group)
            laid += [self._facts(questions)] if is_fact else [self._asked(question) for question in questions]
        return laid

    def _facts(self, questions: list[QuestionShape]) -> Asked:
        rows = [self._fact_row(question) for question in questions]
        open_rows = [row for row in rows if row["digest"]]
        confirmed = sum(row["is_confirmed"] for row in rows)
        return Asked(
            "documents/_facts.html",
            rows=rows,
            count=f"{confirmed} of {len(rows)} confirmed.",
            has_open=any(not row["is_confirmed"] for row in open_rows),
        )

    def _fact_row(self, question: QuestionShape) -> dict[str, Any]:
        fact = self.contents.facts.get(question.fact)
        known = fact is not None and fact.value is not None
        where = [fact.source, formatting.day(fact.on) if fact.on else ""] if fact else []
        confirmation = self.contents.confirmed.get(question.fact)
        is_confirmed = self.contents.is_confirmed(question) and known
        return {
            "key": question.key,
            "label": fact_label(question),
            "shown": fact.shown if fact and known else formatting.NOT_RECORDED,
            "tables": [table.frozen() for table in fact.tables] if fact and known else [],
            "detail": fact.detail if fact else "",
            "where": ", ".join(filter(None, where)),
            "change_url": (fact.change_url if fact else "") or self._place(question, is_known=known),
            "digest": digest(fact_words(fact)) if fact and known else "",
            "is_confirmed": is_confirmed,
            "was": confirmation.value_shown if confirmation and known and not is_confirmed else "",
            "is_ticked": bool(self.is_bound and self.data.get(f"fact_{question.key}")),
            "hint": question.hint,
        }

    def _place(self, question: QuestionShape, *, is_known: bool) -> str:
        """Where a fact that is missing is given."""
        return "" if is_known else place_of(question.fact, self.contents.paper.case_file)

    def _asked(self, question: QuestionShape) -> Asked:
        shown: dict[str, Any] = {
            "question": question,
            "label": self._label(question),
            "why": self.contents.conditions.why(question),
            "came_from": self._came_from(question),
        }
        others = self.contents.others.get(question.key)
        if others:
            return Asked("documents/_two_answers.html", both=self._both(question), **shown)
        if question.kind == "table":
            return Asked("documents/_table.html", table=self._table(question), **shown)
        if question.kind == "file":
            return Asked(
                "documents/_files.html",
                [Field(f"file_{question.key}"), Field(f"class_{question.key}")],
                files=self.file_lines(self.contents.files.get(question.key, ())),
                earlier=self.file_lines(self.contents.earlier_files.get(question.key, ())),
                **shown,
            )
        kind, name = kind_of(question.kind), f"q_{question.key}"
        if isinstance(kind, MoneyByYearKind):
            boxes = [Field(box) for _, box in kind.field_names(question, name)]
            total = self.contents.show(question).get("total")
            return Asked("documents/_by_year.html", boxes, total=total, **shown)
        return Asked("documents/_question.html", [self.laid_out(name)], **shown)

    def file_lines(self, files: Sequence[Attachment]) -> list[FileLine]:
        """Files as lines, for what this person may do with each."""
        return lines_for(self.user, files) if self.user else []

    def _came_from(self, question: QuestionShape) -> str:
        answer = self.contents.answers.get(question.key)
        return answer.came_from if answer else ""

    def _both(self, question: QuestionShape) -> list[dict[str, Any]]:
        kind, standing = kind_of(question.kind), self.contents.answers.get(question.key)
        both = []
        for other in self.contents.others[question.key]:
            if other.row_id:
                rows = standing.value or [] if standing else []
                now = kind.show(question, [row for row in rows if row["id"] == other.row_id])
                offered = kind.show(question, [other.value])
            else:
                now, offered = (
                    kind.show(question, standing.value if standing else None),
                    kind.show(question, other.value),
                )
            both.append(
                {
                    "id": other.pk,
                    "standing": now,
                    "standing_by": standing.saved_by.label if standing and standing.saved_by else "Gatehouse",
                    "standing_at": formatting.moment(standing.saved_at) if standing else "",
                    "offered": offered,
                    "offered_by": other.saved_by.label if other.saved_by else "Gatehouse",
                    "offered_at": formatting.moment(other.saved_at),
                }
            )
        return both

    def _table(self, question: QuestionShape) -> dict[str, Any]:
        value = self.contents.value(question.key) or []
        rows: list[TableRow] = table_rows(question, value) if typed_in(value) is None else []
        return {
            "columns": [c for c in question.columns if c.kind != "flag"],
            "rows": rows,
            "row_words": question.row_words,
        }


def _hidden(value: str) -> forms.Field:
    # No id attribute: nothing points at it.
    return forms.CharField(required=False, initial=value, widget=forms.HiddenInput(attrs={"id": None}))
