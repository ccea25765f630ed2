"""Small drawings made by the server, so that no page needs a script or an inline style for them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

MOST_BOXES = 10


def clock_boxes(left: int, of: int) -> SafeString:
    """Draw a clock as boxes, one for each day, filled for those left. The words beside it carry the meaning.

    More than ten days are drawn as ten boxes in proportion; a box stays filled while anything is left.
    """
    of = max(1, of)
    left = min(max(0, left), of)
    if of > MOST_BOXES:
        left = -(-left * MOST_BOXES // of)
        of = MOST_BOXES
    return format_html('<span class="gh-boxes" data-of="{}" data-left="{}" aria-hidden="true"></span>', of, left)
