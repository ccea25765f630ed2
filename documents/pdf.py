"""A frozen paper as a tagged PDF. WeasyPrint is given text that Django escaped, and may fetch nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from casework.refusals import Refused
from documents.presenting import as_read

PAPER_STYLE = "css/paper-pdf.css"


class PdfUnavailable(Refused):
    """The machine lacks the libraries that make PDFs."""

    def __init__(self) -> None:
        super().__init__(
            "This server cannot make PDFs: a system library that WeasyPrint needs is missing. Nothing is lost. "
            "Print the page from your browser, or ask an administrator to install it."
        )


@dataclass(frozen=True)
class PdfShape:
    """How one kind of content is drawn: its template, what the template is given, and its stylesheets, in order."""

    template: str
    prepare: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    styles: tuple[str, ...]


PAPER = "paper"
_shapes = {PAPER: PdfShape("documents/paper_pdf.html", lambda content: {"read": as_read(content)}, (PAPER_STYLE,))}


def register_shape(name: str, shape: PdfShape) -> None:
    """Let another room have contents of its own drawn. A content names its shape under the key "shape"."""
    if name in _shapes:
        raise ValueError(f"The PDF shape {name!r} is registered twice")
    _shapes[name] = shape


def render(content: Mapping[str, Any], *, printed_at: datetime) -> bytes:
    """One frozen content as a PDF/UA document. A paper without a number is marked as a draft on every page."""
    try:
        # Imported here: on a machine without Pango the import itself fails, and the rest of the product must run.
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except OSError as fault:
        raise PdfUnavailable from fault
    fetcher = URLFetcher(allowed_protocols={"data"})
    shape = _shapes[str(content.get("shape", PAPER))]
    page = render_to_string(shape.template, {**shape.prepare(content), "printed_at": printed_at})
    document = HTML(string=page, url_fetcher=fetcher)
    styles = [CSS(string=_style(name), url_fetcher=fetcher) for name in shape.styles]
    made: bytes = document.write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1")
    return made


@lru_cache(maxsize=8)
def _style(name: str) -> str:
    return Path(str(finders.find(name))).read_text(encoding="utf-8")
