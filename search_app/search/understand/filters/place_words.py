"""Words for a place: « à Castres », « dans le Tarn », « 81000 », « plombier albi »."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from language.words import STOP_WORDS
from search_app.search.places.finder import LARGE_TOWN, SHORTEST_MISSPELT, FoundPlace, PlaceFinder
from search_app.search.understand.filters.title_words import TitleWords
from search_app.search.understand.found import Found
from search_app.search.understand.ordinary_words import NEVER_CORRECTED, says_nothing
from search_app.search.understand.rules import SAYS_LITTLE

# words of a place name that are examined; « saint remy en bouzemont saint genest » is an exception
LONGEST_NAME: Final = 6
# A town without « à »: large enough to be meant, and no word of the catalogue unless it is a city.
TOWN: Final = 2_000
CITY: Final = 40_000
# Common names of today's regions and of areas in them
REGIONS: Final = {
    "paca": "provence alpes cote d azur", "idf": "ile de france", "midi pyrenees": "occitanie",
    "languedoc roussillon": "occitanie", "rhone alpes": "auvergne rhone alpes", "auvergne": "auvergne rhone alpes",
    "aquitaine": "nouvelle aquitaine", "limousin": "nouvelle aquitaine", "poitou charentes": "nouvelle aquitaine",
    "alsace": "grand est", "lorraine": "grand est", "champagne ardenne": "grand est", "picardie": "hauts de france",
    "nord pas de calais": "hauts de france", "haute normandie": "normandie", "basse normandie": "normandie",
    "bourgogne": "bourgogne franche comte", "franche comte": "bourgogne franche comte",
}  # fmt: skip
# After « à » any town is accepted that is not a word of the catalogue: not « à domicile », but « à Lescure ».
_TOKEN: Final = re.compile(r"[a-z0-9]+")
# Area first: « dans la Manche », « en Creuse »; town first: « à Vienne », « sur Lot ».
_AREA_WORDS: Final = (
    *(f"{where} {side}" for where in ("dans le", "au") for side in ("nord", "sud", "centre")),
    "dans l'est", "dans l'ouest", "dans le departement", "dans la region", "departement", "region", "dans", "ds", "en",
)  # fmt: skip
_TOWN_WORDS: Final = (
    "dans le secteur", "secteur", "dans les environs", "aux environs", "environs", "aux alentours", "alentours",
    "pas trop loin", "pas loin", "non loin", "a proximite", "proximite", "du cote", "a cote", "tout pres", "pres",
    "proche", "autour", "vers", "sur", "a", "au", "aux",
)  # fmt: skip
# After the name: « toulouse et alentours », « castres centre », « albi et sa région »
_AROUND: Final = (
    r"(?:(?:et|ou) )?(?:(?:dans )?(?:ses|les|la|sa|aux) )?"
    r"(?:alentours?|environs?|peripherie|agglo(?:meration)?|region|secteur|meme|centre(?:[ -]ville)?|ville|"
    r"nord|sud|est|ouest)"
)
_AROUND_AT_THE_END: Final = re.compile(rf"(?<=\w)[ ,]{{1,9}}{_AROUND}\s*$")
_JOINED_BEFORE: Final = re.compile(r"(?:\b(?:ou|et)|[,/])\s{0,9}(?:(?:a|sur|vers) )?$")
_JOINED_AT_THE_END: Final = re.compile(r"(?:(?<=[\s,])(?:et|ou|a|au|vers|sur|de|du|entre)\s+)+$")
_ARTICLES: Final = ("du", "de la", "de l", "des", "de", "le", "la", "les", "l", "d")
_BEFORE: Final = re.compile(
    r"\b(?:(?P<area>{})|(?P<town>{}))(?: |')(?:(?:{})(?: |'))*".format(
        "|".join(_AREA_WORDS), "|".join(_TOWN_WORDS), "|".join(_ARTICLES)
    )
)
_BARE_PREPOSITION: Final = re.compile(
    r"\b(?<!permis )(?:{})(?:\s*|(?<=[dl])')$".format("|".join((*_AREA_WORDS, *_TOWN_WORDS, *_ARTICLES)))
)  # « permis d guadeloupe »
# The number of a département at the end, and the word before it
_DEPARTMENT_NUMBER: Final = re.compile(
    r"(?:(?<![a-z0-9])(?P<before>[a-z0-9]{1,40})[ (]{1,9}|^\s*)(?P<number>0[1-9]|[1-8]\d|9[0-5]|2[ab]|97\d)\)?\s*$"
)
_NUMBER_AFTER: Final = re.compile(r"[ ,]{0,9}(?:\((?P<code>\d{2,3})\))")
_LAST_WORD: Final = re.compile(r"(?:^|(?<=[\s,]))(?P<word>[a-z]{4,40})\s*$")
MOST_OTHERS: Final = 3  # towns beside the place that are reported
NONE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Recognises places; ``is_word`` tells whether a folded word occurs in the catalogue or its vocabularies,
    ``is_only_a_name`` whether it occurs only in names of providers.
    """

    places: PlaceFinder
    is_word: Callable[[str], bool]
    is_only_a_name: Callable[[str], bool]
    titles: TitleWords

    def find(self, folded: str, corrections: Mapping[str, str] = NONE, *, guess: bool = True) -> Found | None:
        """Return the place that a folded text names, None if it names none; of several, the first after « à ».

        ``corrections`` maps misspelt words to known ones; with ``guess``, a last word that resembles the name of a town
        is taken as one.
        """
        around = _AROUND_AT_THE_END.search(folded)
        if around:
            town = self._find(_blank(folded, around.start(), around.end()), corrections, guess=guess)
            if town and not folded[town.end : around.start()].strip():
                return replace(town, end=around.end())
        found = self._find(folded, corrections, guess=guess)
        return _with_its_number(found, folded) if found else None

    def _find(self, folded: str, corrections: Mapping[str, str], *, guess: bool) -> Found | None:
        return (
            self._after_a_preposition(folded)
            or self._postal_code(folded)
            or self._by_itself(folded)
            or self._department_number(folded, corrections)
            or (self._misspelt_at_the_end(folded, corrections) if guess else None)
        )

    def others(self, folded: str) -> list[Found]:
        """Return the cities in a text from which the place was removed: « soudeur toulouse (albi) »."""
        found: list[Found] = []
        for _ in range(MOST_OTHERS):
            joined = _JOINED_AT_THE_END.search(folded)
            folded = folded[: joined.start()] if joined else folded  # « albi ou » of « albi ou castres »
            other = self._by_itself(folded, others=True, joined=bool(joined))
            if other is None:
                break
            found.append(other)
            folded = _blank(folded, other.start, other.end)
        return found

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

    def _after_a_preposition(self, folded: str) -> Found | None:
        for match in _BEFORE.finditer(folded):
            # the article may be part of the name: « à La Rochelle »
            starts = [match.end(), match.end("area" if match["area"] else "town") + 1]
            for start in dict.fromkeys(sorted(starts)):
                for end in _ends(folded, start):
                    name = folded[start:end]
                    place = self._choose(name, areas_first=bool(match["area"]))
                    if place and (place.kind != "town" or self._is_meant(place, name, least=0)):
                        return _found(match.start(), end, place)
            misspelt = self._misspelt(folded, match.end())
            if misspelt:
                return _found(match.start(), misspelt[1], misspelt[0])
        return None

    def _postal_code(self, folded: str) -> Found | None:
        for match in re.finditer(r"\b\d{5}\b", folded):
            found = self.places.find(match[0])
            if found:
                start = _BARE_PREPOSITION.sub("", folded[: match.start()]).rstrip()
                return Found("place", len(start), match.end(), (("place", match[0]),))
        return None

    def _by_itself(self, folded: str, *, others: bool = False, joined: bool = False) -> Found | None:
        """Return a place at the end or the beginning of other words: « plombier castres », « paris cuisine ».

        ``others``: beside another place, where it must be a city unless « ou » joins it to that place.
        """
        tokens = list(_TOKEN.finditer(folded))
        for first, last in _at_the_ends(len(tokens)):
            start, end = tokens[first].start(), tokens[last].end()
            name = folded[start:end]
            place = self._choose(name, areas_first=False)
            if place is None or len(name) < 3 or name.isdigit():
                continue
            least = TOWN if joined or _JOINED_BEFORE.search(folded, 0, start) else CITY
            if others and (place.kind != "town" or place.population < least or self.titles.has_any(name.split())):
                continue
            alone = len(tokens) == 1
            nothing_else = all(_says_little(token[0]) for token in (*tokens[:first], *tokens[last + 1 :]))
            if place.kind == "town" and not (
                self._is_meant(place, name, least=TOWN, alone=alone)
                or (nothing_else and self._is_all_that_is_said(place, name, alone=alone))
            ):
                continue
            if place.kind != "town" and self._is_plain_word(name) and not self._is_a_name(name):
                continue
            before = _BARE_PREPOSITION.search(folded[:start])
            return _found(before.start() if before else start, end, place)
        return None

    def _is_all_that_is_said(self, place: FoundPlace, name: str, *, alone: bool) -> bool:
        """Tell whether a name beside insignificant words is a town: it may occur in names of providers, but in no
        title, and in no vocabulary unless it is ``alone`` (« formation maçon » is not Mâcon).
        """
        meant = alone or self._is_a_name(name)
        return meant and place.population >= TOWN and not self.titles.has_any(name.split())

    def _is_meant(self, place: FoundPlace, name: str, *, least: int, alone: bool = False) -> bool:
        """Tell whether a name is meant as a town: a city even if its name is a word, unless it stands alone, and a
        large town if its name occurs only in names of providers.
        """
        if not self._is_plain_word(name):
            return place.population >= least
        return place.population >= (LARGE_TOWN if self._is_a_name(name) else CITY) and not alone

    def _is_a_name(self, name: str) -> bool:
        """Tell whether a part of the name occurs only in names of providers: « Tarn Formation », « Campus Rodez »."""
        return any(map(self.is_only_a_name, name.split()))

    def _department_number(self, folded: str, corrections: Mapping[str, str]) -> Found | None:
        """Return the département of « soudeur 81 »: after a known word that no title has with that number, unlike «
        windows 11 ».
        """
        match = _DEPARTMENT_NUMBER.search(folded)
        found = self.places.find(match["number"]) if match else ()
        if match is None or not found:
            return None
        town = self._town_with_number(folded, match)
        if town:
            return town
        before = match["before"]
        if before:
            word = corrections.get(before, before)
            if not (self.is_word(word) or word in SAYS_LITTLE) or self.titles.has([word, match["number"]]):
                return None
        return _found(match.start("number"), match.end("number"), found[0])

    def _town_with_number(self, folded: str, number: re.Match[str]) -> Found | None:
        """Return the place of « lyon 69 », « albi (81) », « tarn 81 »: a town or a département and its number."""
        tokens = list(_TOKEN.finditer(folded, 0, number.start("number")))[-LONGEST_NAME:]
        for first in tokens:
            name = folded[first.start() : tokens[-1].end()]
            towns = [
                place
                for place in self.places.find(f"{name} ({number['number']})")
                if place.kind in ("town", "department")
            ]
            if towns:
                return _found(first.start(), number.end(), towns[0])
        return None

    def _misspelt_at_the_end(self, folded: str, corrections: Mapping[str, str]) -> Found | None:
        """Return the town of « coiffure Monteauban »: unknown to the catalogue, and nearer to the town than to one of
        its words.
        """
        match = _LAST_WORD.search(folded)
        if match is None:
            return None
        word, alone = match["word"], not folded[: match.start()].strip()
        if word in NEVER_CORRECTED or word in corrections or self.is_word(word) or self.places.find(word):
            return None
        short = len(word) < SHORTEST_MISSPELT
        place = self.places.nearest_large(word, CITY if short or alone else LARGE_TOWN)
        return _found(match.start("word"), match.end("word"), place) if place else None

    def _choose(self, name: str, *, areas_first: bool) -> FoundPlace | None:
        if re.fullmatch(r"\d{2,3}|2[ab]", name):
            return next(iter(self.places.find(name)), None) if areas_first else None
        found = [
            place
            for place in self.places.find(REGIONS.get(name.replace("-", " "), name))
            if place.kind != "postal_code"
        ]
        if areas_first:
            found.sort(key=lambda place: place.kind == "town")
        return found[0] if found else None

    def _misspelt(self, folded: str, start: int) -> tuple[FoundPlace, int] | None:
        """Return the town whose name one word after a preposition resembles, and the end of the word."""
        match = _TOKEN.match(folded, start)
        if match is None or self.is_word(match[0]):
            return None
        place = self.places.nearest(match[0])
        return (place, match.end()) if place else None

    def _is_plain_word(self, name: str) -> bool:
        return all(self.is_word(word) for word in name.split())


def _says_little(word: str) -> bool:
    return word in STOP_WORDS or word in SAYS_LITTLE or says_nothing(word)


def _blank(folded: str, start: int, end: int) -> str:
    """Return a text with spaces in the place of a stretch."""
    return folded[:start] + " " * (end - start) + folded[end:]


def _found(start: int, end: int, place: FoundPlace) -> Found:
    return Found("place", start, end, (("place", place.label),))


def _with_its_number(found: Found, folded: str) -> Found:
    """Return the stretch of a place, extended by the number of its département after it: « Tarn (81) »."""
    number = _NUMBER_AFTER.match(folded, found.end)
    labels = [str(value) for _, value in found.parameters]
    is_its = number and any(
        label.endswith((f"({number['code']})", f"département {number['code']})")) for label in labels
    )
    return replace(found, end=number.end()) if number and is_its else found


def _ends(folded: str, start: int) -> Iterator[int]:
    """Yield the possible ends of a name that begins at ``start``, the longest first."""
    tokens = list(_TOKEN.finditer(folded, start))[:LONGEST_NAME]
    if tokens and tokens[0].start() == start:
        for token in reversed(tokens):
            yield token.end()


def _at_the_ends(count: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of the words at the end, then at the beginning, the longest first."""
    longest = min(LONGEST_NAME, count)
    for length in range(longest, 0, -1):
        yield count - length, count - 1
    for length in range(longest, 0, -1):
        yield 0, length - 1
