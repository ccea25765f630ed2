"""What each verb of a work item asks of the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from casework.models import WorkItem
from casework.rules import people_of_queue
from casework.states import Answer, answers_for
from casework.verb_forms import VerbForm, verb_form
from organisation import clock
from organisation.formatting import day
from organisation.forms import DayField, PageForm, PersonField, TextField
from organisation.models import Person


class ItemForm(VerbForm):
    """The form of a verb on a work item."""

    subject: WorkItem


@verb_form(WorkItem, "respond")
class AnswerForm(ItemForm):
    """The answer, in the words that fit what was asked."""

    answer = forms.ChoiceField(label="Your answer", widget=forms.RadioSelect)
    text = TextField(
        label="What you want to say",
        help_text="Needed if you agree with conditions or cannot agree yet. Whoever asked reads it word for word.",
        required=False,
        max_length=8000,
        rows=6,
    )
    privileged = forms.BooleanField(
        label="Keep what I say privileged",
        help_text="Only people who work this queue can read a privileged text. Whoever asked still sees your answer in "
        "one word. The text is in no export and no message.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the words that fit; where only one does, ask for none."""
        super().__init__(*args, **kwargs)
        fitting = answers_for(self.subject.asks)
        self.fields["answer"].choices = [(word.value, word.label) for word in fitting]  # type: ignore[attr-defined]
        if len(fitting) == 1:
            self._only(fitting[0])
        if self.subject.queue is None:
            del self.fields["privileged"]
        elif len(fitting) > 1:
            self.submit_label = f"Send {self.subject.queue.name}’s answer"

    def _only(self, word: Answer) -> None:
        self.fields["answer"].widget = forms.HiddenInput(attrs={"id": False})
        self.fields["answer"].initial = word.value
        self.submit_label = "Acknowledge" if word is Answer.ACKNOWLEDGED else "Mark as done"
        self.fields["text"].label = "Anything to add (optional)"
        self.fields["text"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Conditions and refusals say why, beside the box that lacks it."""
        cleaned = super().clean() or {}
        given = cleaned.get("answer")
        if "text" in cleaned and not cleaned["text"].strip():
            if given == Answer.AGREED_WITH_CONDITIONS:
                self.add_error("text", "Enter the conditions")
            elif given == Answer.CANNOT_AGREE:
                self.add_error("text", "Enter the reason why you cannot agree yet")
        return cleaned

    @classmethod
    def success_words(cls, subject: WorkItem) -> str:
        """What was answered, and who knows."""
        word = Answer(subject.answer).label.lower()
        told = subject.requested_by.name if subject.requested_by else ""
        return f"{subject.title}: {word}." + (f" {told} can see it." if told else "")


@verb_form(WorkItem, "ask")
class AskForm(ItemForm):
    """A question to whoever asked."""

    text = TextField(label="Your question", called="your question", max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say who is asked and what it does to the clock."""
        super().__init__(*args, **kwargs)
        asked = self.subject.requested_by or self.subject.case_file.holder
        effects = {
            "pause": "The clock stands still until the reply.",
            "restart": "The clock stands still, and a reply starts it anew.",
        }
        clock_words = effects.get(self.subject.question_effect, "The clock runs on meanwhile.")
        to = f"{asked.name} is told by email. " if asked else ""
        self.fields["text"].help_text = f"{to}{clock_words}"

    @classmethod
    def success_words(cls, subject: WorkItem) -> str:
        """Who was asked, and what the clock does."""
        asked = subject.requested_by or subject.case_file.holder
        paused = " The clock stands still until the reply." if subject.paused_since else ""
        return f"Question sent to {asked.name if asked else 'the requester'}.{paused}"


@verb_form(WorkItem, "reply")
class ReplyForm(ItemForm):
    """The reply to a question."""

    text = TextField(label="Your reply", called="your reply", max_length=4000)

    @classmethod
    def success_words(cls, subject: WorkItem) -> str:
        """Who goes on from here."""
        who = subject.assignee.name if subject.assignee else "The queue"
        due = f" The answer is due on {day(subject.due_on)}." if subject.due_on else ""
        return f"Reply sent. {who} goes on from here.{due}"


@verb_form(WorkItem, "assign")
class AssignForm(ItemForm):
    """A colleague to give the item to."""

    assignee = PersonField(Person.objects.none(), label="Colleague", called="a colleague")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who work the queue; for a task, colleagues of the organisation."""
        super().__init__(*args, **kwargs)
        item, field = self.subject, self.fields["assignee"]
        if item.queue_id is not None:
            field.queryset = people_of_queue(item.queue, item.organisation_id)  # type: ignore[attr-defined]
        else:
            colleagues = Person.objects.active().of_organisations([item.organisation_id])
            field.queryset = colleagues.order_by("name", "pk")  # type: ignore[attr-defined]
        field.initial = item.assignee_id

    @classmethod
    def success_words(cls, subject: WorkItem) -> str:
        """Who has it now."""
        return f"{subject.title}: {subject.assignee.name if subject.assignee else 'nobody'} has it now."


@verb_form(WorkItem, "more_time")
class MoreTimeForm(ItemForm):
    """A later date and the reason."""

    new_due = DayField(label="New date", called="the new date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say when it is due now."""
        super().__init__(*args, **kwargs)
        due = self.subject.due_on
        now_due = f"It is due on {day(due)} now. " if due else "It has no date now. "
        later = max(due or clock.today(), clock.today()) + timedelta(days=14)
        self.fields["new_due"].help_text = f"{now_due}For example, {later:%-d %-m %Y}"

    @classmethod
    def success_words(cls, subject: WorkItem) -> str:
        """When it is due now."""
        return f"{subject.title}: due on {day(subject.due_on)} now."


@verb_form(WorkItem, "close")
class WithdrawForm(ItemForm):
    """The reason why it is no longer needed."""

    @classmethod
    def success_words(cls, subject: WorkItem) -> str:
        """What became of it."""
        return f"{subject.title}: withdrawn. The reason stays in the history."


class BulkAssignForm(PageForm):
    """Several items of a queue to one person."""

    item = forms.TypedMultipleChoiceField(
        label="Requests",
        coerce=int,
        error_messages={
            "required": "Select at least one request",
            "invalid_choice": "A request you selected is no longer in this list. Look at the list again",
        },
    )
    assignee = PersonField(
        Person.objects.none(),
        label="Assign to",
        required=False,
        empty_label="Choose a colleague",
        error_messages={"invalid_choice": "Choose a colleague from the list"},
    )
    me = forms.BooleanField(required=False)

    def __init__(self, *args: Any, items: list[int], colleagues: Any, **kwargs: Any) -> None:
        """Take the items that may be given and the people who may be given them."""
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(number, str(number)) for number in items]  # type: ignore[attr-defined]
        self.fields["assignee"].queryset = colleagues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a colleague unless the button pressed was the one that assigns to oneself."""
        cleaned = super().clean() or {}
        if cleaned.get("me"):
            cleaned["assignee"] = self.user
        elif "assignee" in cleaned and cleaned["assignee"] is None:
            self.add_error("assignee", "Choose a colleague to assign to")
        return cleaned
