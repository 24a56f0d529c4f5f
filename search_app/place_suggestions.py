"""Completes places: exact names first, then whatever begins so, the most populous first; slips are forgiven."""

from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search_app.beginnings import Beginnings, slips_of
from search_app.places import CEDEX, FoundPlace, PlaceFinder, fold, rank_of

TWO_SLIPS_FROM: Final = 10  # letters: in a shorter name two slips make another name
_TWO: Final = 2
_ARTICLES: Final = ("le ", "la ", "les ", "l ")


class PlaceSuggester:
    """Made from a finder once; suggests only what a search can look around or within."""

    def __init__(self, finder: PlaceFinder) -> None:
        self._finder = finder
        named = [(name, place) for name, places in finder.by_name.items() for place in filter(_can_be_searched, places)]
        self._places = sorted(dict.fromkeys(place for _, place in named), key=_order)
        number = {place: at for at, place in enumerate(self._places)}
        self._names = Beginnings((text, number[place]) for name, place in named for text in _without_article(name))
        self._coded = sorted(filter(_can_be_searched, _all(finder.by_postal_code.values())), key=_order_of_codes)
        self._codes = Beginnings((fold(place.label), at) for at, place in enumerate(self._coded))

    def suggest(self, text: str, size: int) -> list[FoundPlace]:
        """Return at most ``size`` places; each one's label means that place."""
        digits = text.replace(" ", "")
        if digits.isdecimal():
            text = digits
        folded = fold(text)
        if not folded:
            return []
        found = dict.fromkeys(place for place in self._finder.find(text) if _can_be_searched(place))
        found |= dict.fromkeys(self._beginning_with(text, folded, size))
        if not found and not folded[0].isdigit():
            found = dict.fromkeys(self._forgiven(folded, size))
        return list(found)[:size]

    def _beginning_with(self, text: str, folded: str, size: int) -> list[FoundPlace]:
        if folded[0].isdigit():
            return [self._coded[at] for at in self._codes.lowest([folded], size)]
        # A last word "st" is Saint, or begins Strasbourg: with a letter more it is left as it is.
        as_typed = fold(f"{text}x")[:-1]
        return self._named({folded, as_typed}, size)

    def _named(self, beginnings: Iterable[str], size: int) -> list[FoundPlace]:
        return [self._places[at] for at in self._names.lowest(beginnings, size)]

    def _forgiven(self, folded: str, size: int) -> list[FoundPlace]:
        found = self._named(slips_of(folded, self._names.has), size)
        if not found and len(folded) >= TWO_SLIPS_FROM:
            found = self._named(self._two_slips_away(folded), size)
        return found

    def _two_slips_away(self, folded: str) -> Iterator[str]:
        """Yield names that begin with all but two slips of the letters; the first letter is none of them.

        Where the slips are letters too many or missing, a beginning of the same length is up to four slips away.
        """
        names = self._names.texts(folded[0])
        cut = [name[: len(folded)] for name in names]
        for _, _, at in process.extract(folded, cut, scorer=OSA.distance, score_cutoff=2 * _TWO, limit=None):
            lengths = range(len(folded) - _TWO, len(folded) + _TWO + 1)
            if any(OSA.distance(folded, names[at][:length], score_cutoff=_TWO) <= _TWO for length in lengths):
                yield names[at]


def _all(rows: Iterable[list[FoundPlace]]) -> Iterator[FoundPlace]:
    for row in rows:
        yield from row


def _can_be_searched(place: FoundPlace) -> bool:
    return place.to_area(radius=1) is not None


def _order(place: FoundPlace) -> tuple[int, int, str, str]:
    return -place.population, rank_of(place), place.name, place.code


def _order_of_codes(place: FoundPlace) -> tuple[bool, int, str]:
    """CEDEX codes come last: a large town has dozens of them."""
    return place.label.endswith(CEDEX), -place.population, place.label


def _without_article(name: str) -> Iterator[str]:
    """Yield a folded name, and what is left of it without its article.

    >>> list(_without_article("la rochelle")), list(_without_article("albi"))
    (['la rochelle', 'rochelle'], ['albi'])
    """
    yield name
    for article in _ARTICLES:
        if name.startswith(article):
            yield name.removeprefix(article)
