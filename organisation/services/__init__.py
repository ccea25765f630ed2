"""Changes to the rows of this room."""
