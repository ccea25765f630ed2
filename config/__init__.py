"""Settings, addresses and processes. No business code; nothing imports this package."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
