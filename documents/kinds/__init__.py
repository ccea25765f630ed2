"""What kinds of question a template can ask: how an answer is read, what can be wrong with it, and how it is shown.

Nothing here touches the database. An answer is kept as JSON; what a person typed and we could not read is kept as
typed, so that saving a draft never fails and never loses a word.
"""

from documents.kinds.base import Json, Kind, Posted, Shown, as_typed, cleaned, digest, typed_in
from documents.kinds.elsewhere import FactKind, FileKind, PersonKind
from documents.kinds.single import (
    ChoiceKind,
    ChoicesKind,
    DateKind,
    FlagKind,
    LongTextKind,
    MoneyKind,
    NumberKind,
    TextKind,
)
from documents.kinds.tables import MoneyByYearKind, TableKind, cell_question, financial_years, sum_of

_QUESTION_KINDS: tuple[Kind, ...] = (
    TextKind(),
    LongTextKind(),
    MoneyKind(),
    MoneyByYearKind(),
    DateKind(),
    ChoiceKind(),
    ChoicesKind(),
    TableKind(),
    FileKind(),
    PersonKind(),
    FactKind(),
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in _QUESTION_KINDS}
KIND_CHOICES = [(kind.key, kind.words) for kind in _QUESTION_KINDS]
COLUMN_KINDS: dict[str, str] = {
    kind.key: kind.words
    for kind in (TextKind(), LongTextKind(), MoneyKind(), NumberKind(), DateKind(), ChoiceKind(), FlagKind())
} | {"sum": "The sum of other columns"}

TABLE = TableKind()


def kind_of(key: str) -> Kind:
    """The kind of a question; a template can't hold another (the database refuses it)."""
    return KINDS[key]


__all__ = [
    "COLUMN_KINDS",
    "KINDS",
    "KIND_CHOICES",
    "TABLE",
    "Json",
    "Kind",
    "MoneyByYearKind",
    "Posted",
    "Shown",
    "as_typed",
    "cell_question",
    "cleaned",
    "digest",
    "financial_years",
    "kind_of",
    "sum_of",
    "typed_in",
]
