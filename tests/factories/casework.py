"""Plain factory functions for the casework room. Each gives sensible values to what a test does not name."""

from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from casework import framework_loading
from casework.audit import audited
from casework.models import CaseFile, Queue, Wall, WorkItem
from casework.services import work_items
from casework.services.cases import open_case
from organisation import clock
from organisation.actors import Actor, System
from organisation.models import CommissioningFramework, Organisation, Person
from organisation.roles import Role
from tests.factories import organisation as people

DEFAULT_FRAMEWORK = Path(__file__).resolve().parents[2] / "fixtures" / "frameworks" / "default"

_numbers = count(1)


def framework_content() -> dict[str, Any]:
    """Read the framework the product ships with."""
    return framework_loading.read(DEFAULT_FRAMEWORK)


def default_framework(**fields: Any) -> CommissioningFramework:
    """Load this room's part of the default framework (rules and queues) under a key of its own."""
    content = framework_content()
    found = people.framework(key=f"default-{next(_numbers)}", **fields)
    with audited(by=System(because="A test loads the framework")):
        framework_loading._load_queues(found, content)
        framework_loading._load_rules(found, content)
        framework_loading._load_reminders(found, content)
    return found


def council(**fields: Any) -> Organisation:
    """Make an organisation that follows the default framework, with its rules and queues."""
    return people.organisation(**{"framework": default_framework()} | fields)


def queue(organisation: Organisation, key: str = "legal") -> Queue:
    """Find one queue of the organisation's framework."""
    return organisation.framework.queues.get(key=key)


def case_file(organisation: Organisation | None = None, *, holder: Person | None = None, **fields: Any) -> CaseFile:
    """Open a case file of a made-up kind, with a reference."""
    n = next(_numbers)
    organisation = organisation or (holder.organisation if holder and holder.organisation else None) or council()
    flags = {name: fields.pop(name) for name in ("is_high_risk", "is_open") if name in fields}
    given: dict[str, Any] = {
        "kind": "commission",
        "prefix": "COM",
        "service_area": fields.pop("service_area", None) or people.service_area(organisation),
        "title": f"Case {n}",
        "state": "draft",
        "value_ex_vat": Decimal("18000"),
        "value_inc_vat": Decimal("21600"),
    }
    with audited(by=System(because="A test opens a case")):
        case = open_case(organisation=organisation, holder=holder, **given | fields)
    case.path = f"/commissions/{case.pk}/"
    for name, value in flags.items():
        setattr(case, name, value)
    case.save()
    return case


def item(case: CaseFile | None = None, *, by: Actor | None = None, queue_key: str = "legal", **fields: Any) -> WorkItem:
    """Ask a queue for advice about a case (or a person, when an assignee is named and the queue is None)."""
    n = next(_numbers)
    by = by or (case.holder if case and case.holder else None) or System(because="A test asks")
    if case is None:
        case = case_file(holder=by if isinstance(by, Person) else None)
    if "queue" not in fields:
        fields["queue"] = queue(case.organisation, queue_key)
    given: dict[str, Any] = {
        "kind": "legal_query",
        "key": f"test:{n}",
        "title": f"Advise on question {n}",
        "asks": "advise",
        "because": "a test asked",
        "allowance": 14,
        "unit": "calendar_days",
        "question_effect": "pause",
    }
    return work_items.open_item(case, by=by, **given | fields)


def wall(case: CaseFile, person: Person) -> Wall:
    """Keep a person away from a case."""
    return Wall.objects.create(case_file=case, person=person, reason="A declared interest", raised_at=clock.now())


def commissioner(organisation: Organisation, **fields: Any) -> Person:
    """Make somebody who asks for things."""
    return people.person(Role.COMMISSIONER, at=organisation, **fields)


def lawyer(organisation: Organisation, **fields: Any) -> Person:
    """Make somebody who works the Legal queue."""
    return people.person(Role.LEGAL, at=organisation, **fields)
