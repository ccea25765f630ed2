"""The transition door: the only way in which a lifecycle changes state."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, QuerySet
from django.urls import NoReverseMatch, reverse

from casework import lifecycle
from casework.audit import audited, record, record_refusal
from casework.audit.trail import take_act
from casework.blockers import Blocker
from casework.capacity import capacity_of, people_for
from casework.lifecycle import Lifecycle, VerbRules
from casework.models import AuditEvent
from casework.refusals import AlreadyDone, Blocked, NotPermitted, Replayed
from organisation import formatting, permissions
from organisation.actors import Actor, System
from organisation.formatting import in_sentence
from organisation.models import Person
from organisation.prepared import Prepared


class UnknownVerb(Exception):
    """The lifecycle declares no such verb: a forged address, never a refusal to explain."""


@dataclass(frozen=True)
class Outcome:
    """What an act came to. ``repeated`` is true when the same form had been acted on before."""

    subject: Any
    repeated: bool = False


@dataclass(frozen=True)
class Offer:
    """A verb that starts from the present state, as a page shows it to one person."""

    verb: str
    label: str
    permitted: bool
    blockers: list[Blocker]
    url: str
    is_dangerous: bool

    @property
    def is_open(self) -> bool:
        """Whether the act would be carried out if it were asked for now."""
        return self.permitted and not self.blockers


def carry_out(
    subject: Lifecycle,
    name: str,
    *,
    by: Actor,
    act_id: uuid.UUID | None = None,
    note: str = "",
    **inputs: Any,
) -> Outcome:
    """Carry out one verb on one record, or refuse it and change nothing.

    In one transaction: take the form's number, re-read and lock the row, ask permission, collect every blocker, run
    the verb, save, run its effects, and audit last. A repeated ``act_id`` returns the record as the first act left it.

    Raises ``UnknownVerb``, ``NotPermitted`` (naming who may), ``AlreadyDone`` (naming who did) or ``Blocked`` (with
    all blockers). A refusal is written to the trail after everything else has been rolled back.
    """
    rules = rules_of(type(subject), name)
    model = type(subject)
    with audited(by=by):
        try:
            if act_id is not None:
                take_act(act_id, by, name, f"{subject._meta.label_lower}:{subject.pk}")
        except Replayed:
            return Outcome(_read(model, subject.pk), repeated=True)
        row = _read(model, subject.pk, lock=True)
        _ask_permission(row, rules, by)
        if not row.can_go(name):
            _refuse(row, rules, by, out_of_turn(row, rules))
        dossier = _ask_guards(row, rules, by, note, inputs)
        before = row.state
        capacity = capacity_of(by, rules.act, row)
        getattr(row, name)(by=by, note=note, dossier=dossier, **inputs)
        row.save()
        record(
            verb=f"{model._meta.model_name}.{name}",
            subject=row,
            by=by,
            reason=note,
            from_state=before,
            to_state=row.state,
            role=capacity.role,
            covering_id=capacity.covering_id,
            changes=getattr(row, "audited_changes", None),
            rules_version=getattr(row, "rules_number", None),
        )
        for effect in lifecycle.effects_of(model, name):
            effect(row, by=by, note=note, **inputs)
        return Outcome(row)


def carry_out_each(rows: Sequence[tuple[Lifecycle, str]], name: str, *, by: Actor) -> None:
    """Carry out one verb on many records of one kind, each with its own note, in a fixed number of statements.

    For acts that a person takes as one (agreeing a plan). The caller holds the rows' locks and the transaction; guards
    that read a dossier of their own, effects and inputs are not for this door. All or nothing, like ``carry_out``.
    """
    if not rows:
        return
    model = type(rows[0][0])
    rules = rules_of(model, name)
    if rules.guard or lifecycle.effects_of(model, name):
        raise TypeError(f"{name} has a guard or effects: carry it out one by one")
    with audited(by=by):
        for row, note in rows:
            _ask_permission(row, rules, by)
            if not row.can_go(name):
                _refuse(row, rules, by, out_of_turn(row, rules))
            if rules.asks_reason and not note.strip():
                _refuse(row, rules, by, Blocked([Blocker("reason", f"Reason for {row}: not given")]))
            before = row.state
            capacity = capacity_of(by, rules.act, row)
            getattr(row, name)(by=by, note=note, dossier=None)
            record(
                verb=f"{model._meta.model_name}.{name}",
                subject=row,
                by=by,
                reason=note,
                from_state=before,
                to_state=row.state,
                role=capacity.role,
                covering_id=capacity.covering_id,
            )
        stamped = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._default_manager.bulk_update([row for row, _ in rows], stamped)


def offers(subject: Lifecycle, person: Person, *, dossier: Any = None, with_closed: bool = False) -> list[Offer]:
    """Every verb that starts from the present state, with what blocks it for this person.

    The guards read the same dossier as the door does, so a button that is shown is a button that works. Verbs that
    the person may not carry out are left out unless ``with_closed``.
    """
    found: list[Offer] = []
    for name, rules in type(subject).verbs().items():
        if rules.by_system_only or not subject.can_go(name):
            continue
        permitted = permissions.may(person, rules.act, subject)
        if not permitted and not with_closed:
            continue
        if dossier is None:
            dossier = lifecycle.load_dossier(subject)
        blockers = lifecycle.blockers_of(subject, rules, dossier, {})
        found.append(Offer(name, rules.label, permitted, blockers, verb_url(subject, name), rules.is_dangerous))
    return found


def rules_of(model: type[Lifecycle], name: str) -> VerbRules:
    """The declaration of one verb; raises ``UnknownVerb``."""
    try:
        return model.verbs()[name]
    except KeyError:
        raise UnknownVerb(f"{model._meta.label} has no verb {name!r}") from None


def verb_url(subject: Lifecycle, name: str) -> str:
    """The page that asks for one verb: ``<app>:<model>_verb`` with the record's id and the verb."""
    meta = subject._meta
    try:
        return reverse(f"{meta.app_label}:{meta.model_name}_verb", args=[subject.pk, name])
    except NoReverseMatch:
        return ""


def _read(model: type[Lifecycle], pk: Any, *, lock: bool = False) -> Any:
    return _ROW.get(model=model, lock=lock, pk=int(pk))


def _row(model: type[Lifecycle], pk: int, *, lock: bool) -> QuerySet[Any]:
    rows = model._default_manager.filter(pk=pk)
    if lock:
        rows = rows.select_for_update(of=("self",))
    related = [*getattr(model, "door_reads", ())]
    if any(field.name == "case_file" for field in model._meta.fields):
        related.append("case_file")
    return rows.select_related(*related) if related else rows


_ROW: Prepared[Any] = Prepared(_row)


def _ask_permission(row: Lifecycle, rules: VerbRules, by: Actor) -> None:
    if isinstance(by, System):
        return
    if rules.by_system_only or not permissions.may(by, rules.act, row):
        _refuse(row, rules, by, NotPermitted(who_words(rules.act, row)))


def _ask_guards(row: Lifecycle, rules: VerbRules, by: Actor, note: str, inputs: dict[str, Any]) -> Any:
    """Collect every blocker and refuse if there is any; returns the dossier for the verb to stamp from."""
    dossier = lifecycle.load_dossier(row)
    blockers: list[Blocker] = []
    if rules.asks_reason and not note.strip():
        blockers.append(Blocker("reason", "Reason: not given"))
    blockers += lifecycle.blockers_of(row, rules, dossier, inputs)
    if blockers:
        _refuse(row, rules, by, Blocked(blockers, _not_yet(rules)))
    return dossier


def out_of_turn(row: Lifecycle, rules: VerbRules) -> Blocked | AlreadyDone:
    """Why a verb does not start from the present state: what has to happen first, or who was here before."""
    first = list(rules.early(row)) if rules.early else []
    return Blocked(first, _not_yet(rules)) if first else AlreadyDone(already_words(row))


def _not_yet(rules: VerbRules) -> str:
    return f"You cannot {in_sentence(rules.label)} yet."


def _refuse(row: Lifecycle, rules: VerbRules, by: Actor, refusal: NotPermitted | AlreadyDone | Blocked) -> None:
    record_refusal(verb=f"{row._meta.model_name}.{rules.name}", subject=row, by=by, words=refusal.words)
    raise refusal


def who_words(act: str, subject: Model) -> str:
    """The sentence of a 403: what the act is and which people may do it here."""
    words = permissions.act_of(act).words
    people = people_for(act, subject)
    if not people:
        return f"You cannot {words}. Nobody can do this here yet; ask an administrator."
    named = [person.label for person in people[:3]]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
    return f"You cannot {words}. Ask {listed}."


def state_words(model: type[Model], state: str) -> str:
    """What people call a state of a lifecycle."""
    field: Any = next(field for field in model._meta.concrete_fields if field.name == "state")
    return str(dict(field.flatchoices).get(state, state))


def already_words(row: Lifecycle) -> str:
    """Who brought the record to the state it is in, and when."""
    last = (
        AuditEvent.objects.filter(
            subject_kind=row._meta.label_lower, subject_id=str(row.pk), is_refusal=False, to_state=row.state
        )
        .exclude(from_state=F("to_state"))
        .order_by("-number")
        .first()
    )
    state = state_words(type(row), row.state)
    if last is None:
        return f"This is {state.lower()} now, so nothing was changed."
    who = "Gatehouse"
    if last.actor_id is not None:
        who = Person.objects.filter(pk=last.actor_id).values_list("name", flat=True).first() or "Someone"
    return f"Already {state.lower()}: {who} did this on {formatting.moment(last.at)}. Nothing was changed."
