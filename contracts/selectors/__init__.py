"""Page-shaped and guard-shaped reads of this room."""
