"""Completes place names: exact matches first, then prefix matches, the most populous first; slips are corrected."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search_app.search.places.finder import LONGEST_NAME, PlaceFinder
from search_app.search.places.found_place import FoundPlace, comparable_name, rank_of
from search_app.search.places.prefix_index import PrefixIndex, slips_of
from search_app.search.places.typed_places import CEDEX

TWO_SLIPS_FROM: Final = 10  # letters: in a shorter name two slips make another name
ALIKE: Final = 0.6  # minimum similarity of a name that is suggested in the place of an unknown one
SHORTEST_ALIKE: Final = 4  # letters of a first word that is tried as a name
_TWO: Final = 2
_ARTICLES: Final = ("le ", "la ", "les ", "l ")


class PlaceSuggester:
    """Completes the names and codes of a finder's places."""

    def __init__(self, finder: PlaceFinder) -> None:
        self._finder = finder
        named = [(name, place) for name, places in finder.by_name.items() for place in places]
        named.sort(key=lambda row: _order(row[1]))
        self._named = [place for _, place in named]
        self._names = _prefix_index(_without_article(name) for name, _ in named)
        self._coded = sorted(chain.from_iterable(finder.by_postal_code.values()), key=_order_of_codes)
        self._codes = _prefix_index([comparable_name(place.label)] for place in self._coded)

    def suggest(self, text: str, size: int) -> list[FoundPlace]:
        """Return at most ``size`` places; each one's label is accepted as ``place`` and means that place."""
        digits = text.replace(" ", "")
        if digits.isdecimal():
            text = digits
        folded = comparable_name(text)
        if not folded:
            return []
        exact = self._finder.find(text)
        return _first(size, chain(exact, self._beginning_with(text, folded))) or _first(size, self._forgiven(folded))

    def alike(self, text: str, size: int) -> list[FoundPlace]:
        """Return at most ``size`` places whose names resemble an unknown name, or the département of an unknown postal
        code.

        >>> PlaceSuggester(PlaceFinder()).alike("Nulleville", 3)
        []
        """
        folded = comparable_name(text[:LONGEST_NAME])
        if folded[:1].isdigit():
            known = self._finder.departments
            department = known.get(folded[:2]) or known.get(folded[:3])
            return [department] if department else []
        words = folded.split()
        # A name with superfluous words ("Castres sur Mer") contains a name; one with slips resembles one.
        parts = (" ".join(words[:length]) for length in range(len(words), 0, -1))
        suggested = chain.from_iterable(self.suggest(part, size) for part in parts if len(part) >= SHORTEST_ALIKE)
        return _first(size, chain(suggested, self._resembling(folded)))

    def _resembling(self, folded: str) -> Iterator[FoundPlace]:
        names = self._finder.by_name
        for name, _, _ in process.extract(folded, names.keys(), scorer=OSA.normalized_similarity, score_cutoff=ALIKE):
            yield from names[name]

    def _beginning_with(self, text: str, folded: str) -> Iterator[FoundPlace]:
        if folded[0].isdigit():
            return (self._coded[at] for at in self._codes.in_order([folded]))
        # A last word "st" is Saint, or a prefix of Strasbourg: with one letter more it stays as typed.
        as_typed = comparable_name(f"{text}x")[:-1]
        return self._places_named({folded, as_typed})

    def _places_named(self, beginnings: Iterable[str]) -> Iterator[FoundPlace]:
        return (self._named[at] for at in self._names.in_order(beginnings))

    def _forgiven(self, folded: str) -> Iterator[FoundPlace]:
        if folded[0].isdigit():  # a different code is a different place
            return
        beginnings = slips_of(folded, self._names.has)
        if not beginnings and len(folded) >= TWO_SLIPS_FROM:
            beginnings = list(self._two_slips_away(folded))
        yield from self._places_named(beginnings)

    def _two_slips_away(self, folded: str) -> Iterator[str]:
        """Yield names with a prefix at most two slips from the text, not in its first letter.

        With inserted or missing letters, the prefix of the same length can be up to four slips away.
        """
        names = self._names.texts(folded[0])
        cut = [name[: len(folded)] for name in names]
        for _, _, at in process.extract(folded, cut, scorer=OSA.distance, score_cutoff=2 * _TWO, limit=None):
            lengths = range(len(folded) - _TWO, len(folded) + _TWO + 1)
            if any(OSA.distance(folded, names[at][:length], score_cutoff=_TWO) <= _TWO for length in lengths):
                yield names[at]


def _prefix_index(rows: Iterable[Iterable[str]]) -> PrefixIndex:
    """Return the prefix index of texts; the number of each is that of its row."""
    numbers = defaultdict[str, list[int]](list)
    for number, texts in enumerate(rows):
        for text in texts:
            numbers[text].append(number)
    return PrefixIndex(numbers)


def _first(size: int, places: Iterable[FoundPlace]) -> list[FoundPlace]:
    """Return the first distinct places; consumes no more of the iterable than needed."""
    found: dict[FoundPlace, None] = {}
    for place in places:
        found.setdefault(place)
        if len(found) == size:
            break
    return list(found)


def _order(place: FoundPlace) -> tuple[bool, int, int, str, str]:
    """Sort key: current names precede former ones, because a large town has absorbed villages with many names."""
    return bool(place.formerly), -place.population, rank_of(place), place.name, place.code


def _order_of_codes(place: FoundPlace) -> tuple[bool, int, str]:
    """Sort key: CEDEX codes come last, because a large town has dozens of them."""
    return place.label.endswith(CEDEX), -place.population, place.label


def _without_article(name: str) -> Iterator[str]:
    """Yield a folded name, and the name without its article.

    >>> list(_without_article("la rochelle")), list(_without_article("albi"))
    (['la rochelle', 'rochelle'], ['albi'])
    """
    yield name
    for article in _ARTICLES:
        if name.startswith(article):
            yield name.removeprefix(article)
