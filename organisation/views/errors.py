"""What people read when a page cannot be shown. No numbers in the headings, no trace, and a way on."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisation import held_answers
from organisation.models.person import Person


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense, such as a form far too large."""
    return render(request, "errors/400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what the person may not do, and whom to ask: whoever refused put it into the exception."""
    return render(request, "errors/403.html", {"words": str(exception)}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for what does not exist, and in the same words for what this person may not know of."""
    return render(request, "errors/404.html", status=HTTPStatus.NOT_FOUND)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is no longer good: usually one left open while signing in again in another tab.

    The same person gets their answers back to send once more, if the form came from one of our own pages.
    """
    if _is_ours(request):
        held = held_answers.read(request)
        if held.is_sendable:
            return render(request, "organisation/answers.html", {"held": held}, status=HTTPStatus.FORBIDDEN)
    return render(request, "errors/csrf.html", status=HTTPStatus.FORBIDDEN)


def _is_ours(request: HttpRequest) -> bool:
    """Say whether the form came from this site, and from the person who is signed in now.

    A browser sets the Origin of a form itself, so another site cannot make this one offer to send its own answers.
    """
    if not isinstance(getattr(request, "user", None), Person) or not request.session.get(held_answers.CONTINUES):
        return False
    origin = request.headers.get("Origin", "")
    same_host = urlsplit(origin).netloc == request.get_host()
    return same_host or origin in settings.CSRF_TRUSTED_ORIGINS
