"""The people who sign in."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from organisation import clock
from organisation.fields import LowerCaseEmailField
from organisation.querysets import PersonQuerySet
from organisation.roles import Role


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Makes people, and finds them by email address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Make a person; without a password they set their own through 'forgotten password'."""
        person: Person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find somebody by email address, however it is capitalised."""
        found: Person = self.get(email=(username or "").strip().lower())
        return found


class Person(AbstractBaseUser):
    """Somebody who may sign in. What they may do comes from their memberships alone."""

    email = LowerCaseEmailField(max_length=254, unique=True, verbose_name="email address")
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=150, blank=True)
    team = models.CharField(max_length=150, blank=True, help_text="Shown after the name, as in 'Priya Shah, Highways'.")
    organisation = models.ForeignKey(
        "organisation.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="employer",
    )
    is_active = models.BooleanField(
        "account open", default=True, help_text="Clear this to disable the account and sign the person out everywhere."
    )
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    shortcuts_on = models.BooleanField("keyboard shortcuts", default=True)
    password_changed_at = models.DateTimeField(null=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="organisation_email_in_lower_case")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name and team, as lists and histories show somebody."""
        return f"{self.name}, {self.team}" if self.team else self.name

    @property
    def is_staff(self) -> bool:
        """Whether the person administers an organisation today."""
        from organisation.standing import standing_of  # standing asks this model

        return standing_of(self).holds_anywhere(Role.ADMINISTRATOR)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer code of other packages; our own asks ``organisation.permissions.may``."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Answer code of other packages; our own asks ``organisation.permissions.may``."""
        return self.is_staff

    def get_full_name(self) -> str:
        """Return the whole name, by the method other packages call."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name people are greeted by."""
        return self.name.split(" ")[0]

    def set_password(self, raw_password: str | None) -> None:
        """Set the password and note when; the caller saves."""
        super().set_password(raw_password)
        self.password_changed_at = clock.now()
