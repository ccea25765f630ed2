"""Pages that span the rooms below."""
