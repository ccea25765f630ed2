"""What changes this room's records."""
