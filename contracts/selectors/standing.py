"""The contracts that stand behind a commission or an exercise.

Several checks and a panel of one page ask the same, so the answer is remembered on the object it was asked of, as a
person's roles are. The transition door reads a fresh object under its lock, so it never meets an old answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from casework.models import CaseFile, Wall
from commissioning.models import DeliveryDecision
from contracts.models import Contract
from contracts.states import BINDING, ContractState
from organisation.models import Person
from organisation.prepared import Prepared
from procurement.models import Exercise

_KEPT = "_contracts_standing"


@dataclass(frozen=True)
class Line:
    """One contract with how far its mobilisation is; ``is_walled`` when somebody may not know of it."""

    contract: Contract
    case_file: CaseFile
    tasks: int
    open_tasks: int
    is_walled: bool = False

    @property
    def name(self) -> str:
        """What a sentence that anybody may read calls it: nothing that tells it from others while a wall stands."""
        return "" if self.is_walled else self.case_file.reference

    @property
    def is_binding(self) -> bool:
        """Whether both sides have signed it."""
        return self.contract.state in BINDING


@dataclass(frozen=True)
class Standing:
    """A commission's contracts, and the tasks on its own file where it buys nothing."""

    is_buying: bool
    own_tasks: int
    own_open_tasks: int
    lines: tuple[Line, ...]

    @property
    def in_force(self) -> list[Line]:
        """The contracts that were not withdrawn."""
        return [line for line in self.lines if line.contract.state != ContractState.TERMINATED]

    @property
    def binding(self) -> list[Line]:
        """The contracts that bind the council."""
        return [line for line in self.lines if line.is_binding]


def of_commission(case_file: CaseFile) -> Standing:
    """What stands behind a commission, by its file: one statement, remembered on this file object."""
    kept: Standing | None = vars(case_file).get(_KEPT)
    if kept is None:
        kept = _read(case_file)
        setattr(case_file, _KEPT, kept)
    return kept


def _read(case_file: CaseFile) -> Standing:
    rows = _FILES.rows(pk=case_file.pk)
    own = next(row for row in rows if row.pk == case_file.pk)
    lines = [
        Line(row.contract, row, row.tasks, row.open_tasks, row.is_walled) for row in rows if row.pk != case_file.pk
    ]
    return Standing(own.is_buying, own.tasks, own.open_tasks, tuple(lines))


def _files(pk: int) -> QuerySet[Any]:
    buying = DeliveryDecision.objects.filter(
        commission__case_file=OuterRef("pk"), superseded_at__isnull=True, model__buys=True
    )
    return (
        CaseFile.objects.filter(Q(pk=pk) | Q(root_id=pk, kind="contract"))
        .select_related("contract__supplier", "contract__exercise", "contract__handover")
        .annotate(
            is_buying=Exists(buying),
            is_walled=Exists(Wall.objects.filter(case_file=OuterRef("pk"), lifted_at__isnull=True)),
            tasks=Count("mobilisation_tasks"),
            open_tasks=Count("mobilisation_tasks", filter=Q(mobilisation_tasks__done_at__isnull=True)),
        )
        .order_by("pk")
    )


_FILES: Prepared[Any] = Prepared(_files)


def visible_lines(standing: Standing, person: Person) -> list[Line]:
    """The contracts that somebody may know of; one statement, and none where no wall stands."""
    walled = [line.case_file.pk for line in standing.lines if line.is_walled]
    if not walled:
        return list(standing.lines)
    open_to = set(CaseFile.objects.visible_to(person).filter(pk__in=walled).values_list("pk", flat=True))
    return [line for line in standing.lines if not line.is_walled or line.case_file.pk in open_to]


def of_exercise(exercise: Exercise) -> Contract | None:
    """The contract that came of an exercise, with its file: one statement, remembered on this exercise object."""
    if _KEPT not in vars(exercise):
        found = Contract.objects.filter(exercise=exercise).exclude(state=ContractState.TERMINATED)
        setattr(exercise, _KEPT, found.select_related("case_file").first())
    kept: Contract | None = vars(exercise)[_KEPT]
    return kept
