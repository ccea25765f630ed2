"""The pages of a gate."""

from __future__ import annotations

from commissioning.views.base import CommissionPage


class GatePage(CommissionPage):
    """How one gate stands."""

    template_name = "commissioning/gate.html"
