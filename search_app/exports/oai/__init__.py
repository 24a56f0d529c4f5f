"""``/oai``: the stored documents for harvesters, by the protocol OAI-PMH 2.0."""
