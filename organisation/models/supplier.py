"""Suppliers as one organisation knows them."""

from django.db import models

from organisation.fields import MatchNameField
from organisation.models.organisation import Organisation
from organisation.querysets import SupplierQuerySet


class Supplier(models.Model):
    """A business, charity or other body that an organisation may buy from or fund."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="suppliers")
    name = models.CharField(max_length=200)
    match_name = MatchNameField(max_length=260, editable=False)
    company_number = models.CharField(max_length=20, blank=True)
    charity_number = models.CharField(max_length=20, blank=True)
    is_sme = models.BooleanField("small or medium-sized", default=False)
    is_vcse = models.BooleanField("voluntary, community or social enterprise", default=False)
    postcode = models.CharField(max_length=10, blank=True)
    on_watch = models.BooleanField(
        default=False, help_text="Shown with a warning wherever the supplier is about to be chosen."
    )

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "match_name", "company_number"],
                name="organisation_supplier_known_once",
                violation_error_message="This supplier is already recorded",
            )
        ]

    def __str__(self) -> str:
        return self.name
