"""The forms of the sign-in pages, in the dress of every other form."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest

from organisation.forms.base import GdsForm
from organisation.models.person import Person

PASSWORD_RULES = "Use 12 characters or more. Three words that do not belong together are easy to remember."  # noqa: S105  a sentence


class AccountForm(GdsForm):
    """An allauth form without its placeholders, which vanish as soon as one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the fields."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.pop("autofocus", None)

    def word(self, name: str, label: str, help_text: str = "", required: str = "") -> None:
        """Give one field its words."""
        field = self.fields[name]
        field.label, field.help_text = label, help_text
        if required:
            field.error_messages["required"] = required


class SignInForm(AccountForm, account.LoginForm):
    """Email address and password."""

    submit_label = "Sign in"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the fields."""
        super().__init__(*args, **kwargs)
        self.word("login", "Email address", required="Enter your email address")
        self.word("password", "Password", required="Enter your password")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}
        self.fields["login"].error_messages["invalid"] = "Enter an email address like name@example.gov.uk"


class ReauthenticateForm(AccountForm, account.ReauthenticateForm):
    """The password again, before something that matters."""

    submit_label = "Go on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the field."""
        super().__init__(*args, **kwargs)
        self.word("password", "Your password", required="Enter your password")


class ResetPasswordForm(AccountForm, account.ResetPasswordForm):
    """Where to send the link."""

    submit_label = "Email me a link"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the field."""
        super().__init__(*args, **kwargs)
        self.word("email", "Email address", required="Enter your email address")
        self.fields["email"].error_messages["invalid"] = "Enter an email address like name@example.gov.uk"

    def clean_email(self) -> str:
        """Find the open account with this very address."""
        email = str(self.cleaned_data["email"]).strip().lower()
        self.users = list(Person.objects.active().filter(email=email))
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link; for an unknown address, do the same work and send nothing."""
        email: str = self.cleaned_data["email"]
        known = self.users[0] if self.users else None
        person = known or Person(pk=0, email=email)
        adapter = get_adapter(request)
        key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
        context = {"user": person, "password_reset_url": adapter.get_reset_password_from_key_url(key)}
        if known is not None:
            adapter.send_password_reset_mail(known, email, context)
        else:
            adapter.render_mail("account/email/password_reset_key", email, context)
        return email


class NewPasswordForm(AccountForm, account.ResetPasswordKeyForm):
    """A new password after following the link."""

    submit_label = "Save the new password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the fields."""
        super().__init__(*args, **kwargs)
        self.word("password1", "New password", PASSWORD_RULES, "Enter a new password")
        self.word("password2", "New password again", required="Enter the new password again")

    def clean(self) -> dict[str, Any]:
        """Say it in our words when the two differ."""
        return _same_twice(self, forms.Form.clean(self))


class ChangePasswordForm(AccountForm, account.ChangePasswordForm):
    """A new password for somebody signed in."""

    submit_label = "Change password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the fields."""
        super().__init__(*args, **kwargs)
        self.word("oldpassword", "Your password now", required="Enter your password")
        self.word("password1", "New password", PASSWORD_RULES, "Enter a new password")
        self.word("password2", "New password again", required="Enter the new password again")

    def clean(self) -> dict[str, Any]:
        """Say it in our words when the two differ."""
        return _same_twice(self, forms.Form.clean(self))


class SetPasswordForm(AccountForm, account.SetPasswordForm):
    """A first password, for somebody who has signed in with their council account so far."""

    submit_label = "Save the password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the fields."""
        super().__init__(*args, **kwargs)
        self.word("password1", "Password", PASSWORD_RULES, "Enter a password")
        self.word("password2", "Password again", required="Enter the password again")

    def clean(self) -> dict[str, Any]:
        """Say it in our words when the two differ."""
        return _same_twice(self, forms.Form.clean(self))


class CodeForm(AccountForm, mfa.AuthenticateForm):
    """The code of the authenticator app, or a recovery code."""

    submit_label = "Sign in"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the field."""
        super().__init__(*args, **kwargs)
        _word_code(self, "The 6 figures your authenticator app shows, or one of your recovery codes.")


class CodeAgainForm(AccountForm, mfa.ReauthenticateForm):
    """A code again, before something that matters."""

    submit_label = "Go on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the field."""
        super().__init__(*args, **kwargs)
        _word_code(self, "The 6 figures your authenticator app shows, or one of your recovery codes.")


class ActivateAppForm(AccountForm, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    submit_label = "Turn on the second step"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the field."""
        super().__init__(*args, **kwargs)
        _word_code(self, "The 6 figures the app shows now.")


class DeactivateAppForm(AccountForm, totp.DeactivateTOTPForm):
    """Nothing to fill in; turning off is confirmed by the button."""

    submit_label = "Turn off the second step"
    submit_tone = "warning"


class RecoveryCodesForm(AccountForm, recovery_codes.GenerateRecoveryCodesForm):
    """Nothing to fill in; new codes replace the old ones."""

    submit_label = "Make new codes"


def _word_code(form: AccountForm, help_text: str) -> None:
    form.word("code", "Code", help_text, "Enter the code")
    form.fields["code"].widget.attrs |= {"inputmode": "text", "class": "govuk-input--width-10", "spellcheck": "false"}


def _same_twice(form: forms.BaseForm, cleaned: dict[str, Any] | None) -> dict[str, Any]:
    found = cleaned or {}
    one, two = found.get("password1"), found.get("password2")
    if one and two and one != two:
        form.add_error("password2", "The two new passwords are not the same. Enter the new password again")
    return found
