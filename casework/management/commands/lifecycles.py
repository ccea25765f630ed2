"""``manage.py lifecycles``: every lifecycle drawn from its own declaration, for ``docs/lifecycles.md``."""

from collections.abc import Iterator
from typing import Any, cast

from django.apps import apps
from django.core.management.base import BaseCommand
from django_fsm import GET_STATE, RETURN_VALUE

from casework.lifecycle import Lifecycle, VerbRules
from organisation import permissions

OPENING = """# Lifecycles

Drawn from the code by `bin/manage lifecycles > docs/lifecycles.md`; a test compares the two. An arrow is a verb of the
transition door: the only ways in which these records change state. What still blocks a verb is said by its guard.
"""


class Command(BaseCommand):
    """Prints one drawing and one table for each lifecycle."""

    help = "Draw every lifecycle as Markdown with Mermaid."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print all of them, room by room."""
        self.stdout.write(OPENING + "".join(map(_drawn, lifecycles())), ending="")


def lifecycles() -> list[type[Lifecycle]]:
    """Every record that moves, room by room."""
    return [cast(type[Lifecycle], model) for model in apps.get_models() if issubclass(model, Lifecycle)]


def _drawn(model: type[Lifecycle]) -> str:
    field: Any = next(field for field in model._meta.concrete_fields if field.name == "state")
    words = dict(field.flatchoices)
    lines = [f"\n## {str(model._meta.verbose_name).capitalize()}\n", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{label}" as {state}' for state, label in words.items()]
    lines.append(f"    [*] --> {field.get_default()}")
    arrows = list(_arrows(model))
    lines += [f"    {source} --> {target}: {label}" for source, target, label in arrows]
    lines += ["```\n", "| Verb | Who | Asks a reason |", "|---|---|---|"]
    for rules in model.verbs().values():
        lines.append(f"| {rules.label} | {_who(rules)} | {'yes' if rules.asks_reason else 'no'} |")
    return "\n".join(lines) + "\n"


def _who(rules: VerbRules) -> str:
    if rules.by_system_only:
        return "Gatehouse itself"
    act = permissions.act_of(rules.act)
    return ", ".join(str(role.label) for role in act.roles) or f"Whoever may {act.words}"


def _arrows(model: type[Lifecycle]) -> Iterator[tuple[str, str, str]]:
    for name, rules in model.verbs().items():
        for source, transition in getattr(model, name)._django_fsm.transitions.items():
            if isinstance(transition.target, RETURN_VALUE | GET_STATE):
                targets = [str(state) for state in transition.target.allowed_states or ()]
            else:
                targets = [str(transition.target or source)]
            yield from ((str(source), target, rules.label) for target in targets)
