"""How the history tells what this room records beside the verbs of a paper."""

from __future__ import annotations

from django.urls import reverse

from casework.audit.sentences import register_link, register_sentence
from casework.models import AuditEvent


def register() -> None:
    """Register the words. What an answer said stays in the trail's changes, and out of the sentence."""
    register_link("paper.submit", _revision_of)
    register_sentence("paper.begin", "began {subject}")
    register_sentence("paper.save", "saved “{section}” of {subject}")
    register_sentence("paper.remove_row", "removed a row of “{question}” from {subject}")
    register_sentence("paper.choose", "chose between two answers to “{question}” in {subject}")
    register_sentence("paper.comment", "commented on “{section}” of {subject}")
    register_sentence("paper.answer_comment", "answered a comment on {subject}")
    register_sentence("paper.settle_comment", "settled a comment on {subject}")
    register_sentence("attachment.add", "attached {file}")
    register_sentence("attachment.replace", "replaced a file by {file}")
    register_sentence("attachment.remove", "removed the file {subject} from its list")
    register_sentence("attachment.open", "opened the restricted file {subject}")
    register_sentence("attachment.refused", "was not let open the restricted file {subject}")
    register_sentence("attachment.refuse", "tried to attach a file that the virus check refused to {subject}")
    register_sentence("template.load", "loaded the paper template {subject}")
    register_sentence("template.publish", "published the paper template {subject}")
    register_sentence("template.new_version", "made a draft of the paper template {subject}")


def _revision_of(event: AuditEvent) -> str:
    """The page of the revision that a submission froze."""
    number = (event.changes.get("revision") or [""])[-1]
    return reverse("documents:revision", args=[event.subject_id, number]) if number else ""
