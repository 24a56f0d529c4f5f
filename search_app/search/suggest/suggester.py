"""Suggestions in groups for the letters typed so far; in memory, built from lexicon and labels."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from language.lexicon import Lexicon
from language.words import words_of
from mappings.reference import Reference
from search_app.search.places.prefix_index import PrefixIndex, slips_of
from search_app.search.suggest.entries import GROUPS, Entry, Group, Suggestion, build_entries
from search_app.search.suggest.ranked import Ranked
from search_app.search.suggest.typed import Wanted, read_typed, spelt_out, with_word, without_article, words_to_forgive
from synonyms import RuleBook

# Exact matches in all groups together; with fewer, a slip is likelier than a rare word ("soudeut" begins one company's
# name). From three on, corrected matches would only add noise.
LITTLE: Final = 3


@dataclass
class Suggestions:
    """The suggestions by group, in display order."""

    titles: list[Suggestion] = field(default_factory=list)
    jobs: list[Suggestion] = field(default_factory=list)
    domains: list[Suggestion] = field(default_factory=list)
    certifications: list[Suggestion] = field(default_factory=list)
    providers: list[Suggestion] = field(default_factory=list)

    def of(self, group: Group) -> list[Suggestion]:
        """Return the list of one group."""
        found: list[Suggestion] = getattr(self, group)
        return found

    def count(self) -> int:
        """Return the number of suggestions in all groups together."""
        return sum(len(self.of(group)) for group in GROUPS)


class Suggester:
    """Built from a lexicon and the labels of its codes, shared by all requests until either changes."""

    def __init__(
        self, lexicon: Lexicon | None = None, reference: Reference | None = None, book: RuleBook | None = None
    ) -> None:
        entries: dict[Group, list[Entry]] = {group: [] for group in GROUPS}
        for entry in build_entries(lexicon or Lexicon(), reference or Reference()):
            entries[entry.suggestion.group].append(entry)
        self._groups = {group: Ranked(of_group) for group, of_group in entries.items()}
        self._acronyms = lexicon.acronyms if lexicon else {}
        self._book = book or RuleBook()
        words = set[str]().union(*(ranked.words for ranked in self._groups.values()))
        self._words = PrefixIndex(dict.fromkeys(words, ()))

    def with_book(self, book: RuleBook) -> "Suggester":
        """Return a suggester that takes the words of other rules for right, reusing the entries."""
        other = copy(self)
        other._book = book
        return other

    def suggest(self, typed: str, size: int) -> Suggestions:
        """Return at most ``size`` suggestions of each group; none before the second letter."""
        found = Suggestions()
        wanted = read_typed(typed)
        if wanted is None:
            return found
        self._add(found, wanted, size)
        shorter = without_article(wanted)
        if shorter:
            self._add(found, shorter, size)
        if found.count() < LITTLE:
            for meaning in spelt_out(wanted, self._acronyms):
                self._add(found, meaning, size)
        if found.count() < LITTLE:
            for forgiven in self._forgiven(wanted):
                self._add(found, forgiven, size)
        return found

    def _add(self, found: Suggestions, wanted: Wanted, size: int) -> None:
        """Fill each group up to its size; of suggestions for one search, and of diplomas of one name, only the first is
        taken.
        """
        for group, ranked in self._groups.items():
            shown = found.of(group)
            if len(shown) == size:
                continue
            known = {key for each in shown for key in _keys_of(each)}
            if group == "certifications":
                known.update(key for each in found.titles for key in _keys_of(each))
            for suggestion in ranked.find(wanted):
                keys = _keys_of(suggestion)
                if known.isdisjoint(keys):
                    known.update(keys)
                    shown.append(suggestion)
                    if len(shown) == size:
                        break

    def _forgiven(self, wanted: Wanted) -> Iterator[Wanted]:
        """Yield the readings of the typed text with one slip in one of its words."""
        for at, word in words_to_forgive(wanted):
            is_right = word in self._acronyms or self._book.knows(word)
            others = () if is_right else slips_of(word, self._words.has)
            if others:
                yield with_word(wanted, at, tuple(sorted(others)))


def _keys_of(suggestion: Suggestion) -> tuple[object, ...]:
    """Return what makes two suggestions of a group the same: the search, or the words of a diploma's name."""
    if suggestion.group not in ("titles", "certifications"):
        return (suggestion.value,)
    return suggestion.value, _words_of_name(suggestion.label)


@lru_cache(maxsize=20_000)
def _words_of_name(label: str) -> frozenset[str]:
    return frozenset(words_of(label))
