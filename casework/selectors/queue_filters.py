"""What the address of a queue asks for: its view, its filters and its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from casework.keyset import Order

_LONGEST_NUMBER = 15

BY_CLOCK = Order("due_on", has_blanks=True)
BY_SETTLED = Order("settled_at", is_descending=True, is_moment=True)

# What a list can be sorted by, as the address and the heads of the table name it.
SORTS = {
    "clock": BY_CLOCK,
    "request": Order("case_file__title", is_text=True),
    "requester": Order("requested_by__name", is_text=True, has_blanks=True),
    "value": Order("case_file__value_ex_vat", is_money=True, has_blanks=True),
    "needed_by": Order("needed_by", has_blanks=True),
    "assignee": Order("assignee__name", is_text=True, has_blanks=True),
}

VIEWS = {
    "unassigned": "Unassigned",
    "mine": "Mine",
    "waiting": "Waiting for requester",
    "overdue": "Overdue",
    "all": "All open",
    "settled": "Settled",
}
DEFAULT_VIEW = "all"

DUE = {"overdue": "Overdue", "7": "Within 7 days", "30": "Within 30 days", "none": "No date"}
FLAGS = {"high_risk": "High risk", "late_ask": "Late ask"}
FLAG_CONDITIONS: dict[str, Q] = {}


def register_queue_flag(key: str, label: str, condition: Q) -> None:
    """Let every queue be narrowed by something that a higher room knows of the item's file."""
    FLAGS[key] = label
    FLAG_CONDITIONS[key] = condition


@dataclass(frozen=True)
class QueueFilter:
    """The view and filters in an address. What makes no sense is left out, so an old bookmark still opens."""

    view: str = DEFAULT_VIEW
    q: str = ""
    directorate: int | None = None
    value: str = ""
    kind: str = ""
    flag: str = ""
    sort: str = ""
    area: int | None = None
    officer: int | None = None
    due: str = ""

    @classmethod
    def read(cls, query: QueryDict | Mapping[str, str]) -> QueueFilter:
        """Read an address."""
        view, flag, sort = query.get("view", ""), query.get("flag", ""), query.get("sort", "")
        due = query.get("due", "")

        def number(name: str) -> int | None:
            text = query.get(name, "")
            return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER else None

        return cls(
            view=view if view in VIEWS else DEFAULT_VIEW,
            q=" ".join(query.get("q", "").replace("\x00", "").split())[:100],
            directorate=number("directorate"),
            value=query.get("value", "").replace("\x00", "")[:60],
            kind=query.get("kind", "").replace("\x00", "")[:40],
            flag=flag if flag in FLAGS else "",
            sort=sort if sort.removeprefix("-") in SORTS else "",
            area=number("area"),
            officer=number("officer"),
            due=due if due in DUE else "",
        )

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters that are set, without the view."""
        told = {
            "q": self.q,
            "directorate": str(self.directorate or ""),
            "value": self.value,
            "kind": self.kind,
            "flag": self.flag,
            "area": str(self.area or ""),
            "officer": str(self.officer or ""),
            "due": self.due,
        }
        return {name: value for name, value in told.items() if value}

    def query(self, **changed: str) -> str:
        """The query of an address with this filter, perhaps changed; empty when it says nothing."""
        view = self.view if self.view != DEFAULT_VIEW else ""
        told = {"view": view, **self.narrowing, "sort": self.sort, **changed}
        return urlencode({name: value for name, value in told.items() if value})
