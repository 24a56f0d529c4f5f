"""What the pages ask: adjustments of an address, usual periods, ready questions."""
