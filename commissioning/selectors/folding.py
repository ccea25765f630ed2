"""A short list folded into the row it belongs to: one statement where there would be two."""

from __future__ import annotations

from typing import Any

from django.db.models import JSONField, Subquery


class Folded(Subquery):
    """The rows of ``queryset.values(…)`` as a list of dictionaries, in their order.

    For lists of a dozen rows or so. Values come as JSON has them: dates as text, and on SQLite truth as 0 and 1.
    """

    output_field = JSONField()

    def __init__(self, queryset: Any, *names: str) -> None:
        """Take the rows and the fields of each."""
        self.names = names
        super().__init__(queryset.values(*names), output_field=JSONField())

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra: Any) -> Any:
        """SQLite's and PostgreSQL's own ways of gathering rows."""
        quote = connection.ops.quote_name
        if connection.vendor == "postgresql":
            gathered = "COALESCE(JSONB_AGG(TO_JSONB(one)), '[]'::jsonb)"
        else:
            pairs = ", ".join(f"'{name}', one.{quote(name)}" for name in self.names)
            gathered = f"JSON_GROUP_ARRAY(JSON_OBJECT({pairs}))"
        whole = f"(SELECT {gathered} FROM (%(subquery)s) one)"  # noqa: S608 - names from the code, never from a request
        return super().as_sql(compiler, connection, template=whole, **extra)
