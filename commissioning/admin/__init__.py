"""The administration pages of this room: what a framework offers to choose from."""

from commissioning.admin import catalogues

__all__ = ["catalogues"]
