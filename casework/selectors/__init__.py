"""Page-shaped reads of this room, each in a fixed number of statements."""
