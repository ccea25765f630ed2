"""The contracts register: filtered, sorted and paged by key, in three statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from casework import keyset
from commissioning.category_tree import below
from commissioning.models import EndDecision
from commissioning.own_money import Whose, shares_in_total, whose
from contracts.models import Contract, ExtensionOption
from contracts.months import months_after, months_words
from contracts.states import BINDING, OVER, ContractState
from organisation import clock
from organisation.fields import match_name
from organisation.formatting import counted, money, short_day
from organisation.models import Directorate, Person
from organisation.standing import standing_of

PER_PAGE = 25
COUNTED_UP_TO = 1000
ENDING_WITHIN = (3, 6, 12, 18)
LONGEST_TEXT = 200
VIEWS = {"ending": "Ending in 12 months", "no_manager": "No manager", "missing": "Missing data"}
ENDING_VIEW = 12
DECIDED = {"yes": "Next step decided", "no": "Next step not decided"}
TONES = {
    ContractState.DRAFTED: "grey",
    ContractState.AWARDED: "blue",
    ContractState.SIGNED: "blue",
    ContractState.MOBILISING: "amber",
    ContractState.LIVE: "solid",
    ContractState.ENDING: "amber",
    ContractState.ENDED: "grey",
    ContractState.TERMINATED: "grey",
}
SORTS = {"recent": "Changed last first", "ending": "Ending soonest first"}
ORDERS = {
    "recent": keyset.Order("case_file__changed_at", is_descending=True, is_moment=True),
    "ending": keyset.Order("ends_on"),
}
COLUMNS = (
    "pk",
    "state",
    "starts_on",
    "ends_on",
    "case_file__changed_at",
    "case_file__reference",
    "case_file__title",
    "case_file__path",
    "case_file__value_ex_vat",
    "case_file__holder__name",
    "case_file__service_area__name",
    "supplier__name",
    "supplier__is_sme",
    "supplier__is_vcse",
    "tier",
    "review_on",
    "category",
    "category__name",
    "next_notice_on",
    "options_left",
)


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything it can't mean is left out."""

    text: str = ""
    state: str = ""
    directorate: int | None = None
    ending: int | None = None
    sort: str = "recent"
    category: str = ""
    ends_from: date | None = None
    ends_to: date | None = None
    decided: str = ""
    view: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Read the query part of an address."""
        ending = _number(query.get("ending", ""))
        sort = query.get("sort", "")
        state = query.get("state", "")
        return cls(
            text=query.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT],
            state=state if state in ContractState.values else "",
            directorate=_number(query.get("directorate", "")),
            ending=ending if ending in ENDING_WITHIN else None,
            category=query.get("category", "").replace("\x00", "")[:LONGEST_TEXT],
            ends_from=_day(query.get("ends_from", "")),
            ends_to=_day(query.get("ends_to", "")),
            decided=query.get("decided", "") if query.get("decided", "") in DECIDED else "",
            view=query.get("view", "") if query.get("view", "") in VIEWS else "",
            sort=sort if sort in SORTS else _usual_sort(ending if ending in ENDING_WITHIN else None),
        )

    def as_query(self) -> dict[str, str]:
        """The same filters as an address holds them."""
        held = {
            "q": self.text,
            "state": self.state,
            "directorate": self.directorate,
            "ending": self.ending,
            "category": self.category,
            "ends_from": self.ends_from,
            "ends_to": self.ends_to,
            "decided": self.decided,
            "view": self.view,
        }
        found = {name: str(value) for name, value in held.items() if value}
        if self.sort != _usual_sort(self.ending):
            found["sort"] = self.sort
        return found


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register as it is shown; the neighbours are what their addresses hold beside the filters."""

    rows: list[dict[str, Any]]
    words: str
    next: dict[str, str]
    previous: dict[str, str]


def _usual_sort(ending: int | None) -> str:
    """Who asks what ends soon wants the soonest first."""
    return "ending" if ending else "recent"


def contracts_for(person: Person, filters: Filters) -> QuerySet[Contract]:
    """The contracts somebody may see, as filtered. Withdrawn drafts are left out unless they are asked for."""
    rows = Contract.objects.visible_to(person).filter(organisation_id__in=standing_of(person).organisations)
    if filters.state:
        rows = rows.filter(state=filters.state)
    else:
        rows = rows.exclude(state=ContractState.TERMINATED)
    if filters.directorate:
        rows = rows.filter(case_file__service_area__directorate_id=filters.directorate)
    if filters.ending:
        today = clock.today()
        rows = rows.filter(ends_on__gte=today, ends_on__lte=months_after(today, filters.ending))
    rows = _in_view(_by_end(rows, filters), filters.view)
    if filters.category:
        rows = rows.filter(category__in=below(filters.category))
    if filters.text:
        rows = rows.filter(
            Q(case_file__reference__icontains=filters.text)
            | Q(case_file__title__icontains=filters.text)
            | Q(supplier__match_name__contains=match_name(filters.text) or filters.text)
        )
    if filters.sort == "ending":
        rows = rows.filter(ends_on__isnull=False)
    return rows


def _by_end(rows: QuerySet[Contract], filters: Filters) -> QuerySet[Contract]:
    """Contracts that still stand and end between two days, with or without a decision on what comes next."""
    if filters.ends_from:
        rows = rows.filter(ends_on__gte=filters.ends_from)
    if filters.ends_to:
        rows = rows.filter(ends_on__lte=filters.ends_to)
    if (filters.ends_from or filters.ends_to) and not filters.state:
        rows = rows.exclude(state__in=OVER)
    if filters.decided:
        rows = rows.filter(is_next_decided() if filters.decided == "yes" else ~is_next_decided())
    return rows


def _in_view(rows: QuerySet[Contract], view: str) -> QuerySet[Contract]:
    """One of the ready views; each leaves out what is over."""
    if not view:
        return rows
    rows = rows.exclude(state__in=OVER)
    if view == "ending":
        today = clock.today()
        return rows.filter(ends_on__gte=today, ends_on__lte=months_after(today, ENDING_VIEW))
    if view == "no_manager":
        return rows.filter(case_file__holder__isnull=True)
    blank = Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(category__isnull=True)
    blank |= Q(case_file__holder__isnull=True) | Q(case_file__value_ex_vat__isnull=True)
    return rows.filter(blank | Q(review_on__isnull=True, state__in=BINDING))


def missing_of(row: Mapping[str, Any]) -> list[str]:
    """What a row of the register lacks, in words. A review date is owed once both sides have signed."""
    known = {
        "start date": row["starts_on"],
        "end date": row["ends_on"],
        "value": row["case_file__value_ex_vat"],
        "manager": row["case_file__holder__name"],
        "category": row["category"],
        "review date": row["review_on"] or row["state"] not in BINDING,
    }
    return [words for words, value in known.items() if value in (None, "", False)]


def with_decisions(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """Annotate contracts with the last day to use the next option, and how many months the options still hold."""
    left = ExtensionOption.objects.filter(contract=OuterRef("pk"), used_at__isnull=True)
    months = left.order_by().values("contract").annotate(months=Sum("months")).values("months")
    coming = left.filter(notice_by__gte=clock.today()).order_by("number")
    return rows.annotate(next_notice_on=Subquery(coming.values("notice_by")[:1]), options_left=Subquery(months[:1]))


def is_next_decided(commission: str = "commission") -> Exists:
    """Whether it is decided what follows a contract, which names its commission by ``commission``."""
    return Exists(EndDecision.objects.filter(commission=OuterRef(commission), superseded_at__isnull=True))


def page_for(person: Person, filters: Filters, query: Mapping[str, str]) -> RegisterPage:
    """One page: the rows in one statement, the count and sum in another. Raises ``keyset.NoSuchPage``."""
    rows = contracts_for(person, filters)
    order = ORDERS[filters.sort]

    def key(row: dict[str, Any]) -> keyset.Key:
        return keyset.Key(row[order.column], row["pk"])

    page = keyset.page_of(with_decisions(rows).values(*COLUMNS), order, query, size=PER_PAGE, key=key)
    shares = shares_in_total("case_file__value_ex_vat", in_proportion=True)
    total = rows.order_by()[: COUNTED_UP_TO + 1].aggregate(rows=Count("pk"), **shares)
    return RegisterPage(
        rows=[_shown(row) for row in page.rows],
        words=_words(page.first, page.last, total["rows"], None if total["own"] is None else whose(total)),
        next=page.next,
        previous=page.previous,
    )


def directorates_for(person: Person) -> list[tuple[int, str]]:
    """The directorates somebody can filter by."""
    rows = Directorate.objects.filter(organisation_id__in=standing_of(person).organisations).order_by("name", "pk")
    return list(rows.values_list("pk", "name"))


def _words(first: int, last: int, total: int, value: Whose | None) -> str:
    if total > COUNTED_UP_TO:
        return f"Showing {first:,} to {last:,} of {COUNTED_UP_TO:,}+ contracts"
    whole = f", {value.words()}" if value is not None else ""
    return f"Showing {first:,} to {last:,} of {counted(total, 'contract')}{whole}"


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    kinds = [word for flag, word in (("supplier__is_sme", "SME"), ("supplier__is_vcse", "VCSE")) if row[flag]]
    return {
        "url": row["case_file__path"],
        "reference": row["case_file__reference"],
        "title": row["case_file__title"],
        "area": row["case_file__service_area__name"] or "",
        "category": row["category__name"] or "",
        "supplier": row["supplier__name"],
        "kinds": kinds,
        "value": money(row["case_file__value_ex_vat"]),
        "starts": short_day(row["starts_on"]),
        "ends": short_day(row["ends_on"]),
        "decide": _decide_words(row),
        "options": f"{months_words(row['options_left'])} of options left" if row["options_left"] else "No option left",
        "tier": str(Contract.Tier(row["tier"]).label),
        "missing": missing_of(row),
        "manager": row["case_file__holder__name"] or "Nobody yet",
        "state": str(ContractState(row["state"]).label),
        "tone": TONES[ContractState(row["state"])],
    }


def _decide_words(row: Mapping[str, Any]) -> str:
    """When somebody has to decide next: the last day to use an option, or the end."""
    if ContractState(row["state"]) in OVER:
        return "None"
    return short_day(row["next_notice_on"] or row["ends_on"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-21") else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
