"""Finding things by what people remember of them: a reference, some words of a title, a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse

from casework.lists import search_kinds
from casework.models import CaseFile
from organisation.fields import match_name
from organisation.formatting import counted, money, short_day
from organisation.models import Person, Supplier
from organisation.standing import standing_of
from reporting.orders import address
from reporting.selectors.matching import marked, words_match, words_of

MOST_COUNTED = 1000
SHOWN_OF_A_KIND = 10
FEWEST_LETTERS = 2
ALIKE_ENOUGH = 0.72
MOST_ALIKE_READ = 200

_REFERENCE = re.compile(r"([a-z]{2,5})[\s\-–/]*(\d{4})[\s\-–/]*(\d{1,6})", re.IGNORECASE)
# Words by which most names of suppliers end; they tell nobody apart.
_LEGAL_FORMS = frozenset(["limited", "public", "company", "llp", "cic"])


@dataclass(frozen=True)
class Hit:
    """One thing found. ``title`` is in pieces, each with whether it is a word that was looked for."""

    title: list[tuple[str, bool]]
    url: str
    reference: str = ""
    note: str = ""
    tags: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """What was found of one kind: how many in all, and the first few."""

    key: str
    name: str
    count: int
    hits: list[Hit]
    more_url: str = ""

    @property
    def count_words(self) -> str:
        """The count, never beyond "1,000+"."""
        return f"{self.count:,}" if self.count <= MOST_COUNTED else f"{MOST_COUNTED:,}+"

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.count > len(self.hits)


@dataclass(frozen=True)
class Found:
    """Everything found, grouped. ``likely`` says that no supplier matched and these are only spelled alike."""

    groups: list[Group]
    total: int
    has_likely_suppliers: bool = False

    @property
    def words(self) -> str:
        """12 things found."""
        is_exact = self.total <= MOST_COUNTED
        return f"{counted(self.total, 'thing')} found" if is_exact else f"{MOST_COUNTED:,}+ things found"


def exact(person: Person, text: str) -> str:
    """The page of the one record whose reference was typed, however it was spaced; empty otherwise. One statement."""
    typed = _REFERENCE.fullmatch(text.strip())
    if typed is None:
        return ""
    prefix, year, number = typed.groups()
    reference = f"{prefix.upper()}-{year}-{int(number):04d}"
    paths = list(CaseFile.objects.visible_to(person).filter(reference=reference).values_list("path", flat=True)[:2])
    # Two councils may have given the same number; then both are listed.
    return paths[0] if len(paths) == 1 else ""


def find(person: Person, text: str) -> Found:
    """What somebody may see that answers to some words: four statements at most, and at most thirty rows shown."""
    words = words_of(text)
    groups = [*_cases(person, text, words)]
    suppliers = _suppliers(person, text, words)
    likely = None if suppliers else _likely_suppliers(person, text)
    people = _people(person, text, words)
    groups += [group for group in (suppliers or likely, people) if group is not None]
    return Found(groups, sum(group.count for group in groups), has_likely_suppliers=likely is not None)


def is_too_short(text: str) -> bool:
    """Whether there is too little to look for."""
    return len("".join(words_of(text))) < FEWEST_LETTERS


# --- case files -------------------------------------------------------------------------------------------------------


def _cases(person: Person, text: str, words: list[str]) -> list[Group]:
    """Records by reference and title, the latest first.

    A thousand and one are looked at, any of them, so that words which stand everywhere cost no more than others.
    """
    matching = CaseFile.objects.visible_to(person).filter(words_match(text, "title", "reference"))
    some = matching.order_by().values("pk")[: MOST_COUNTED + 1]
    rows = (
        CaseFile.objects.filter(pk__in=some)
        .annotate(
            of_kind=Window(Count("pk"), partition_by=F("kind")),
            place=Window(RowNumber(), partition_by=F("kind"), order_by=[F("changed_at").desc(), F("pk").desc()]),
        )
        .filter(place__lte=SHOWN_OF_A_KIND)
        .order_by("place")
        .values(
            *("kind", "reference", "title", "path", "state", "value_ex_vat", "is_high_risk", "changed_at", "of_kind"),
            area=F("service_area__name"),
        )
    )
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    told = {one.kind: one for one in search_kinds()}
    order = [*told, *(kind for kind in by_kind if kind not in told)]
    return [
        Group(
            key=kind,
            name=told[kind].heading if kind in told else f"{kind.replace('_', ' ').capitalize()}s",
            count=by_kind[kind][0]["of_kind"],
            hits=[_case_hit(row, words, told[kind].states if kind in told else {}) for row in by_kind[kind]],
            more_url=address(reverse("reporting:workplan"), {"q": text}) if kind == "commission" else "",
        )
        for kind in order
        if kind in by_kind
    ]


def _case_hit(row: dict[str, Any], words: list[str], states: Mapping[str, str]) -> Hit:
    state = str(states.get(row["state"], row["state"].replace("_", " ").capitalize()))
    tags = [(state, "blue"), *([("High risk", "red")] if row["is_high_risk"] else [])]
    value = f"{money(row['value_ex_vat'])} excluding VAT" if row["value_ex_vat"] is not None else ""
    note = ", ".join(filter(None, [row["area"], value, f"updated {short_day(row['changed_at'])}"]))
    return Hit(marked(row["title"], words), row["path"], row["reference"], note, tags)


# --- suppliers --------------------------------------------------------------------------------------------------------


def _suppliers(person: Person, text: str, words: list[str]) -> Group | None:
    """Suppliers by the form of their name in which "&" is "and" and "Ltd" is "Limited", or by company number."""
    wanted = [word for word in match_name(text).split() if word not in _LEGAL_FORMS and word != "and"]
    if not wanted:
        return None
    named = Q()
    for word in wanted:
        named &= Q(match_name__icontains=word)
    number = text.replace(" ", "").upper()
    rows = Supplier.objects.visible_to(person).filter(named | Q(company_number=number) & ~Q(company_number=""))
    return _supplier_group(list(_some(rows, "match_name")), words)


def _likely_suppliers(person: Person, text: str) -> Group | None:
    """When nothing matched: names spelled alike. A slip leaves some run of three letters whole, so those are tried."""
    name = " ".join(word for word in match_name(text).split() if word not in _LEGAL_FORMS)
    pieces = {word[at : at + 3] for word in name.split() for at in range(0, len(word) - 2, 3)}
    if len(name) < 4 or not pieces:
        return None
    near = Q()
    for piece in sorted(pieces)[:12]:
        near |= Q(match_name__icontains=piece)
    rows = Supplier.objects.visible_to(person).filter(near).order_by("match_name", "pk")
    scored = [(_likeness(name, row["match_name"]), row) for row in rows.values(*_SUPPLIER)[:MOST_ALIKE_READ]]
    alike = [row for score, row in sorted(scored, key=lambda pair: -pair[0]) if score >= ALIKE_ENOUGH]
    if not alike:
        return None
    return _supplier_group([row | {"in_all": len(alike)} for row in alike[:SHOWN_OF_A_KIND]], [])


def _likeness(name: str, other: str) -> float:
    plain = " ".join(word for word in other.split() if word not in _LEGAL_FORMS)
    whole = SequenceMatcher(None, name, plain).ratio()
    # One word of a longer name is often all that somebody remembers.
    single = max((SequenceMatcher(None, name, word).ratio() for word in plain.split()), default=0.0)
    return max(whole, single)


_SUPPLIER = ("pk", "name", "match_name", "company_number", "is_sme", "is_vcse", "postcode")


def _some(rows: QuerySet[Any], order: str) -> Any:
    """The first few of the rows with how many there are, counting a thousand and one at most. One statement."""
    some = rows.order_by(order, "pk").values("pk")[: MOST_COUNTED + 1]
    found = rows.model._default_manager.filter(pk__in=some).annotate(in_all=Window(Count("pk")))
    fields = _SUPPLIER if rows.model is Supplier else ("pk", "name", "job_title", "team")
    return found.order_by(order, "pk").values(*fields, "in_all")[:SHOWN_OF_A_KIND]


def _supplier_group(rows: Sequence[dict[str, Any]], words: list[str]) -> Group | None:
    if not rows:
        return None
    return Group("supplier", "Suppliers", rows[0]["in_all"], [_supplier_hit(row, words) for row in rows])


def _supplier_hit(row: dict[str, Any], words: list[str]) -> Hit:
    tags = [(label, "outline") for flag, label in (("is_sme", "SME"), ("is_vcse", "VCSE")) if row[flag]]
    number = f"Company number {row['company_number']}" if row["company_number"] else "No company number recorded"
    note = ", ".join(filter(None, [number, row["postcode"]]))
    return Hit(marked(row["name"], words), _register_of(row["name"]), "", note, tags)


def _register_of(supplier: str) -> str:
    """The contracts with a supplier, where a room lists contracts."""
    try:
        return address(reverse("contracts:register"), {"q": supplier})
    except NoReverseMatch:
        return ""


# --- people -----------------------------------------------------------------------------------------------------------


def _people(person: Person, text: str, words: list[str]) -> Group | None:
    """Colleagues by name; each leads to the commissions in their name."""
    colleagues = Person.objects.active().of_organisations(standing_of(person).organisations)
    rows = list(_some(colleagues.filter(words_match(text, "name")), "name"))
    if not rows:
        return None
    workplan = reverse("reporting:workplan")
    hits = [
        Hit(
            marked(row["name"], words),
            address(workplan, {"person": str(row["pk"])}),
            "",
            ", ".join(filter(None, [row["job_title"], row["team"]])),
        )
        for row in rows
    ]
    return Group("person", "People", rows[0]["in_all"], hits)
