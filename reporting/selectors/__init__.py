"""Page-shaped reads over all the rooms below."""
