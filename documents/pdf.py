"""A frozen paper as a tagged PDF. WeasyPrint is given text that Django escaped, and may fetch nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from casework.refusals import Refused
from documents.presenting import as_read


class PdfUnavailable(Refused):
    """The machine lacks the libraries that make PDFs."""

    def __init__(self) -> None:
        super().__init__(
            "This server cannot make PDFs: a system library that WeasyPrint needs is missing. Nothing is lost. "
            "Print the page from your browser, or ask an administrator to install it."
        )


def render(content: Mapping[str, Any], *, printed_at: datetime) -> bytes:
    """One frozen content as a PDF/UA document. A content without a number is marked as a draft on every page."""
    try:
        # Imported here: on a machine without Pango the import itself fails, and the rest of the product must run.
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except OSError as fault:
        raise PdfUnavailable from fault
    fetcher = URLFetcher(allowed_protocols={"data"})
    page = render_to_string("documents/paper_pdf.html", {"read": as_read(content), "printed_at": printed_at})
    document = HTML(string=page, url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=[CSS(string=_style(), url_fetcher=fetcher)], pdf_variant="pdf/ua-1")
    return made


@lru_cache(maxsize=1)
def _style() -> str:
    return Path(str(finders.find("css/paper-pdf.css"))).read_text(encoding="utf-8")
