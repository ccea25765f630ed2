"""Pages of this room, and the two kinds of page that every room is made of."""
