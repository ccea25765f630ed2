"""The administration pages of this room: queues, and the rules with their versions."""

from casework.admin import proposals, queues, reminders, rules, versions

__all__ = ["proposals", "queues", "reminders", "rules", "versions"]
