"""The audit trail as sentences: who did what to what, and what was refused.

The words of a lifecycle's verb are the ``done`` of its declaration. Rooms register the words of what their services
record beside the verbs::

    register_sentence("commission.value", "recorded a value of {amount}")

A template completes "Priya Shah …". It may name ``{subject}`` and any change by its key (what it is now). Text that a
function marked as privileged never reaches the trail, so it can't be told here either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from casework.door import state_words
from casework.lifecycle import Lifecycle, VerbRules
from casework.models import AuditEvent, CaseFile, Wall
from casework.states import Answer
from organisation import formatting
from organisation.formatting import in_sentence, sentence_start
from organisation.models import Person
from organisation.prepared import Prepared
from organisation.roles import Role

Names = Mapping[int, str]
Template = str | Callable[["AuditEvent", Mapping[str, str]], str]

_templates: dict[str, Template] = {}
_links: dict[str, Callable[[AuditEvent], str]] = {}
# Changes that hold the number of a person; the name is looked up when the sentence is told.
_person_keys = {"assignee_id", "holder_id", "lead_id", "person_id", "absent_id", "deputy_id"}

# Changes that list several things at one moment, where two in a list are not before and after.
_list_keys: set[str] = set()

# Beyond this a list of changes is no sentence any more; the versions can be compared in the administration pages.
_LONGEST_LIST = 600

_CAPACITIES = {"system": "Gatehouse", "requester": "Requester", "task_holder": "Holder of the task"}


@dataclass(frozen=True)
class Said:
    """One event as a page shows it: ``strong`` are opening words that stand out, ``detail`` the small print.

    ``inside`` are the events that a line stands for when it stands for several.
    """

    at: datetime
    sentence: str
    strong: str = ""
    detail: str = ""
    url: str = ""
    is_refusal: bool = False
    inside: tuple[Said, ...] = ()


def register_sentence(verb: str, template: Template) -> None:
    """Say how an event of ``verb`` is told, completing "Priya Shah …"."""
    _templates[verb] = template


def registered_verbs() -> list[str]:
    """The verbs that have a sentence of their own."""
    return sorted(_templates)


def register_person_key(key: str) -> None:
    """Name a change that holds the number of a person."""
    _person_keys.add(key)


def register_list_key(key: str) -> None:
    """Name a change that lists several things side by side: all of them are told."""
    _list_keys.add(key)


# --- Reading the trail ------------------------------------------------------------------------------------------------


def events_of_case(case_file: CaseFile, viewer: Person | None = None) -> QuerySet[AuditEvent]:
    """The events of a case and, for a commission's own file, of everything under it, newest first.

    A viewer is not told of what is under a case they are walled off from.
    """
    return _events(**_asked(case_file, viewer))


def newest_of_case(case_file: CaseFile, most: int, viewer: Person | None = None) -> list[AuditEvent]:
    """The newest of them, at most so many."""
    return _NEWEST.rows(most=most, **_asked(case_file, viewer))


def _asked(case_file: CaseFile, viewer: Person | None) -> dict[str, int | None]:
    root, pk = case_file.root_id, case_file.pk
    return {"root": root or pk, "case": pk if root else None, "viewer": viewer.pk if viewer else None}


def _events(root: int | None, case: int | None, viewer: int | None) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.filter(root_case_id=root)
    if case is not None:
        rows = rows.filter(case_id=case)
    if viewer is not None:
        rows = rows.filter(outside_walls(viewer))
    return with_names(rows).order_by("-at", "-id")


_NEWEST = Prepared(lambda root, case, viewer, most: _events(root, case, viewer)[:most], fixed=["most"])


def outside_walls(viewer: Person | int) -> Q:
    """A condition on events: not about a case that ``viewer`` is walled off from."""
    against = Wall.objects.filter(person=viewer, lifted_at__isnull=True)
    walled = against.filter(Q(case_file_id=OuterRef("case_id")) | Q(case_file_id=OuterRef("root_case_id")))
    return ~Q(Exists(walled))


def with_names(rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """Read the names of whoever acted, and for whom, with the events. They stand in rows that can be erased."""
    return rows.annotate(
        actor_name=Subquery(Person.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]),
        covering_name=Subquery(Person.objects.filter(pk=OuterRef("covering_id")).values("name")[:1]),
    )


def history_of(case_file: CaseFile, limit: int = 20, viewer: Person | None = None) -> list[Said]:
    """What happened on a case file and everything under it, newest first.

    One statement, and one more when an event names other people (who was given an item, whose account changed).
    """
    return told(newest_of_case(case_file, limit, viewer), on_case=case_file)


def told(events: Iterable[AuditEvent], on_case: CaseFile | None = None) -> list[Said]:
    """Events as sentences. ``on_case`` is the case whose page shows them, which needs no naming then."""
    events = list(events)
    names = names_in(events)
    return [_say(event, names, on_case) for event in events]


def names_in(events: Iterable[AuditEvent]) -> Names:
    """The names of the people that the events speak of, in one statement (none when they speak of nobody)."""
    wanted = {number for event in events for number in _people_in(event)}
    if not wanted:
        return {}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _people_in(event: AuditEvent) -> Iterable[int]:
    for key in _person_keys & event.changes.keys():
        for value in event.changes[key] if isinstance(event.changes[key], list) else [event.changes[key]]:
            if str(value).isdecimal():
                yield int(value)
    if event.subject_kind == "organisation.person" and event.subject_id.isdecimal():
        yield int(event.subject_id)


# --- Telling one event ------------------------------------------------------------------------------------------------


def register_link(verb: str, link: Callable[[AuditEvent], str]) -> None:
    """Say where what an event speaks of can be seen as it was then; ``link`` returns an address, or nothing."""
    _links[verb] = link


def _link_of(event: AuditEvent) -> str:
    if event.subject_kind == "casework.workitem":
        return reverse("casework:item", args=[event.subject_id])
    link = _links.get(event.verb)
    return link(event) if link is not None and not event.is_refusal else ""


def _say(event: AuditEvent, names: Names, on_case: CaseFile | None) -> Said:
    url = _link_of(event)
    if event.is_refusal:
        words = f"{actor_words(event)} tried to {_attempt(event)} and was refused: {event.reason}"
        return Said(event.at, words, url=url, is_refusal=True)
    done = f"{actor_words(event)} {done_words(event, names, on_case).rstrip('.')}."
    moved = _moved(event)
    detail = detail_of(event, names)
    if moved and event.subject_kind != "casework.workitem":
        return Said(event.at, f"{moved}. {detail}".strip(), strong=done, detail=detail, url=url)
    return Said(event.at, f"{done} {detail}".strip(), detail=detail, url=url)


def actor_words(event: AuditEvent) -> str:
    """Who did it, and for whom: "Maria Okafor, for Lewis Grant,"."""
    if event.actor_id is None:
        return "Gatehouse" if event.actor_words or event.role == "system" else "A visitor"
    name = getattr(event, "actor_name", None) or "Somebody whose name was erased"
    covering = getattr(event, "covering_name", None)
    return f"{name}, for {covering}," if covering else str(name)


def role_words(role: str) -> str:
    """In which role an act was done, as people call it."""
    if role in Role.values:
        return str(Role(role).label)
    return _CAPACITIES.get(role, role.replace("_", " ").capitalize())


def done_words(event: AuditEvent, names: Names, on_case: CaseFile | None = None) -> str:
    """What was done, completing "Priya Shah …" without a final stop."""
    subject = subject_words(event, names)
    fields = _Fields({"subject": subject} | {key: _now(key, value, names) for key, value in event.changes.items()})
    template = _templates.get(event.verb)
    if callable(template):
        return template(event, fields)
    if template is not None:
        return template.format_map(fields)
    rules = _rules_of(event.verb)
    if rules is None:
        return f"{event.verb.replace('.', ' ').replace('_', ' ')}: {subject}"
    if on_case is not None and event.case_id == on_case.pk and event.subject_label.startswith(on_case.reference):
        return rules.done
    return f"{rules.done}: {subject}"


def subject_words(event: AuditEvent, names: Names) -> str:
    """What it was done to, as it was called then; a person by the name they have now."""
    if event.subject_kind == "organisation.person" and event.subject_id.isdecimal():
        return names.get(int(event.subject_id), event.subject_label)
    return event.subject_label


def state_label(event: AuditEvent, state: str) -> str:
    """What people call a state of the event's subject."""
    try:
        model = apps.get_model(event.subject_kind)
    except (LookupError, ValueError):
        return state
    if not issubclass(model, Lifecycle):
        return state
    return state_words(model, state)


def detail_of(event: AuditEvent, names: Names) -> str:
    """The reason and what changed, each as a sentence."""
    parts = []
    if event.actor_id is None and event.actor_words and event.actor_words != event.reason:
        parts.append(event.actor_words)
    if event.reason:
        parts.append(event.reason)
    if event.verb not in _templates:
        parts += [change_words(key, value, names) for key, value in sorted(event.changes.items())]
    return " ".join(formatting.sentence_start(part if part.endswith((".", "?", "!")) else f"{part}.") for part in parts)


def change_words(key: str, value: Any, names: Names) -> str:
    """One change: "Due on: 3 May 2026, now 10 May 2026"."""
    label = key.removesuffix("_id").replace("_", " ")
    label = sentence_start(label)
    if not isinstance(value, list) or len(value) != 2 or key in _list_keys:
        return f"{label}: {_words(key, value, names)}"
    before, after = (_words(key, one, names) for one in value)
    if value[0] in (None, "", []):
        return f"{label}: {after}"
    return f"{label}: {before}, now {after}"


def _moved(event: AuditEvent) -> str:
    """From which state to which, when the record moved."""
    if not event.to_state or event.to_state == event.from_state:
        return ""
    to = state_label(event, event.to_state)
    return f"From {state_label(event, event.from_state)} to {to}" if event.from_state else to


def _attempt(event: AuditEvent) -> str:
    rules = _rules_of(event.verb)
    if rules is None:
        words = event.verb.rpartition(".")[2].replace("_", " ")
        return f"{words}: {event.subject_label}"
    words = in_sentence(rules.label)
    # A record's own page, or its reference beside the sentence, says what was meant; an item has neither.
    return f"{words} “{event.subject_label}”" if event.subject_kind == "casework.workitem" else words


def _now(key: str, value: Any, names: Names) -> str:
    if key in _list_keys and isinstance(value, list):
        return formatting.listed([_words(key, one, names) for one in value])
    return _words(key, value[-1] if isinstance(value, list) and value else value, names)


def _words(key: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return "blank"
    if key in _person_keys and str(value).isdecimal():
        return names.get(int(value), "somebody whose name was erased")
    if isinstance(value, list):
        return ", ".join(_words(key, one, names) for one in value)
    if isinstance(value, str):
        return _as_day(value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _as_day(text: str) -> str:
    """A date as the trail keeps it, written as people write it; anything else as it is."""
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return formatting.day(datetime.fromisoformat(text).date())
        except ValueError:
            return text
    return text


class _Fields(dict[str, str]):
    """What a template may name; what the event does not hold is left out."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _rules_of(verb: str) -> VerbRules | None:
    """The declaration of a lifecycle's verb, from "commission.start"."""
    model_name, _, name = verb.partition(".")
    for model in apps.get_models():
        if model._meta.model_name == model_name and issubclass(model, Lifecycle):
            declared: dict[str, VerbRules] = model.verbs()  # type: ignore[attr-defined]
            if name in declared:
                return declared[name]
    return None


# --- The words of this room -------------------------------------------------------------------------------------------


def _kind_words(event: AuditEvent) -> str:
    try:
        return str(apps.get_model(event.subject_kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return event.subject_kind


def _opened(event: AuditEvent, fields: Mapping[str, str]) -> str:
    queue = "" if fields["queue"] in ("", "blank") else f" {fields['queue']}"
    return f"asked{queue}: {fields['subject']}" if queue else f"set a task: {fields['subject']}"


def _answered(event: AuditEvent, fields: Mapping[str, str]) -> str:
    given = fields["answer"]
    word = Answer(given).label if given in Answer.values else given
    return f"answered “{fields['subject']}”: {word.lower()}" if word else f"answered “{fields['subject']}”"


def _edited(did: str) -> Template:
    def say(event: AuditEvent, fields: Mapping[str, str]) -> str:
        changes = [
            change_words(key, value, {}) for key, value in sorted(event.changes.items()) if key not in _person_keys
        ]
        listed = f" ({'; '.join(changes)})" if changes and did == "changed" else ""
        return f"{did} the {_kind_words(event)} {fields['subject']}{listed}"

    return say


def _published(event: AuditEvent, fields: Mapping[str, str]) -> str:
    changes = "; ".join(change_words(key, value, {}) for key, value in sorted(event.changes.items()))
    return f"published {fields['subject']}" + (f" ({changes})" if len(changes) < _LONGEST_LIST else "")


def register_own() -> None:
    """Register the sentences of this room and of the administration pages."""
    register_sentence("workitem.open", _opened)
    register_sentence("workitem.assign", "gave “{subject}” to {assignee_id}")
    register_sentence("workitem.ask", "asked the requester a question about “{subject}”")
    register_sentence("workitem.reply", "replied about “{subject}”")
    register_sentence("workitem.respond", _answered)
    register_sentence("workitem.more_time", "agreed more time for “{subject}”, until {due_on}")
    register_sentence("workitem.close", "closed “{subject}” as no longer needed")
    register_sentence("rulesversion.publish", _published)
    register_sentence("rulesproposal.propose", "proposed a change of the rules, “{subject}”: {change}")
    register_sentence("rulesproposal.publish", "published the proposed change of the rules, “{subject}”")
    register_sentence("rulesproposal.turned_down", "turned down the proposed change of the rules, “{subject}”")
    register_sentence("rulesproposal.withdrawn", "withdrew the proposed change of the rules, “{subject}”")
    register_sentence("calendar.make", "made a secret calendar address for their own deadlines")
    register_sentence("calendar.end", "ended their calendar address")
    register_sentence("export", "downloaded {rows} rows of {list}")
    register_sentence("added", _edited("added"))
    register_sentence("changed", _edited("changed"))
