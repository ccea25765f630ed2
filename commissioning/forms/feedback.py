"""The public feedback form, and what its steps ask of staff."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.verb_forms import VerbForm, verb_form
from commissioning.models import PublicFeedback
from commissioning.models.feedback import WORKERS
from organisation.forms import LineField, PageForm, PersonField, TextField
from organisation.models import Membership, Person, ServiceArea


class PublicFeedbackForm(PageForm):
    """What somebody outside the council types. Nothing but the message is needed.

    ``website`` is a trap: people do not see it, programs fill it. Whoever does is thanked, and nothing is kept.
    """

    submit_label = "Send your feedback"

    topic = forms.ChoiceField(
        label="What is it about?",
        choices=PublicFeedback.Topic.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is about"},
    )
    words = TextField(
        label="What do you want to tell us?",
        help_text="Leave out details about your health or about other people. If it is urgent, ring the council.",
        max_length=3000,
        rows=8,
        called="your feedback",
    )
    name = LineField(label="Your name", max_length=100, required=False, help_text="You can leave this empty.")
    email = forms.EmailField(
        label="Your email address",
        help_text="Only if you want an answer. We use it for nothing else.",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an email address like name@example.com"},
    )
    consents = forms.BooleanField(
        label="The council may keep my address to answer me, and erase it once this is closed", required=False
    )
    website = forms.CharField(
        label="Leave this box empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any] | None:
        """An address is kept only with consent, and without one there is nothing to consent to."""
        cleaned = super().clean()
        if self.cleaned_data.get("email") and not self.cleaned_data.get("consents"):
            self.add_error("consents", "Tick the box if you want an answer by email, or take your address out")
        return cleaned

    @property
    def is_trap_sprung(self) -> bool:
        """Whether a program filled the box that people do not see."""
        return bool(self.data.get("website", "").strip())


@verb_form(PublicFeedback, "assign")
class AssignForm(VerbForm):
    """Who sees to it, and which service area it concerns."""

    assignee = PersonField(Person.objects.none(), label="Who sees to it?", called="person")
    area = forms.ModelChoiceField(
        ServiceArea.objects.none(), label="Which service area?", required=False, empty_label="No single one"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who work on feedback in this council, and its areas."""
        super().__init__(*args, **kwargs)
        case = self.subject.case_file  # type: ignore[attr-defined]
        here = Membership.objects.in_force().filter(organisation_id=case.organisation_id, role__in=WORKERS)
        assignee: Any = self.fields["assignee"]
        people = Person.objects.filter(is_active=True, pk__in=here.values("person_id"))
        assignee.queryset = people.order_by("name", "pk")
        area: Any = self.fields["area"]
        area.queryset = ServiceArea.objects.filter(organisation_id=case.organisation_id).order_by("name")
        self.initial.update(assignee=case.holder_id, area=case.service_area_id)


@verb_form(PublicFeedback, "answer")
class AnswerFeedbackForm(VerbForm):
    """The words of the answer."""

    words = TextField(
        label="Your answer",
        help_text="Plain words. It goes out as you write it.",
        max_length=5000,
        rows=8,
        called="answer",
    )
