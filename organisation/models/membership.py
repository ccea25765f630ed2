"""The roles people hold."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from organisation import clock
from organisation.models.organisation import Organisation, ServiceArea
from organisation.querysets import MembershipQuerySet
from organisation.roles import WHOLE_ORGANISATION_ROLES, Function, Role


class Membership(models.Model):
    """One role held by one person in one organisation, everywhere or in one service area, for a time."""

    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    service_area = models.ForeignKey(
        ServiceArea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        help_text="Leave empty if the role is held everywhere in the organisation.",
    )
    role = models.CharField(max_length=30, choices=Role.choices)
    function = models.CharField(
        max_length=40, choices=Function.choices, blank=True, help_text="Only for the role 'Other function'."
    )
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(
        "no longer held from",
        null=True,
        blank=True,
        help_text="From the start of this day the role is no longer held. Put today's date to end it at once.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="organisation_membership_dates_in_order",
                violation_error_message="The role must not end before it starts",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="organisation_membership_role_known"),
            models.CheckConstraint(
                condition=(Q(role=Role.OTHER_FUNCTION) & ~Q(function=""))
                | (~Q(role=Role.OTHER_FUNCTION) & Q(function="")),
                name="organisation_membership_function_with_role",
                violation_error_message="Choose a function for the role 'Other function', and for no other role",
            ),
            models.CheckConstraint(
                condition=Q(service_area__isnull=True) | ~Q(role__in=WHOLE_ORGANISATION_ROLES),
                name="organisation_membership_whole_roles",
                violation_error_message="Auditors and administrators serve the whole organisation: "
                "leave the service area empty",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "role", "person"], name="organisation_members_by_role"),
        ]

    def __str__(self) -> str:
        where = self.service_area or self.organisation
        return f"{self.person}, {self.get_role_display()} in {where}"

    def clean(self) -> None:
        """Refuse a service area of another organisation."""
        area = self.service_area
        if area is not None and self.organisation_id and area.organisation_id != self.organisation_id:
            raise ValidationError({"service_area": "Choose a service area of the same organisation"})
