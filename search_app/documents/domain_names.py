"""Domains whose name somebody typed: official and everyday names of Formacodes, in any order of their words."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from mappings.reference import name_words
from search_app.search.facets.everyday import everyday
from search_app.search.reference_data import Snapshot

MOST_CODES: Final = 20  # of one name


def domains_named(texts: Iterable[str], snapshot: Snapshot) -> tuple[str, ...]:
    """Return the codes, of three or five digits, whose name has exactly the words of one of the texts."""
    tables = (snapshot.reference.formacode_by_words, _everyday_by_words())
    wanted = [name_words(text) for text in texts]
    found = (code for words in wanted for table in tables for code in table.get(words, ()))
    return tuple(dict.fromkeys(found))[:MOST_CODES]


@cache
def _everyday_by_words() -> Mapping[frozenset[str], tuple[str, ...]]:
    return {name_words(name): (code,) for code, name in everyday().names.items()}
