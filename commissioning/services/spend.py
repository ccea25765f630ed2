"""Spend of the past: a file is read into lines, once; and taken out again when it was the wrong one."""

from __future__ import annotations

import hashlib
import uuid

from django.core.files.uploadedfile import UploadedFile

from casework import door
from casework.audit import audited, record
from casework.refusals import Refused
from commissioning.models import Commission, CommissionActivity, SpendFile, SpendLine
from commissioning.selectors.activity_papers import plan_line
from commissioning.services.values import locked_open, refuse
from commissioning.spend_reading import by_reason, read_spend
from commissioning.states import ActivityState
from documents import file_checks
from documents.services import attachments
from organisation import clock
from organisation.actors import System
from organisation.formatting import counted, day
from organisation.models import Person

ACTIVITY = "spend_analysis"
#: Lines left out that are kept word for word; the rest is counted.
MOST_KEPT = 500
BATCH = 2_000
READ, REMOVED = "spend.read", "spend.removed"


def read_file(
    commission: Commission,
    upload: UploadedFile,
    *,
    kind: str,
    by: Person,
    act_id: uuid.UUID | None = None,
) -> SpendFile:
    """Read a file of spend: it is attached to the spend analysis, its lines are stored, and the activity begins.

    Lines that cannot be read are left out and listed with the reason. Raises ``Refused`` where the file was read
    before, the plan has no spend analysis or the commission has ended; ``Unreadable`` where nothing can be read;
    and what ``attachments.attach`` raises.
    """
    name = file_checks.checked_name(upload.name or "")
    if not name.lower().endswith(".csv"):
        raise file_checks.FileRefused(f"“{name}” is not a CSV file. Save the sheet as CSV, then choose it again.")
    data = upload.read()
    upload.seek(0)
    digest = hashlib.sha256(data).hexdigest()
    reading = read_spend(data)
    with audited(by=by, act_id=act_id, verb=READ, subject=f"{commission.pk}:{digest}"):
        commission = locked_open(commission, by=by, act="activity.write", verb=READ, stands="its spend stands")
        before = SpendFile.objects.filter(commission=commission, digest=digest, removed_at__isnull=True).first()
        if before is not None:
            again = Refused(
                f"This file was read on {day(before.read_at)}, with {counted(before.line_count, 'line')}. "
                "Nothing was read again, so no amount counts twice."
            )
            refuse(again, verb=READ, subject=commission, by=by)
        activity = _activity(commission, by)
        attached = attachments.attach(commission.case_file, upload, by=by, purpose=f"activity:{activity.pk}")
        made = SpendFile.objects.create(
            commission=commission,
            attachment=attached,
            kind=kind,
            digest=digest,
            columns=reading.columns,
            line_count=len(reading.lines),
            total=reading.total,
            left_out_count=len(reading.left_out),
            left_out=by_reason(reading.left_out[:MOST_KEPT]),
            read_by=by,
        )
        SpendLine.objects.bulk_create(
            (
                SpendLine(
                    file=made,
                    number=line.number,
                    supplier=line.supplier,
                    supplier_key=line.supplier_key,
                    paid_on=line.paid_on,
                    year=line.year,
                    amount=line.amount,
                    category=line.category,
                )
                for line in reading.lines
            ),
            batch_size=BATCH,
        )
        record(
            verb=READ,
            subject=commission,
            changes={"file": attached.filename, "lines": made.line_count, "left out": made.left_out_count},
        )
        if activity.state == ActivityState.RELEVANT:
            door.carry_out(activity, "begin", by=System(because="A file of spend was read"))
        return made


def _activity(commission: Commission, by: Person) -> CommissionActivity:
    found = plan_line(commission, ACTIVITY)
    if found is None:
        no_plan = Refused("Spend is read once the commission has started.")
        refuse(no_plan, verb=READ, subject=commission, by=by)
    return found


def remove_file(file: SpendFile, *, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Leave a file's lines out of every sum. The file and its lines stay in the tables, and in the history."""
    with audited(by=by, act_id=act_id, verb=REMOVED, subject=str(file.pk)):
        commission = locked_open(file.commission, by=by, act="activity.write", verb=REMOVED, stands="its spend stands")
        if SpendFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(removed_at=clock.now()):
            record(verb=REMOVED, subject=commission, changes={"file": file.attachment.filename})
