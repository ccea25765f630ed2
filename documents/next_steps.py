"""What happens after a paper is submitted: a sentence, and the page where it is done."""

from __future__ import annotations

from typing import Self


class NextStep(str):
    """A sentence on the page after submitting. ``url`` is where it is done: the sentence is then a link."""

    __slots__ = ("url",)

    url: str

    def __new__(cls, words: str, url: str = "") -> Self:
        """The words, and the page."""
        made = super().__new__(cls, words)
        made.url = url
        return made
