"""What planning ahead keeps: CCPS's own plan for a commission, lines taken from a file, what suppliers may see."""

from __future__ import annotations

from django.core.validators import EmailValidator
from django.db import models

from commissioning.models.commission import Commission
from organisation import clock
from organisation.models import Organisation, Person


class SourcingPlan(models.Model):
    """Who leads for CCPS, and by when there is a sourcing strategy: said on early notice, or on accepting a request.

    The strategy itself is a paper; its route, terms and steps are sheets. All of it stands on one page.
    """

    commission = models.OneToOneField(Commission, on_delete=models.PROTECT, related_name="sourcing_plan")
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    strategy_by = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Sourcing plan of {self.commission}"


class PlanImport(models.Model):
    """A file of planned commissions that somebody uploaded: its lines as text, and how its columns are read.

    ``lines`` are ``[number in the file, [cells]]``; ``columns`` maps our fields to places in a line. ``done_at`` is set
    once the drafts were made.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    header = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.file_name


class ImportedLine(models.Model):
    """A line of a file that became a commission. The fingerprint keeps the same line from making a second one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    commission = models.OneToOneField(Commission, on_delete=models.PROTECT, related_name="imported_line")
    source = models.ForeignKey(PlanImport, on_delete=models.PROTECT, related_name="made")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "fingerprint"], name="each_planned_line_made_once"),
        ]

    def __str__(self) -> str:
        return f"Line {self.number} of {self.source}"


class PublicPipeline(models.Model):
    """Whether a council shows suppliers what it plans to buy, and where they write to: a mailbox, never a person."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="public_pipeline")
    is_published = models.BooleanField("shown to the public", default=False)
    mailbox = models.CharField("contact mailbox", max_length=254, blank=True, validators=[EmailValidator()])
    intro = models.TextField("words above the list", blank=True)

    def __str__(self) -> str:
        return f"Pipeline of {self.organisation}"
