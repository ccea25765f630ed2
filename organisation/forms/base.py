"""The form every page uses: one primary button, an id for the act, words for errors, limits on what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from organisation.forms.layout import Actions
from organisation.forms.wording import give_words

if TYPE_CHECKING:
    from organisation.models import Person

# What a plain CharField may hold when its form names no limit, so that no field takes a million characters.
LONGEST_LINE = 200
LONGEST_TEXT = 10_000
# As many fields as somebody types a second time without minding.
MOST_TYPED_AGAIN = 2


class ActIdField(forms.UUIDField):
    """The id that makes a form count once, however often it arrives. A damaged one is replaced, never an error."""

    def __init__(self) -> None:
        # No id attribute: several forms on one page would repeat it.
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def clean(self, value: Any) -> UUID:
        """Return the id that was sent, or a fresh one."""
        try:
            return super().clean(value) or uuid4()
        except forms.ValidationError:
            return uuid4()


class VersionField(forms.IntegerField):
    """The version of the record this form was filled in against. A damaged one counts as out of date."""

    OUT_OF_DATE = -1

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def clean(self, value: Any) -> int:
        """Return the version that was sent, or one that no record has."""
        try:
            found = super().clean(value)
        except forms.ValidationError:
            found = None
        return self.OUT_OF_DATE if found is None else found


class GdsForm(forms.BaseForm):
    """What makes any Django form one of ours: the layout, the words, the limits. Mixed into the account forms too."""

    title = ""
    submit_label = "Save and continue"
    submit_tone = ""  # "warning" for an act that takes something away
    later_label = ""  # a second button, sent as the name "later"
    cancel_url = ""
    cancel_label = "Cancel"
    autosave_url = ""
    unsent_url = ""  # where a page's script keeps what is typed until the form is sent
    label_size: str | None = Size.SMALL

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Strip null bytes from what was sent, then give each field its words and its limit."""
        args, kwargs = _without_null_bytes(args, kwargs)
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            give_words(name, field)
            _limit_length(field)

    @cached_property
    def helper(self) -> FormHelper:
        """Return the crispy helper. Built late, so that fields added by a subclass are in it."""
        helper = FormHelper()
        helper.attrs = {"novalidate": ""}
        if self.autosave_url:
            helper.attrs["data-autosave"] = self.autosave_url
        elif self.unsent_url:
            helper.attrs["data-unsent"] = self.unsent_url
        helper.label_size = helper.legend_size = self.label_size
        helper.render_hidden_fields = True
        helper.layout = Layout(*self.build_layout(), Actions(self))
        return helper

    def build_layout(self) -> list[Any]:
        """List the layout of the fields above the buttons; a subclass may group them."""
        return [self.laid_out(name) for name, field in self.fields.items() if not field.widget.is_hidden]

    def laid_out(self, name: str) -> Field:
        """Lay one field out, with its word or character count when it has a limit worth showing."""
        field = self.fields[name]
        max_words, max_length = getattr(field, "max_words", None), getattr(field, "max_length", None)
        if not (max_words or (max_length and getattr(field, "shows_count", False))):
            return Field(name)
        return Field(
            name,
            context={"max_words": max_words} if max_words else {"max_characters": max_length},
            css_class="govuk-js-character-count",
            aria_describedby="",  # the package adds the count's id to what is there, and fails on nothing
        )


class PageForm(GdsForm, forms.Form):
    """A form on a page of its own.

    Takes `user=` (never the request). `act_id` is made afresh when the page is opened and kept while it is mended;
    hand `cleaned_data["act_id"]` to the service.
    """

    act_id = ActIdField()

    @property
    def unsent_url(self) -> str:  # type: ignore[override]
        """Keep what is typed, if losing it would hurt: where a form asks for sentences, or for many things."""
        typed = [field for field in self.fields.values() if not field.widget.is_hidden]
        asks_much = len(typed) > MOST_TYPED_AGAIN or any(isinstance(f.widget, forms.Textarea) for f in typed)
        has_password = any(isinstance(f.widget, forms.PasswordInput) for f in typed)
        return reverse("organisation:unsent") if asks_much and not has_password else ""

    def __init__(self, *args: Any, user: Person | None = None, cancel_url: str = "", **kwargs: Any) -> None:
        """Take the person the form is for and where Cancel leads."""
        self.user = user
        super().__init__(*args, **kwargs)
        self.cancel_url = cancel_url or self.cancel_url
        self.fields["act_id"].initial = uuid4()

    def _post_clean(self) -> None:
        """Tie the act's id to what was sent: the same form with other words (Back, edit, send) is another act."""
        super()._post_clean()  # type: ignore[misc]
        sent = self.cleaned_data.get("act_id")
        if isinstance(sent, UUID):
            self.cleaned_data["act_id"] = uuid5(sent, _digest(self.data, self.files))


class VersionedPageForm(PageForm):
    """A form over a record that others may change meanwhile; hand `cleaned_data["version"]` to the service."""

    version = VersionField()

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        """Take the version of the record as the page shows it."""
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version

    def accept_version(self, version: int) -> None:
        """After both values were shown: send `version` with the next attempt, so that it may go through."""
        self.data = with_value(self.data, self.add_prefix("version"), str(version))


def _digest(data: Any, files: Any) -> str:
    """A fingerprint of what a form was sent, without the token that changes with each page."""
    lists = data.lists() if isinstance(data, MultiValueDict) else [(name, [value]) for name, value in data.items()]
    typed = sorted((name, [str(value) for value in values]) for name, values in lists if name != "csrfmiddlewaretoken")
    attached = sorted((name, getattr(file, "name", ""), getattr(file, "size", 0)) for name, file in files.items())
    return sha256(repr((typed, attached)).encode("utf-8", "surrogatepass")).hexdigest()


def _limit_length(field: forms.Field) -> None:
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField) and field.max_length is None:
        limit = LONGEST_TEXT if isinstance(field.widget, forms.Textarea) else LONGEST_LINE
        field.validators = [*field.validators, MaxLengthValidator(limit)]


def _without_null_bytes(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Clean the data argument, wherever it stands. PostgreSQL cannot hold a null byte and nobody types one."""
    if args:
        return (_cleaned(args[0]), *args[1:]), kwargs
    if "data" in kwargs:
        return args, kwargs | {"data": _cleaned(kwargs["data"])}
    return args, kwargs


def _cleaned(data: Any) -> Any:
    if isinstance(data, MultiValueDict):
        if not any("\x00" in value for _, values in data.lists() for value in values if isinstance(value, str)):
            return data
        copied: MultiValueDict[str, Any] = data.copy()
        for name, values in data.lists():
            copied.setlist(name, [_stripped(value) for value in values])
        return copied
    if isinstance(data, Mapping):
        return {name: _stripped(value) for name, value in data.items()}
    return data


def _stripped(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


def with_value(data: Any, name: str, value: str) -> Any:
    """What was sent, with one value in the place of what was sent for it: a form answers for what it now shows."""
    copied = data.copy() if isinstance(data, QueryDict | dict) else QueryDict(mutable=True)
    copied[name] = value
    return copied
