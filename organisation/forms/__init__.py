"""The base form of every page, and the fields the whole council shares."""

from organisation.forms.base import GdsForm, PageForm, VersionedPageForm
from organisation.forms.fields import (
    DayField,
    LineField,
    MoneyField,
    NumberField,
    PersonField,
    RowsField,
    SupplierField,
    TextField,
    YesNoField,
)

__all__ = [
    "DayField",
    "GdsForm",
    "LineField",
    "MoneyField",
    "NumberField",
    "PageForm",
    "PersonField",
    "RowsField",
    "SupplierField",
    "TextField",
    "VersionedPageForm",
    "YesNoField",
]
