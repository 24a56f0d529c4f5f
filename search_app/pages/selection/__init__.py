"""The shortlist: its page and its exports."""
