"""Organisations and the parts they are made of."""

from django.core.exceptions import ValidationError
from django.db import models

from organisation.accent import ENOUGH_FOR_TEXT, WHITE, contrast
from organisation.fields import validate_colour


class Organisation(models.Model):
    """A council, or another body that commissions, using this installation."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    framework = models.ForeignKey(
        "organisation.CommissioningFramework", on_delete=models.PROTECT, related_name="organisations"
    )
    accent_colour = models.CharField(
        max_length=7,
        default="#00543c",
        validators=[validate_colour],
        help_text="The colour of the header, buttons and links. It must stand out from white by at least 4.5 to 1.",
    )
    accent_dark = models.CharField(
        max_length=7, default="#00301f", validators=[validate_colour], help_text="For links and buttons pointed at."
    )
    accent_tint = models.CharField(
        max_length=7, default="#f0f6f3", validators=[validate_colour], help_text="For pale backgrounds under text."
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> int:
        """Its own number, so that it can be asked like any row of it."""
        return self.pk

    def clean(self) -> None:
        """Refuse colours that text could not be read in."""
        unreadable = {}
        pairs = (("accent_colour", WHITE, "white"), ("accent_dark", WHITE, "white"))
        for field, behind, words in (*pairs, ("accent_tint", self.accent_dark, "the dark accent colour")):
            try:
                ratio = contrast(getattr(self, field), behind)
            except ValueError:  # the field's own validator says what is wrong with it
                continue
            if ratio < ENOUGH_FOR_TEXT:
                unreadable[field] = ValidationError(
                    f"This colour has a contrast of {ratio:.1f} to 1 with {words}. "
                    f"Choose one with at least {ENOUGH_FOR_TEXT} to 1, so that everyone can read it.",
                    code="contrast",
                )
        if unreadable:
            raise ValidationError(unreadable)


class Directorate(models.Model):
    """A main part of an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="directorates")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="organisation_directorate_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """The part of a directorate that a commission belongs to."""

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="service_areas")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="service_areas",
        help_text="The directorate's organisation, kept here so that lists need not go through the directorate.",
    )
    name = models.CharField(max_length=200)
    cost_centre = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directorate", "name"], name="organisation_service_area_named_once")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a service area whose directorate is another organisation's."""
        if self.directorate_id and self.organisation_id and self.directorate.organisation_id != self.organisation_id:
            raise ValidationError({"directorate": "Choose a directorate of the same organisation"})
