"""The commission and its cycle."""
