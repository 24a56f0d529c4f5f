"""What rules are evaluated on: facts of a person, of an offer and of a session, each of them possibly unknown."""
