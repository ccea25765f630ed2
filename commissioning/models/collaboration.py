"""Commissioning with others: whether it was considered, who the partners are, what they pay, which teams join in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from casework.querysets import visible_cases
from commissioning.models.commission import Commission
from commissioning.models.sheet_row import SheetRow
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea
from organisation.standing import standing_of


class JointConsideration(models.Model):
    """Whether joint commissioning was considered, with whom, and what residents gain (framework 5.2)."""

    class Outcome(models.TextChoices):
        """What came of it."""

        JOINT = "joint", "Yes, we commission jointly"
        ALONE = "alone", "Yes, and we commission alone"

    commission = models.OneToOneField(Commission, on_delete=models.PROTECT, related_name="joint_consideration")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    with_whom = models.CharField(max_length=500)
    benefit = models.TextField()
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.get_outcome_display()


class Partner(SheetRow):
    """A body that commissions with us, for which we commission, or that leads. Money in pounds, excluding VAT.

    ``organisation`` is set where the partner works in this installation: then its people see a summary in their own
    list, and confirm the principles there. A share that is managed on behalf of somebody never counts as our budget.
    """

    class Kind(models.TextChoices):
        """What sort of body it is."""

        HEALTH = "health", "Health body"
        COUNCIL = "council", "Council"
        POLICE_FIRE = "police_fire", "Police, fire or crime commissioner"
        VOLUNTARY = "voluntary", "Voluntary or community body"
        OTHER = "other", "Other"

    class Role(models.TextChoices):
        """What it does in this commission."""

        LEAD = "lead", "Leads for all of us"
        PARTNER = "partner", "Commissions with us"
        ON_BEHALF = "on_behalf", "We commission on its behalf"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    role = models.CharField(max_length=12, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="shared_commissions"
    )
    agreement = models.CharField(max_length=200, blank=True)
    client_group = models.CharField(max_length=200, blank=True)
    share_ex_vat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share_ex_vat__isnull=True) | models.Q(share_ex_vat__gte=0),
                name="partner_share_not_negative",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="on_behalf") | (~models.Q(agreement="") & ~models.Q(client_group="")),
                name="on_behalf_names_agreement_and_clients",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation"], condition=models.Q(removed_at__isnull=True), name="partner_of_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerPayment(SheetRow):
    """Money that a partner paid, or is to pay, towards the commission."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="payments")
    amount_ex_vat = models.DecimalField(max_digits=14, decimal_places=2)
    due_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_ex_vat__gt=0), name="partner_payment_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"Payment of {self.partner}"


class MemberTeam(SheetRow):
    """Another service area of the same organisation that works on the commission."""

    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="+")
    brings = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "service_area"],
                condition=models.Q(removed_at__isnull=True),
                name="each_team_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_area)


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    """Partnerships belong to an organisation."""

    def visible_to(self, person: Person) -> PartnershipQuerySet:
        """Those of the organisations this person works in."""
        return self.filter(organisation_id__in=standing_of(person).organisations)


class Partnership(models.Model):
    """A standing partnership: who is in it, what for, what each puts in. Commissions are linked to it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    name = models.CharField(max_length=200)
    purpose = models.TextField()
    partners = models.TextField()
    contributions = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="each_partnership_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The partnership's own page."""
        return reverse("commissioning:partnership", args=[self.pk])


class PartnershipMeeting(models.Model):
    """A meeting of a partnership and what it came to."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    words = models.TextField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.partnership}, {self.held_on}"


class PartnershipLink(SheetRow):
    """A partnership that a commission works through."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="links")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "partnership"],
                condition=models.Q(removed_at__isnull=True),
                name="each_partnership_link_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.partnership)


def seen_links(person: Person) -> Any:
    """Links to partnerships whose commission this person may see."""
    return PartnershipLink.objects.filter(
        visible_cases(person, prefix="commission__case_file__"), removed_at__isnull=True
    )
