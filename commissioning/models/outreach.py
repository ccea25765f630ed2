"""What goes out of engagement: messages to the market and the community, findings passed on, prices kept apart."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casework.querysets import CaseRecordQuerySet, Scope, visible_cases
from commissioning.models.commission import Commission
from commissioning.models.engagement import Engagement
from commissioning.models.sheet_row import SheetRow
from organisation import clock
from organisation.models import Organisation, Person, ServiceArea


class Communication(SheetRow):
    """One message to suppliers or the community: planned for a day, and sent on one."""

    class Audience(models.TextChoices):
        """Whom it is for."""

        SUPPLIERS = "suppliers", "Suppliers"
        COMMUNITY = "community", "The community: users, residents, groups"
        BOTH = "both", "Both"

    class Channel(models.TextChoices):
        """How it goes out."""

        EMAIL = "email", "Email or letter"
        PORTAL = "portal", "Procurement portal"
        WEBSITE = "website", "Website"
        SOCIAL = "social", "Social media"
        PRESS = "press", "Press, posters or newsletter"
        MEETING = "meeting", "At a meeting"

    message = models.CharField(max_length=200)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    planned_on = models.DateField()
    sent_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.message


class PriceFeedback(models.Model):
    """What the market said about prices in one talk. Only the sourcing team reads it; no log or paper shows it."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="price_feedback")
    words = models.TextField()
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Prices in {self.engagement}"

    @property
    def case_file(self) -> object:
        """The file of the commission."""
        return self.engagement.case_file


class PassedFindingQuerySet(CaseRecordQuerySet):
    """The scope of a finding: whoever sees the commission it came from and works where it went."""

    def visible_to(self, person: Person | Scope) -> PassedFindingQuerySet:
        """Findings out of commissions this person may see, and not into one that they may not."""
        into = Q(to_commission__isnull=True) | visible_cases(person, prefix="to_commission__case_file__")
        return self.filter(visible_cases(person, prefix="engagement__commission__case_file__") & into)


class PassedFinding(models.Model):
    """Something heard in one commission that another one, or a service area, should know.

    ``was_used`` is None until the receiver says; ``organisation`` and ``service_area`` are those of the receiver, who
    answers for it.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="passed_on")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, related_name="+")
    to_commission = models.ForeignKey(
        Commission, on_delete=models.PROTECT, null=True, blank=True, related_name="findings_received"
    )
    words = models.CharField(max_length=1000)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    was_used = models.BooleanField(null=True, blank=True)
    used_how = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PassedFindingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service_area", "-sent_at"], name="finding_by_area")]
        constraints = [
            models.CheckConstraint(
                condition=Q(was_used__isnull=True) | Q(read_at__isnull=False, answered_at__isnull=False),
                name="finding_used_was_read",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]
