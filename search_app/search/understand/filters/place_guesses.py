"""What is taken for a place although it is no name of one: misspelt towns, and numbers of départements."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from language.roots import base_form
from search_app.search.places.finder import SHORTEST_MISSPELT, PlaceFinder
from search_app.search.places.found_place import CITY, LARGE_TOWN, comparable_name
from search_app.search.understand.filters import place_context
from search_app.search.understand.filters.place_names import TOKEN, Name
from search_app.search.understand.filters.title_words import TitleWords
from search_app.search.understand.found import Found
from search_app.search.understand.ordinary_words import NEVER_CORRECTED
from search_app.search.understand.rules import SAYS_LITTLE

_NUMBER: Final = r"(?P<number>0[1-9]|[1-8]\d|9[0-5]|2[ab]|97\d)"
_DEPARTMENT_NUMBER: Final = re.compile(
    rf"(?:(?<![a-z0-9])(?P<before>[a-z0-9]{{1,40}})[ (]{{1,9}}|^\s*){_NUMBER}\)?\s*$"
)
# « dans le 93 », « du 13 », « département 93 », « dept 59 »
_DEPARTMENT: Final = r"(?:departement|dept|dep) (?:du |de )?"
_UNIT: Final = "mois|jour|semaine|heure|h|an|km|euro|au|janv|fev|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec"
_NUMBER_OF_AREA: Final = re.compile(
    rf"\b(?:(?:dans|ds|sur) (?:le |la )?(?:{_DEPARTMENT})?|du |{_DEPARTMENT})"
    rf"{_NUMBER}(?:e|eme)?(?![\w/:.,-])(?! (?:{_UNIT}))"
)
_LAST_WORD: Final = re.compile(r"(?:^|(?<=[\s,]))(?P<word>[a-z]{4,40})\s*$")


@dataclass(frozen=True, slots=True)
class PlaceGuesses:
    """Guesses where no name of a place stands; ``is_word`` tells whether a folded word occurs in the catalogue."""

    places: PlaceFinder
    is_word: Callable[[str], bool]
    is_exact: Callable[[str], bool]  # in this very form
    titles: TitleWords

    def misspelt_after_a_preposition(self, folded: str, names: Iterable[Name]) -> Found | None:
        """Return the town whose name one word after « à » resembles, unless the word belongs to a name."""
        taken = {at for name in names for at in range(name.start, name.end)}
        for before in place_context.prepositions(folded):
            if before.is_for_areas:  # « fort en maths » is not Matha
                continue
            match = TOKEN.match(folded, before.end)
            if match is None or match.start() in taken or self.is_word(match[0]):
                continue
            place = self.places.nearest(match[0])
            if place:
                return Found("place", before.start, match.end(), (("place", place.label),))
        return None

    def department_number(self, folded: str, corrections: Mapping[str, str]) -> Found | None:
        """Return the département of « soudeur 81 »: after a known word that no title has with that number, unlike «
        windows 11 ».
        """
        match = _DEPARTMENT_NUMBER.search(folded)
        found = self.places.find(match["number"]) if match else ()
        if match is None or not found:
            return None
        before = match["before"]
        if before:
            word = corrections.get(before, before)
            if not (self.is_word(word) or word in SAYS_LITTLE) or self.titles.has([word, match["number"]]):
                return None
        return Found("place", match.start("number"), match.end("number"), (("place", found[0].label),))

    def number_of_area(self, folded: str) -> Found | None:
        """Return the département of « dans le 93 »."""
        match = _NUMBER_OF_AREA.search(folded)
        found = self.places.find(match["number"]) if match else ()
        return Found("place", *match.span(), (("place", found[0].label),)) if match and found else None

    def misspelt_at_the_end(self, folded: str, corrections: Mapping[str, str]) -> Found | None:
        """Return the town of « coiffure Monteauban »: unknown to the catalogue, and nearer to the town than to one of
        its words, unless that word is the name of the town.
        """
        match = _LAST_WORD.search(folded)
        if match is None:
            return None
        word, alone = match["word"], not folded[: match.start()].strip()
        if word in NEVER_CORRECTED or self.is_exact(word) or self.places.find(word):
            return None
        short = len(word) < SHORTEST_MISSPELT
        place = self.places.nearest_large(word, CITY if short or alone else LARGE_TOWN)
        if place is None or not self._is_slip_of(word, comparable_name(place.name), corrections):
            return None
        return Found("place", match.start("word"), match.end("word"), (("place", place.label),))

    def _is_slip_of(self, word: str, name: str, corrections: Mapping[str, str]) -> bool:
        """Tell whether a misspelt word means a town rather than another word: that is the town's name, or a form of
        it (« nante »), or there is none.
        """
        if word in corrections:
            return corrections[word] == name
        return not self.is_word(word) or base_form(word) == base_form(name)
