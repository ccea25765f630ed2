"""Pages of people, places and accounts."""
