"""Signing in: the sign-in page, and the one-click sign-in of a demonstration."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from organisation import account_events
from organisation.models import Person
from organisation.selectors import people_to_try

BACKEND = "organisation.backends.PersonBackend"

# A longer number is no id: no database holds it.
LONGEST_ID = 19


class SignIn(LoginView):
    """The sign-in page: the council's own account first where there is one, then email and password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what else may be offered."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["council_account"] = _council_account()
        if settings.DEMO:
            context["demo_people"] = people_to_try()
        return context


@method_decorator(login_not_required, name="dispatch")
class DemoSignIn(View):
    """Sign in as one of the invented people. Only in a demonstration; elsewhere there is no such address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign in without a password."""
        if not settings.DEMO:
            raise Http404
        chosen = request.POST.get("person", "")
        person = get_object_or_404(
            Person.objects.active(), pk=int(chosen) if chosen.isdecimal() and len(chosen) < LONGEST_ID else 0
        )
        with transaction.atomic():
            login(request, person, backend=BACKEND)
            account_events.note(person, account_events.SIGNED_IN)
        return HttpResponseRedirect(_safe_next(request))


def _safe_next(request: HttpRequest) -> str:
    asked_for = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked_for, {request.get_host()}, require_https=request.is_secure()):
        return asked_for
    return str(settings.LOGIN_REDIRECT_URL)


def _council_account() -> str:
    """Return the id of the council's own sign-in, if one is set up."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["provider_id"]) if apps else ""
