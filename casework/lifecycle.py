"""Declaring a lifecycle: states, verbs, and what each verb needs. The door in ``casework.door`` carries them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from casework.blockers import Blocker

Guard = Callable[[Any, Mapping[str, Any]], Iterable[Blocker]]
Early = Callable[[Any], Iterable[Blocker]]
Verb = TypeVar("Verb", bound=Callable[..., Any])


@dataclass(frozen=True)
class VerbRules:
    """What a verb says and asks, beside its source and target states.

    ``act`` is the permission code; ``guard`` gets the subject's dossier and the inputs and yields what still blocks;
    ``by_system_only`` marks follow-on acts that no person is ever offered; ``asks_password`` has the page ask for the
    password again first, for acts that bind the council. ``early`` gets the subject in a state that the verb does not
    start from, and yields what has to happen first; nothing where the verb's turn is over.
    """

    name: str
    label: str
    done: str
    act: str
    guard: Guard | None
    asks_reason: bool
    is_dangerous: bool
    explains: str
    by_system_only: bool
    asks_password: bool
    early: Early | None = None


def verb(
    field: FSMField,
    *,
    source: Any,
    target: Any,
    label: str,
    done: str,
    act: str,
    guard: Guard | None = None,
    asks_reason: bool = False,
    is_dangerous: bool = False,
    explains: str = "",
    by_system_only: bool = False,
    asks_password: bool = False,
    early: Early | None = None,
) -> Callable[[Verb], Verb]:
    """Declare a thin method as a verb of the lifecycle.

    ``label`` is the button ("Start this commission"), ``done`` completes "Priya Shah …" in the history ("started this
    commission"), ``explains`` is shown on the page that asks for confirmation.
    """

    def declare(method: Verb) -> Verb:
        rules = VerbRules(
            method.__name__,
            label,
            done,
            act,
            guard,
            asks_reason,
            is_dangerous,
            explains,
            by_system_only,
            asks_password,
            early,
        )
        return cast(Verb, transition(field=field, source=source, target=target, custom={"verb": rules})(method))

    return declare


class Lifecycle(ConcurrentTransitionMixin, models.Model):
    """A record whose ``state`` changes only through the door.

    A subclass declares ``state = FSMField(protected=True, …)`` and its verbs, and holds a ``case_file`` (or
    an ``organisation``), which says where the acting person must hold the role.
    """

    if TYPE_CHECKING:
        state: str

    class Meta:
        abstract = True

    @classmethod
    def verbs(cls) -> dict[str, VerbRules]:
        """Every declared verb by name, in the order of the class body."""
        return {rules.name: rules for rules in _declared(cls)}

    def can_go(self, name: str) -> bool:
        """Whether ``name`` starts from the present state; says nothing of permission or blockers."""
        declared = getattr(type(self), name)._django_fsm
        return bool(declared.has_transition(declared.field.get_state(self)))


def _declared(model: type[Lifecycle]) -> Iterator[VerbRules]:
    seen: set[str] = set()
    for klass in reversed(model.__mro__):
        for name, member in vars(klass).items():
            declared = getattr(member, "_django_fsm", None)
            if declared is None or name in seen:
                continue
            seen.add(name)
            yield next(iter(declared.transitions.values())).custom["verb"]


# --- what the rooms add to their own lifecycles ---------------------------------------------------------------------

Effect = Callable[..., None]
Dossier = Callable[[Any], Any]
ExitCheck = Callable[[Any], Sequence[Blocker]]

_dossiers: dict[type[models.Model], Dossier] = {}
_effects: dict[tuple[type[models.Model], str], list[Effect]] = {}
_exit_checks: dict[tuple[type[models.Model], str], list[ExitCheck]] = {}
_orders: dict[tuple[type[models.Model], str], Callable[[str], int]] = {}


def dossier_of(model: type[models.Model]) -> Callable[[Dossier], Dossier]:
    """Name the one selector that loads all that the guards of ``model`` read, in a fixed number of statements."""

    def register(selector: Dossier) -> Dossier:
        _dossiers[model] = selector
        return selector

    return register


def load_dossier(subject: models.Model) -> Any:
    """What the guards of ``subject`` read; the subject itself where no selector is named."""
    selector = _dossiers.get(type(subject))
    return selector(subject) if selector else subject


def effect_of(model: type[models.Model], name: str) -> Callable[[Effect], Effect]:
    """Name a function that runs when ``name`` is carried out, in the same transaction, after the state is saved.

    Called as ``effect(subject, by=…, note=…, **inputs)``, in the order of registration. The room that owns the
    lifecycle registers its own in ``services/``; a higher room registers the record that it makes.
    """

    def register(effect: Effect) -> Effect:
        _effects.setdefault((model, name), []).append(effect)
        return effect

    return register


def effects_of(model: type[models.Model], name: str) -> list[Effect]:
    """The effects of a verb, in order."""
    return _effects.get((model, name), [])


def exit_check(model: type[models.Model], *names: str) -> Callable[[ExitCheck], ExitCheck]:
    """Let a higher room add blockers to a verb of a lower one. At most one statement a check."""

    def register(check: ExitCheck) -> ExitCheck:
        for name in names:
            _exit_checks.setdefault((model, name), []).append(check)
        return check

    return register


def register_order(model: type[models.Model], name: str, place: Callable[[str], int]) -> None:
    """Say in which order the blockers of a verb are worked through: ``place`` of a blocker's key."""
    _orders[(model, name)] = place


def blockers_of(subject: Lifecycle, rules: VerbRules, dossier: Any, inputs: Mapping[str, Any]) -> list[Blocker]:
    """Everything that blocks a verb, all at once: the room's own guard, then what higher rooms add.

    In the order of the work, where one is registered.
    """
    found: list[Blocker] = list(rules.guard(dossier, inputs)) if rules.guard else []
    for check in _exit_checks.get((type(subject), rules.name), []):
        found.extend(check(subject))
    order = _orders.get((type(subject), rules.name))
    return sorted(found, key=lambda blocker: order(blocker.key)) if order else found
