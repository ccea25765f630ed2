"""Facts: what the records already hold and a paper shows to confirm, copies from, or tests in a condition.

A higher room registers its facts in ``AppConfig.ready``. A loader is given case files and answers for all of them in
at most one statement; several facts that come from the same rows share one loader.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from casework.models import CaseFile
from documents.fact_tables import FactTable


@dataclass(frozen=True)
class FactValue:
    """One fact of one case file.

    ``value`` is what a condition tests and a paper copies (text, Decimal, date, bool or a list of texts); ``shown`` is
    how it reads; ``detail`` is a second, quieter line; ``source`` and ``on`` say where it comes from; ``change_url``
    is the page that changes it. ``tables`` are the same drawn as tables. ``names`` says what the values that a
    condition may ask for are called.
    """

    value: Any
    shown: str
    source: str = ""
    on: date | None = None
    change_url: str = ""
    detail: str = ""
    tables: Sequence[FactTable] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def tested(self) -> set[str]:
        """The values that a condition compares."""
        if isinstance(self.value, (list, tuple, set, frozenset)):
            return {_token(item) for item in self.value}
        return set() if self.value is None else {_token(self.value)}


Values = Mapping[int, Mapping[str, FactValue]]
Loader = Callable[[Sequence[CaseFile]], Values]
OneLoader = Callable[[Sequence[CaseFile]], Mapping[int, FactValue]]
KeyedLoader = Callable[[Sequence[CaseFile], Sequence[str]], Values]
#: The address of the page on which a fact of a case file is given, or nothing; reads nothing from the database.
Place = Callable[[CaseFile], str]


@dataclass(frozen=True)
class Fact:
    """A registered fact. ``is_keyed`` says that its loader is told which facts are wanted."""

    key: str
    label: str
    loader: Loader | KeyedLoader
    is_keyed: bool = False


_facts: dict[str, Fact] = {}
_places: dict[str, Place] = {}


def register_facts(labels: Mapping[str, str], loader: Loader) -> None:
    """Register several facts that one loader answers: ``loader(case_files) -> {case id: {fact key: FactValue}}``."""
    for key, label in labels.items():
        if key in _facts:
            raise ValueError(f"The fact {key!r} is registered twice")
        _facts[key] = Fact(key, label, loader)


def register_keyed_facts(labels: Mapping[str, str], loader: KeyedLoader) -> None:
    """The same with a loader that reads only what is wanted: ``loader(case_files, keys)``, for many facts at once."""
    for key, label in labels.items():
        if key in _facts:
            raise ValueError(f"The fact {key!r} is registered twice")
        _facts[key] = Fact(key, label, loader, is_keyed=True)


def register_fact(key: str, label: str, loader: OneLoader) -> None:
    """Register one fact with a loader of its own: ``loader(case_files) -> {case id: FactValue}``."""

    def load(case_files: Sequence[CaseFile]) -> Values:
        return {case_id: {key: value} for case_id, value in loader(case_files).items()}

    register_facts({key: label}, load)


def register_place(key: str, place: Place) -> None:
    """Say where a fact is given, for a paper that finds nothing recorded."""
    _places[key] = place


def place_of(key: str, case_file: CaseFile) -> str:
    """The page on which a fact of this case file is given; empty where no room knows one."""
    return _places[key](case_file) if key in _places else ""


def is_registered(key: str) -> bool:
    """Whether a room offers this fact."""
    return key in _facts


def label_of(key: str) -> str:
    """What the fact is called; its key when no room offers it (a template from another installation)."""
    return _facts[key].label if key in _facts else key


def labels() -> dict[str, str]:
    """Every registered fact and what it is called, for the admin."""
    return {key: fact.label for key, fact in sorted(_facts.items())}


def load_facts(case_files: Collection[CaseFile], keys: Iterable[str]) -> dict[int, dict[str, FactValue]]:
    """The wanted facts of several case files: each loader is called once. What a record lacks is left out."""
    files = list(case_files)
    found: dict[int, dict[str, FactValue]] = {file.pk: {} for file in files}
    wanted: dict[tuple[Any, bool], list[str]] = {}
    for key in keys:
        if key in _facts:
            wanted.setdefault((_facts[key].loader, _facts[key].is_keyed), []).append(key)
    for (loader, is_keyed), loaded_keys in wanted.items():
        loaded: Values = loader(files, loaded_keys) if is_keyed else loader(files)
        for case_id, values in loaded.items():
            found[case_id] |= {key: values[key] for key in loaded_keys if key in values}
    return found


def pks_of(case_files: Collection[CaseFile]) -> tuple[int, ...]:
    """The case files by their numbers, as a prepared query of a loader is given them."""
    return tuple(case_file.pk for case_file in case_files)


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00")
    return value.isoformat() if isinstance(value, date) else str(value)
