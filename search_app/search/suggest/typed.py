"""Parses the typed text: words, each of which is the prefix of a word of the suggestion."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from language.words import STOP_WORDS, clean, fold, spans_of

FEWEST_LETTERS: Final = 2
MOST_WORDS: Final = 10  # words that are examined; longer texts are not meant as the beginning of a suggestion
_TOKEN: Final = re.compile(r"[a-z0-9]+(?:\+\+|#)?")
_ARTICLES: Final = STOP_WORDS | set("cdjlmnst") | {"qu"}  # and single letters, because apostrophes are removed, too


@dataclass(frozen=True, slots=True)
class Wanted:
    """The prefixes that labels must have to come first, and the prefixes of words: one of each row, in any order."""

    labels: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]


def read_name(name: str) -> tuple[set[str], list[str]]:
    """Return the prefixes of a name, whole and without articles, and its words.

    >>> beginnings, words = read_name("Chargé d’accueil à l'Œuvre")
    >>> sorted(beginnings), words
    (['charge accueil oeuvre', 'charge d accueil a l oeuvre'], ['charge', 'accueil', 'oeuvre'])
    """
    folded = fold(clean(name))
    words = [word for word, _, _ in spans_of(folded)]
    return {" ".join(words), " ".join(_TOKEN.findall(folded))} - {""}, words


def read_typed(typed: str) -> Wanted | None:
    """Return the reading of a typed text, None if it is too short. The last word may be incomplete.

    >>> read_typed("Chargé d'accu")
    Wanted(labels=('charge accu', 'charge d accu'), words=(('charge',), ('accu',)))
    >>> read_typed("à")
    """
    tokens = _TOKEN.findall(fold(clean(typed)))[:MOST_WORDS]
    if sum(map(len, tokens)) < FEWEST_LETTERS:
        return None
    words = [*(token for token in tokens[:-1] if token not in _ARTICLES), tokens[-1]]
    labels = dict.fromkeys((" ".join(words), " ".join(tokens)))
    return Wanted(tuple(labels), tuple((word,) for word in words))


def without_article(wanted: Wanted) -> Wanted | None:
    """Return the same without an article at the end, None if there is none or nothing else.

    >>> without_article(read_typed("agent d'")).words
    (('agent',),)
    """
    *words, last = wanted.words
    return Wanted((), tuple(words)) if words and last[0] in _ARTICLES else None


def words_to_forgive(wanted: Wanted) -> Iterator[tuple[int, str]]:
    """Yield position and letters of each word that may be misspelt; codes are never corrected."""
    for at, (word,) in enumerate(wanted.words):
        if word.isalpha() and word not in _ARTICLES:
            yield at, word


def spelt_out(wanted: Wanted, acronyms: Mapping[str, Sequence[str]]) -> Iterator[Wanted]:
    """Yield the same with an acronym replaced by the words of its meaning, one meaning after the other.

    >>> [each.words for each in spelt_out(read_typed("bts mco"), {"mco": ["management commercial"]})]
    [(('bts',), ('management',), ('commercial',))]
    """
    for at, (word,) in enumerate(wanted.words):
        for meaning in acronyms.get(word, ()):
            spelt = (*wanted.words[:at], *((each,) for each, _, _ in spans_of(meaning)), *wanted.words[at + 1 :])
            yield Wanted((" ".join(each for (each,) in spelt),), spelt)


def with_word(wanted: Wanted, at: int, others: tuple[str, ...]) -> Wanted:
    """Return the same with other prefixes in the place of one word."""
    before, after = wanted.words[:at], wanted.words[at + 1 :]
    labels = (" ".join((*(word for (word,) in before), other, *(word for (word,) in after))) for other in others)
    return Wanted(tuple(labels), (*before, others, *after))
