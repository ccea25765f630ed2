"""Model fields that keep a column in its one proper form, whoever writes it."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Ways of writing a company's legal form that mean the same.
_SAME_WORD = {"ltd": "limited", "plc": "public limited company"}


def match_name(name: str) -> str:
    """Return the form of a supplier's name by which two spellings of it are found to be the same."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = plain.replace("&", " and ").replace("'", "").replace("’", "").replace(".", "")
    words = re.sub(r"[\W_]+", " ", plain).split()
    return " ".join(_SAME_WORD.get(word, word) for word in words)


def validate_colour(value: str) -> None:
    """Refuse anything but a colour written as # and six hexadecimal digits."""
    if not _HEX_COLOUR.fullmatch(value):
        raise ValidationError("Enter a colour as # and six digits, like #00543c", code="colour")


class LowerCaseEmailField(models.EmailField):
    """An email address that is stored, and looked up, in lower case."""

    def get_prep_value(self, value: Any) -> Any:
        """Lower the case on the way to the database, in look-ups as in writes."""
        prepared = super().get_prep_value(value)
        return prepared.strip().lower() if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Leave the stored form on the instance too."""
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class MatchNameField(models.CharField):
    """The matching form of the row's ``name``, worked out each time the row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Work the matching form out from the name the row now has."""
        value = match_name(vars(model_instance)["name"])[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
