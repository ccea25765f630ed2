"""A council's way of commissioning."""

from django.db import models


class CommissioningFramework(models.Model):
    """How one council commissions: its words, gates, papers and rules hang from here."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    kept_by = models.ForeignKey(
        "organisation.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="frameworks_kept",
        help_text="Only administrators of this organisation may change the framework. "
        "Leave empty to let administrators of every organisation that follows it change it.",
    )

    class Meta:
        verbose_name = "commissioning framework"

    def __str__(self) -> str:
        return self.name
