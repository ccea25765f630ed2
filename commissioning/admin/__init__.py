"""The administration pages of this room: what a framework offers to choose from, and who decides on gates."""

from commissioning.admin import analyse, approvals, catalogues, feedback, timeline

__all__ = ["analyse", "approvals", "catalogues", "feedback", "timeline"]
