"""From one record's XML to the offers that are stored: tree -> shape of LHEO 2 -> offer."""
