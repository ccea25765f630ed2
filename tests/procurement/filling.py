"""Filling in a page as a browser does: opening it first, so that its form's own numbers are sent along."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client


def fields_of(**answers: Any) -> dict[str, Any]:
    """What a browser sends for these answers: dates go in three boxes, rows by their id, blanks as nothing."""
    sent: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, date):
            sent |= {f"{name}_0": value.day, f"{name}_1": value.month, f"{name}_2": value.year}
        elif value is None or value is False:
            continue
        else:
            sent[name] = getattr(value, "pk", value)
    return sent


def opened(client: Client, url: str) -> dict[str, Any]:
    """The hidden fields of the form on a page."""
    form = client.get(url).context["form"]
    hidden = {name: form[name].value() for name in ("act_id", "version") if name in form.fields}
    return {name: value for name, value in hidden.items() if value is not None}


def fill(client: Client, url: str, **answers: Any) -> Any:
    """Open a page, answer its form, send it."""
    return client.post(url, opened(client, url) | fields_of(**answers))


def words_of(reply: Any) -> str:
    """What the page says, with its marks-up made plain."""
    return reply.content.decode().replace("&#x27;", "'").replace("&amp;", "&")


def said(reply: Any) -> list[str]:
    """The banners that the redirect left for the next page."""
    return [str(message) for message in reply.wsgi_request._messages]
