"""Commands for seat figures: copy, restore, release."""
