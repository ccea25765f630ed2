"""The ticks of the clock for this room. Each looks in the database for what waits, and is safe to run twice."""

from celery import shared_task

from documents.services import attachments, renderings


@shared_task(acks_late=True, soft_time_limit=280, time_limit=300)
def make_waiting_pdfs() -> int:
    """Make the PDFs that wait."""
    return renderings.make_waiting()


@shared_task(acks_late=True, soft_time_limit=280, time_limit=300)
def scan_waiting_files() -> int:
    """Have the files checked for viruses that could not be checked when they came."""
    return attachments.scan_waiting()


@shared_task(acks_late=True, time_limit=300)
def sweep_orphan_files() -> int:
    """Delete files that a killed process left without a row."""
    return attachments.sweep_orphans()
