"""Words and drawings of this room's pages."""
