"""Results of a search as files, calendars and Atom."""
