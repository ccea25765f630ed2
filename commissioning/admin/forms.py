"""Forms of the catalogue pages: dates that move nothing that has begun, lists typed a line each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import validate_slug
from django.db.models import Q

from commissioning.category_tree import DEEPEST, depth_above, depth_below
from commissioning.models import KeyQuestion
from organisation import clock
from organisation.formatting import day

LONGEST_LIST = 20


class LinesField(forms.CharField):
    """A list of short texts, typed a line each."""

    def __init__(self, *, are_keys: bool = False, **kwargs: Any) -> None:
        """Take whether each line is a key that something else names."""
        self.are_keys = are_keys
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=5000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list a line each; leave what was typed as it was typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read the lines, leaving blank ones out."""
        if isinstance(value, list):
            return value
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def run_validators(self, value: Any) -> None:
        """Refuse a list that is too long, and a key that could not be one."""
        super().run_validators("\n".join(value))
        if len(value) > LONGEST_LIST:
            raise forms.ValidationError(f"List {LONGEST_LIST} at most. There are {len(value)}")
        for line in value if self.are_keys else ():
            try:
                validate_slug(line)
            except forms.ValidationError:
                raise forms.ValidationError(f"“{line}” is not a key: use letters, figures and _") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, not how they were typed."""
        return list(initial or []) != self.to_python(data)


class CatalogueForm(forms.ModelForm):
    """A row that begins and ends on dates; neither may reach back to what has begun or ended."""

    #: Rows that started commissions go on reading as of their start begin on the day after they are made at the
    #: earliest: a commission that started this morning must not be asked them this afternoon.
    begins_after_today: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begins = self.fields.get("valid_from")
        if begins is not None:
            begins.initial = self.first_day

    @property
    def first_day(self) -> date:
        """The first day from which a new row may be chosen."""
        return clock.today() + timedelta(days=1 if self.begins_after_today else 0)

    def clean_valid_from(self) -> date:
        """Refuse a start that reaches back."""
        begins: date = self.cleaned_data["valid_from"]
        if begins < self.first_day:
            raise forms.ValidationError(f"This must be {day(self.first_day)} or later: what has begun is not changed")
        return begins

    def clean_valid_to(self) -> date | None:
        """Refuse an end that reaches back, and to bring back a row that has ended."""
        ends: date | None = self.cleaned_data["valid_to"]
        ended: date | None = self.instance.valid_to if self.instance.pk else None
        if ends == ended:
            return ends
        if ended is not None and ended < clock.today():
            raise forms.ValidationError(f"This ended on {day(ended)} and stays ended: add another row instead")
        if ends is not None and ends < clock.today():
            raise forms.ValidationError("This must be today or later: what has begun is not changed")
        return ends

    def clean(self) -> dict[str, Any] | None:
        """Refuse an end before the start."""
        given = super().clean() or self.cleaned_data
        begins = given.get("valid_from") or self.instance.valid_from
        ends = given.get("valid_to")
        if ends is not None and begins is not None and ends < begins:
            self.add_error("valid_to", f"This must be on or after {day(begins)}, when it begins")
        return given


class CategoryForm(CatalogueForm):
    """A category and the branch it is in: of the same framework, never below itself, three levels at most."""

    def clean(self) -> dict[str, Any] | None:
        """Keep the tree a tree."""
        given = super().clean() or self.cleaned_data
        parent = given.get("parent")
        if parent is None:
            return given
        framework = given.get("framework") or (self.instance.framework if self.instance.pk else None)
        if framework is not None and parent.framework_id != framework.pk:
            self.add_error("parent", "Choose a branch of the same framework")
            return given
        try:
            levels = depth_above(parent, self.instance.pk) + 1 + depth_below(self.instance.pk)
        except ValueError:
            self.add_error("parent", "A category cannot be in its own branch")
            return given
        if levels > DEEPEST:
            self.add_error("parent", f"A tree has {DEEPEST} levels at most, and this would make {levels}")
        return given


class RiskCriterionForm(CatalogueForm):
    """A criterion of the risk form. Answers keep the words they were given to."""

    begins_after_today = True
    examples = LinesField(help_text="One example a line.")


class KeyQuestionForm(CatalogueForm):
    """A question of a stage: one number is one question at a time."""

    begins_after_today = True

    def clean(self) -> dict[str, Any] | None:
        """Refuse a number that another question of the stage has meanwhile."""
        given = super().clean() or self.cleaned_data
        row = self.instance
        framework = given.get("framework") or (row.framework if row.pk else None)
        stage, number = given.get("stage") or row.stage, given.get("number") or row.number
        begins: date | None = given.get("valid_from") or (row.valid_from if row.pk else None)
        if framework is None or begins is None or not stage or number is None:
            return given
        meanwhile = KeyQuestion.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=begins), framework=framework, stage=stage, number=number
        ).exclude(pk=row.pk)
        if given.get("valid_to"):
            meanwhile = meanwhile.filter(valid_from__lte=given["valid_to"])
        twin = meanwhile.first()
        if twin is not None:
            field = "number" if "number" in self.fields else None
            self.add_error(field, f"Question {number} of this stage is “{twin.text}”. End that one first")
        return given


class ActivityForm(CatalogueForm):
    """An activity of the catalogue and the sets it is proposed in."""

    others = LinesField(
        are_keys=True, help_text="Functions that may be asked for help, by the key of their queue, one a line."
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse to propose less as value or risk rises."""
        given = super().clean() or self.cleaned_data
        for smaller, larger, words in (
            ("in_short", "in_standard", "What is in the short set must be in the standard set too"),
            ("in_standard", "in_full", "What is in the standard set must be in the full set too"),
        ):
            if given.get(smaller) and not given.get(larger):
                self.add_error(larger, words)
        return given


ABOUT = [("stage", "A stage"), ("activity", "An activity"), ("gate", "A gate")]


class GuidancePageForm(CatalogueForm):
    """A short page about a stage, an activity or a gate."""

    about = forms.ChoiceField(choices=ABOUT)
