"""What a source says → the record that is stored: texts, dates, addresses, identifiers, codes, evidence."""
