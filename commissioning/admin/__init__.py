"""The administration pages of this room: what a framework offers to choose from, and who decides on gates."""

from commissioning.admin import approvals, catalogues

__all__ = ["approvals", "catalogues"]
