"""The pages of a sourcing exercise, and of what follows an award."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from organisation.formatting import day
from organisation.forms import PageForm
from procurement import guards
from procurement.forms.tenders import ChallengeForm, CriteriaForm, SettleForm, StandstillForm, TenderForm
from procurement.models import AwardCriterion, Challenge
from procurement.selectors.dossiers import standing_of
from procurement.services import after_award, tenders
from procurement.states import ExerciseState
from procurement.views.exercises import ExerciseActPage

PLANNED_ONLY = (ExerciseState.PLANNED,)


class TenderSection(ExerciseActPage):
    """A page of the tender section: read-only once it is published, and while it waits for gate 3."""

    usable_in = PLANNED_ONLY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what it waits for in the place of the form."""
        context = super().get_context_data(**kwargs)
        if self.refusal is None and "closed_words" not in context:
            waits = list(guards.waits_for_gate_3(standing_of(self.subject.commission_id)))
            if waits:
                context |= {"closed_words": "The tender can only be read for now.", "waits": waits}
        return context


class TenderPage(TenderSection):
    """Write what the tender is published with."""

    page_title = "The tender"
    intro = "You can save part of this and come back. The tender cannot be published until all of it is there."
    form_class = TenderForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what is written so far, with the version it was read at."""
        initial = {name: getattr(self.subject, name) for name in tenders.LABELS}
        return super().get_form_kwargs() | {"initial": initial, "version": self.subject.version}

    def perform(self, form: Any) -> str:
        """Keep it."""
        given = form.cleaned_data
        tenders.write_tender(
            self.subject, version=given["version"], by=self.person, act_id=given["act_id"], **form.answers
        )
        return "Saved."

    def closed_words(self) -> str:
        """Bidders read one text."""
        return "The tender is published, so what bidders read stands."


class CriteriaPage(TenderSection):
    """Write how bids are judged."""

    page_title = "Award criteria"
    form_class = CriteriaForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what is written so far."""
        known = list(AwardCriterion.objects.filter(exercise=self.subject).order_by("order", "pk"))
        return super().get_form_kwargs() | {"initial": {"criteria": CriteriaForm.shown(known)}}

    def perform(self, form: Any) -> str:
        """Keep them."""
        given = form.cleaned_data
        tenders.write_criteria(self.subject, given["criteria"], by=self.person, act_id=given["act_id"])
        return str(form.said())

    def closed_words(self) -> str:
        """Bids are judged by what was published."""
        return "The award criteria are locked, because the tender is published."


class StandstillPage(ExerciseActPage):
    """Record the standstill."""

    page_title = "Standstill"
    form_class = StandstillForm
    usable_in = (ExerciseState.AWARDED,)
    related = (*ExerciseActPage.related, "chosen__supplier")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what is recorded."""
        subject = self.subject
        initial = {
            "basis": subject.standstill_basis,
            "award_notice_on": subject.award_notice_on,
            "reason": subject.standstill_reason,
        }
        return super().get_form_kwargs() | {"exercise": subject, "initial": initial}

    def perform(self, form: PageForm) -> str:
        """Record it."""
        given = form.cleaned_data
        row = after_award.record_standstill(
            self.subject,
            basis=given["basis"],
            award_notice_on=given["award_notice_on"],
            reason=given["reason"],
            by=self.person,
            act_id=given["act_id"],
        )
        if row.standstill_ends_on is None:
            return "No standstill is held. The contract can be signed."
        last = day(row.standstill_ends_on)
        return f"Standstill recorded. Its last day is {last}; nothing is signed before the day after."

    def closed_words(self) -> str:
        """It follows the award."""
        return "A standstill follows the award. Award the contract first."


class ChallengePage(ExerciseActPage):
    """Record a bidder's challenge."""

    page_title = "Record a challenge"
    intro = "Legal is asked at once, the commission is put on hold, and nothing is signed until it is settled."
    form_class = ChallengeForm
    usable_in = after_award.AFTER_DECISION

    def perform(self, form: PageForm) -> str:
        """Record it."""
        given = form.cleaned_data
        after_award.raise_challenge(
            self.subject,
            raised_by=given["raised_by"],
            raised_on=given["raised_on"],
            words=given["words"],
            by=self.person,
            act_id=given["act_id"],
        )
        return "Challenge recorded. Legal is asked, and the commission is on hold."

    def closed_words(self) -> str:
        """It follows a decision."""
        return "A challenge follows a decision. Nothing has been decided yet."


class SettlePage(ExerciseActPage):
    """Write how a challenge ended."""

    page_title = "Settle the challenge"
    form_class = SettleForm
    usable_in = after_award.AFTER_DECISION

    def perform(self, form: PageForm) -> str:
        """Settle it."""
        found = get_object_or_404(Challenge, pk=self.kwargs["challenge"], exercise=self.subject)
        given = form.cleaned_data
        after_award.settle_challenge(found, outcome=given["outcome"], by=self.person, act_id=given["act_id"])
        return "Challenge settled. Whoever may hold the commission can resume it."
