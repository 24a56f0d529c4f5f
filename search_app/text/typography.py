"""French typography of displayed texts."""


def curved(text: str) -> str:
    """Return a text with typographic apostrophes: official tables have straight ones.

    >>> curved("Provence-Alpes-Côte d'Azur")
    'Provence-Alpes-Côte d’Azur'
    """
    return text.replace("'", "’")
