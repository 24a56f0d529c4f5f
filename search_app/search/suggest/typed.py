"""Reads what was typed: words, each of which begins a word of what is meant."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from language.words import STOP_WORDS, clean, fold, spans_of

FEWEST_LETTERS: Final = 2
MOST_WORDS: Final = 10  # that are looked at; whoever types more does not look for a suggestion
_TOKEN: Final = re.compile(r"[a-z0-9]+(?:\+\+|#)?")
_ARTICLES: Final = STOP_WORDS | set("cdjlmnst") | {"qu"}  # single letters: apostrophes are left out, too


@dataclass(frozen=True, slots=True)
class Wanted:
    """How labels must begin to come first, and what their words must begin with: one of each row, in any order."""

    labels: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]


def read_name(name: str) -> tuple[set[str], list[str]]:
    """Return how a name may begin, whole and without articles, and its words.

    >>> beginnings, words = read_name("Chargé d’accueil à l'Œuvre")
    >>> sorted(beginnings), words
    (['charge accueil oeuvre', 'charge d accueil a l oeuvre'], ['charge', 'accueil', 'oeuvre'])
    """
    folded = fold(clean(name))
    words = [word for word, _, _ in spans_of(folded)]
    return {" ".join(words), " ".join(_TOKEN.findall(folded))} - {""}, words


def read_typed(typed: str) -> Wanted | None:
    """Return what the letters ask for, None if they are too few. The last word is one that is still being typed.

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
    """Yield the place and the letters of each word that may be misspelt: codes never are."""
    for at, (word,) in enumerate(wanted.words):
        if word.isalpha() and word not in _ARTICLES:
            yield at, word


def spelt_out(wanted: Wanted, acronyms: Mapping[str, Sequence[str]]) -> Iterator[Wanted]:
    """Yield the same with an acronym replaced by the words of what it stands for, one meaning after the other.

    >>> [each.words for each in spelt_out(read_typed("bts mco"), {"mco": ["management commercial"]})]
    [(('bts',), ('management',), ('commercial',))]
    """
    for at, (word,) in enumerate(wanted.words):
        for meaning in acronyms.get(word, ()):
            spelt = (*wanted.words[:at], *((each,) for each, _, _ in spans_of(meaning)), *wanted.words[at + 1 :])
            yield Wanted((" ".join(each for (each,) in spelt),), spelt)


def with_word(wanted: Wanted, at: int, others: tuple[str, ...]) -> Wanted:
    """Return the same with other beginnings in the place of one word."""
    before, after = wanted.words[:at], wanted.words[at + 1 :]
    labels = (" ".join((*(word for (word,) in before), other, *(word for (word,) in after))) for other in others)
    return Wanted(tuple(labels), (*before, others, *after))
