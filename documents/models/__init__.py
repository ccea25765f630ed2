"""The records of this room."""

from documents.models.attachment import Attachment
from documents.models.comment import SectionComment
from documents.models.paper import Answer, FactConfirmation, Paper
from documents.models.rendering import Rendering
from documents.models.revision import Revision
from documents.models.template import Question, Section, Template

__all__ = [
    "Answer",
    "Attachment",
    "FactConfirmation",
    "Paper",
    "Question",
    "Rendering",
    "Revision",
    "Section",
    "SectionComment",
    "Template",
]
