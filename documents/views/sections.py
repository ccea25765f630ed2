"""One section of a draft: the form, its autosave, and the rows of its tables."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from casework.refusals import NotPermitted, Refused, Replayed
from documents.forms import SectionForm, SectionSent
from documents.kinds import TABLE
from documents.selectors import people_of
from documents.services import attachments, papers
from documents.shape import SectionShape
from documents.states import Classification
from documents.threads import threads_of
from documents.uploads import refused_uploads
from documents.views.base import PaperPage, guidance_blocks
from organisation import formatting


class SectionPage(PaperPage, TemplateView):
    """The questions of one section. Whoever may not write reads the answers instead."""

    template_name = "documents/section.html"
    http_method_names = ["get", "head", "post"]

    refusal: Refused | None = None

    @cached_property
    def section(self) -> SectionShape:
        """The section in the address, or 404."""
        return self.section_named(self.kwargs["section"])

    def heading(self) -> str:
        """The section's title."""
        return self.section.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; send a reader to the whole paper, and a writer past a section that asks nothing."""
        if not self.may_write:
            return HttpResponseRedirect(f"{self.url('read')}#section-{self.section.key}")
        if not self.contents.asked_in(self.section):
            return self._on()
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save whatever was sent, then go where the button says."""
        sent = SectionSent(self.section, request.POST, request.FILES)
        try:
            saved = self.save(sent)
            refused = self._attach(sent)
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except Refused as refusal:
            self.refusal = refusal
            return self.render_to_response(
                self.get_context_data(form=self.form(request.POST)), status=HTTPStatus.CONFLICT
            )
        self.read_again(saved.paper)
        if refused:
            # A file that was refused is said at once, whichever button was pressed: it is the one thing not saved.
            return self._again(refused)
        if choice := str(request.POST.get("choose", "")):
            return self._choose(choice)
        for button, leads_to in (("row", self._to_row), ("change_file", self._to_file)):
            if value := str(request.POST.get(button, "")):
                return leads_to(value)
        if "later" in request.POST:
            messages.success(request, f"{self.section.title} saved. Come back to it whenever you like.")
            return HttpResponseRedirect(self.subject.get_absolute_url())
        if saved.conflicts or sent.has_faults() or self._has_strangers(sent):
            return self._again([])
        if "stay" in request.POST:
            return self._here(str(request.POST["stay"]))
        return self._more(sent) or self._on()

    def form(self, data: QueryDict | None = None) -> SectionForm:
        """The section's form, empty or as it was sent."""
        needs_people = any(question.kind == "person" for question in self.contents.asked_in(self.section))
        organisation_id = self.subject.case_file.organisation_id
        people = [(person.pk, person.label) for person in people_of(organisation_id)] if needs_people else []
        return SectionForm(
            data=data,
            contents=self.contents,
            section=self.section,
            people=people,
            user=self.person,
            autosave_url=self.url("autosave", self.section.key),
        )

    def save(self, sent: SectionSent, *, is_autosave: bool = False) -> papers.Saved:
        """Call the one service that saves."""
        return papers.save_answers(
            self.subject,
            self.section.key,
            sent.answers,
            self.person,
            sent.version,
            was=sent.was,
            confirmed=sent.ticked,
            is_autosave=is_autosave,
            tab=str(sent.tab),
        )

    def _attach(self, sent: SectionSent) -> list[tuple[str | None, str]]:
        """Attach what was uploaded; returns the fields and words of what was refused.

        A file that is refused leaves the others, and every answer, saved.
        """
        refused: list[tuple[str | None, str]] = [
            (None, f"“{name}” is too large, so it was not attached. Everything else was saved.")
            for name in refused_uploads(self.request.META)
        ]
        for place, (question, upload, classification) in enumerate(sent.uploads):
            try:
                attachments.attach(
                    self.subject.case_file,
                    upload,
                    by=self.person,
                    paper=self.subject,
                    question_key=question.key,
                    classification=classification or Classification.OFFICIAL,
                    act_id=uuid.uuid5(sent.tab, f"{question.key}:{place}:{upload.name}"),
                )
            except Replayed:
                continue
            except NotPermitted:
                raise
            except Refused as refusal:
                refused.append((f"file_{question.key}", refusal.words))
        return refused

    def _has_strangers(self, sent: SectionSent) -> bool:
        """Whether somebody was chosen who can't be. Asks the database only where a person was asked for."""
        chosen = [key for key in sent.answers if self.shape.questions[key].kind == "person" and sent.answers[key]]
        return any(problem.question.key in chosen for problem in self.contents.problems_in(self.section) if chosen)

    def _more(self, sent: SectionSent) -> HttpResponse | None:
        """Back here when the answers lead to more questions in this section."""
        own = {question.key for question in self.section.questions}
        if not any(question.asked_when.key in own for question in self.section.questions):
            return None
        more = [question for question in self.contents.asked_in(self.section) if question.key not in sent.asked]
        if not more:
            return None
        words = formatting.counted(len(more), "more question")
        messages.info(self.request, f"Saved. Your answers lead to {words} in this section.")
        return self._here(more[0].key)

    def _on(self) -> HttpResponse:
        """To the next section, or to the check of the answers after the last."""
        following = self.shape.after(self.section.key)
        return HttpResponseRedirect(self.url("section", following.key) if following else self.url("check"))

    def _here(self, question_key: str) -> HttpResponse:
        return HttpResponseRedirect(f"{self.url('section', self.section.key)}#question-{question_key}")

    def _again(self, refused: list[tuple[str | None, str]]) -> HttpResponse:
        """The same page with what was typed, what is wrong, and what is saved by now."""
        form = self.form(self.request.POST)
        for field, words in refused:
            form.add_error(field if field in form.fields else None, words)
        return self.render_to_response(self.get_context_data(form=form, is_saved=True))

    def _choose(self, choice: str) -> HttpResponse:
        """Settle a question that has two answers: ``<answer id>:offered`` or ``<answer id>:standing``."""
        number, _, which = choice.partition(":")
        try:
            papers.choose_answer(
                self.subject,
                int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0,
                takes_offered=which == "offered",
                by=self.person,
            )
            messages.success(self.request, "Saved. The answer you did not keep is in the history.")
        except Refused as refusal:
            messages.info(self.request, refusal.words)
        return HttpResponseRedirect(self.url("section", self.section.key))

    def _to_row(self, value: str) -> HttpResponse:
        """To the page of one row, ``<question>:<row id or new>``, with everything typed here saved."""
        key, _, row = value.partition(":")
        question = self.section.question(key)
        if question is None or question.kind != TABLE.key:
            return HttpResponseRedirect(self.url("section", self.section.key))
        known = {str(each["id"]) for each in self.contents.value(key) or []}
        return HttpResponseRedirect(self.url("row", self.section.key, key, row if row in known else "new"))

    def _to_file(self, value: str) -> HttpResponse:
        """To the page that replaces or removes a file, ``replace:<id>`` or ``remove:<id>``."""
        what, _, number = value.partition(":")
        known = {str(file.pk) for files in self.contents.files.values() for file in files}
        if what not in ("replace", "remove") or number not in known:
            return HttpResponseRedirect(self.url("section", self.section.key))
        return HttpResponseRedirect(reverse(f"documents:{what}", args=[number]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the sections, the guidance and what was asked for when the paper was returned."""
        context = super().get_context_data(**kwargs)
        lines = self.lines(self.section.key)
        returned = self.subject.returned_with
        context |= {
            "section": self.section,
            "lines": lines,
            "progress": self.contents.progress,
            "place": self._place(),
            "why": self.pages.why(self.subject),
            "guidance": guidance_blocks(self.section),
            "asides": self.asides(),
            "refusal": self.refusal,
            "returned_by": returned.get("by", ""),
            "returned_words": returned.get("sections", {}).get(self.section.key, ""),
            "saved_words": self._saved_words(),
            "changed_here": [(found.since, found.url, found.of(self.section.key)) for found in self.compared],
            "threads": [
                thread for thread in threads_of(self.subject, self.person) if thread.section_key == self.section.key
            ],
        }
        return context

    def _place(self) -> str:
        shape = self.contents.shape
        return f"section {shape.number_of(self.section.key)} of {len(shape.sections)}"

    def _saved_words(self) -> str:
        at = self.subject.saved_at
        return f"Saved at {formatting.time_of_day(at)}" if at else ""


class Autosave(SectionPage):
    """Saves a section while it is being filled in. Answers JSON; without scripts it leads back to the page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, and say when."""
        wants_json = "application/json" in request.headers.get("Accept", "")
        try:
            saved = self.save(SectionSent(self.section, request.POST, request.FILES), is_autosave=True)
        except Refused as refusal:
            if not wants_json:
                if isinstance(refusal, NotPermitted):
                    raise PermissionDenied(refusal.words) from refusal
                messages.info(request, refusal.words)
                return HttpResponseRedirect(self.subject.get_absolute_url())
            status = HTTPStatus.FORBIDDEN if isinstance(refusal, NotPermitted) else HTTPStatus.CONFLICT
            return JsonResponse({"words": refusal.words}, status=status)
        if not wants_json:
            return HttpResponseRedirect(self.url("section", self.section.key))
        said = formatting.time_of_day(saved.saved_at)
        if saved.conflicts:
            labels = [self.shape.questions[key].label for key in saved.conflicts]
            named = formatting.listed([f"“{label}”" for label in labels])
            said = f"{said}. Someone else changed {named} meanwhile: both answers are kept. Save to compare them."
        return JsonResponse({"saved_at": said, "version": saved.version})
