"""How the sign-in package behaves here.

No sign-up, the same words and time for unknown accounts, and links from one address.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from organisation import known_browsers, second_factor
from organisation.models.person import Person
from organisation.sealing import seal, unseal

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by email address and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right",
        "too_many_login_attempts": "Too many wrong tries. Wait 5 minutes, then try again",
        "incorrect_password": "That is not your password",
        "enter_current_password": "That is not your password",
        "invalid_password_reset": "This link has been used or is too old",
        "rate_limited": "Too many wrong tries. Wait 5 minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: administrators open accounts."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Remember this browser as one that this person uses."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_browsers.remember(request, response, user.email)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Answer for a closed account as for one that does not exist."""
        return render(request, "account/signup_closed.html", status=403)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong tries by account, apart for a browser the person has used before.

        So a stranger who keeps trying a colleague's account locks the stranger's tries and not the colleague's own.
        """
        email = str(credentials.get("email", "")).strip().lower()
        return f"{email}:{known_browsers.mark_of(request, email)}"

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Check the password again, by the account's own address."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the account page."""
        return reverse("organisation:account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link from the configured address of the site, never from what the browser called it."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send mail beside the request, so that its time does not tell whether there was anyone to send to."""
        message = self.render_mail(template_prefix, email, context | {"site_url": settings.SITE_URL, "email": email})
        if settings.ACCOUNT_MAIL_BESIDE_REQUEST:
            threading.Thread(target=_deliver, args=[message], daemon=True).start()
        else:
            message.send()

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that their account changed, at the address on it."""
        self.send_mail(template_prefix, email or user.email, {"user": user, **(context or {})})


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        # Whoever waits for it asks again; the log says why it did not come.
        logger.exception("Account mail was not sent")
    finally:
        connections.close_all()  # a thread has connections of its own, and nobody else closes them


class CouncilAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in with the council's own account (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse: administrators open accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person by the address the council vouches for; nobody is let in who has no account here."""
        if sociallogin.is_existing:
            person = sociallogin.user if sociallogin.user.is_active else None
        else:
            vouched = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
            person = Person.objects.active().filter(email__in=vouched).first() if len(vouched) == 1 else None
            if person is not None:
                sociallogin.connect(request, person)
        if person is None:
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right, or it is too old. Enter the one shown now",
        "cannot_delete_authenticator": "Your role asks for a second step at sign-in, so it cannot be turned off",
    }

    def encrypt(self, text: str) -> str:
        """Keep secrets unreadable in the database and its backups."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret again."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Refuse to take away what the person's role asks for."""
        return not second_factor.is_asked_of(authenticator.user)
