"""Somebody's own account: what they may do here, their password and second step, their keys, their sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView

from organisation import account_events, held_answers, second_factor, selectors, session_limits
from organisation.roles import Role
from organisation.services import people, sessions
from organisation.standing import covered_by
from organisation.visitor import person_asking


class AccountPage(TemplateView):
    """Everything about the account on one page."""

    http_method_names = ["get", "head"]
    template_name = "organisation/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather the roles, the cover and the state of the sign-in."""
        person = person_asking(self.request)
        return super().get_context_data(**kwargs) | {
            "person": person,
            "roles": [(held, Role(held.role).describes) for held in selectors.roles_held_by(person)],
            "cover": selectors.own_cover(person),
            "covers_for": covered_by(person),
            "has_second_factor": second_factor.has_one(person),
            "second_factor_is_asked": second_factor.is_asked_of(person),
        }


class Shortcuts(View):
    """Keyboard shortcuts on or off."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set them, and go back to where the switch was."""
        is_on = request.POST.get("shortcuts") == "on"
        people.set_shortcuts(person_asking(request), is_on)
        messages.success(request, f"Keyboard shortcuts on queue pages are {'on' if is_on else 'off'}.")
        return HttpResponseRedirect(reverse("organisation:account"))


class SignOutEverywhere(View):
    """End every session of the person, this one included."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """End them all and go to the sign-in page."""
        person = person_asking(request)
        with transaction.atomic():
            sessions.end_all_sessions(person)
            account_events.note(person, account_events.SIGNED_OUT_EVERYWHERE)
        logout(request)
        messages.success(request, "You are signed out on every device.")
        return HttpResponseRedirect(reverse("account_login"))


class SessionLeft(View):
    """How long this session has left, for the warning before it ends."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say it; this does not count as doing something."""
        return JsonResponse({"seconds_left": getattr(request, "session_seconds_left", 0)})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Stay signed in."""
        return JsonResponse({"seconds_left": session_limits.prolong(request.session)})


class Answers(View):
    """Answers that arrived after a session had ended, shown again to the person who sent them."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Offer to send them now."""
        held = held_answers.held_for(request.session)
        if held is None:
            return HttpResponseRedirect("/")
        return render(request, "organisation/answers.html", {"held": held})
