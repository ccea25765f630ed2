"""Commenting on a section, answering a comment, settling it."""

from __future__ import annotations

from typing import Any

from organisation.forms import PageForm, TextField


class CommentForm(PageForm):
    """What a reviewer says of a section."""

    submit_label = "Send this comment"

    words = TextField(
        label="Your comment",
        help_text="The author is told, and whoever decides on the paper reads it.",
        max_length=2000,
        rows=5,
        called="your comment",
    )


class AnswerCommentForm(PageForm):
    """An answer in a thread."""

    submit_label = "Send this answer"

    words = TextField(label="Your answer", max_length=2000, rows=5, called="your answer")


class SettleCommentForm(PageForm):
    """Closing a comment; somebody else than whoever made it says why."""

    submit_label = "Settle this comment"

    because = TextField(label="What came of it?", max_length=500, rows=3, required=False, called="reason")

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        """Ask for a reason unless it is one's own comment."""
        super().__init__(*args, **kwargs)
        field = self.fields["because"]
        field.required = not is_own
        field.help_text = "" if is_own else "Whoever made the comment reads your reason."
        if is_own:
            field.label = "What came of it? (optional)"
