"""The forms of what Analyse finds out about the past, the law, users, requirements, the market and the category."""

from __future__ import annotations

from typing import Any

from django import forms

from commissioning.forms.sheets import SheetForm
from commissioning.models import CategoryComparison, CommissionActivity, LawOrPolicy, Lesson, PastWork, Requirement
from commissioning.states import ActivityState
from organisation import clock
from organisation.forms import DayField, LineField, NumberField

LEFT_OUT = (ActivityState.PROPOSED, ActivityState.NOT_RELEVANT)
#: The newest lessons of the category that are offered.
MOST_LESSONS = 50
LONGEST_LABEL = 110


class LessonField(forms.ModelChoiceField):
    """One lesson of the log, by what it recommends."""

    def label_from_instance(self, obj: Any) -> str:
        """The recommendation, cut to a line, and where it was learnt."""
        words = " ".join(obj.recommendation.split())
        words = words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL].rstrip()}…"
        return f"{words} ({obj.commission.case_file.reference})"


class PlanActivityField(forms.ModelChoiceField):
    """One activity of the commission's plan, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """The activity, and its stage: two stages may have alike ones."""
        return f"{obj.activity.name} ({obj.activity.get_stage_display()})"


class FindingLinkForm(SheetForm):
    """A finding that another activity has to know."""

    found_in = PlanActivityField(
        CommissionActivity.objects.none(),
        label="Which activity found it out?",
        empty_label="Choose an activity",
        error_messages={
            "required": "Choose the activity that found it out",
            "invalid_choice": "Choose an activity from the list",
        },
    )
    finding = LineField(label="What did it find out?", max_length=300, called="what it found out")
    matters_to = PlanActivityField(
        CommissionActivity.objects.none(),
        label="Which activity has to know?",
        empty_label="Choose an activity",
        error_messages={
            "required": "Choose the activity that has to know",
            "invalid_choice": "Choose an activity from the list",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the activities that the plan takes in, of every stage."""
        super().__init__(*args, **kwargs)
        wanted = CommissionActivity.objects.filter(commission=self.commission).exclude(state__in=LEFT_OUT)
        rows = wanted.select_related("activity").order_by("activity__order", "activity_id")
        for name in ("found_in", "matters_to"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Another activity has to know."""
        cleaned = super().clean()
        found_in, matters_to = self.cleaned_data.get("found_in"), self.cleaned_data.get("matters_to")
        if found_in is not None and found_in == matters_to:
            self.add_error("matters_to", "Choose another activity than the one that found it out")
        return cleaned


class PastWorkForm(SheetForm):
    """An earlier commission or contract."""

    name = LineField(
        label="Which commission or contract?", help_text="Its name, and its reference if there is one.", called="name"
    )
    worked = forms.ChoiceField(
        label="How well did it work?",
        choices=PastWork.Worked.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how well it worked"},
    )
    evidence = LineField(label="How do you know?", max_length=300, required=False)
    lesson = LineField(label="What was learnt?", max_length=300, required=False)
    from_log = LessonField(
        Lesson.objects.none(),
        label="Does a lesson in the log say so?",
        help_text="Lessons of the same category are offered here.",
        required=False,
        empty_label="No lesson of the log",
    )
    change = LineField(label="What will you do differently?", max_length=300, called="what you will do differently")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the newest lessons of the same category that the person may see, and the one chosen before."""
        super().__init__(*args, **kwargs)
        seen = Lesson.objects.visible_to(self.user) if self.user else Lesson.objects.none()
        newest = seen.filter(commission__category_id=self.commission.category_id or 0).order_by("-pk")
        chosen = getattr(self.row, "from_log_id", None)
        kept = [*newest.values_list("pk", flat=True)[:MOST_LESSONS], *([chosen] if chosen else [])]
        offered = Lesson.objects.filter(pk__in=kept).select_related("commission__case_file").order_by("-pk")
        self.fields["from_log"].queryset = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Something was learnt: in words, or as the log has it."""
        cleaned = super().clean()
        if not self.cleaned_data.get("lesson") and not self.cleaned_data.get("from_log") and not self.errors:
            self.add_error("lesson", "Say what was learnt, or choose a lesson of the log below")
        return cleaned


class LawOrPolicyForm(SheetForm):
    """A law or policy."""

    name = LineField(label="Which law, duty or policy?", help_text="Like Care Act 2014, section 5.", called="name")
    origin = forms.ChoiceField(
        label="Where does it come from?",
        choices=LawOrPolicy.Origin.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it comes from"},
    )
    effect = LineField(
        label="What does it mean for this commission?", max_length=300, called="what it means for this commission"
    )
    action = LineField(label="What will you do about it?", max_length=300, required=False)
    review_on = DayField(
        label="When will you look at it again?",
        help_text="If it may change. You are reminded before that day, whatever stage the commission is in.",
        required=False,
        called="review date",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A new review lies ahead; one that has passed may stand."""
        super().__init__(*args, **kwargs)
        standing = getattr(self.row, "review_on", None)
        today = clock.today()
        self.fields["review_on"].earliest = min(standing, today) if standing else today  # type: ignore[attr-defined]


class LawChangeForm(SheetForm):
    """A change of a law or policy."""

    name = LineField(label="Which law or policy changes?", called="law or policy")
    what = LineField(label="What changes?", max_length=300, called="what changes")
    from_on = DayField(label="From when?", required=False, called="date")
    effect = LineField(
        label="What does it mean for this commission?",
        help_text="Leave it open if you do not know. Whoever holds the commission is then asked.",
        max_length=300,
        required=False,
    )


class UserGroupForm(SheetForm):
    """Who will use it."""

    name = LineField(
        label="Who will use it?", help_text="Like people leaving hospital.", max_length=150, called="group"
    )
    number = NumberField(label="How many people?", called="number of people")
    months = NumberField(
        label="For how long does one person use it?",
        help_text="Leave it open if there is no end.",
        suffix="months",
        min_value=1,
        max_value=600,
        required=False,
        called="months",
    )
    source = LineField(label="Where does the number come from?", required=False)


class RequirementForm(SheetForm):
    """One requirement."""

    text = LineField(
        label="What is required?", help_text="One thing only. Two things are two lines.", max_length=300,
        called="what is required",
    )  # fmt: skip
    firmness = forms.TypedChoiceField(
        label="How firmly?",
        choices=Requirement.Firmness.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose must, should or could"},
    )
    needed_by = DayField(label="By when?", required=False, called="date")
    measure = LineField(
        label="How will anyone see that it is met?",
        help_text="A number, a date or a test. Without one it cannot be measured yet.",
        required=False,
    )


class MarketProviderForm(SheetForm):
    """Somebody who could provide it."""

    name = LineField(label="Who is it?", called="name")
    capability = LineField(label="What can they do?", max_length=300, called="what they can do")
    capacity = LineField(label="How much of it?", help_text="Like 60 hours a week, from May.", required=False)
    price_structure = LineField(
        label="How do they price?", help_text="Like an hourly rate with travel on top.", required=False
    )
    area = LineField(label="Where do they work?", max_length=150, required=False)
    source = LineField(
        label="How do you know?", help_text="Who said so or where it stands, and when.", called="how you know"
    )


class CategoryComparisonForm(SheetForm):
    """One respect in which the commission and the category are compared."""

    aspect = forms.ChoiceField(
        label="What do you compare?",
        choices=CategoryComparison.Aspect.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you compare"},
    )
    strategy = LineField(
        label="What does the strategy of the category say?", max_length=300, called="what the strategy says"
    )
    here = LineField(label="How does this commission stand to it?", max_length=300, called="how this commission stands")
    improvement = LineField(label="What could be better?", max_length=300, required=False)
