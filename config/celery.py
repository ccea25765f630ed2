"""The Celery application and what beat runs when.

Tasks carry no facts: each looks in the database for what is due. A lost message therefore costs one tick.
"""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gatehouse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Copied into the database by beat when it starts; the last run of each survives a restart there.
# To add one: write the task in <room>/tasks.py, then give it a line here. A test checks that each name exists.
app.conf.beat_schedule = {
    "send waiting mail": {"task": "casework.tasks.send_outbox", "schedule": timedelta(seconds=30)},
    # Often, so that a day that has begun, or a clock that was moved, is noticed soon; most runs add nothing.
    "sweep the reminders": {"task": "casework.tasks.sweep_reminders", "schedule": timedelta(minutes=5)},
    "prove the deadlines": {"task": "casework.tasks.prove_deadlines", "schedule": crontab(hour="2", minute="30")},
    "sign the audit heads": {"task": "casework.tasks.sign_audit_heads", "schedule": crontab(hour="2", minute="0")},
    "make waiting PDFs": {"task": "documents.tasks.make_waiting_pdfs", "schedule": timedelta(seconds=20)},
    "scan waiting files": {"task": "documents.tasks.scan_waiting_files", "schedule": timedelta(minutes=1)},
    "raise endings": {"task": "contracts.tasks.raise_endings", "schedule": crontab(hour="5", minute="30")},
    "fold the dashboard's figures": {"task": "reporting.tasks.fold_rollups", "schedule": timedelta(minutes=1)},
    "prove the dashboard's figures": {
        "task": "reporting.tasks.check_rollups",
        "schedule": crontab(hour="1", minute="30"),
    },
    "forget old unsent forms": {
        "task": "organisation.tasks.forget_old_unsent_forms",
        "schedule": crontab(hour="3", minute="30"),
    },
    "sweep orphan files": {"task": "documents.tasks.sweep_orphan_files", "schedule": crontab(hour="3", minute="0")},
}
