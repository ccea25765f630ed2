"""On PostgreSQL, the indexes this room's pages go by, on tables of the rooms below.

Trigrams make ``icontains`` quick for titles, references and names; the others hold the workplan in the orders people
press first: the largest value, and what is needed soonest. SQLite has no such indexes and needs none at its size.
"""

from django.db import migrations

INDEXES = {
    "search_case_title": ("casework_casefile", "gin (UPPER(title::text) gin_trgm_ops)"),
    "search_case_reference": ("casework_casefile", "gin (UPPER(reference::text) gin_trgm_ops)"),
    "search_supplier_name": ("organisation_supplier", "gin (UPPER(match_name::text) gin_trgm_ops)"),
    "search_person_name": ("organisation_person", "gin (UPPER(name::text) gin_trgm_ops)"),
    "list_case_by_value": (
        "casework_casefile",
        "btree (organisation_id, kind, value_ex_vat DESC NULLS LAST, id DESC)",
    ),
    "list_commission_by_need": ("commissioning_commission", "btree (needed_by, case_file_id)"),
}


def make(apps, schema_editor):
    """Make the indexes, on PostgreSQL only."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, (table, how) in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING {how}")


def drop(apps, schema_editor):
    """Drop them again. The extension stays: others may use it."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0001_initial"),
        ("casework", "0001_initial"),
        ("commissioning", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [migrations.RunPython(make, drop)]
