"""Files: attached to a case file for another room, replaced, removed, downloaded."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from casework.door import who_words
from casework.models import CaseFile
from casework.refusals import NotPermitted, Refused
from casework.views.base import ActPage, SignedIn
from documents.forms import AttachForm, RemoveForm, ReplaceForm
from documents.models import Attachment
from documents.models.attachment import LONGEST_PURPOSE
from documents.purposes import FilePurpose, file_purpose
from documents.selectors import shape_of
from documents.services import attachments
from documents.uploads import refused_uploads
from documents.views.serving import as_download
from organisation.forms import PageForm
from organisation.permissions import may

_RELATED = ("case_file__root", "paper__template", "paper__case_file", "uploaded_by")


class UploadPage(ActPage):
    """A form with one file in it. A file that is refused is an error of its field, and the rest is kept."""

    template_name = "documents/attach.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Name a file that was too large to be read, in place of “choose a file”."""
        if names := refused_uploads(self.request.META):
            form.errors.pop("file", None)
            form.add_error("file", f"“{names[0]}” is too large. Attach a smaller file.")
        return super().form_invalid(form)

    def _refused(self, form: Any, refusal: Refused, **more: Any) -> HttpResponse:
        form.add_error("file", refusal.words)
        return self.render_to_response(self.get_context_data(form=form, **more))


class AttachFile(UploadPage):
    """Attaches a file to a case file for a purpose that another room registered."""

    model = Attachment
    form_class = AttachForm
    page_title = "Attach a file"

    @cached_property
    def purpose(self) -> FilePurpose:
        """The purpose in the address, or 404."""
        known = file_purpose(self.kwargs["purpose"])
        if known is None or len(self.kwargs["purpose"]) > LONGEST_PURPOSE:
            raise Http404("Files cannot be attached for this")
        return known

    def load(self) -> Attachment:
        """The attachment that is about to be, on a case file that this person sees."""
        cases = CaseFile.objects.visible_to(self.person).select_related("root")
        case_file = get_object_or_404(cases, pk=self.kwargs["case"])
        if not self.purpose.has_record(case_file, self.kwargs["purpose"].partition(":")[2]):
            raise Http404("This case has no such record")
        return Attachment(case_file=case_file, purpose=self.kwargs["purpose"], uploaded_by=self.person)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not add files for this."""
        if request.user.is_authenticated and not may(self.person, self.purpose.add_act, self.subject.case_file):
            raise PermissionDenied(who_words(self.purpose.add_act, self.subject.case_file))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Begin with the classification that is usual for this purpose."""
        return {"classification": self.purpose.classification}

    def back_url(self) -> str:
        """To the page that asked, if it is one of ours."""
        asked = str(self.request.GET.get("next", ""))
        if url_has_allowed_host_and_scheme(asked, {self.request.get_host()}, require_https=self.request.is_secure()):
            return asked
        return str(self.subject.case_file.get_absolute_url())

    def perform(self, form: PageForm) -> str:
        """Attach it."""
        made = attachments.attach(
            self.subject.case_file,
            form.cleaned_data["file"],
            by=self.person,
            purpose=self.subject.purpose,
            classification=form.cleaned_data["classification"],
            act_id=form.cleaned_data["act_id"],
        )
        return f"“{made.filename}” attached."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what the file is for."""
        return super().get_context_data(**kwargs) | {"what_for": self.purpose.words}


class _StandingFile(ActPage):
    """A page about a file that stands on a list."""

    model = Attachment
    act = "attachment.change"
    related = _RELATED

    def back_url(self) -> str:
        """To the question of the paper, or to the case."""
        file = self.subject
        if file.paper is not None and file.question_key:
            section = self.section_key()
            if section:
                return f"{file.paper.get_absolute_url()}sections/{section}/#question-{file.question_key}"
        return str((file.paper or file.case_file).get_absolute_url())

    def section_key(self) -> str:
        """The section of the paper in which the file's question stands."""
        shape = shape_of(self.subject.paper.template)
        found = [section.key for section in shape.sections if section.question(self.subject.question_key)]
        return found[0] if found else ""


class ReplaceFile(_StandingFile, UploadPage):
    """Puts a newer file in the place of one."""

    form_class = ReplaceForm
    page_title = "Replace a file"

    def get_initial(self) -> dict[str, Any]:
        """The newer file is for the same people unless someone says otherwise."""
        return {"classification": self.subject.classification}

    def perform(self, form: PageForm) -> str:
        """Replace it."""
        made = attachments.replace(
            self.subject,
            form.cleaned_data["file"],
            by=self.person,
            classification=form.cleaned_data["classification"],
            act_id=form.cleaned_data["act_id"],
        )
        return f"“{made.filename}” is in the place of “{self.subject.filename}”, which is kept."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which file is replaced."""
        return super().get_context_data(**kwargs) | {"what_for": f"In the place of “{self.subject.filename}”"}


class RemoveFile(_StandingFile):
    """Takes a file off its list."""

    form_class = RemoveForm
    page_title = "Remove a file"

    def perform(self, form: PageForm) -> str:
        """Remove it."""
        attachments.remove(
            self.subject, by=self.person, reason=form.cleaned_data["reason"], act_id=form.cleaned_data["act_id"]
        )
        return f"“{self.subject.filename}” removed from the list. Revisions that name it keep it."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Repeat what goes."""
        words = f"“{self.subject.filename}” will no longer be listed. It is kept with the revisions that name it."
        return super().get_context_data(**kwargs) | {"intro": words}


class Download(SignedIn, View):
    """The bytes of one file, under the scope of its case."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Serve it as a download, or say why not."""
        rows = Attachment.objects.visible_to(self.person).select_related(*_RELATED)
        attachment: Attachment = get_object_or_404(rows, pk=kwargs["pk"])
        try:
            opened = attachments.open_for(self.person, attachment)
        except NotPermitted as refusal:
            raise PermissionDenied(refusal.words) from refusal
        except Refused as refusal:
            shown = {"refusal": refusal, "case": attachment.case_file, "attachment": attachment}
            return render(request, "documents/file_unavailable.html", shown, status=HTTPStatus.CONFLICT)
        return as_download(opened, attachment.filename, attachment.content_type, attachment.size)
