"""The audit trail: one transaction, its events written last."""

from casework.audit.trail import audited, record, record_refusal

__all__ = ["audited", "record", "record_refusal"]
