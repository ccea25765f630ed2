"""What was entered on the risk form besides yes and no, with the open concerns about the supplier."""

from __future__ import annotations

from commissioning.models import Commission, RiskFigures
from commissioning.risk_ticks import Measured
from organisation.models import Supplier, SupplierConcern


def measured_of(commission: Commission) -> Measured:
    """The measured answers of a commission: two statements, one where no supplier is named."""
    row = RiskFigures.objects.filter(commission=commission).select_related("supplier").first()
    if row is None:
        return Measured()
    return Measured(
        row.outage_days,
        row.yearly_value,
        row.turnover,
        row.likelihood,
        row.supplier.name if row.supplier else "",
        concerns_about(row.supplier),
    )


def concerns_about(supplier: Supplier | None) -> tuple[str, ...]:
    """The concerns about a supplier that are open, oldest first, in words."""
    if supplier is None:
        return ()
    rows = SupplierConcern.objects.filter(supplier=supplier, closed_on__isnull=True).order_by("raised_on", "pk")
    return tuple(str(row) for row in rows[:10])
