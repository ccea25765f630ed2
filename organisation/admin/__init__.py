"""The administration pages of this room."""

from organisation.admin import authority, calendars, organisations, people

__all__ = ["authority", "calendars", "organisations", "people"]
