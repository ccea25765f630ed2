"""Error messages in the words of the question, for every field that has none of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms.utils import pretty_name

from organisation.formatting import in_sentence, sentence_start

_ARTICLES = ("the ", "a ", "an ", "your ", "this ", "these ")


@dataclass(frozen=True)
class Called:
    """What a field is called inside a sentence: as its object and as its subject."""

    thing: str
    subject: str

    @classmethod
    def by(cls, label: str) -> Called:
        """Turn "Annual value" into "the annual value", and a question into "an answer to “…”"."""
        label = label.strip()
        if label.endswith("?"):
            return cls(f"an answer to “{label}”", f"Your answer to “{label}”")
        lowered = in_sentence(label)
        thing = lowered if lowered.startswith(_ARTICLES) else f"the {lowered}"
        return cls(thing, sentence_start(label))


def called(name: str, field: forms.Field) -> Called:
    """Say what `field` is called: its own `called`, or its label, or its name."""
    return Called.by(str(getattr(field, "called", "") or field.label or pretty_name(name)))


def give_words(name: str, field: forms.Field) -> None:
    """Replace Django's stock messages on `field` by sentences that say how to mend it. Its own messages stay."""
    for code, words in _messages(called(name, field), field).items():
        if code not in field.error_messages or str(field.error_messages[code]) == _stock(field, code):
            field.error_messages[code] = words


def _messages(names: Called, field: forms.Field) -> dict[str, str]:
    # Django fills these in with "%": a per cent sign in the question itself must come through as one.
    filled = Called(names.thing.replace("%", "%%"), names.subject.replace("%", "%%"))
    words = {
        "required": f"Enter {names.thing}",
        # Filled in by the validators, which name the limit.
        "max_length": f"{filled.subject} must be %(limit_value)s characters or fewer",
        "min_length": f"{filled.subject} must be %(limit_value)s characters or more",
        "max_value": f"{filled.subject} must be %(limit_value)s or less",
        "min_value": f"{filled.subject} must be %(limit_value)s or more",
    }
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        chosen = f"Select {filled.thing} from the list"  # noqa: S608  an English sentence
        words |= {"required": f"Select {names.thing}", "invalid_choice": chosen, "invalid_pk_value": chosen}
    elif isinstance(field, forms.FileField):
        words |= {
            "required": f"Choose {names.thing} to upload",
            "invalid": f"Choose {names.thing} to upload",
            "missing": f"Choose {names.thing} to upload",
            "empty": f"{names.subject} is empty. Choose another file",
            "max_length": f"{filled.subject} must have a file name of %(max)d characters or fewer",
        }
    elif isinstance(field, forms.BooleanField):
        words["required"] = f"Tick “{field.label}” to go on"
    elif isinstance(field, forms.IntegerField):
        words["invalid"] = f"{names.subject} must be a whole number, like 12"
    elif isinstance(field, forms.EmailField):
        words["invalid"] = f"{names.subject} must be an email address, like name@example.gov.uk"
    elif isinstance(field, forms.URLField):
        words["invalid"] = f"{names.subject} must be a web address, like https://www.example.gov.uk"
    return words


def _stock(field: forms.Field, code: str) -> str:
    for kind in type(field).__mro__:
        stock = getattr(kind, "default_error_messages", {}).get(code)
        if stock is not None:
            return str(stock)
    return ""
