"""Changing one row of a framework's rules in the administration pages: always into a new version."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django import forms

from casework.figures import amount_words
from casework.models import Band, Queue, RoutingRule, RulesVersion, Threshold, VersionedRow
from casework.services.rules import Changes, UnsafeRules, WrongDay, refusal_of
from casework.states import ASKS_WORDS
from organisation import clock
from organisation.models import CommissioningFramework


class NewVersionForm(forms.ModelForm):
    """A row as it should be from a day on, with the reason. Checked as publishing would check it; writes nothing."""

    #: Which list of ``Changes`` the row goes into.
    kind: ClassVar[str]
    #: The field beside which a refusal of the rules as a whole is shown.
    main_field: ClassVar[str]

    valid_from = forms.DateField(
        label="Effective from",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Cases that start on or after this day follow the new rules. Cases already started keep theirs.",
        error_messages={"required": "Enter the day from which it counts", "invalid": "Enter a real date"},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why the rules change. Everyone who reads the rules can see it.",
        error_messages={"required": "Enter the reason"},
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    act_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, framework: CommissioningFramework, **kwargs: Any) -> None:
        """Take the framework whose rules change."""
        self.framework = framework
        super().__init__(*args, **kwargs)
        self.latest: RulesVersion | None = framework.rules_versions.order_by("-number").first()
        first_day = max(clock.today(), self.latest.valid_from) if self.latest else clock.today()
        self.fields["valid_from"].initial = first_day
        self.fields["after"].initial = self.latest.number if self.latest else None
        self.fields["act_id"].initial = uuid4()
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs.setdefault("class", "vTextField")

    def shown(self, name: str, value: Any) -> str:
        """A value of the form as people read it."""
        choices = dict(getattr(self.fields[name], "choices", []))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            value = ", ".join(str(one) for one in value)
        return str(choices.get(value, value)) if value not in (None, "") else "none"

    def differences(self) -> list[str]:
        """What the form changes on the row, in words."""
        own = {"valid_from", "reason", "after", "act_id"}
        said = []
        for name in self.changed_data:
            if name in own or name not in self.fields:
                continue
            label = str(self.fields[name].label or name)
            before, after = self.initial.get(name), self.cleaned_data.get(name)
            said.append(f"{label}: {self.shown(name, before)} now, {self.shown(name, after)} then")
        return said

    def clean_act_id(self) -> Any:
        """Take a fresh number for one that was lost."""
        return self.cleaned_data.get("act_id") or uuid4()

    def changes(self) -> Changes:
        """The change as ``publish`` takes it."""
        row: VersionedRow = self.instance
        row.framework = self.framework
        rows: dict[str, Any] = {self.kind: [row]}
        return Changes(**rows)

    def _post_clean(self) -> None:
        """Ask what publishing would ask, once the row has its new values."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which the stubs leave out
        if self.errors:
            return
        if not self._differs():
            self.add_error(None, "Nothing is different yet. Change something, or leave this page.")
            return
        self._refuse_unsafe(self.cleaned_data, self.changes())

    def _refuse_unsafe(self, cleaned: dict[str, Any], changes: Changes) -> None:
        refusal = refusal_of(
            self.framework,
            changes,
            valid_from=cleaned["valid_from"],
            latest=self.latest,
            after=cleaned.get("after"),
        )
        if isinstance(refusal, UnsafeRules):
            self.add_error(self.main_field if self.main_field in self.fields else None, refusal.words)
        elif isinstance(refusal, WrongDay):
            self.add_error("valid_from", refusal.words)
        elif refusal is not None:
            self.add_error(None, refusal.words)

    def _differs(self) -> bool:
        own = {"valid_from", "reason", "after", "act_id", "source"}
        return self.instance.pk is None or any(name not in own for name in self.changed_data)

    def validate_unique(self) -> None:
        """Let the new row have the key of the one it takes the place of."""

    def validate_constraints(self) -> None:
        """The same for constraints: publishing ends the standing row first."""


class ThresholdForm(NewVersionForm):
    """A figure: its amount, and what it counts when it is new."""

    kind = "thresholds"
    main_field = "amount"

    class Meta:
        model = Threshold
        fields = ("name", "amount", "source")
        help_texts = {"source": "Where the figure comes from: a decision, a page of the council's rules."}

    field_order = ("name", "amount", "valid_from", "source", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the amount counts."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = f"New amount in {self.instance.get_unit_display()}"
        self.fields["amount"].min_value = 0  # type: ignore[attr-defined]

    def shown(self, name: str, value: Any) -> str:
        """Amounts with what they count."""
        return amount_words(value, self.instance.unit) if name == "amount" else super().shown(name, value)

    def clean_amount(self) -> Any:
        """Refuse what no figure can be."""
        amount = self.cleaned_data["amount"]
        if amount < 0:
            raise forms.ValidationError("The amount must be 0 or more")
        if self.instance.unit != "pounds" and amount != amount.to_integral_value():
            raise forms.ValidationError(f"The amount must be a whole number of {self.instance.get_unit_display()}")
        return amount


def figure_choices(framework: CommissioningFramework, *, in_pounds: bool) -> list[tuple[str, str]]:
    """The standing figures that a band or rule may name."""
    rows = Threshold.objects.filter(framework=framework, until__isnull=True).order_by("order", "id")
    rows = rows.filter(unit="pounds") if in_pounds else rows.exclude(unit="pounds")
    return [("", "None"), *((row.key, row.name) for row in rows)]


class RangedForm(NewVersionForm):
    """A row with a range of values between two figures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the figures by name."""
        super().__init__(*args, **kwargs)
        choices = figure_choices(self.framework, in_pounds=True)
        for name, label in (("from_key", "From the figure"), ("to_key", "Up to the figure")):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["from_inclusive"].label = "Exactly the first figure is inside"
        self.fields["to_inclusive"].label = "Exactly the last figure is inside"
        self.order_fields(self.field_order or ())


class BandForm(RangedForm):
    """A band: its range, who buys, and what each gate asks."""

    kind = "bands"
    main_field = "from_key"

    class Meta:
        model = Band
        fields = (
            "name",
            "from_key",
            "from_inclusive",
            "to_key",
            "to_inclusive",
            "who_buys",
            "request",
            "gate_1",
            "gate_3",
            "gate_4",
            "summary",
            "legal",
            "authority",
            "source",
        )

    field_order = (*Meta.fields[:-1], "valid_from", "source", "reason")


class RoutingRuleForm(RangedForm):
    """A routing rule: when, if, then, within."""

    kind = "routes"
    main_field = "queue_key"

    ends = forms.BooleanField(
        label="End this rule",
        required=False,
        help_text="From the day below, nothing is sent by this rule any more. What it has sent stays where it is.",
    )

    class Meta:
        model = RoutingRule
        fields = (
            "key",
            "name",
            "trigger",
            "from_key",
            "from_inclusive",
            "to_key",
            "to_inclusive",
            "risk",
            "needed_flag",
            "enough_flags",
            "queue_key",
            "item_kind",
            "asks",
            "title",
            "within_key",
            "question_effect",
            "source",
        )
        labels = {
            "needed_flag": "Mark that is needed",
            "item_kind": "Kind of item",
            "title": "Title of the item",
            "question_effect": "What a question does",
            "risk": "High risk",
        }

    field_order = (
        *Meta.fields[:-1],
        "why",
        "ends",
        "valid_from",
        "source",
        "reason",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer queues, figures, triggers and marks that there are; the rule's own words are called "why"."""
        super().__init__(*args, **kwargs)
        framework = self.framework
        queues = Queue.objects.filter(framework=framework).order_by("order", "id").values_list("key", "name")
        standing = RoutingRule.objects.filter(framework=framework, until__isnull=True)
        triggers = sorted(set(standing.values_list("trigger", flat=True)))
        self.fields["queue_key"] = forms.ChoiceField(label="Ask the queue", choices=list(queues))
        self.fields["trigger"] = forms.ChoiceField(
            label="When", choices=[(key, key.replace("_", " ").capitalize()) for key in triggers]
        )
        self.fields["asks"] = forms.ChoiceField(label="For what", choices=list(ASKS_WORDS.items()))
        self.fields["within_key"] = forms.ChoiceField(
            label="Within the figure", choices=figure_choices(framework, in_pounds=False), required=False
        )
        self.fields["enough_flags"] = forms.CharField(
            label="Marks that are enough by themselves", required=False, help_text="Separated by commas"
        )
        self.initial["enough_flags"] = ", ".join(self.instance.enough_flags or [])
        self.fields["why"] = forms.CharField(
            label="Reason in the rule’s own words",
            max_length=300,
            required=False,
            help_text="Completes “It is here because …” when no value or risk says it.",
        )
        self.initial["why"] = self.instance.reason
        if self.instance.pk is not None:
            del self.fields["key"]
        else:
            del self.fields["ends"]
        self.order_fields(self.field_order)

    def clean_key(self) -> str:
        """Refuse the key of a rule that stands."""
        key: str = self.cleaned_data["key"]
        if RoutingRule.objects.filter(framework=self.framework, key=key).exists():
            raise forms.ValidationError("A rule has this key already")
        return key

    def clean_enough_flags(self) -> list[str]:
        """Read the marks from one line."""
        return [flag.strip() for flag in self.cleaned_data["enough_flags"].split(",") if flag.strip()]

    def changes(self) -> Changes:
        """End the rule, or put the new one in its place with its own words."""
        if self.cleaned_data.get("ends"):
            return Changes(removed_routes=[self.instance.key])
        made = super().changes()
        made.routes[0].reason = self.cleaned_data.get("why", "")
        return made

    def _differs(self) -> bool:
        return super()._differs() or bool(self.cleaned_data.get("ends"))
