"""Guidance beside a section, as administrators type it: headings, paragraphs, lists and links. No HTML is let through.

``## Heading`` starts a part, ``- item`` is a list item, ``[words](https://…)`` is a link; anything else is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINK = re.compile(r"\[([^\]\n]{1,200})\]\((https?://[^\s)]{1,500}|/[^\s)/][^\s)]{0,500})\)")


@dataclass(frozen=True)
class Words:
    """A stretch of text, a link when it has an address."""

    text: str
    url: str = ""


@dataclass
class Block:
    """A heading, a paragraph or a list."""

    kind: str
    lines: list[list[Words]] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """Guidance as blocks that a template writes out, escaping everything."""
    found: list[Block] = []
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.strip()
        if not line:
            found.append(Block("gap"))
        elif line.startswith("## "):
            found.append(Block("heading", [_words(line[3:])]))
        elif line.startswith("- "):
            if not found or found[-1].kind != "list":
                found.append(Block("list"))
            found[-1].lines.append(_words(line[2:]))
        elif found and found[-1].kind == "paragraph":
            found[-1].lines.append(_words(line))
        else:
            found.append(Block("paragraph", [_words(line)]))
    return [block for block in found if block.kind != "gap"]


def _words(line: str) -> list[Words]:
    found: list[Words] = []
    end = 0
    for link in _LINK.finditer(line):
        if link.start() > end:
            found.append(Words(line[end : link.start()]))
        found.append(Words(link.group(1), link.group(2)))
        end = link.end()
    if end < len(line):
        found.append(Words(line[end:]))
    return found
