"""Creating many tables in one operation of a migration, so that a fresh database is ready in a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Create the tables of the ``CreateModel`` operations it is given, each as it is after all of ``operations``.

    Django renders every related model anew for each ``CreateModel``, and here nearly every table is related to every
    other: of a fresh database's migrations that is most of the time. This renders them once. What adds a field, a
    constraint or an index to one of these tables may stand in ``operations`` too; it is part of the table from the
    beginning. What changes another table may not.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        """Take the operations in the order in which they change the state. ValueError for any that is foreign."""
        self.operations = operations
        mine = {operation.name_lower for operation in self._creating()}
        for operation in operations:
            changed = getattr(operation, "model_name_lower", None) or getattr(operation, "name_lower", "")
            if changed not in mine:
                raise ValueError(f"{operation.describe()}: this table is not created here.")

    def _creating(self) -> Iterator[CreateModel]:
        return (operation for operation in self.operations if isinstance(operation, CreateModel))

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """As a migration writes it."""
        return (self.__class__.__name__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """All of them, with no rendering in between: the next look at the state renders it once."""
        vars(state).pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create each table in its final form."""
        for model in self._models(app_label, to_state, schema_editor):
            schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop them, the last one first."""
        for model in reversed(list(self._models(app_label, from_state, schema_editor))):
            schema_editor.delete_model(model)

    def _models(self, app_label: str, state: ProjectState, schema_editor: BaseDatabaseSchemaEditor) -> Iterator[Any]:
        for operation in self._creating():
            model = state.apps.get_model(app_label, operation.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                yield model

    def describe(self) -> str:
        """What ``migrate`` prints of it in a plan."""
        return f"Create the tables {', '.join(operation.name for operation in self._creating())}"
