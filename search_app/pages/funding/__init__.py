"""Who pays for a person: the questions, the verdicts on one offer, and the dossier that is printed."""
