"""The entries of one group by number of offers, with prefix indexes of their labels and words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from search_app.search.places.prefix_index import PrefixIndex
from search_app.search.suggest.entries import Entry, Suggestion
from search_app.search.suggest.typed import Wanted, read_name


class Ranked:
    """Immutable, shared by all requests; the number of an entry is its rank."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        ranked = sorted(entries, key=lambda entry: -entry.suggestion.offers)  # Stable: ties keep input order
        labels, words = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for number, entry in enumerate(ranked):
            for beginnings, its_words in map(read_name, entry.names):
                for beginning in beginnings:
                    labels[beginning].append(number)
                for word in its_words:
                    words[word].append(number)
        self._suggestions = [entry.suggestion for entry in ranked]
        self._labels, self._words = PrefixIndex(labels), PrefixIndex(words)

    @property
    def words(self) -> Sequence[str]:
        """All words of all names."""
        return self._words.texts("")

    def find(self, wanted: Wanted) -> Iterator[Suggestion]:
        """Yield the matches: entries whose label has the prefix, then entries whose words do, each by number of
        offers.
        """
        for number in self._numbers(wanted):
            yield self._suggestions[number]

    def _numbers(self, wanted: Wanted) -> Iterator[int]:
        first = self._labels.in_order(wanted.labels)
        yield from first
        yield from sorted(self._with_words(wanted).difference(first))

    def _with_words(self, wanted: Wanted) -> set[int]:
        """Return the entries that have all the words; starts with the rarest, because a single letter matches nearly
        all.
        """
        rows = ([self._words.numbers(beginning) for beginning in row] for row in dict.fromkeys(wanted.words))
        rarest, *others = sorted(rows, key=lambda numbers: sum(map(len, numbers)))
        found = set[int]().union(*rarest)
        for numbers in others:
            found = found.intersection(chain.from_iterable(numbers)) if found else found
        return found
