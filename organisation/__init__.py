"""Who works here: organisations, people, roles, authority, cover, suppliers, calendars and the clock."""
