"""The forms of this room."""

from documents.forms.files import AttachForm, RemoveForm, ReplaceForm
from documents.forms.row import RowForm
from documents.forms.section import SectionForm
from documents.forms.sent import SectionSent
from documents.forms.submit import CheckForm

__all__ = ["AttachForm", "CheckForm", "RemoveForm", "ReplaceForm", "RowForm", "SectionForm", "SectionSent"]
