"""Takes the filters out of the words: what remains is searched for as words."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from language.lexicon import Lexicon
from language.words import fold, words_in, words_of
from search_app.search.understand.filters.aside_words import find_aside, find_near_me
from search_app.search.understand.filters.code_words import formacode_alone
from search_app.search.understand.filters.filter_words import diploma_alone, find_filters
from search_app.search.understand.filters.period_words import find_years
from search_app.search.understand.filters.place_words import MOST_OTHERS, PlaceWords
from search_app.search.understand.filters.title_words import TitleWords
from search_app.search.understand.filters.undecided_words import find_undecided
from search_app.search.understand.found import MOST_WORDS, FilterWords, Found
from search_app.search.understand.leftovers import is_nothing, tidied
from search_app.search.understand.ordinary_words import says_nothing

WINDOW: Final = ("start_from", "start_to")


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What remains of a text, the filters that were in it, and the towns beside the one taken as the place."""

    rest: str
    filters: tuple[FilterWords, ...] = ()
    other_places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterTaker:
    """Recognises filters; ``is_word`` tells whether a folded word occurs in the catalogue or its vocabularies."""

    lexicon: Lexicon
    titles: TitleWords
    place_words: PlaceWords
    is_word: Callable[[str], bool]

    def take_out(
        self, text: str, today: date, given: Container[str], corrections: Mapping[str, str], *, guess: bool
    ) -> TakenOut:
        """Return the text without its filters; ``given`` are parameters that words do not state.

        ``corrections`` maps misspelt words to known ones; with ``guess``, misspelt towns are places.
        """
        folded = fold(text)
        if len(folded) != len(text):  # with ligatures, lengths differ: too rare to align letters
            text = folded
        words = words_of(folded)[:MOST_WORDS]
        if self.titles.has(words) or self.titles.has([corrections.get(word, word) for word in words]):
            return self._take_place_out_of_title_words(text, folded, words, given)
        found, place = self._find(folded, today, given, corrections, guess=guess)
        others = self.place_words.others(_without(folded, found)) if place else []
        remaining = _without(folded, [*found, *others])
        found += self._find_alone(remaining, given, found, has_place=place is not None)
        filters = [FilterWords(each.kind, text[each.start : each.end].strip(), each.parameters) for each in found]
        rest = tidied(_without(text, [*found, *others])) if found else text.strip(" ,;:-")
        told = [str(value) for other in others for _, value in other.parameters]
        if place is not None:
            told += self.place_words.namesakes(place, folded)
        elif not _has_place(given):
            told += self.place_words.passed_over(remaining)
        return TakenOut(" ".join(rest.split()), tuple(filters), tuple(dict.fromkeys(told))[:MOST_OTHERS])

    def _find(
        self, folded: str, today: date, given: Container[str], corrections: Mapping[str, str], *, guess: bool
    ) -> tuple[list[Found], Found | None]:
        """Return all filters and what is set aside, and the place among them."""
        found = list(_beside(find_filters(folded, today), given))
        if "start_from" not in given and "start_to" not in given and all(each.kind != "month" for each in found):
            found += find_years(_without(folded, found), today, self.titles.has)
        unknown = list(_free_of([*find_near_me(folded), *find_undecided(folded)], found))
        aside = list(_free_of(find_aside(folded, self.titles.has), [*found, *unknown]))
        rest = _without(folded, [*found, *unknown, *aside])
        place = None if _has_place(given) else self.place_words.find(rest, corrections, guess=guess)
        if place is not None:
            found.append(place)
        if found or unknown or not is_nothing(rest) or not self._knows(folded, aside):
            found += unknown + aside
        return found, place

    def _find_alone(
        self, remaining: str, given: Container[str], found: Sequence[Found], *, has_place: bool
    ) -> Iterator[Found]:
        """Yield a Formacode or a level that is all that remains."""
        formacode = None if has_place or "domain" in given else formacode_alone(remaining, self.lexicon)
        if formacode:
            yield formacode
        diploma = diploma_alone(remaining, self.titles.has_any)
        if diploma and "level" not in given and all(each.kind != "level" for each in found):
            yield Found("level", 0, len(remaining), diploma)

    def _take_place_out_of_title_words(
        self, text: str, folded: str, words: Sequence[str], given: Container[str]
    ) -> TakenOut:
        """Return the same for words that all occur in one title: they are the title, or stand beside a place."""
        whole = self.titles.is_whole(words)
        place = None if whole or _has_place(given) else self.place_words.find_in_title_words(folded)
        if place is None:
            return TakenOut(text)
        typed = FilterWords(place.kind, text[place.start : place.end].strip(), place.parameters)
        return TakenOut(tidied(_without(text, [place])), (typed,), tuple(self.place_words.namesakes(place, folded)))

    def _knows(self, folded: str, stretches: Iterable[Found]) -> bool:
        """Tell whether the catalogue has all words of some stretches, so that searching for them may succeed."""
        words = [
            word for each in stretches for word in words_in(folded[each.start : each.end]) if not _says_little(word)
        ]
        return bool(words) and all(map(self.is_word, words))


def _says_little(word: str) -> bool:
    return word.isdigit() or says_nothing(word)


def _free_of(found: Iterable[Found], others: Sequence[Found]) -> Iterator[Found]:
    """Yield the stretches that overlap none of the others."""
    for each in found:
        if all(each.end <= other.start or each.start >= other.end for other in others):
            yield each


def _beside(found: Iterable[Found], given: Container[str]) -> Iterator[Found]:
    """Yield the found filters except those given explicitly; the words of a distance are removed even then."""
    for each in found:
        if not _is_given(each, given):
            yield each
        elif each.kind == "radius":
            yield replace(each, kind="aside", parameters=())


def _is_given(found: Found, given: Container[str]) -> bool:
    """Tell whether a filter was given explicitly; with one end of a window the other counts as given, as they might
    conflict.
    """
    names = WINDOW if found.kind == "month" else (name for name, _ in found.parameters)
    return any(name in given for name in names)


def _has_place(given: Container[str]) -> bool:
    return "place" in given or "lat" in given


def _without(text: str, found: Iterable[Found]) -> str:
    """Return a text with spaces in the place of stretches, so that positions do not change."""
    for each in found:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text
