"""Proposed changes of the rules: a second administrator sees what each would do, and publishes it or turns it down."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from casework.admin.new_versions import NewVersionAdmin
from casework.forms.rules import NewVersionForm
from casework.models import RulesProposal
from casework.presenters.rules_preview import preview_of
from casework.refusals import Refused
from casework.services.proposals import publish_proposal, turn_down
from organisation import clock
from organisation.admin.base import AuditedAdmin
from organisation.admin.scopes import OfFramework
from organisation.formatting import day
from organisation.visitor import person_asking


@admin.register(RulesProposal)
class RulesProposalAdmin(AuditedAdmin):
    """What waits for a second administrator, and what became of earlier proposals."""

    scope = OfFramework()
    list_display = ("title", "framework", "outcome", "proposed_by", "proposed_at", "settled_by")
    list_select_related = ("framework", "proposed_by", "settled_by")
    list_filter = ("outcome", "framework")
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Propose by changing a figure, a band or a rule."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what the proposal would do today; publish it, turn it down or withdraw it."""
        proposal: RulesProposal | None = self.get_object(request, unquote(object_id or ""))
        if proposal is None or not self.has_view_permission(request, proposal):
            raise Http404("No such proposal")
        form = self._form(proposal)
        if request.method != "POST":
            return self._show(request, proposal, form)
        if not self.has_change_permission(request, proposal):
            raise PermissionDenied("Only administrators of the framework’s keeper change its rules.")
        if "_publish" in request.POST:
            return self._publish(request, proposal, form)
        answer = request.POST.get("answer", "").replace("\x00", "").strip()
        if not answer or len(answer) > 500:
            wrong = "Enter the reason" if not answer else "The reason must be 500 characters or fewer"
            return self._show(request, proposal, form, wrong=wrong, answer=answer)
        try:
            turn_down(proposal, by=person_asking(request), answer=answer)
        except Refused as refusal:
            messages.warning(request, refusal.words)
        else:
            messages.success(request, "The proposal is settled. The rules stay as they are.")
        return HttpResponseRedirect(reverse("admin:casework_rulesproposal_changelist"))

    def _form(self, proposal: RulesProposal) -> NewVersionForm:
        """The form as it was sent, held against the rules as they stand now."""
        model = apps.get_model("casework", proposal.table)
        page: Any = self.admin_site.get_model_admin(model)
        assert isinstance(page, NewVersionAdmin)
        row = model._default_manager.filter(framework=proposal.framework, key=proposal.key, until__isnull=True).first()
        sent = QueryDict(mutable=True)
        for name, values in proposal.sent.items():
            sent.setlist(name, values)
        return page.form_class(sent, instance=row, framework=proposal.framework)

    def _publish(self, request: HttpRequest, proposal: RulesProposal, form: NewVersionForm) -> HttpResponse:
        if not form.is_valid():
            return self._show(request, proposal, form)
        asked = form.cleaned_data
        try:
            version = publish_proposal(
                proposal,
                form.changes(),
                by=person_asking(request),
                valid_from=asked["valid_from"],
                source=asked.get("source", ""),
                after=asked.get("after"),
            )
        except Refused as refusal:
            messages.warning(request, refusal.words)
        else:
            when = "now" if version.valid_from <= clock.today() else f"from {day(version.valid_from)}"
            messages.success(
                request, f"Rules version {version.number} is published and counts {when}. Started cases keep theirs."
            )
        return HttpResponseRedirect(reverse("admin:casework_rulesproposal_changelist"))

    def _show(self, request: HttpRequest, proposal: RulesProposal, form: NewVersionForm, **more: Any) -> HttpResponse:
        person = person_asking(request)
        waits = proposal.outcome == RulesProposal.Outcome.WAITING
        can_publish = waits and form.is_valid()
        context = self.admin_site.each_context(request) | {
            "title": proposal.title,
            "opts": self.opts,
            "original": proposal,
            "proposal": proposal,
            "framework": proposal.framework,
            "form": form,
            "waits": waits,
            "is_own": person.pk == proposal.proposed_by_id,
            "may_settle": waits and self.has_change_permission(request, proposal),
            "can_publish": can_publish,
            "faults": [words for box in form.errors.values() for words in box] if waits else [],
            **(preview_of(proposal.framework, form, person) if can_publish else {}),
            **more,
        }
        return TemplateResponse(request, "admin/casework/proposal.html", context)
