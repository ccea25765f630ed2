"""On PostgreSQL the database itself refuses to change or delete a frozen revision, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION documents_refuse_revision_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A submitted revision never changes: % refused', TG_OP;
END $$;
CREATE TRIGGER documents_revision_never_changes BEFORE UPDATE OR DELETE ON documents_revision
FOR EACH ROW EXECUTE FUNCTION documents_refuse_revision_change();
"""
ALLOW = """
DROP TRIGGER documents_revision_never_changes ON documents_revision;
DROP FUNCTION documents_refuse_revision_change();
"""


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REFUSE, params=None)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ALLOW, params=None)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
