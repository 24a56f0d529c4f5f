"""Words for a place: « à Castres », « dans le Tarn », « 81000 », « plombier albi »."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from language.words import STOP_WORDS
from search_app.search.places.finder import PlaceFinder
from search_app.search.places.found_place import CITY, LARGE_TOWN, FoundPlace
from search_app.search.understand.filters import place_context
from search_app.search.understand.filters.place_guesses import PlaceGuesses
from search_app.search.understand.filters.place_names import TOKEN, Name, names_in
from search_app.search.understand.filters.title_words import TitleWords
from search_app.search.understand.found import Found
from search_app.search.understand.leftovers import ELIDED
from search_app.search.understand.ordinary_words import GRAMMAR, says_nothing
from search_app.search.understand.rules import SAYS_LITTLE

TOWN: Final = 2_000  # inhabitants of a town that is meant without a preposition
SHORTEST_NAME: Final = 3  # letters of a place without a preposition: not « eu », « y »
MOST_OTHERS: Final = 3  # towns beside the place that are reported
ARTICLES: Final = STOP_WORDS | ELIDED
NONE: Final[Mapping[str, str]] = {}
_POSTAL_CODE: Final = re.compile(r"(?<![a-z0-9])\d{2} ?\d{3}(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Recognises places; ``is_word`` tells whether a folded word occurs in the catalogue or its vocabularies,
    ``is_only_a_name`` whether it occurs only in names of providers, ``is_exact`` whether it occurs in this very form.
    """

    places: PlaceFinder
    is_word: Callable[[str], bool]
    is_only_a_name: Callable[[str], bool]
    is_exact: Callable[[str], bool]
    titles: TitleWords

    @property
    def guesses(self) -> PlaceGuesses:
        """What is taken for a place although it is no name of one."""
        return PlaceGuesses(self.places, self.is_word, self.is_exact, self.titles)

    def find(self, folded: str, corrections: Mapping[str, str] = NONE, *, guess: bool = True) -> Found | None:
        """Return the place that a folded text names, None if it names none; of several, the first after « à ».

        ``corrections`` maps misspelt words to known ones; with ``guess``, a last word that resembles the name of a town
        is taken as one.
        """
        around = place_context.around_at_the_end(folded)
        names = names_in(folded, self.places, self._is_of_the_catalogue) if around else ()
        # « Mantes-la-Ville » is a name, and « Finistère nord » none.
        if around and all(name.end <= around.start() or name.text == "nord" for name in names):
            town = self._find(folded[: around.start()], corrections, guess=guess)
            if town and not folded[town.end : around.start()].strip():
                return replace(town, end=around.end())
        return self._find(folded, corrections, guess=guess)

    def _find(self, folded: str, corrections: Mapping[str, str], *, guess: bool) -> Found | None:
        names = names_in(folded, self.places, self._is_of_the_catalogue)
        return (
            self._after_a_preposition(folded, names)
            or self._postal_code(folded, names)
            or self.guesses.number_of_area(folded)
            or self._by_itself(folded, names)
            or self.guesses.misspelt_after_a_preposition(folded, names)
            or self.guesses.department_number(folded, corrections)
            or (self.guesses.misspelt_at_the_end(folded, corrections) if guess else None)
        )

    def find_in_title_words(self, folded: str) -> Found | None:
        """Return the place in words that all occur in one title: « informatique lyon », but not « entretien avion »."""
        names = names_in(folded, self.places, self._is_of_the_catalogue)
        proper = [name for name in names if name.is_known or not self._is_common(name)]
        return self._after_a_preposition(folded, names) or self._by_itself(folded, proper)

    def others(self, folded: str) -> list[Found]:
        """Return the cities in a text from which the place was removed: « soudeur toulouse (albi) »."""
        names = names_in(folded, self.places, self._is_of_the_catalogue)
        found = ((name, self._other(folded, name)) for name in names)
        return [_found(folded, name, other) for name, other in found if other][:MOST_OTHERS]

    def _other(self, folded: str, name: Name) -> FoundPlace | None:
        """Return the town of a name beside the place: a city, or a smaller town that « ou » joins to the place."""
        place = name.places[0]
        least = TOWN if place_context.is_joined(folded, name.start, name.end) else CITY
        if place.kind != "town" or place.population < least or self._is_common(name):
            return None
        return place if self._is_meant_beside(name, place) else None

    def namesakes(self, found: Found, folded: str) -> list[str]:
        """Return the labels of other large towns with the place's name, unless a number tells which one is meant."""
        if any(map(str.isdigit, folded[found.start : found.end])):
            return []
        places = [place for _, label in found.parameters for place in self.places.find(str(label))[:1]]
        return [
            other.label
            for place in places
            if place.kind == "town"
            for other in self.places.find(place.name)
            if other.kind == "town" and other.code != place.code and other.population >= LARGE_TOWN
        ]

    def passed_over(self, folded: str) -> list[str]:
        """Return the labels of large towns in a text without a place, whose names are ordinary words: « maçon »."""
        names = names_in(folded, self.places, self._is_of_the_catalogue)
        large = (place for name in names for place in name.places if place.kind == "town")
        return [place.label for place in large if _inhabitants(place) >= LARGE_TOWN]

    def _after_a_preposition(self, folded: str, names: Sequence[Name]) -> Found | None:
        for name in names:
            before = place_context.preposition_before(folded, name.start, name.text)
            if before is None:
                continue
            places = sorted(name.places, key=lambda place: place.is_town) if before.is_for_areas else name.places
            if self._is_meant_after(name, places[0]):
                return _found(folded, name, places[0], start=before.start)
        return None

    def _is_meant_after(self, name: Name, place: FoundPlace) -> bool:
        """Tell whether a name after « à » is a place: any town whose name is no word of the catalogue, else one that is
        larger the more ordinary the word is.
        """
        if name.is_known or not place.is_town or not self._is_plain(name):
            return True
        return _inhabitants(place) >= (LARGE_TOWN if self._is_common(name) else TOWN)

    def _postal_code(self, folded: str, names: Sequence[Name]) -> Found | None:
        """Return the place of a postal code, with the name after it; one after a name is part of the name."""
        for match in _POSTAL_CODE.finditer(folded):
            code = match[0].replace(" ", "")
            if self.places.find(code) and all(match.start() >= name.end or match.end() <= name.start for name in names):
                start = place_context.without_preposition(folded, match.start())
                for name in names:
                    fitting = self.places.fitting(name.places, code)
                    if fitting and not folded[match.end() : name.start].strip(" ,-"):
                        return Found("place", start, name.end, (("place", fitting[0].label),))
                return Found("place", start, match.end(), (("place", code),))
        return None

    def _by_itself(self, folded: str, names: Sequence[Name]) -> Found | None:
        """Return a place without a preposition: at the end, at the beginning, or between other words."""
        tokens = TOKEN.findall(folded)
        at_the_ends = [name for name in names if name.last == len(tokens) - 1 or name.first == 0]
        for name in (*reversed(at_the_ends), *(name for name in names if name not in at_the_ends)):
            if len(name.text) < SHORTEST_NAME or all(word in GRAMMAR for word in name.text.split()):
                continue
            if place_context.is_before_of(folded, name.end) and not name.is_known:  # « plaisir de lire »
                continue
            is_alone = all(map(_says_little, (*tokens[: name.first], *tokens[name.last + 1 :])))
            is_meant = self._is_meant_alone if is_alone else self._is_meant_beside
            with_article = place_context.is_after_article(folded, name.start)  # « donner du sens »
            places = (place for place in name.places if not (with_article and place.is_town and self._is_plain(name)))
            place = next((place for place in places if is_meant(name, place)), None)
            if place:
                return _found(folded, name, place)
        return None

    def _is_meant_alone(self, name: Name, place: FoundPlace) -> bool:
        """Tell whether a name beside words that say little is a place: « formation maçon » is a whole title."""
        if self.titles.is_whole(name.text.split()) and not name.is_known:
            return False
        if name.is_known or not self._is_plain(name):
            return self._is_large_enough(name, place)
        return not place.is_town or _inhabitants(place) >= LARGE_TOWN

    def _is_meant_beside(self, name: Name, place: FoundPlace) -> bool:
        """Tell whether a name beside other words is a place: of ordinary words (« pilote avion ») only a city."""
        if name.is_known or not self._is_plain(name):
            return self._is_large_enough(name, place)
        least = CITY if self._is_common(name) else LARGE_TOWN
        return not place.is_town or _inhabitants(place) >= least

    def _is_large_enough(self, name: Name, place: FoundPlace) -> bool:
        """Tell whether a name that is no word of the catalogue is meant: of several words, or of a larger town."""
        certain = name.is_known or not place.is_town or " " in name.text
        return certain or _inhabitants(place) >= TOWN or not self.places.has_populations

    def _is_plain(self, name: Name) -> bool:
        """Tell whether all words of a name are words of the catalogue, not only of names of providers."""
        return all(map(self._is_of_the_catalogue, name.text.split()))

    def _is_of_the_catalogue(self, word: str) -> bool:
        return word in ARTICLES or (self.is_word(word) and not self.is_only_a_name(word))

    def _is_common(self, name: Name) -> bool:
        return all(self.titles.is_common(word) for word in name.text.split() if word not in ARTICLES)


def _inhabitants(place: FoundPlace) -> int:
    """Return those of the town of that name: of a former commune only those of the present one are known."""
    return 0 if place.formerly else place.population


def _says_little(word: str) -> bool:
    return word in STOP_WORDS or word in SAYS_LITTLE or says_nothing(word)


def _found(folded: str, name: Name, place: FoundPlace, *, start: int | None = None) -> Found:
    """Return the stretch of a name with the preposition before it."""
    start = place_context.without_preposition(folded, name.start) if start is None else start
    return Found("place", start, name.end, (("place", place.label),))
