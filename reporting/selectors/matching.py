"""How typed words find rows. One way for every list and search, on both databases.

Each word must stand somewhere in one of the columns, in any order; case, punctuation and "and" or "&" do not matter.
PostgreSQL answers from a trigram index (this room's migrations), SQLite by reading the organisation's rows.
"""

from __future__ import annotations

import re

from django.db.models import Q

MOST_WORDS = 8
_SKIPPED = frozenset(["and", "the", "of"])


def words_of(text: str) -> list[str]:
    """The words that are looked for, each once; those that say nothing are skipped unless there are no others."""
    found = list(dict.fromkeys(re.findall(r"[\w]+", text.casefold().replace("’", "'"))))
    return [word for word in found if word not in _SKIPPED][:MOST_WORDS] or found[:MOST_WORDS]


def words_match(text: str, *columns: str) -> Q:
    """Rows in which every word stands in one of the columns. A text without any word finds nothing."""
    words = words_of(text)
    if not words:
        return Q(pk__in=[])
    found = Q()
    for word in words:
        found &= Q(*((f"{column}__icontains", word) for column in columns), _connector=Q.OR)
    return found


def marked(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the words looked for."""
    if not words:
        return [(text, False)]
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pieces = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    return [(piece, bool(index % 2)) for index, piece in enumerate(pieces) if piece]
