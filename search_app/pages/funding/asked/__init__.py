"""The questions to a person: which are asked, as which fields, and how their posted answers are read."""
