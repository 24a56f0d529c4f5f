"""What a search finds as files, calendars and feeds."""
