"""Posts, who sits in them, what they may decide, and who covers."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from organisation import clock
from organisation.models.organisation import Organisation, ServiceArea
from organisation.models.person import Person
from organisation.querysets import AuthorityLimitQuerySet, CoverQuerySet, PostHoldingQuerySet


class Act(models.TextChoices):
    """What a delegation lets a post decide."""

    COMMISSION = "commission", "Commission"
    PROCURE = "procure", "Procure"
    AWARD = "award", "Award"
    SIGN = "sign", "Sign"
    APPROVE_GATE = "approve_gate", "Approve a gate"
    VARY = "vary", "Vary a contract"


class Post(models.Model):
    """A place in the organisation that carries authority, whoever sits in it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=150)
    service_area = models.ForeignKey(
        ServiceArea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        help_text="Leave empty if the post's authority reaches the whole organisation.",
    )

    class Meta:
        constraints = [
            # Two constraints, because SQLite takes every empty service area for a different one.
            models.UniqueConstraint(
                fields=["organisation", "title", "service_area"],
                name="organisation_post_once_in_area",
                violation_error_message="There is already a post of this title there",
            ),
            models.UniqueConstraint(
                fields=["organisation", "title"],
                condition=Q(service_area__isnull=True),
                name="organisation_post_once_for_all",
                violation_error_message="There is already a post of this title there",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a service area of another organisation."""
        area = self.service_area
        if area is not None and self.organisation_id and area.organisation_id != self.organisation_id:
            raise ValidationError({"service_area": "Choose a service area of the same organisation"})


class PostHolding(models.Model):
    """One person sitting in one post for a time."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="post_holdings")
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(
        "no longer held from",
        null=True,
        blank=True,
        help_text="From the start of this day the post is no longer held. Put today's date to end it at once.",
    )

    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="organisation_holding_dates_in_order",
                violation_error_message="The holding must not end before it starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.post}"

    @property
    def organisation_id(self) -> int | None:
        """The organisation the post is in."""
        return self.post.organisation_id if self.post_id else None


class AuthorityLimit(models.Model):
    """Up to what amount a post may do one kind of act, for a time."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="authority_limits")
    act = models.CharField(max_length=20, choices=Act.choices)
    amount_up_to = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="In pounds, the amount itself included. Leave empty if there is no limit.",
    )
    valid_from = models.DateField(default=clock.today)
    valid_to = models.DateField(null=True, blank=True, help_text="The last day it counts.")
    source = models.CharField(max_length=300, help_text="Where it stands, such as 'Scheme of delegation, 4.2'.")

    objects = AuthorityLimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_limit_dates_in_order",
                violation_error_message="The last day must not come before the first",
            ),
            models.CheckConstraint(
                condition=Q(amount_up_to__isnull=True) | Q(amount_up_to__gte=0),
                name="organisation_limit_not_negative",
            ),
            models.CheckConstraint(condition=Q(act__in=Act.values), name="organisation_limit_act_known"),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.get_act_display()}"

    @property
    def organisation_id(self) -> int | None:
        """The organisation the post is in."""
        return self.post.organisation_id if self.post_id else None


class Cover(models.Model):
    """One person standing in for another from a first to a last day."""

    absent = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="covers_when_absent")
    deputy = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="covers_as_deputy")
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField("last day")
    ended_on = models.DateField(
        "ended early on",
        null=True,
        blank=True,
        help_text="From the start of this day the cover no longer counts, whatever its last day was to be.",
    )
    note = models.CharField(max_length=300, blank=True)

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "cover"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="organisation_cover_dates_in_order",
                violation_error_message="The last day must not come before the first",
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("absent")),
                name="organisation_cover_by_somebody_else",
                violation_error_message="Choose somebody else: nobody can cover for themselves",
            ),
        ]
        indexes = [models.Index(fields=["deputy", "ends_on"], name="organisation_cover_by_deputy")]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.absent}"

    @property
    def organisation_id(self) -> int | None:
        """The employer of the person who is away."""
        return self.absent.organisation_id if self.absent_id else None

    @property
    def belongs_with(self) -> Person | None:
        """The row whose administrators decide about this one."""
        return self.absent if self.absent_id else None
