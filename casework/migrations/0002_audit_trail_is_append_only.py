"""On PostgreSQL the database itself refuses to change or delete an audit event, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION casework_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % refused', TG_OP;
END $$;
CREATE TRIGGER casework_audit_is_append_only BEFORE UPDATE OR DELETE ON casework_auditevent
FOR EACH ROW EXECUTE FUNCTION casework_refuse_audit_change();
"""
ALLOW = """
DROP TRIGGER casework_audit_is_append_only ON casework_auditevent;
DROP FUNCTION casework_refuse_audit_change();
"""


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REFUSE, params=None)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ALLOW, params=None)


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
