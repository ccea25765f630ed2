"""The administration pages of this room: queues, and the rules with their versions."""

from casework.admin import queues, rules, versions

__all__ = ["queues", "rules", "versions"]
