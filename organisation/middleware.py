"""What happens around every request: private pages, the limits of a session, answers kept, the second factor."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import ResolverMatch, reverse

from organisation import held_answers, last_person, second_factor, session_limits
from organisation.models.person import Person
from organisation.services import unsent_forms

Answer = Callable[[HttpRequest], HttpResponseBase]

SIGNED_OUT_WORDS = "Not saved: you have been signed out. Press the button below to sign in; your answers are kept."
NOBODY_KNOWN_WORDS = "Not saved: you have been signed out. Copy what you typed, then open this page again and sign in."
# The field by which a page's script names a form that it has kept while it was typed.
UNSENT = "unsent"


class PrivatePages:
    """Let no browser or proxy keep a page, unless the page says that it may; switch off what no page uses."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then set the headers that are not set yet."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SessionLimits:
    """End a session that was idle too long or has gone on too long, and remember whose it was."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check the limits before anything asks who is signed in."""
        session = request.session
        person_id = session.get(SESSION_KEY)
        if person_id is not None:
            # A session without a beginning was made by something that does not sign people in: it is over too.
            if session_limits.seconds_left(session) <= 0 or not request.user.is_authenticated:
                # The record is emptied under a new key; what was in the old session is gone.
                session.flush()
                held_answers.remember_who(session, person_id)
                request.user = AnonymousUser()
            else:
                if not _only_asks(request):
                    session_limits.note_activity(session)
                held_answers.settle_who(session, person_id)
                request.session_seconds_left = session_limits.seconds_left(session)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if (signed_in := request.session.get(SESSION_KEY)) is not None:
            last_person.note(request, response, signed_in)
        return response


class KeepAnswers:
    """Keep a form that arrives after the session ended, and ask the same person to sign in and send it again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing before the page is known; forget what was held once it has been sent."""
        if request.method == "POST" and SESSION_KEY in request.session:
            held = held_answers.held_for(request.session)
            if held is not None and held.path == request.get_full_path():
                held_answers.let_go(request.session)
        response = self.get_response(request)
        if request.method == "POST" and UNSENT in request.POST and isinstance(request.user, Person):
            _settle_unsent(request, request.user, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Keep the form, if the page is one that asks for a sign-in."""
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if is_script(request):
            words = SIGNED_OUT_WORDS if held_answers.is_anybody_known(request) else NOBODY_KNOWN_WORDS
            return JsonResponse({"words": words}, status=401)
        # What is typed into the sign-in pages (passwords, codes) is never put aside.
        if request.method != "POST" or _is_sign_in_page(request):
            return None
        if not held_answers.hold(request):
            messages.warning(
                request, "You were not signed in, so nothing was saved. Go back in your browser to see what you typed."
            )
            return None
        messages.warning(request, "You were signed out. Sign in to send your answers: they are kept for 30 minutes.")
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?next={reverse('organisation:answers')}")


class SecondFactor:
    """Let people whose role asks for a second factor reach nothing but its set-up until they have one."""

    # Where somebody may go who still has to set it up.
    OPEN = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "mfa_activate_totp",
            "mfa_reauthenticate",
            "mfa_view_recovery_codes",
            "organisation:session",
        }
    )

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing before the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Send the person to the set-up page."""
        person = request.user
        if not isinstance(person, Person):
            return None
        match: ResolverMatch | None = request.resolver_match
        if match is None or match.view_name in self.OPEN or not getattr(view, "login_required", True):
            return None
        if not second_factor.is_asked_of(person) or second_factor.is_done(request, person):
            return None
        if is_script(request):
            return JsonResponse({"words": "Set up the second step of your sign-in first."}, status=403)
        messages.warning(request, "Your role asks for a second step at sign-in. Set it up to go on.")
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


def is_script(request: HttpRequest) -> bool:
    """Say whether one of our scripts is asking, which wants words and not a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def _settle_unsent(request: HttpRequest, person: Person, response: HttpResponseBase) -> None:
    """Forget what was kept of a form once it was taken; while its page is shown again, keep it as it was sent."""
    path = str(request.POST[UNSENT])
    if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
        unsent_forms.forget(person, path)
    else:
        unsent_forms.keep(person, path, held_answers.read(request).fields)


def _is_sign_in_page(request: HttpRequest) -> bool:
    return request.path.startswith(reverse(settings.LOGIN_URL).removesuffix("login/"))


def _only_asks(request: HttpRequest) -> bool:
    """Say whether the page only asks how long the session has: that must not itself prolong it."""
    return request.method == "GET" and request.path == reverse("organisation:session")
