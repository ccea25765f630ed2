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
    constitution_name = models.CharField(
        "contract and finance rules are called",
        max_length=200,
        blank=True,
        help_text="Like: Constitution, part 4: contract and finance rules. Shown with every threshold and gate.",
    )
    constitution_url = models.URLField(
        "where they can be read", max_length=300, blank=True, help_text="The address of the council's constitution."
    )

    class Meta:
        verbose_name = "commissioning framework"

    def __str__(self) -> str:
        return self.name
