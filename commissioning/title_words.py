"""What makes two titles alike: their words, without the small ones."""

from __future__ import annotations

import re

#: How many like records a page names, and how many are read to find them.
MOST_SHOWN = 5
MOST_READ = 200
SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "our",
        "the",
        "to",
        "with",
        "service",
        "services",
        "contract",
        "support",
        "council",
    ]
)


def words_of(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, without endings that only make a plural."""
    return frozenset(
        word.removesuffix("s") for word in re.findall(r"[a-z0-9]{3,}", title.lower()) if word not in SMALL_WORDS
    )
